package conformance

import (
	"fmt"

	"wsprobe/internal/wire"
)

// endings is what Autobahn's cases leave out of how connections end: CLS, COD,
// FAI.
func endings() (cases []Case) {
	row := func(row, section string, level func(ID, string, string, Script) Case, scripts ...titled) {
		cases = append(cases, stimuli(row, section, level, scripts...)...)
	}
	// Ours is on its way when the device sends its own, which none is to follow.
	row("CLS.14", "§7.1.5", must, titled{"A fault and a close in one write: the Close frames cross", Script{
		Send(Text("hello").RSV(4), Close(1000)), MustReject(1002)}})
	row("CLS.19", "§7.1.4", info, titled{"The end of our half, without a close", Script{HalfClose(), MustFail()}})
	row("COD.4", "§7.4.1", derived, titled{"A close with status 1015", Script{Send(Close(1015)), MustReject(1002)}})
	codes := family{row: "COD.5"}
	for _, code := range []wire.StatusCode{1012, 1013, 1014} {
		codes.add(info, "§7.4.2", fmt.Sprintf("A close with status %d, registered since", code), Script{
			Send(Close(code)), MustAnswer(code, 1000)})
	}
	cases = append(cases, codes.cases...)
	row("FAI.4", "§7.2.1", must, titled{"The server's half of TCP ends, without a close", Script{HalfClose(), MustFail()}})
	return cases
}
