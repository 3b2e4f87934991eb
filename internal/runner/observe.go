package runner

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// observations are what all connections of a run have shown of a device,
// whatever the cases were about. What breaks a row here is in a result of the
// row's own, never in the verdict of the case that it was seen in.
type observations struct {
	started time.Time
	counts  [kinds]atomic.Int64

	mu     sync.Mutex
	broken map[string]breach // by row
	keys   freshness         // of masks
	nonces map[string]bool   // of opening handshakes, the first maxNonces
	drawn  stuck             // those, as octets
}

// breach is how a row was broken.
type breach struct {
	first string // in words, and where
	more  int
}

// kind is what a row judges.
type kind uint8

const (
	ofFrames kind = iota
	ofControls
	ofCloses
	ofTexts
	ofMasks
	ofHandshakes
	kinds
)

var kindNames = [kinds]string{"frames", "control frames", "Close frames", "text messages", "masking keys", "opening handshakes"}

// kindOf tells what a row judges, where that is not opening handshakes.
var kindOf = map[string]kind{
	"FRM-14": ofFrames, "MSK-02": ofFrames, "MSK-04": ofFrames, "LEN-02": ofFrames, "FRG-10": ofFrames,
	"CTL-13": ofControls,
	"CLS-08": ofCloses, "CLS-10": ofCloses, "CLS-21": ofCloses, "COD-02": ofCloses,
	"UTF-07": ofTexts, "MSK-06": ofMasks, "MSK-08": ofMasks,
}

// maxNonces bounds how many keys of opening handshakes are kept.
const maxNonces = 10000

func newObservations() *observations {
	return &observations{started: time.Now(), broken: map[string]breach{}, nonces: map[string]bool{}}
}

// observer takes down what one connection shows. The zero observer, of a
// connection outside a run, takes down nothing.
type observer struct {
	of *observations
	id conformance.ID // of the case
}

// frame takes down a frame of the device's, and what is wrong with it. Behind a
// Close frame of the device's own more is wrong.
func (o observer) frame(h wire.Header, payload []byte, role wire.Role, closed bool, wrong []wire.Violation) {
	if o.of == nil {
		return
	}
	o.of.counts[ofFrames].Add(1)
	if h.Opcode.IsControl() {
		o.of.counts[ofControls].Add(1)
	}
	if h.Opcode == wire.Close {
		o.of.counts[ofCloses].Add(1)
		wrong = append(wrong, wire.CheckClose(payload, role)...)
	}
	if closed {
		wrong = append(wrong, behindClose(h)...)
	}
	for _, v := range wrong {
		o.breaks(v.Row, v.Error())
	}
	if h.Masked && role.Masks() {
		o.of.counts[ofMasks].Add(1)
		o.of.mu.Lock()
		row, weakness := o.of.keys.add(h.Key)
		o.of.mu.Unlock()
		if weakness != "" {
			o.breaks(row, weakness)
		}
	}
}

// message takes down a whole message of the device's.
func (o observer) message(e event) {
	if o.of == nil || e.kind != gotMessage || e.opcode != wire.Text {
		return
	}
	o.of.counts[ofTexts].Add(1)
	if !utf8.Valid(e.payload) {
		o.breaks("UTF-07", fmt.Sprintf("%v is not UTF-8 (RFC 6455 §8.1)", e))
	}
}

// handshake takes down the device's half of an opening handshake.
func (o observer) handshake(s *Session) {
	if o.of == nil {
		return
	}
	o.of.counts[ofHandshakes].Add(1)
	for _, v := range s.violations() {
		o.breaks(v.Row, fmt.Sprintf("%v (%s)", v, v.Clause))
	}
	if s.role == wire.Server {
		o.nonce(s.Request)
	}
}

// nonce: "The nonce MUST be selected randomly for each connection" (RFC 6455
// §4.1). Of 16 random octets none comes twice in the life of a bench.
func (o observer) nonce(r handshake.Request) {
	const sample = "the sample nonce"
	key := r.Header.Get("Sec-WebSocket-Key")
	octets, err := handshake.KeyOctets(key)
	if err != nil {
		return // which is for CRQ-07
	}
	nonce := string(octets)
	o.of.mu.Lock()
	again, bits := o.of.nonces[nonce], 0
	if !again && len(o.of.nonces) < maxNonces {
		o.of.nonces[nonce] = true
		bits = o.of.drawn.add(octets)
	}
	o.of.mu.Unlock()
	switch {
	case nonce == sample:
		o.breaks("CRQ-08", "the key is the sample of RFC 6455 §1.3")
	case again:
		o.breaks("CRQ-08", fmt.Sprintf("the key %q has been used before (RFC 6455 §4.1)", key))
	case bits > 0:
		o.breaks("CRQ-08", fmt.Sprintf("%d bits are the same in %d keys, the last of them %q (RFC 6455 §4.1)", bits, enough, key))
	}
}

// breaks notes a breach of a row.
func (o observer) breaks(row, how string) {
	o.of.mu.Lock()
	defer o.of.mu.Unlock()
	b, again := o.of.broken[row]
	if again {
		b.more++
	} else {
		b.first = how + o.where()
	}
	o.of.broken[row] = b
}

// where says where something was seen.
func (o observer) where() string {
	switch o.id {
	case "":
		return ""
	case refusedRequest:
		return ", in a request that was refused"
	}
	return ", in case " + string(o.id)
}

// results returns a result for each row of which anything was seen.
func (o *observations) results(device wire.Role) (results []conformance.Result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, row := range conformance.Observed(device) {
		judged, ok := kindOf[row.ID]
		if !ok {
			judged = ofHandshakes
		}
		n := o.counts[judged].Load()
		if n == 0 {
			continue
		}
		r := conformance.Result{
			Case:     conformance.Case{ID: row.Result(), Spec: row.Source, Title: row.Title(), Level: row.Level},
			Behavior: conformance.OK, BehaviorClose: conformance.OK, Health: conformance.Alive,
			Started: o.started, Reason: fmt.Sprintf("%d %s were judged", n, kindNames[judged]),
		}
		if b, broken := o.broken[row.ID]; broken {
			more := ""
			if b.more > 0 {
				more = fmt.Sprintf("; and %d times more", b.more)
			}
			r.Behavior, r.Reason = worst(row.Level), b.first+more+"; "+r.Reason
		}
		results = append(results, r)
	}
	return results
}
