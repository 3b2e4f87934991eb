package conformance

import (
	"fmt"
	"time"

	"wsprobe/internal/wire"
)

// lengths is how the length of a frame is spelled, and what it claims: LEN.
func lengths() (cases []Case) {
	top := family{row: "LEN.1"}
	for _, n := range []uint64{1 << 63, 1<<63 + 1, 1<<64 - 1} {
		top.add(derived, "§5.2", fmt.Sprintf("A length of %#x, of which only the header comes", n), Script{
			Send(Text("").Claiming(n)), MustFail(1002, 1009)})
	}
	cases = append(cases, top.cases...)
	forms := family{row: "LEN.3"}
	for _, s := range []struct {
		octets int
		form   wire.LengthForm
	}{{0, 16}, {1, 16}, {124, 16}, {125, 16}, {5, 64}, {126, 64}, {65535, 64}} {
		text := Text(Repeated("*", s.octets))
		forms.add(must, "§5.2", fmt.Sprintf("A length of %d spelled in %d bits", s.octets, s.form), Script{
			Send(text.Spelled(s.form)), Tolerate(1002, text), CloseNormally()})
	}
	cases = append(cases, forms.cases...)
	control := family{row: "LEN.4"}
	control.add(acting, "§5.5", "A ping of 126 octets, its length in 16 bits", Script{Send(Ping(Repeated("*", 126))), MustFail(1002)})
	control.add(acting, "§5.5", "A close of 2 octets, its length in 64 bits", Script{Send(Close(1000).Spelled(wire.Form64)), MustFail(1002)})
	control.add(derived, "§5.5", "A ping of 4 octets, its length in 16 bits", Script{Send(Ping("ping").Spelled(wire.Form16)), MustFail(1002)})
	cases = append(cases, control.cases...)
	huge := family{row: "LEN.5"}
	for _, n := range []uint64{1 << 31, 1 << 32, 1<<32 + 5, 1 << 62} {
		huge.add(must, "§10.4", fmt.Sprintf("A length of %d, of which only the header comes", n), Script{
			Send(Text("").Claiming(n)), Unanswered(time.Second), Drop()})
	}
	cases = append(cases, huge.cases...)
	wraps := family{row: "LEN.6"}
	for _, n := range []uint64{1<<16 + 5, 1<<32 + 5} {
		wraps.add(must, "§10.4", fmt.Sprintf("A length of %d, five octets, and what looks like a ping", n), Script{
			Send(Text("hello").Claiming(n), Ping("not a frame")), Unanswered(time.Second), Drop()})
	}
	cases = append(cases, wraps.cases...)
	cases = append(cases, stimuli("LEN.7", "§5.2", must,
		titled{"A text of 256 octets", echo(Text(Repeated("*", 256)))},
		titled{"A binary message of 258 octets", echo(Binary(Repeated("\xfe", 258)))})...)
	return append(cases, stimuli("LEN.8", "§5.2", info,
		titled{"A length of 1000, ten octets, and the end of our half", Script{
			Send(Text("*123456789").Claiming(1000)), HalfClose(), Unanswered(time.Second), Drop()}})...)
}
