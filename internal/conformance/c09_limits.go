package conformance

import (
	"fmt"
	"time"
)

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

// size writes a number of octets in the largest unit that fits.
func size(n int) string {
	switch {
	case n >= mB && n%mB == 0:
		return fmt.Sprintf("%d MiB", n/mB)
	case n >= kB && n%kB == 0:
		return fmt.Sprintf("%d KiB", n/kB)
	}
	return fmt.Sprintf("%d octets", n)
}

// The time for an answer is the most that Autobahn gives a case of the group;
// in a rally Autobahn counts all exchanges together. What the device answers
// is compared, where Autobahn compares its length only.
func limits() []Case {
	var cases []Case
	add := func(group string, i int, title string, limit time.Duration, steps ...Step) {
		script := append(append(Script{Within(limit)}, steps...), CloseNormally())
		cases = append(cases, must(nth(group, i), "§5.6", title, script))
	}
	for _, k := range both("9.1", "9.2") {
		for i, n := range []int{64 * kB, 256 * kB, 1 * mB, 4 * mB, 8 * mB, 16 * mB} {
			f := k.frame(Repeated(k.unit, n))
			add(k.group, i, fmt.Sprintf("A %s message of %s", k.name, size(n)), 100*second, Send(f), Reply(f))
		}
	}
	for _, k := range both("9.3", "9.4") {
		for i := range 9 {
			f, n := k.frame(stars(4*mB)), 64<<(2*i)
			if k.name == "binary" && i == 0 {
				f = k.frame(fes(4 * mB)) // as Autobahn has it, here only
			}
			title := fmt.Sprintf("A %s message of 4 MiB, %s a frame", k.name, size(n))
			if n < 4*mB {
				title += ", the last one empty"
			}
			add(k.group, i, title, 100*second, sendFragments(n, f), Reply(f))
		}
	}
	for _, k := range both("9.5", "9.6") {
		for i := range 6 {
			f, n := k.frame(Repeated(k.unit, 1*mB)), 64<<i
			add(k.group, i, fmt.Sprintf("A %s message of 1 MiB, %s a write", k.name, size(n)), 1000*second, SendChopped(n, f), Reply(f))
		}
	}
	for _, k := range both("9.7", "9.8") {
		for i, n := range []int{0, 16, 64, 256, 1024, 4096} {
			f := k.frame(stars(n))
			if k.name == "binary" {
				f = k.frame(fes(n))
			}
			add(k.group, i, fmt.Sprintf("1000 %s messages of %s, each when the last was answered", k.name, size(n)), 60*second, Rally(1000, f))
		}
	}
	return cases
}
