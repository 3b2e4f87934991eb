package conformance

import "fmt"

// requestSyntax is about how a request is written: order, case, grammar.
func requestSyntax() (cases []Case) {
	cases = stimuli("SRQ.17", "§4.2.1", must,
		titled{"The header lines in reverse order", granted(Reverse())},
		titled{"The header names in lower case", granted(Rename("Host", "host"), Rename("Upgrade", "upgrade"), Rename("Connection", "connection"),
			Rename(fieldKey, "sec-websocket-key"), Rename(fieldVersion, "sec-websocket-version"))},
		titled{"The header names in upper case", granted(Rename("Host", "HOST"), Rename("Upgrade", "UPGRADE"), Rename("Connection", "CONNECTION"),
			Rename(fieldKey, "SEC-WEBSOCKET-KEY"), Rename(fieldVersion, "SEC-WEBSOCKET-VERSION"))})
	cases = append(cases, stimuli("SRQ.18", "§4.2.1", must,
		titled{"A header that nobody knows", granted(Set("X-Foo", "bar"))},
		titled{"20 headers that nobody knows", either(RawLine(lines("X-Foo: bar", 20)))})...)
	grammar := family{row: "SRQ.19"}
	grammar.add(must, "§4.2.1", "A control octet in the key", refused(Set(fieldKey, "dGhlIHNhbXBsZSBub25\x01jZQ==")))
	grammar.add(must, "§4.2.1", "A control octet in the version", refused(Set(fieldVersion, "1\x013")))
	grammar.add(must, "§4.3", "A control octet in the subprotocols", refused(Set(fieldProtocol, "ch\x01at")))
	grammar.add(must, "§4.2.1", "A blank before the colon of a field of the handshake", refused(Rename(fieldKey, fieldKey+" ")))
	grammar.add(derived, "§4.2.1", "A header line without a colon", refused(RawLine("no colon")))
	grammar.add(info, "§4.2.1", "A header line that is folded", either(Set("X-Foo", "bar"), RawLine(" folded")))
	grammar.add(info, "§4.2.1", "A NUL in a header that nobody knows", either(Set("X-Foo", "b\x00r")))
	grammar.add(info, "§4.2.1", "Lines that end in LF without CR", either(LineEnd("\n")))
	cases = append(cases, grammar.cases...)
	protocols := family{row: "SRQ.20"}
	for _, list := range []Payload{Literal(","), Literal(", ,"), Literal("a b"), Repeated("x-a, ", 998), Repeated(",", 200)} {
		title := fmt.Sprintf("Subprotocols %v", list)
		protocols.add(must, "§4.3", title, either(Set(fieldProtocol, list)))
	}
	cases = append(cases, protocols.cases...)
	cases = append(cases, extensionSyntax()...)
	return append(cases, stimuli("SRQ.22", "§8.1", info,
		titled{"An octet 0xFF in the request target", either(StartLine("GET {target}?\xff HTTP/1.1"))},
		titled{"An octet 0xFF in a header that nobody knows", granted(Set("X-Foo", "b\xffr"))})...)
}

// extensionSyntax is derived where the row says MUST: a device that negotiates
// no extension need not read the header, and the scripts cannot know.
func extensionSyntax() []Case {
	f := family{row: "SRQ.21"}
	for _, value := range []string{"=;", "a;;b", `a; b="{\c*1000}`} {
		f.add(derived, "§9.1", "Extensions "+value, refused(Set(fieldExtensions, value)))
	}
	for _, value := range []string{"constructor", "a{ *4096}b"} {
		f.add(must, "§9.1", "Extensions "+value+", which is no fault", Script{
			Request(Set(fieldExtensions, value)), Obey("SRS-09"), MayRefuse()})
	}
	return f.cases
}

// requestSizes is about how a request arrives, and how much of it.
func requestSizes() (cases []Case) {
	pieces := family{row: "SRQ.23"}
	pieces.add(must, "§4.2.1", "A request an octet a write", opens(RequestChopped(1)))
	for _, n := range []int{20, 60, 100} {
		pieces.add(must, "§4.2.1", fmt.Sprintf("A request in pieces of %d octets, a moment apart", n), opens(RequestPaced(n, aMoment)))
	}
	cases = append(cases, pieces.cases...)
	sizes := family{row: "SRQ.24"}
	for _, kib := range []int{4, 8, 16, 64} {
		sizes.add(must, "§10.7", fmt.Sprintf("A header line of %d KiB", kib), either(Set("X-Foo", fmt.Sprintf("{x*%d}", kib<<10))))
	}
	for _, kib := range []int{4, 8, 16, 64} {
		sizes.add(must, "§10.7", fmt.Sprintf("A request line of %d KiB", kib), either(StartLine(fmt.Sprintf("GET {target}?{x*%d} HTTP/1.1", kib<<10))))
	}
	sizes.add(must, "§10.7", "500 headers", either(RawLine(lines("X-Foo: bar", 500))))
	sizes.add(must, "§10.7", "A request line of 1 MiB that does not end", Script{
		Request(StartLine("GET {target}?{x*1048576} HTTP/1.1"), LineEnd("")), MustRefuse()})
	cases = append(cases, sizes.cases...)
	return append(cases, stimuli("SRQ.25", "§4.2.1", info,
		titled{"A request that stops half-way", Script{Request(LineEnd("")), MayRefuse()}})...)
}

// lines returns n equal header lines, in one.
func lines(line string, n int) Payload {
	line += "\r\n"
	return Repeated(line, n*len(line)-2)
}
