package inputs

import (
	"fmt"
	"strings"

	. "wsprobe/internal/conformance"
)

// Names of header fields.
const (
	fieldKey        = "Sec-WebSocket-Key"
	fieldAccept     = "Sec-WebSocket-Accept"
	fieldVersion    = "Sec-WebSocket-Version"
	fieldProtocol   = "Sec-WebSocket-Protocol"
	fieldExtensions = "Sec-WebSocket-Extensions"
)

// The ordinary handshakes of a short host and target are so long at most, in
// octets; a cut beyond the end is none.
const (
	requestOctets  = 170
	responseOctets = 132
)

// requests are requests that depart from the ordinary one.
var requests = departingRequests()

// times is a unit so many times, in the words of an edit.
func times(unit string, n int) string { return fmt.Sprintf("{%s*%d}", unit, n) }

func departingRequests() (all [][]Edit) {
	for _, name := range []string{"Host", "Upgrade", "Connection", fieldKey, fieldVersion} {
		all = append(all, []Edit{Remove(name)}, []Edit{Set(name, "")}, []Edit{Add(name, "")}, []Edit{Set(name, ",,, ,")},
			[]Edit{Set(name, "{x*300}")}, []Edit{Set(name, "\x00")}, []Edit{Rename(name, strings.ToUpper(name))},
			[]Edit{Rename(name, name+" ")}, []Edit{Rename(name, " "+name)})
	}
	for _, n := range []int{1, 8, 15, 16, 17, 20, 22, 23, 24, 25, 26, 28, 31, 32, 33, 40, 60, 63, 64, 65, 127, 128, 129, 255, 256, 512, 1024, 4096} {
		all = append(all, []Edit{Set(fieldKey, Repeated("A", n))})
	}
	for _, n := range []int{60, 64, 100, 128, 250, 256, 500, 512, 1000, 1024, 2048, 4096, 8192, 16384, 32768} {
		all = append(all, []Edit{Set("X", Repeated("x", n))}, []Edit{RawLine(times("X", n) + ": x")},
			[]Edit{StartLine("GET /" + times("a", n) + " HTTP/1.1")}, []Edit{StartLine("GET {target}." + times("h", n) + " HTTP/1.1")},
			[]Edit{Set(fieldProtocol, Repeated("a, ", n))}, []Edit{Set("Host", Repeated("h", n))})
	}
	for _, n := range []int{8, 16, 20, 32, 50, 64, 100, 128, 500, 1000} {
		all = append(all, []Edit{RawLine(times("X: y\r\n", n-1) + "X: y")})
	}
	for _, value := range odd {
		all = append(all, []Edit{Set(fieldProtocol, value)}, []Edit{Set(fieldExtensions, value)}, []Edit{Set("Connection", value+", Upgrade")},
			[]Edit{Set(fieldVersion, value)}, []Edit{Set("X", value)})
	}
	for _, line := range startLines {
		all = append(all, []Edit{StartLine(line)})
	}
	for _, line := range lines {
		all = append(all, []Edit{RawLine(line)})
	}
	return append(all, []Edit{Reverse()}, []Edit{Set("Upgrade", "WebSocket")},
		[]Edit{Set(fieldVersion, "12")}, []Edit{Set(fieldVersion, "256")}, []Edit{Set(fieldVersion, "-1")}, []Edit{Set(fieldVersion, "99999999999999999999")},
		[]Edit{Add(fieldKey, "{key}")}, []Edit{Add("Upgrade", "websocket")}, []Edit{Add(fieldVersion, "13")})
}

// odd are values of fields that parsers have stumbled over.
var odd = []string{
	",", ", ,", ";", "; ", "=", "\"", "\"unclosed", "a; b=\"\\", "a\tb", "a  b", "  ", "%s%n%x", "\xff\xfe", "a\x00b", "a{ *4000}b", "\"{\\*4000}", "constructor", "__proto__", "toString",
	"permessage-deflate; client_max_window_bits=7", "permessage-deflate; client_max_window_bits=16", "permessage-deflate; server_max_window_bits=0",
	"permessage-deflate; server_max_window_bits=", "permessage-deflate; unknown", "permessage-deflate; client_max_window_bits=99999999999",
	"permessage-deflate, permessage-deflate", "permessage-deflate; permessage-deflate", "x-foo; a=1; a=1",
}

// startLines are first lines of requests that are none, or seldom.
var startLines = []string{
	"GET", "GET ", "GET  HTTP/1.1", " GET {target} HTTP/1.1", "GET {target}", "GET {target} HTTP/1.0", "GET {target} HTTP/2.0", "GET {target} HTTP/9.9", "GET {target} HTP/1.1",
	"GET {target} HTTP/1.1 more", "get {target} HTTP/1.1", "POST {target} HTTP/1.1", "OPTIONS * HTTP/1.1", "{G*2000} {target} HTTP/1.1", "GET\t{target}\tHTTP/1.1",
	"GET {target}%00 HTTP/1.1", "GET {target}%zz HTTP/1.1", "GET {target}\x00 HTTP/1.1", "GET {target}?%s%n HTTP/1.1", "GET /../../../../etc/passwd HTTP/1.1",
	"GET http://{authority}{target} HTTP/1.1", "\r\nGET {target} HTTP/1.1", "GET {target} HTTP/1.1\r", "\x16\x03\x01\x00\x05",
}

// lines stand among the fields of either half.
var lines = []string{
	"Content-Length: -1", "Content-Length: 0", "Content-Length: 99999999999999999999",
	" folded", "\tfolded: x", "no colon", ":", ": x", "X", "X:", "X:y", "X : y", "X\x00: y", "X: y\rZ: z", "X: y\n", "Expect: 100-continue", "{x*3000}", "{:*500}",
}

// endless are edits after which more has to come: the head has no end, or none for
// some, or there is a body.
var endless = [][]Edit{
	{LineEnd("\n")}, {LineEnd("")}, {LineEnd("\r")}, {LineEnd("\r\r\n")}, {LineEnd("\n\r")}, {LineEnd("\x00")}, {LineEnd(" ")}, {LineEnd("{x*500}")},
	{RawLine("Content-Length: 5")}, {RawLine("Content-Length: 65536")}, {RawLine("Content-Length: 4294967296")}, {RawLine("Content-Length: 2147483648")},
	{RawLine("Transfer-Encoding: chunked")}, {RawLine("Transfer-Encoding: chunked, identity")}, {RawLine("Expect: 100-continue\r\nContent-Length: 10")},
	{StartLine("POST {target} HTTP/1.1"), RawLine("Content-Length: 100")},
}

// goesOn sends a handshake of which more has to come, some of that more, and our
// FIN: the answer may be anything, but must not be silence.
func (w *writer) goesOn(step func(Pace, ...Edit) Step, edits []Edit) Script {
	more := min(600, w.most())
	return unfinished(step(Pace{Upto: 100 + more}, edits...), Together(Binary(w.binary(more)))) // a head has more than 100
}

// half is our half of the opening handshake.
type half struct {
	step       func(Pace, ...Edit) Step
	departures [][]Edit
	octets     int                  // of the ordinary one, at most
	end        func(...Step) Script // of a connection that it may not have opened
}

// requestStep is a request that goes out at a pace.
func requestStep(p Pace, edits ...Edit) Step { return RequestStep{Edits: edits, Pace: p} }

// ourRequest is answered, whatever it is.
var ourRequest = half{requestStep, requests, requestOctets, closed}

func requestBoundaries(Target) []maker {
	return ourRequest.boundaries()
}

// boundaries are our half, cut and cut off at each octet, and every way to depart
// from the ordinary one.
func (h half) boundaries() []maker {
	var off, cut, edited, chopped []maker
	for at := 1; at <= h.octets; at++ {
		ends := Script{HalfClose(), Drop()}
		switch at % 5 {
		case 1:
			ends = Script{Drop()}
		case 2:
			ends = Script{Reset()}
		}
		off = append(off, func(*writer) Script { return append(Script{h.step(Pace{Upto: at})}, ends...) })
		pace := Pace{Cut: []int{at}}
		if at%4 == 0 {
			pace.Every = apart
		}
		cut = append(cut, func(w *writer) Script { return closed(h.step(pace), Send(Text(w.text(9)))) })
	}
	for _, edits := range h.departures {
		edited = append(edited, func(w *writer) Script { return h.end(h.step(Pace{}, edits...), Send(Text(w.text(9)))) })
	}
	for _, n := range []int{1, 2, 3, 7, 16, 40, 100} {
		chopped = append(chopped, func(w *writer) Script { return closed(h.step(Pace{Chop: n}), Send(Text(w.text(9)))) })
	}
	for _, edits := range endless {
		chopped = append(chopped, func(w *writer) Script { return w.goesOn(h.step, edits) })
	}
	return interleaved(edited, off, cut, chopped)
}

func drawRequest(w *writer) Script { return w.handshake(ourRequest) }

// handshake draws a handshake that departs in one thing or two from the
// ordinary one, or goes out in pieces.
func (w *writer) handshake(h half) Script {
	edits := one(w, h.departures...)
	if w.chance(3) {
		edits = append(edits[:len(edits):len(edits)], one(w, h.departures...)...)
	}
	pace := Pace{}
	switch w.IntN(8) {
	case 0:
		return unfinished(h.step(Pace{Upto: 1 + w.IntN(h.octets)}, edits...))
	case 1:
		return Script{h.step(Pace{Upto: 1 + w.IntN(h.octets)}), one(w, Drop(), Reset())}
	case 2:
		return w.goesOn(h.step, append(edits[:len(edits):len(edits)], one(w, endless...)...))
	case 4:
		pace.Chop = 1 + w.IntN(40)
	case 3:
		pace.Cut = w.cuts()
	}
	return h.end(h.step(pace, edits...), Send(w.data(9)))
}
