package conformance

import (
	"fmt"
	"time"
)

// Units of the catalogue.
const (
	second = time.Second
	kB     = 1 << 10
	mB     = 1 << 20
)

// stars and fes are the payloads that Autobahn uses most.
func stars(n int) Payload { return Repeated("*", n) }
func fes(n int) Payload   { return Repeated("\xfe", n) }

// nth names the i'th case of a group, from 1.
func nth(group string, i int) ID { return ID(fmt.Sprintf("%s.%d", group, i+1)) }

// echo sends a message and wants the device's answer to it.
func echo(f Frame) Script { return answered(Send(f), f) }

// answered wants the device's answer to the message that a step sends: to a
// long one within 10 s, as Autobahn has it.
func answered(send Step, f Frame) Script {
	script := Script{send, Reply(f), CloseNormally()}
	if f.Payload.Len() >= 65535 {
		return append(Script{Within(10 * second)}, script...)
	}
	return script
}

// sendFragments sends a message as Autobahn cuts it: if the fragments come out
// even, one more ends it, which is empty.
func sendFragments(n int, message Frame) Step {
	if size := message.Payload.Len(); size > n && size%n == 0 {
		return SendFragmented(n, message.NoFin(), Continuation(""))
	}
	return SendFragmented(n, message)
}

func framing() (cases []Case) {
	for i, n := range []int{0, 125, 126, 127, 128, 65535, 65536} {
		cases = append(cases,
			must(nth("1.1", i), "§5.6", fmt.Sprintf("A text message of %d octets", n), echo(Text(stars(n)))),
			must(nth("1.2", i), "§5.6", fmt.Sprintf("A binary message of %d octets", n), echo(Binary(fes(n)))))
	}
	text, binary := Text(stars(65536)), Binary(fes(65536))
	return append(cases,
		must("1.1.8", "§5.6", "A text message of 65536 octets, 997 octets a write", answered(SendChopped(997, text), text)),
		must("1.2.8", "§5.6", "A binary message of 65536 octets, 997 octets a write", answered(SendChopped(997, binary), binary)))
}
