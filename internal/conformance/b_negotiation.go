package conformance

import "fmt"

// negotiation is what comes of offers and answers of permessage-deflate: PMD.
func negotiation() (cases []Case) {
	return append(offersOfDeflate(), answersOfDeflate()...)
}

// deflateOffer is the header line that offers, or answers, permessage-deflate
// with these parameters.
func deflateOffer(params string) Edit { return Set(fieldExtensions, "permessage-deflate"+params) }

// deflatePlainly offers permessage-deflate without parameters: no hint that we
// could do without context takeover.
func deflatePlainly() Step { return Request(deflateOffer("")) }

// beyond are messages of which the last has come before, but further back than a
// window of so many bits: whoever keeps to it cannot refer to that, and whoever
// does not is likely to. Smaller windows are left by any longer message. No
// message is so short that it may go uncompressed.
func beyond(bits int) []Step {
	const passage, past = 520, 64
	distance := 1<<bits + past
	if bits < 10 || bits > 14 {
		return nil
	}
	said := RallySlices(1, Text(""), Slice{Prose, passage}, 0)
	return []Step{said, Rally(1, Text(stars(distance-passage))), said}
}

// offersOfDeflate are about what a server makes of an offer. One that it is to
// decline may be declined by a server that knows no compression; for the others
// that is UNIMPLEMENTED.
func offersOfDeflate() (cases []Case) {
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	// To refuse the whole handshake is to accept no offer either, and more than it takes.
	declines := func(row, params string) Script {
		return Script{Request(deflateOffer(params)), Obey(row), Open(), ShouldNotFail()}
	}
	row("PMD.1", "§7", negotiated,
		titled{"An offer with a parameter that there is none of", declines("PMD-01", "; x=1")},
		titled{"An offer with such a parameter, without a value", declines("PMD-01", "; server_max_window; client_max_window_bits")})
	bad := family{row: "PMD.2"}
	for _, params := range []string{"server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=08",
		"client_max_window_bits=7", "client_no_context_takeover=1", "server_no_context_takeover=0"} {
		bad.add(negotiated, "§7", "An offer with "+params, declines("PMD-02", "; "+params))
	}
	bad.add(negotiated, "§7", "An offer with server_max_window_bits=, which is no grammar", Script{
		Request(deflateOffer("; server_max_window_bits=")), Obey("PMD-02"), MayRefuse()})
	cases = append(cases, bad.cases...)
	row("PMD.3", "§7", negotiated,
		titled{"An offer with server_no_context_takeover twice", declines("PMD-03", "; server_no_context_takeover; server_no_context_takeover")},
		titled{"An offer with two values of server_max_window_bits", declines("PMD-03", "; server_max_window_bits=10; server_max_window_bits=12")})
	plays := func(row, params string, rally Step, more ...Step) Script {
		return append(append(Script{Request(deflateOffer(params)), Deflate(), Obey(row), rally}, more...), CloseNormally())
	}
	texts := RallySlices(8, Text(""), Slice{JSON, 2048}, 0)
	twice := Rally(3, Text("The same message, three times."))
	windows := family{row: "PMD.4"}
	for bits := 8; bits <= 15; bits++ {
		windows.add(negotiated, "§7", fmt.Sprintf("An offer of a window of %d bits, to be served or declined", bits),
			plays("PMD-11", fmt.Sprintf("; server_max_window_bits=%d", bits), texts, beyond(bits)...))
	}
	cases = append(cases, windows.cases...)
	row("PMD.9", "§7.1.1.1", negotiated,
		titled{"A server that is to forget its messages: equal ones", plays("PMD-09", "; server_no_context_takeover", twice)},
		titled{"A server that is to forget its messages: long ones", plays("PMD-09", "; server_no_context_takeover", texts)})
	for i, bits := range []string{"9", "10", "15"} {
		cases = append(cases, negotiated(nth("PMD.11", i), "§7.1.2.1", "An offer of a window of "+bits+" bits",
			plays("PMD-11", "; server_max_window_bits="+bits, texts)))
	}
	row("PMD.12", "§7.1.2.2", negotiated,
		titled{"An offer without client_max_window_bits", plays("PMD-12", "", texts)},
		titled{"An offer without it, but with server_max_window_bits", plays("PMD-12", "; server_max_window_bits=15", texts)})
	// A server that takes the offer without it has no reason to decline this one.
	too := func(row, params string) Script {
		return Script{deflatePlainly(), Deflate(), Beside(1, plays(row, params, twice)), CloseNormally()}
	}
	row("PMD.14", "§7.1.2.2", negotiated,
		titled{"An offer with client_max_window_bits without a value, beside one without it", too("SRS-10", "; client_max_window_bits")},
		titled{"An offer with client_max_window_bits=15, beside one without it", too("SRS-10", "; client_max_window_bits=15")})
	row("PMD.15", "§7.1.3", of7692(info),
		titled{"A bad offer, and a good one after it", plays("PMD-01", "; x=1, permessage-deflate", twice)})
	row("PMD.32", "§7.2.2", negotiated,
		titled{"An offer to forget our messages, which counts only if it is answered", plays("SRS-10", "; client_no_context_takeover", twice)},
		titled{"An offer of a window of ours of 9 bits, which counts only if it is answered", plays("SRS-10", "; client_max_window_bits=9", texts)})
	row("PMD.35", "§5", negotiated,
		titled{"Two good offers, of which one is answered", Script{
			Request(deflateOffer("; client_max_window_bits, permessage-deflate")), Obey("PMD-35"), CloseNormally()}})
	row("PMD.37", "§7.1.1.1", of7692(should),
		titled{"An offer that the server forget its messages, and one without that", plays("PMD-37", "; server_no_context_takeover, permessage-deflate", twice)},
		titled{"An offer that the server forget its messages, beside one without that", too("PMD-09", "; server_no_context_takeover")})
	return cases
}
