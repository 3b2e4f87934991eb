package conformance

import "fmt"

// kind is a type of data message, and the group of cases that it has.
type kind struct {
	name, group string
	frame       func(Payload) Frame
	unit        string // of the payload
}

func both(text, binary string) []kind {
	return []kind{
		{"text", text, Text[Payload], "BAsd7&jh23"},
		{"binary", binary, Binary[Payload], "\x00\xfe\x23\xfa\xf0"},
	}
}

// The limits on time are Autobahn's; what the device answers is compared too,
// where Autobahn compares its length only.
func limits() []Case {
	var cases []Case
	add := func(group string, i int, title string, script Script) {
		cases = append(cases, must(nth(group, i), "§5.6", title, script))
	}
	for _, k := range both("9.1", "9.2") {
		for i, n := range []int{64 * kB, 256 * kB, 1 * mB, 4 * mB, 8 * mB, 16 * mB} {
			f := k.frame(Repeated(k.unit, n))
			add(k.group, i, fmt.Sprintf("A %s message of %d octets", k.name, n), Script{
				Within(100 * second), Send(f), Reply(f), CloseNormally()})
		}
	}
	for _, k := range both("9.3", "9.4") {
		for i := range 9 {
			f, n := k.frame(stars(4*mB)), 64<<(2*i)
			if k.name == "binary" && i == 0 {
				f = k.frame(fes(4 * mB)) // as Autobahn has it, here only
			}
			add(k.group, i, fmt.Sprintf("A %s message of 4 MiB, %d octets a frame", k.name, n), Script{
				Within(100 * second), SendFragmented(n, f), Reply(f), CloseNormally()})
		}
	}
	for _, k := range both("9.5", "9.6") {
		for i := range 6 {
			f, n := k.frame(Repeated(k.unit, 1*mB)), 64<<i
			add(k.group, i, fmt.Sprintf("A %s message of 1 MiB, %d octets a write", k.name, n), Script{
				Within(1000 * second), SendChopped(n, f), Reply(f), CloseNormally()})
		}
	}
	for _, k := range both("9.7", "9.8") {
		for i, n := range []int{0, 16, 64, 256, 1024, 4096} {
			f := k.frame(stars(n))
			if k.name == "binary" {
				f = k.frame(fes(n))
			}
			add(k.group, i, fmt.Sprintf("1000 %s messages of %d octets, each when the last was answered", k.name, n), Script{
				Within(60 * second), Rally(1000, f), CloseNormally()})
		}
	}
	return cases
}
