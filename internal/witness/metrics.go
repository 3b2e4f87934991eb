package witness

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wsprobe/internal/wire"
)

// The labels are all ours: nothing that a device sends becomes one.
const namespace = "wsecho"

var (
	sizeBuckets    = []float64{0, 16, 125, 512, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20}
	latencyBuckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
)

// knownCodes are the close codes that are labels.
var knownCodes = []wire.StatusCode{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014}

// metrics are the collectors. Those of every frame are looked up beforehand.
type metrics struct {
	registry    *prometheus.Registry
	connections prometheus.Counter
	open        prometheus.Gauge
	handshakes  *prometheus.CounterVec
	plain       prometheus.Counter
	in, out     direction
	closes      *prometheus.CounterVec
	violations  *prometheus.CounterVec
	latency     prometheus.Histogram
	unread      prometheus.Counter
	unjudged    prometheus.Counter
	missed      prometheus.Counter
}

// direction are the collectors of one direction, by opcode.
type direction struct {
	frames, octets [16]prometheus.Counter
	sizes          [16]prometheus.Observer // of messages: text and binary only
}

func newMetrics(off bool) *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.connections = m.counter("connections_total", "TCP connections taken.")
	m.open = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: "connections_open", Help: "TCP connections open now."})
	m.registry.MustRegister(m.open)
	m.handshakes = m.counters("handshakes_total", "Opening handshakes by what came of them: opened, refused by the server, turned away before they were asked for, as of connections too many, or broken, that is not to be read or not brought to an end.", "result")
	m.plain = m.counter("plain_requests_total", "HTTP requests that were no opening handshake.")
	frames := m.counters("frames_total", "Frames, by who sent them and by opcode.", "from", "opcode")
	octets := m.counters("payload_octets_total", "Octets of payload in these frames.", "from", "opcode")
	sizes := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: "message_octets",
		Help: "Messages by their length on the wire, compressed ones among them, by who sent them and by type.", Buckets: sizeBuckets}, []string{"from", "type"})
	m.registry.MustRegister(sizes)
	m.in = newDirection("device", frames, octets, sizes)
	m.out = newDirection("server", frames, octets, sizes)
	m.closes = m.counters("closes_total", "WebSocket connections that ended, by the code of the first Close frame, empty if it had none and missing if there was no such frame, and by who began.", "code", "initiator")
	m.violations = m.counters("violations_total", "Rules that devices broke, by requirement row.", "rule")
	m.latency = prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: "answer_latency_seconds",
		Help: "From the last octet of a message to the first octet of the next one sent.", Buckets: latencyBuckets})
	m.registry.MustRegister(m.latency)
	m.unread = m.counter("unread_octets_total", "Octets that could not be judged, for they are neither HTTP nor frames.")
	m.unjudged = m.counter("unjudged_messages_total", "Compressed messages that were too long to be looked into, or that refer to such.")
	m.missed = m.counter("missed_events_total", "What was seen, and not shown because whoever follows was too slow.")
	for _, result := range []string{opened, refused, turnedAway, broken} {
		m.handshakes.WithLabelValues(result) // zeros too, so that an alert sees 0 and not a gap
	}
	for _, row := range append(rows, otherRow) {
		m.violations.WithLabelValues(row)
	}
	watching := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: "watching",
		Help: "1 if the witness watches connections, 0 if it is off and nothing is counted."})
	if off {
		m.registry = prometheus.NewRegistry() // without the zeros of what nobody counts
	} else {
		watching.Set(1)
	}
	m.registry.MustRegister(watching)
	return m
}

func (m *metrics) counter(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m *metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func newDirection(from string, frames, octets *prometheus.CounterVec, sizes *prometheus.HistogramVec) (d direction) {
	for i := range d.frames {
		op := wire.Opcode(i)
		name := op.String()
		if op.IsReserved() {
			name = "reserved"
		}
		d.frames[i] = frames.WithLabelValues(from, name)
		d.octets[i] = octets.WithLabelValues(from, name)
		if op == wire.Text || op == wire.Binary {
			d.sizes[i] = sizes.WithLabelValues(from, name)
		}
	}
	return d
}

// codeLabel is the label of a close code.
func codeLabel(code wire.StatusCode) string {
	for _, known := range knownCodes {
		if code == known {
			return strconv.Itoa(int(code))
		}
	}
	return "other"
}

// Counter adds to the metrics what somebody else counts, under a name that ends
// in "_total". A name that is there panics.
func (w *Witness) Counter(name, help string, read func() float64) {
	w.metrics.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, read))
}

// Gauge adds to the metrics a number that somebody else knows. A name that is
// there panics.
func (w *Witness) Gauge(name, help string, read func() float64) {
	w.metrics.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, read))
}

// Metrics answers with the metrics, as Prometheus reads them.
func (w *Witness) Metrics() http.Handler {
	return promhttp.HandlerFor(w.metrics.registry, promhttp.HandlerOpts{})
}
