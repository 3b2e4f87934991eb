package conformance

import "time"

// responses are the cases of what a server answers: SRS. Most of it is judged
// in every case; here are the stimuli that the answer depends on.
func responses() (cases []Case) {
	obeys := func(row string, edits ...Edit) Script { return opens(Request(edits...), Obey(row)) }
	for _, s := range []struct{ id, row, title string }{
		{"SRS.1", "SRS-01", "An ordinary request: the status line of the answer"},
		{"SRS.2", "SRS-02", "An ordinary request: Upgrade in the answer"},
		{"SRS.3", "SRS-03", "An ordinary request: Connection in the answer"},
		{"SRS.5", "SRS-05", "An ordinary request: one Sec-WebSocket-Accept in the answer"},
	} {
		cases = append(cases, stimuli(s.id, "§4.2.2", must, titled{s.title, obeys(s.row)})...)
	}
	accept := family{row: "SRS.4"}
	for _, key := range []string{"AAAAAAAAAAAAAAAAAAAAAA==", "/////////////////////w==", "OFiokaNxwYQYfj8Qw0PUmg==", "+/+/+/+/+/+/+/+/+/+/+w==", "d3Nwcm9iZSBzYXlzIGhpIQ=="} {
		accept.add(must, "§4.2.2", "The key "+key, obeys("SRS-04", Set(fieldKey, key)))
	}
	accept.add(must, "§4.2.2", "The key that is RFC 6455's sample", obeys("SRS-04", Set(fieldKey, sampleKey)))
	cases = append(cases, accept.cases...)
	cases = append(cases, offers()...)
	cases = append(cases, stimuli("SRS.14", "§4.2.2", must,
		titled{"An ordinary request: no body, and none spoken of", obeys("SRS-14")})...)
	cases = append(cases, stimuli("SRS.15", "§4.2.2", may,
		titled{"Silence after the opening handshake, in which the device may greet", Script{
			Request(), Stall(250 * time.Millisecond), Open(), CloseNormally()}})...)
	letGo := family{row: "SRS.16"}
	for _, s := range []struct {
		title string
		edit  Edit
	}{
		{"A refusal for want of a key, and what comes after it", Remove(fieldKey)},
		{"A refusal of version 12, and what comes after it", Set(fieldVersion, "12")},
		{"A refusal of POST, and what comes after it", StartLine("POST {target} HTTP/1.1")},
		{"A refusal for want of Upgrade, and what comes after it", Remove("Upgrade")},
	} {
		letGo.add(must, "§4.2.2", s.title, Script{Request(s.edit), MustLetGo()})
	}
	cases = append(cases, letGo.cases...)
	return append(cases, stimuli("SRS.17", "§4.4", may,
		titled{"Version 12: the list in the refusal, however split", Script{Request(Set(fieldVersion, "12")), MustRefuseVersion()}})...)
}

// offers are about subprotocols and extensions: what is chosen must have been
// offered. A server that refuses for want of one that it knows is right too.
func offers() (cases []Case) {
	const unknown = "x-unknown-5c1"
	chooses := func(row string, edits ...Edit) Script { return Script{Request(edits...), Obey(row), MayRefuse()} }
	cases = stimuli("SRS.6", "§4.2.2", must,
		titled{"Two subprotocols are offered: one answer", chooses("SRS-06", Add(fieldProtocol, "x-unknown-5c1, x-unknown-7d2"))})
	cases = append(cases, stimuli("SRS.7", "§4.2.2", must,
		titled{"An unknown subprotocol is offered", chooses("SRS-07", Add(fieldProtocol, unknown))},
		titled{"An unknown subprotocol is offered, the header lines in reverse order", chooses("SRS-07", Add(fieldProtocol, unknown), Reverse())},
		titled{"Two unknown subprotocols are offered", chooses("SRS-07", Add(fieldProtocol, unknown+", x-unknown-7d2"))})...)
	cases = append(cases, stimuli("SRS.8", "§4.2.2", must,
		titled{"No subprotocol is offered", chooses("SRS-08", Remove(fieldProtocol))},
		titled{"No subprotocol that anybody knows is offered", chooses("SRS-08", Set(fieldProtocol, unknown))})...)
	cases = append(cases, stimuli("SRS.9", "§4.2.2", must,
		titled{"No extension is offered", opens(Request(), Obey("SRS-09"))},
		titled{"An extension that nobody knows is offered", opens(Request(Set(fieldExtensions, "x-foo; bar=1")), Obey("SRS-09"))})...)
	cases = append(cases, stimuli("SRS.10", "§9.1", must,
		titled{"Compression is offered: the parameters of the answer", Script{
			Request(Set(fieldExtensions, "permessage-deflate; client_max_window_bits")), Obey("SRS-10"), CloseNormally()}})...)
	cases = append(cases, stimuli("SRS.11", "§9.1", info,
		titled{"Compression is offered twice: which one is taken", Script{
			Request(Set(fieldExtensions, "permessage-deflate; server_no_context_takeover, permessage-deflate")), Obey("SRS-09"), CloseNormally()}})...)
	cases = append(cases, stimuli("SRS.12", "§9.1", may,
		titled{"Extensions are offered in two lines", opens(Request(Add(fieldExtensions, "x-foo"), Add(fieldExtensions, "x-bar; baz=1")), Obey("SRS-09"))})...)
	return append(cases, stimuli("SRS.13", "§4.3", may,
		titled{"Subprotocols are offered in two lines", chooses("SRS-07", Add(fieldProtocol, unknown), Add(fieldProtocol, "x-unknown-7d2"))})...)
}
