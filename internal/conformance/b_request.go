package conformance

import (
	"fmt"
	"time"
)

// Names of header fields that requests are edited in.
const (
	fieldKey        = "Sec-WebSocket-Key"
	fieldVersion    = "Sec-WebSocket-Version"
	fieldProtocol   = "Sec-WebSocket-Protocol"
	fieldExtensions = "Sec-WebSocket-Extensions"
	fieldAccept     = "Sec-WebSocket-Accept"
)

// sampleKey is the key of RFC 6455 §1.3.
const sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="

// refused is a script in which the device must refuse an edited request.
func refused(edits ...Edit) Script { return Script{Request(edits...), MustRefuse()} }

// granted is a script in which the device must take an edited request.
func granted(edits ...Edit) Script { return opens(Request(edits...)) }

// either is a script in which the device may do what it likes with an edited
// request, if only it answers and lives.
func either(edits ...Edit) Script { return Script{Request(edits...), MayRefuse()} }

// requests are the cases of what a server makes of the request: SRQ.
func requests() (cases []Case) {
	of := func(row, section string, build func(*family, string)) {
		f := family{row: row}
		build(&f, section)
		cases = append(cases, f.cases...)
	}
	of("SRQ.1", "§4.2.1", func(f *family, section string) {
		f.add(must, section, "A request that is plain HTTP", Script{
			Request(Remove("Upgrade"), Set("Connection", "close"), Remove(fieldKey), Remove(fieldVersion)), MustRefuse()})
	})
	of("SRQ.2", "§4.2.1", requestMethods)
	of("SRQ.3", "§4.2.1", func(f *family, section string) {
		f.add(must, section, "A request of HTTP/1.0", refused(StartLine("GET {target} HTTP/1.0")))
		f.add(must, section, "A request without a version, as HTTP/0.9 has it", refused(StartLine("GET {target}")))
	})
	of("SRQ.4", "§4.2.1", func(f *family, section string) {
		f.add(must, section, "An absolute URI as the request target", granted(StartLine("GET http://{authority}{target} HTTP/1.1")))
	})
	of("SRQ.5", "§4.2.1", func(f *family, section string) {
		f.add(must, section, "A request without Host", refused(Remove("Host")))
		f.add(must, section, "A request with two Hosts", refused(Add("Host", "other.example")))
	})
	cases = append(cases, requestTokens()...)
	cases = append(cases, requestKeys()...)
	cases = append(cases, requestVersions()...)
	cases = append(cases, requestSyntax()...)
	cases = append(cases, requestSizes()...)
	return append(cases, requestPolicy()...)
}

func requestMethods(f *family, section string) {
	for _, method := range []string{"POST", "HEAD", "OPTIONS", "PUT", "CONNECT", "get"} {
		f.add(must, section, "A request by "+method, refused(StartLine(method+" {target} HTTP/1.1")))
	}
}

// requestTokens are about the tokens of Upgrade and Connection.
func requestTokens() (cases []Case) {
	upgrade, connection, lists := family{row: "SRQ.6"}, family{row: "SRQ.8"}, family{row: "SRQ.9"}
	upgrade.add(must, "§4.2.1", "A request without Upgrade", refused(Remove("Upgrade")))
	for _, value := range []string{"h2c", "websocket2"} {
		upgrade.add(must, "§4.2.1", "An upgrade to "+value, refused(Set("Upgrade", value)))
	}
	upgrade.add(info, "§4.2.1", "An upgrade to websocket/13", either(Set("Upgrade", "websocket/13")))
	connection.add(must, "§4.2.1", "A request without Connection", refused(Remove("Connection")))
	for _, value := range []string{"keep-alive", "notupgrade"} {
		connection.add(must, "§4.2.1", "Connection: "+value, refused(Set("Connection", value)))
	}
	for _, value := range []string{"keep-alive, Upgrade", "keep-alive,upgrade", "UPGRADE"} {
		lists.add(must, "§4.2.1", "Connection: "+value, granted(Set("Connection", value)))
	}
	lists.add(must, "§4.2.1", "Upgrade in the second of two Connection lines",
		granted(Set("Connection", "keep-alive"), Add("Connection", "Upgrade")))
	cases = append(upgrade.cases, connection.cases...)
	cases = append(cases, lists.cases...)
	cases = append(cases, stimuli("SRQ.7", "§4.2.1", must,
		titled{"Upgrade: WebSocket", granted(Set("Upgrade", "WebSocket"))},
		titled{"Upgrade: WEBSOCKET", granted(Set("Upgrade", "WEBSOCKET"))})...)
	cases = append(cases, stimuli("SRQ.32", "§4.3", derived,
		titled{"An empty element before the token of Connection", granted(Set("Connection", ", Upgrade"))},
		titled{"Empty elements in a list of subprotocols", either(Add(fieldProtocol, ",,x-unknown-5c1"))})...)
	return append(cases, stimuli("SRQ.33", "§4.2.1", derived,
		titled{"websocket as the second of two upgrades", granted(Set("Upgrade", "foo/1, websocket"))})...)
}

// requestKeys are about Sec-WebSocket-Key.
func requestKeys() (cases []Case) {
	cases = stimuli("SRQ.10", "§4.2.1", must, titled{"A request without a key", refused(Remove(fieldKey))})
	keys := family{row: "SRQ.11"}
	keys.add(acting, "§4.2.1", "An empty key", refused(Set(fieldKey, "")))
	keys.add(acting, "§4.2.1", "A key that is not base64", refused(Set(fieldKey, "!!!!")))
	for _, k := range []struct {
		octets int
		key    string
	}{
		{1, "AA=="}, {15, "AAAAAAAAAAAAAAAAAAAA"}, {17, "AAAAAAAAAAAAAAAAAAAAAAA="}, {64, "{A*86}=="},
	} {
		keys.add(derived, "§4.2.1", fmt.Sprintf("A key of %d octets", k.octets), refused(Set(fieldKey, k.key)))
	}
	for _, n := range []int{64, 128, 256, 4096} {
		keys.add(must, "§4.2.1", fmt.Sprintf("A key of %d characters, which must do no harm", n), either(Set(fieldKey, fmt.Sprintf("{A*%d}", n))))
	}
	cases = append(cases, keys.cases...)
	cases = append(cases, stimuli("SRQ.12", "§4.2.1", info,
		titled{"A key whose pad bits are not zero", granted(Set(fieldKey, "dGhlIHNhbXBsZSBub25jZB=="))})...)
	return append(cases, stimuli("SRQ.13", "§4.2.1", derived,
		titled{"Two keys", refused(Add(fieldKey, sampleKey))},
		titled{"The same key twice", refused(Add(fieldKey, "{key}"))})...)
}

// requestVersions are about Sec-WebSocket-Version.
func requestVersions() (cases []Case) {
	cases = stimuli("SRQ.14", "§4.2.1", must, titled{"A request without a version", refused(Remove(fieldVersion))})
	versions := family{row: "SRQ.15"}
	for _, v := range []string{"12", "14", "25", "255"} {
		versions.add(must, "§4.4", "Version "+v, Script{Request(Set(fieldVersion, v)), MustRefuseVersion()})
	}
	for _, v := range []string{"0", "7", "8"} {
		versions.add(info, "§4.4", "Version "+v+", an old draft", Script{Request(Set(fieldVersion, v)), MustRefuseVersion()})
	}
	for _, v := range []string{"256", "-1", "013", "13, 8"} {
		versions.add(must, "§4.2.1", "Version "+v, refused(Set(fieldVersion, v)))
	}
	cases = append(cases, versions.cases...)
	cases = append(cases, stimuli("SRQ.16", "§4.4", info,
		titled{"Version 12, to see the status", Script{Request(Set(fieldVersion, "12")), MustRefuse(426)}})...)
	return append(cases, stimuli("SRQ.34", "§4.2.1", derived,
		titled{"Version 13 twice", refused(Add(fieldVersion, "13"))},
		titled{"Versions 13 and 8", refused(Add(fieldVersion, "8"))})...)
}

// requestPolicy is about what a server asks of a request beyond its form.
func requestPolicy() (cases []Case) {
	evil := Set("Origin", "http://evil.example")
	cases = stimuli("SRQ.26", "§4.2.2", must,
		titled{"A foreign origin", Script{Request(evil), Given(HasOrigins), MustRefuse()}})
	cases = append(cases, stimuli("SRQ.27", "§10.2", should,
		titled{"A foreign origin, to see the status", Script{Request(evil), Given(HasOrigins), MustRefuse(403)}})...)
	cases = append(cases, stimuli("SRQ.28", "§4.2.2", must,
		titled{"A path that nobody serves", Script{Request(StartLine("GET /no-such-path-7f3a91 HTTP/1.1")), Given(HasPaths), MustRefuse()}})...)
	cases = append(cases, stimuli("SRQ.29", "§4.2.2", may,
		titled{"A request without credentials", Script{Request(Remove("Authorization")), Given(HasAuth), MustRefuse(401)}},
		titled{"A request with credentials", Script{Request(), Given(HasAuth), Open(), CloseNormally()}})...)
	return append(cases, stimuli("SRQ.31", "§4.1", info,
		titled{"A message in the same write as the request", Script{Request(), Together(Text("early")), Reply(Text("early")), CloseNormally()}})...)
}

// aMoment is long enough for octets on both sides of it not to be read at once.
const aMoment = 50 * time.Millisecond
