package liar

import (
	"slices"
	"strings"

	"wsprobe/internal/handshake"
)

// keepClientRules offers compression, and takes the answer if nothing is wrong
// with it.
func (d *deflater) keepClientRules() {
	p := d.p
	p.request = func(r *handshake.Request) {
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: "permessage-deflate" + d.offer})
	}
	p.trusts = func(r handshake.Response) bool {
		answers, err := r.Header.Extensions()
		if err == nil && len(answers) > 0 && answers[0].Name == "permessage-deflate" {
			d.agree(answers[0])
		}
		return true
	}
}

// offers is a lie of a client that offers these parameters.
func offers(params string, tell func(*deflater)) func(*peer) {
	return compresses(func(d *deflater) {
		d.offer = params
		tell(d)
	})
}

// forgives is a lie of a client that does not mind what is wrong with an
// answer: its row, and a part of how that is put.
func forgives(row, detail, params string) func(*peer) {
	return offers(params, func(d *deflater) {
		d.p.doubts = func(_ handshake.Response, v handshake.Violation) bool {
			return v.Row != row || !strings.Contains(v.Detail, detail)
		}
	})
}

// askingDeflate is what clients may do wrong when they negotiate: RFC 7692 §7.1.
var askingDeflate = []lie{
	{"offers a parameter that there is none of", offers("; x=1", func(*deflater) {})},
	{"offers a window of 16 bits", offers("; client_max_window_bits=16", func(*deflater) {})},
	{"offers a parameter twice", offers("; client_max_window_bits; client_max_window_bits", func(*deflater) {})},
	{"does not mind parameters that there are none of", forgives("SRS-10", "no parameter is called", "")},
	{"does not mind what a parameter is", offers("; client_max_window_bits", func(d *deflater) {
		d.p.doubts = func(_ handshake.Response, v handshake.Violation) bool {
			return v.Row != "SRS-10" || !strings.Contains(v.Detail, "wanted 8 to 15") && !strings.Contains(v.Detail, "has a value")
		}
	})},
	{"does not mind a parameter twice", forgives("SRS-10", "twice", "")},
	{"does not mind two answers", forgives("PMD-35", "", "")},
	{"does not mind that the server may remember", forgives("PMD-09", "", "; server_no_context_takeover")},
	{"does not mind the server's window", forgives("PMD-11", "", "; server_max_window_bits=10")},
	{"does not mind a limit that it did not offer", forgives("PMD-12", "", "")},
	{"does not look at answers", offers("; client_max_window_bits", func(d *deflater) {
		d.p.doubts = func(_ handshake.Response, v handshake.Violation) bool {
			return !slices.Contains([]string{"SRS-10", "PMD-09", "PMD-11", "PMD-12", "PMD-35"}, v.Row)
		}
	})},
	{"compresses though its offer is not taken", compressesAll(func(d *deflater) {
		d.p.trusts = func(handshake.Response) bool {
			d.agree(handshake.Extension{})
			return true
		}
	})},
}

// lawfulAsking are clients that differ in what they offer and serve.
var lawfulAsking = []lie{
	{"offers compression as browsers do", offers("; client_max_window_bits", func(*deflater) {})},
	{"offers compression plainly", offers("", func(*deflater) {})},
	{"wants a server that forgets and has a window of 10 bits", offers("; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=12", func(*deflater) {})},
	{"offers two things, the better first", offers("; server_no_context_takeover; server_max_window_bits=9, permessage-deflate", func(*deflater) {})},
	{"serves no window but its own", offers("; client_max_window_bits", func(d *deflater) {
		trusts := d.p.trusts
		d.p.trusts = func(r handshake.Response) bool {
			return trusts(r) && !strings.Contains(r.Header.Get("Sec-WebSocket-Extensions"), "client_max_window_bits=")
		}
	})},
}
