package conformance

import "time"

// extensions is what is made of extensions that nobody knows or that are no
// grammar, of subprotocols in another case, and by servers of what is no request:
// EXT, REG, SEC.
func extensions() (cases []Case) {
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	row("EXT.3", "§9.1", must, titled{"An empty element between extensions in the response", Script{
		Response(Set(fieldExtensions, "a;;b")), Within(5 * time.Second), MustFail()}})
	row("EXT.4", "§9.1", must,
		titled{"An extension that nobody knows, with a parameter, is offered", granted(Set(fieldExtensions, "x-foo; bar=1"))},
		titled{"Two extensions that nobody knows are offered", granted(Set(fieldExtensions, "x-foo; bar=1, x-baz"))})
	row("EXT.5", "§9.1", must,
		titled{"An extension that nobody knows, with a parameter in quotes, is offered", granted(Set(fieldExtensions, `x-foo; bar="10"`))},
		titled{"An extension that nobody knows, with an escape within the quotes, is offered", granted(Set(fieldExtensions, `x-foo; bar="1\0"`))})
	row("REG.1", "§4.2.2", derived, titled{"The subprotocol MQTT is offered, which is not mqtt", Script{
		Request(Set(fieldProtocol, "MQTT")), Obey("SRS-07"), MayRefuse()}})
	speaks := func(line string) Script { return Script{Request(StartLine(line)), MustRefuse()} } // and the rest of a request
	row("SEC.6", "§10.7", info,
		titled{"What begins as a ClientHello of TLS", speaks("\x16\x03\x01\x00\x05hello")},
		titled{"What begins as a CONNECT of MQTT", speaks("\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00")})
	row("REG.4", "§10.7", info, titled{"The preface of HTTP/2", speaks("PRI * HTTP/2.0\r\n\r\nSM")})
	return cases
}
