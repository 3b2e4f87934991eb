package witness

import (
	"net"
	"sync"
	"sync/atomic"
)

// DefaultMaxDevices is how many devices are kept if Options do not say otherwise.
const DefaultMaxDevices = 1024

// Options say how much a witness keeps. The zero value will do.
type Options struct {
	// MaxDevices is how many devices are kept, those seen last; 0 means
	// DefaultMaxDevices. Each takes some 10 KiB at most.
	MaxDevices int

	// Off makes a witness that watches nothing: its listeners are those it was
	// given, and its metrics say so.
	Off bool
}

// A Witness watches connections and tells what it saw. It is safe for use by
// many goroutines.
type Witness struct {
	off     bool
	metrics *metrics
	devices table

	mu          sync.Mutex // guards subscribers
	subscribers []*subscriber
	listening   atomic.Int32 // how many subscribers there are, to be asked without a lock
}

// New returns a witness that has seen nothing.
func New(o Options) *Witness {
	if o.MaxDevices <= 0 {
		o.MaxDevices = DefaultMaxDevices
	}
	return &Witness{off: o.Off, metrics: newMetrics(o.Off), devices: table{most: o.MaxDevices}}
}

// Listen returns a listener whose connections are watched. Under TLS it wraps
// the listener that [crypto/tls.NewListener] made.
func (w *Witness) Listen(ln net.Listener) net.Listener {
	if w.off {
		return ln
	}
	return &listener{Listener: ln, witness: w}
}

// Off reports whether nothing is watched.
func (w *Witness) Off() bool { return w.off }

// Devices returns what is known of the devices that asked for a WebSocket, the
// one seen last first, without Frames.
func (w *Witness) Devices() []Device { return w.devices.list() }

// Device returns all that is known of the device with that ID. It reports false
// if there is none, or none any more.
func (w *Witness) Device(id string) (Device, bool) { return w.devices.one(id) }
