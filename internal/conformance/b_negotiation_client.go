package conformance

import (
	"fmt"
	"time"
)

// answersOfDeflate are about what a client makes of an answer to its offer. One
// that does not offer compression is not asked.
func answersOfDeflate() (cases []Case) {
	fails := func(params string, offered ...OfferedParam) Script {
		return Script{Offered(offered...), Response(deflateOffer(params)), Within(5 * time.Second), MustFail()}
	}
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	row("PMD.5", "§7", negotiated,
		titled{"An answer with a parameter that there is none of", fails("; x=1")},
		titled{"An answer with such a parameter, without a value", fails("; server_max_window")})
	bad := family{row: "PMD.6"}
	for _, params := range []string{"server_max_window_bits=16", "server_max_window_bits=0", "server_max_window_bits=7", "server_max_window_bits=abc",
		"server_max_window_bits", "client_max_window_bits", "client_max_window_bits=16", "server_no_context_takeover=1",
		"client_no_context_takeover=0", "server_max_window_bits=08"} {
		bad.add(negotiated, "§7", "An answer with "+params, fails("; "+params))
	}
	cases = append(cases, bad.cases...)
	row("PMD.7", "§7", negotiated,
		titled{"An answer with server_no_context_takeover twice", fails("; server_no_context_takeover; server_no_context_takeover")},
		titled{"An answer with two values of server_max_window_bits", fails("; server_max_window_bits=10; server_max_window_bits=12")})
	row("PMD.31", "§7.1", of7692(derived),
		titled{"An answer without server_no_context_takeover, which was offered",
			fails("", OfferedParam{Name: serverNoTakeover})},
		titled{"An answer without server_max_window_bits, which was offered",
			fails("", OfferedParam{Name: serverWindow})},
		titled{"An answer with a larger server_max_window_bits than was offered",
			fails("; server_max_window_bits=15", OfferedParam{Name: serverWindow, Below: 15})},
		titled{"An answer with client_max_window_bits, which was not offered",
			fails("; client_max_window_bits=10", OfferedParam{Name: clientWindow, Absent: true})})
	cases = append(cases, negotiated("PMD.35.2", "§5", "Compression twice in an answer", fails(", permessage-deflate")))
	return append(cases, limitedClients()...)
}

// limitedClients are clients whose answer limits how they compress. One that does
// not support that fails the connection (RFC 7692 §7); but to forget messages is
// RECOMMENDED (§7.1.1.2).
func limitedClients() (cases []Case) {
	texts := RallySlices(8, Text(""), Slice{JSON, 2048}, 0)
	twice := Rally(3, Text("The same message, three times."))
	window := func(bits int) Script {
		script := append(Script{Deflate(fmt.Sprintf("max_window_bits=%d", bits)), texts}, beyond(bits)...)
		return append(script, MayFail())
	}
	cases = append(cases, negotiated("PMD.8.1", "§7", "A client with a window of 8 bits, which many cannot serve", window(8)))
	cases = append(cases, stimuli("PMD.10", "§7.1.1.2", negotiated,
		titled{"A client that is to forget its messages: equal ones", Script{Deflate("no_context_takeover"), twice, ShouldNotFail()}},
		titled{"A client that is to forget its messages: long ones", Script{Deflate("no_context_takeover"), texts, ShouldNotFail()}})...)
	limited := family{row: "PMD.13"}
	for bits := 9; bits <= 15; bits++ {
		limited.add(negotiated, "§7.1.2.2", fmt.Sprintf("A client with a window of %d bits", bits), window(bits))
	}
	return append(cases, limited.cases...)
}
