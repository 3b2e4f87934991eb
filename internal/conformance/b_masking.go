package conformance

import "fmt"

// masking is who masks, with which keys, and how that is undone: MSK.
func masking() (cases []Case) {
	wrong := func(f Frame) Script { return Script{Send(f.WronglyMasked()), MustFail()} }
	// A status that comes back shows that the frame was taken for a close.
	echoedClose := Script{Send(Close(4999).WronglyMasked()), MustFail(1000, 1001, 1002, 1003, 1008, 1011)}
	server, client := family{row: "MSK.1"}, family{row: "MSK.3"}
	for _, s := range []struct {
		what  string
		frame Frame
	}{
		{"text", Text("hello")}, {"binary", Binary("hello")}, {"ping", Ping("hello")}, {"pong", Pong("hello")},
		{"text without payload", Text("")}, {"ping without payload", Ping("")},
	} {
		server.add(must, "§5.1", "Unmasked "+s.what, wrong(s.frame))
	}
	server.add(must, "§5.1", "An unmasked fragment after a masked one", Script{
		Send(Text("hel").NoFin()), Send(Continuation("lo").WronglyMasked()), MustFail()})
	server.add(must, "§5.1", "An unmasked close", echoedClose)
	client.add(must, "§5.1", "A masked close", echoedClose)
	for _, s := range []struct {
		what  string
		frame Frame
	}{
		{"text", Text("hello")}, {"ping", Ping("hello")},
		{"text, by a key of zeros", Text("hello").WithKey([4]byte{})},
	} {
		client.add(must, "§5.1", "Masked "+s.what, wrong(s.frame))
	}
	cases = append(server.cases, client.cases...)
	unmask := family{row: "MSK.9"}
	const digits = "123456789"
	key := [4]byte{0xa1, 0xb2, 0xc3, 0xd4}
	for n := range len(digits) + 1 {
		unmask.add(must, "§5.3", fmt.Sprintf("A masked text of %d octets", n), echo(Text(digits[:n]).WithKey(key)))
	}
	for _, chop := range []int{1, 2, 3, 5, 7} {
		unmask.add(must, "§5.3", fmt.Sprintf("A masked text of 9 octets, %d octets a write", chop), Script{
			SendChopped(chop, Text(digits).WithKey(key)), Reply(Text(digits)), CloseNormally()})
	}
	cases = append(cases, unmask.cases...)
	cases = append(cases, stimuli("MSK.10", "§5.3", must,
		titled{"A key of zeros", echo(Text("hello").WithKey([4]byte{}))},
		titled{"A key of ones", echo(Text("hello").WithKey([4]byte{0xff, 0xff, 0xff, 0xff}))},
		titled{"A key that is the payload", echo(Text("helo").WithKey([4]byte{'h', 'e', 'l', 'o'}))})...)
	return append(cases, stimuli("MSK.11", "§5.3", must,
		titled{"Three fragments of odd lengths, each with its own key", Script{
			Send(Text("abc").NoFin().WithKey([4]byte{1, 2, 3, 4}), Continuation("defgh").NoFin().WithKey([4]byte{5, 6, 7, 8}),
				Continuation("i").WithKey([4]byte{9, 10, 11, 12})),
			Reply(Text("abcdefghi")), CloseNormally()}})...)
}
