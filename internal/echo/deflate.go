package echo

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// Deflate is whether messages are compressed with permessage-deflate (RFC 7692)
// where a peer offers it.
//
// The library can compress, too, but not as a reference should: it takes a
// stream that ends anywhere for a message, loses its place after a final block,
// and answers offers that are to be declined. So it is kept from knowing: a [conn]
// takes the mark of compressed messages off, and a [peer] inflates them.
type Deflate string

// The modes of compression.
const (
	DeflateOff        Deflate = ""            // no extension is answered, as small devices need it
	DeflateTakeover   Deflate = "takeover"    // messages may refer to those before them
	DeflateNoTakeover Deflate = "no-takeover" // each message is compressed by itself, and no window is kept
)

func (d Deflate) check() error {
	switch d {
	case DeflateOff, DeflateTakeover, DeflateNoTakeover:
		return nil
	}
	return fmt.Errorf("deflate %q: neither %s nor %s", string(d), DeflateTakeover, DeflateNoTakeover)
}

const permessageDeflate = "permessage-deflate"

// The bounds of a window, in bits, and the largest in octets: RFC 7692 §7.1.2.
const (
	minBits   = 8
	maxBits   = 15
	maxWindow = 1 << maxBits
)

// An agreement is what is answered to an offer of permessage-deflate.
type agreement struct {
	serverForgets, clientForgets bool // no context takeover: RFC 7692 §7.1.1
	serverBits                   int  // of the server's window, 0 if that was not asked for
}

// agree chooses the first offer that can be served, as the client would have
// it; nil if there is none. A list that breaks the grammar is an error, whether
// anything would be answered or not: "the recipient of such malformed data MUST
// immediately _Fail the WebSocket Connection_" (RFC 6455 §9.1).
func (d Deflate) agree(r *http.Request) (*agreement, error) {
	offers, err := parseOffers(strings.Join(r.Header.Values("Sec-WebSocket-Extensions"), ","))
	if err != nil || d == DeflateOff {
		return nil, err
	}
	for _, o := range offers {
		if a := d.accept(o); a != nil {
			return a, nil
		}
	}
	return nil, nil
}

// accept returns what to answer to an offer, nil for nothing: "A server MUST
// decline an extension negotiation offer for this extension if" a parameter is
// unknown, repeated, or has a bad value (RFC 7692 §7.1).
func (d Deflate) accept(o offer) *agreement {
	if o.name != permessageDeflate {
		return nil
	}
	a := agreement{serverForgets: d == DeflateNoTakeover, clientForgets: d == DeflateNoTakeover}
	seen := map[string]bool{}
	for _, p := range o.parameters {
		if seen[p.name] {
			return nil
		}
		seen[p.name] = true
		bits, isWindow := windowBits(p.value)
		switch {
		case p.name == "server_no_context_takeover" && !p.valued:
			a.serverForgets = true
		case p.name == "client_no_context_takeover" && !p.valued:
			a.clientForgets = true // a hint, and one that saves a window
		case p.name == "server_max_window_bits" && isWindow:
			a.serverBits = bits
		case p.name == "client_max_window_bits" && (isWindow || !p.valued):
			// A window of 15 bits reads them all.
		default:
			return nil
		}
	}
	return &a
}

// windowBits reads "a decimal integer value without leading zeroes between 8 to
// 15 inclusive": RFC 7692 §7.1.2.1.
func windowBits(value string) (bits int, ok bool) {
	bits, err := strconv.Atoi(value)
	return bits, err == nil && bits >= minBits && bits <= maxBits && value == strconv.Itoa(bits)
}

// String returns the answer as in Sec-WebSocket-Extensions.
func (a agreement) String() string {
	answer := permessageDeflate
	if a.serverForgets {
		answer += "; server_no_context_takeover"
	}
	if a.clientForgets {
		answer += "; client_no_context_takeover"
	}
	if a.serverBits != 0 {
		answer += fmt.Sprintf("; server_max_window_bits=%d", a.serverBits)
	}
	return answer
}
