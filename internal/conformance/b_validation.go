package conformance

import (
	"fmt"
	"time"
)

// validation is what a client makes of the response: CRV.
func validation() (cases []Case) {
	cases = append(cases, statuses()...)
	// As long as an opening handshake may take: net/http reads on for a while
	// before it gives up a response.
	fails := func(edits ...Edit) Script { return Script{Response(edits...), Within(5 * time.Second), MustFail()} }
	takes := func(edits ...Edit) Script { return opens(Response(edits...)) }
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	row("CRV.3", "§4.1", must, titled{"A response without Upgrade", fails(Remove("Upgrade"))})
	row("CRV.4", "§4.1", must,
		titled{"A response that upgrades to h2c", fails(Set("Upgrade", "h2c"))},
		titled{"A response that upgrades to websocket2", fails(Set("Upgrade", "websocket2"))},
		titled{"A response with an empty Upgrade", fails(Set("Upgrade", ""))})
	row("CRV.5", "§4.1", must,
		titled{"A response with Upgrade: WebSocket", takes(Set("Upgrade", "WebSocket"))},
		titled{"A response with Upgrade: WEBSOCKET", takes(Set("Upgrade", "WEBSOCKET"))})
	row("CRV.6", "§4.1", must,
		titled{"A response without Connection", fails(Remove("Connection"))},
		titled{"A response with Connection: close", fails(Set("Connection", "close"))},
		titled{"A response with Connection: keep-alive", fails(Set("Connection", "keep-alive"))})
	row("CRV.7", "§4.1", must,
		titled{"A response with Connection: keep-alive, UPGRADE", takes(Set("Connection", "keep-alive, UPGRADE"))},
		titled{"A response with Connection: notupgrade", fails(Set("Connection", "notupgrade"))})
	row("CRV.8", "§4.1", must, titled{"A response without Sec-WebSocket-Accept", fails(Remove(fieldAccept))})
	accept := family{row: "CRV.9"}
	for _, a := range []struct{ title, value string }{
		{"One bit of Sec-WebSocket-Accept is flipped", "{accept flipped}"},
		{"Sec-WebSocket-Accept in the other case", "{accept swapped}"},
		{"The answer to another key", "{accept other}"},
		{"The key as its own answer", "{key}"},
		{"An empty Sec-WebSocket-Accept", ""},
		{"Sec-WebSocket-Accept without its last characters", "{accept cut}"},
		{"Sec-WebSocket-Accept and one character more", "{accept}x"},
	} {
		accept.add(must, "§4.1", a.title, fails(Set(fieldAccept, a.value)))
	}
	cases = append(cases, accept.cases...)
	row("CRV.10", "§4.1", must,
		titled{"Blanks round Sec-WebSocket-Accept", takes(Set(fieldAccept, "  {accept}  "))},
		titled{"Tabs round Sec-WebSocket-Accept", takes(Set(fieldAccept, "\t{accept}\t"))})
	row("CRV.11", "§4.1", must,
		titled{"An extension that nobody knows in the response", fails(Set(fieldExtensions, "x-foo"))},
		titled{"Two extensions that nobody knows in the response", fails(Set(fieldExtensions, "x-foo, x-bar; baz=1"))})
	row("CRV.12", "§4.1", must, titled{"A subprotocol that was not offered in the response", fails(Set(fieldProtocol, "x-unknown-5c1"))})
	row("CRV.13", "§4.1", must,
		titled{"A status line that is none", fails(StartLine("lorem ipsum"))},
		titled{"A status of four digits", fails(StartLine("HTTP/1.1 1010 Switching Protocols"))})
	for i, edit := range []Edit{StartLine("HTTP/1.0 101 Switching Protocols"), RawLine("no colon"), Set("X-Foo", "b\x00r")} {
		title := []string{"A 101 of HTTP/1.0", "A header line without a colon in the response", "A NUL in a header of the response"}[i]
		cases = append(cases, derived(ID(fmt.Sprintf("CRV.13.%d", i+3)), "§4.1", title, fails(edit)))
	}
	row("CRV.14", "§4.1", derived,
		titled{"The right Sec-WebSocket-Accept twice", fails(Add(fieldAccept, "{accept}"))},
		titled{"Two Sec-WebSocket-Accept, the second wrong", fails(Add(fieldAccept, "{accept other}"))})
	row("CRV.15", "§4.1", derived,
		titled{"Two subprotocols in two lines of the response", fails(Add(fieldProtocol, "x-a"), Add(fieldProtocol, "x-b"))})
	row("CRV.16", "§4.2.2", must,
		titled{"A list of subprotocols in the response", fails(Set(fieldProtocol, "x-a, x-b"))},
		titled{"An empty subprotocol in the response", fails(Set(fieldProtocol, ""))})
	return append(cases, arrivals()...)
}

// hangUp tells an HTTP client not to send another request on the connection,
// which would be taken for frames.
var hangUp = Set("Connection", "close")

// statuses are responses that are no 101.
func statuses() (cases []Case) {
	f := family{row: "CRV.1"}
	for _, status := range []string{"200 OK", "204 No Content", "301 Moved Permanently", "302 Found", "307 Temporary Redirect",
		"400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "426 Upgrade Required",
		"500 Internal Server Error", "503 Service Unavailable"} {
		f.add(must, "§4.1", "The status "+status, Script{Response(StartLine("HTTP/1.1 "+status), hangUp), MustRefuse()})
	}
	cases = append(f.cases, stimuli("CRV.2", "§4.1", info,
		titled{"A redirect to the same place", Script{
			Response(StartLine("HTTP/1.1 301 Moved Permanently"), hangUp, Set("Location", "{target}"), Set("Content-Length", "0")), MustRefuse()}},
		titled{"A demand for credentials", Script{
			Response(StartLine("HTTP/1.1 401 Unauthorized"), hangUp, Set("WWW-Authenticate", "Basic realm=\"x\""), Set("Content-Length", "0")), MustRefuse()}})...)
	return append(cases, stimuli("CRQ.16", "§4.4", may,
		titled{"A refusal that lists versions 8 and 7", Script{
			Response(StartLine("HTTP/1.1 426 Upgrade Required"), hangUp, Remove(fieldAccept), Set(fieldVersion, "8, 7"), Set("Content-Length", "0")), MustRefuse()}})...)
}

// arrivals are lawful responses, written and cut in unusual ways, and large ones.
func arrivals() (cases []Case) {
	takes := func(edits ...Edit) Script { return opens(Response(edits...)) }
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	row("CRQ.15", "§4.1", must, titled{"A response after a second, before which nothing may come", Script{
		ResponseAfter(time.Second), Obey("CRQ-15"), Open(), CloseNormally()}})
	row("CRV.17", "§4.1", must,
		titled{"The lines of the response in reverse order", takes(Reverse())},
		titled{"The names in the response in lower case", takes(Rename("Upgrade", "upgrade"), Rename("Connection", "connection"), Rename(fieldAccept, "sec-websocket-accept"))},
		titled{"A header that nobody knows in the response", takes(Set("X-Foo", "bar"))},
		titled{"A header without a value in the response", takes(Set("X-Foo", ""))},
		titled{"30 headers that nobody knows in the response", Script{Response(RawLine(lines("X-Foo: bar", 30))), MayRefuse()}})
	pieces := family{row: "CRV.18"}
	pieces.add(must, "§4.1", "A response an octet a write", opens(ResponseChopped(1)))
	for _, n := range []int{15, 40, 100} {
		pieces.add(must, "§4.1", fmt.Sprintf("A response in pieces of %d octets, a moment apart", n), opens(ResponsePaced(n, aMoment)))
	}
	cases = append(cases, pieces.cases...)
	row("CRV.19", "§4.2.2", must,
		titled{"A message in the same write as the response", Script{Response(), Together(Text("early")), Reply(Text("early")), CloseNormally()}},
		titled{"Half a message in the same write as the response", Script{
			Response(), Together(Text("early").Part(0, 2)), Send(Text("early").Part(2, 5)), Reply(Text("early")), CloseNormally()}})
	sizes := family{row: "CRV.20"}
	for _, kib := range []int{4, 16, 64} {
		sizes.add(derived, "§10.7", fmt.Sprintf("A header line of %d KiB in the response", kib),
			Script{Response(Set("X-Foo", fmt.Sprintf("{x*%d}", kib<<10))), MayRefuse()})
	}
	sizes.add(derived, "§10.7", "200 headers in the response", Script{Response(RawLine(lines("X-Foo: bar", 200))), MayRefuse()})
	sizes.add(derived, "§10.7", "1 MiB of a response that does not end", Script{
		Response(Set("X-Foo", "{x*1048576}"), LineEnd("")), MustFail()})
	cases = append(cases, sizes.cases...)
	row("CRV.21", "§4.1", info,
		titled{"A response that does not come for ten seconds", Script{ResponseAfter(10 * time.Second), MayRefuse()}},
		titled{"A response that stops half-way", Script{Response(LineEnd("")), MustFail()}})
	row("CRV.22", "§4.1", derived,
		titled{"An interim 103 before the 101", takes(StartLine("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 Switching Protocols"))},
		titled{"An interim 100 before a 403", Script{
			Response(StartLine("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden"), hangUp), MustRefuse()}})
	return cases
}
