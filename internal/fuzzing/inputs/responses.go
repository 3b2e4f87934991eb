package inputs

import (
	"strconv"
	"strings"

	. "wsprobe/internal/conformance"
)

// responses are responses that depart from the ordinary one.
var responses = departingResponses()

func departingResponses() (all [][]Edit) {
	for _, name := range []string{"Upgrade", "Connection", fieldAccept} {
		all = append(all, []Edit{Remove(name)}, []Edit{Set(name, "")}, []Edit{Add(name, "")}, []Edit{Set(name, ", ,")}, []Edit{Set(name, "{x*300}")},
			[]Edit{Set(name, "\x00")}, []Edit{Rename(name, strings.ToLower(name))}, []Edit{Rename(name, name+" ")})
	}
	for _, accept := range []string{"{accept flipped}", "{accept swapped}", "{accept cut}", "{accept}x", "{key}", "{accept} {accept}", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "\t{accept}\t"} {
		all = append(all, []Edit{Set(fieldAccept, accept)})
	}
	for _, n := range []int{60, 64, 100, 128, 250, 256, 500, 512, 1000, 1024, 2048, 4096, 8192, 16384, 32768} {
		all = append(all, []Edit{Set("X", Repeated("x", n))}, []Edit{RawLine(times("X", n) + ": x")}, []Edit{Set(fieldAccept, Repeated("A", n))},
			[]Edit{StartLine("HTTP/1.1 101 " + times("a", n))}, []Edit{Set(fieldProtocol, Repeated("a", n))})
	}
	for _, n := range []int{8, 16, 20, 32, 50, 64, 100, 128, 500, 1000} {
		all = append(all, []Edit{RawLine(times("X: y\r\n", n-1) + "X: y")})
	}
	for _, value := range odd {
		all = append(all, []Edit{Set(fieldProtocol, value)}, []Edit{Set(fieldExtensions, value)}, []Edit{Set("X", value)})
	}
	for _, status := range []int{0, 99, 100, 102, 200, 204, 301, 302, 304, 307, 400, 401, 403, 404, 407, 426, 500, 503, 599, 999, 1010} {
		all = append(all, []Edit{StartLine("HTTP/1.1 " + strconv.Itoa(status) + " Status")},
			[]Edit{StartLine("HTTP/1.1 " + strconv.Itoa(status) + " Status"), Set("Connection", "close"), Set("Content-Length", "0"), Set("Location", "{target}")})
	}
	for _, line := range []string{
		"HTTP/1.1 101", "HTTP/1.1 101 ", "HTTP/1.1  101 x", "HTTP/1.0 101 x", "HTTP/2 101 x", "HTTP/1.1 -101 x", "HTTP/1.1 +101 x", "HTTP/1.1 101x", "HTTP/1.1",
		"http/1.1 101 x", "HTTP/1.1 101 \x00", "lorem ipsum", "101", " HTTP/1.1 101 x", "\r\nHTTP/1.1 101 x", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 x",
		"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\nHTTP/1.1 101 x", "HTTP/1.1 %s%n 101",
	} {
		all = append(all, []Edit{StartLine(line)})
	}
	for _, line := range lines {
		all = append(all, []Edit{RawLine(line)})
	}
	return append(all, []Edit{LineEnd("\n")}, []Edit{Reverse()}, []Edit{Add(fieldAccept, "{accept}")},
		[]Edit{Set("Upgrade", "WebSocket")}, []Edit{Set("Upgrade", "h2c")}, []Edit{Set("Connection", "keep-alive, Upgrade")}, []Edit{Add(fieldProtocol, "x-a"), Add(fieldProtocol, "x-b")})
}

// responseStep is a response that goes out at a pace.
func responseStep(p Pace, edits ...Edit) Step { return ResponseStep{Edits: edits, Pace: p} }

// ourResponse may be met with silence: a client that does not take it need not
// say so. On our FIN it leaves, and one that takes it answers what came before.
var ourResponse = half{responseStep, responses, responseOctets, unfinished}

func responseBoundaries(Target) []maker {
	return ourResponse.boundaries()
}

func drawResponse(w *writer) Script {
	if w.chance(6) {
		return closed(Together(w.lawful()...), Send(w.data(9)))
	}
	return w.handshake(ourResponse)
}
