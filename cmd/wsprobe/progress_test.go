package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
)

// What is logged while the line of a terminal stands goes above it.
func TestScreen(t *testing.T) {
	var out bytes.Buffer
	s := &screen{w: &out, terminal: true}
	fmt.Fprintln(s, "waiting")
	s.show("1/2")
	fmt.Fprintln(s, "refused")
	s.show(strings.Repeat("long", 40))
	s.show("")
	s.show("")
	want := "waiting\n" + clearLine + "1/2" + clearLine + "refused\n" + "1/2" + clearLine + strings.Repeat("long", 40)[:79] + clearLine
	if out.String() != want {
		t.Errorf("%q\nwant %q", out.String(), want)
	}
	out.Reset()
	s = newScreen(&out) // no terminal
	s.show("1/2")
	fmt.Fprintln(s, "refused")
	if got := out.String(); got != "refused\n" {
		t.Errorf("%q where there is no terminal", got)
	}
}

// A client may play cases in an order of its own: what is next is the first that
// it has not played.
func TestProgressOfAClient(t *testing.T) {
	cases, err := conformance.Select(conformance.Catalogue(), "2.1", "2.2", "2.3")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := &screen{w: &out, terminal: true}
	p := newProgress(s, strings.Repeat("name", 10), cases)
	p.count(conformance.Result{Case: cases[0], Behavior: conformance.Skipped, BehaviorClose: conformance.Skipped})
	p.add(conformance.Result{Case: cases[2], Behavior: conformance.OK, BehaviorClose: conformance.OK})
	p.add(conformance.Result{Case: conformance.Case{ID: "FRM.14"}, Behavior: conformance.Failed, BehaviorClose: conformance.OK})
	const name = "namenamenamenamenamenam"
	if want := clearLine + name + " 0/3  now 2.1" + clearLine + name + " 2/3  1 OK, 1 SKIPPED  now 2.2"; out.String() != want {
		t.Errorf("%q\nwant %q", out.String(), want)
	}
	out.Reset()
	s.terminal, s.status = false, ""
	p.add(conformance.Result{Case: cases[1], Behavior: conformance.Failed, BehaviorClose: conformance.Unclean})
	if got := out.String(); !strings.HasSuffix(got, " 3/3  2.2 FAILED / UNCLEAN\n") {
		t.Errorf("%q where there is no terminal", got)
	}
}
