package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain is what the servers are started from, too.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-serve" {
		main()
	}
	os.Exit(m.Run())
}

// One short round of everything, so that it does not rot.
func TestRound(t *testing.T) {
	o := options{rounds: 1, lasts: 50 * time.Millisecond}
	tables := len(workloads)
	if runtime.GOOS == "linux" {
		o.idle, tables = 20, tables+1
	}
	servers, err := o.pick(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m, err := o.measure(t.Context(), servers)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range workloads {
		for j, s := range servers {
			if got := m.speed(i, j); got.p50 == 0 || got.p99 < got.p50 { // a busy machine may answer nothing in that time
				t.Errorf("%s, %s: %+v", s.name, w.name, got)
			}
		}
	}
	var told strings.Builder
	m.tell(&told)
	for _, s := range servers {
		if n := strings.Count(told.String(), "\n| "+s.name+" "); n != tables {
			t.Errorf("%d lines on %s in\n%s", n, s.name, &told)
		}
	}
	if n := strings.Count(told.String(), "| met |") + strings.Count(told.String(), "| missed |"); n != 2*(2*len(workloads)+tables) {
		t.Errorf("%d targets in\n%s", n, &told)
	}
}

// What would measure nothing is said in one line.
func TestOptions(t *testing.T) {
	for args, want := range map[string]string{
		"-rounds 0":           "-rounds 0: not a number from 1",
		"-for 0s":             "-for 0s: not a time above 0, such as 1s",
		"-idle -1":            "-idle -1: not a number from 0",
		"-only nonsense":      `-only "nonsense": no workload is called so`,
		"-serve nonsense":     `-serve "nonsense": not one of the libraries here`,
		"-servers wsecho,x":   `-servers "wsecho,x": known are wsecho-off, wsecho, coder, gobwas, gorilla, gws`,
		"-servers wsecho":     `-servers "wsecho": nothing to compare with; add coder, for example`,
		"-servers coder,wsec": `-servers "coder,wsec": known are wsecho-off, wsecho, coder, gobwas, gorilla, gws`,
	} {
		if err := run(t.Context(), strings.Fields(args)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", args, err, want)
		}
	}
}

// What is sent is a masked frame with what the answer holds.
func TestScript(t *testing.T) {
	for _, w := range workloads {
		s := newScript(w.first, w.octets)
		header := len(s.answer) - w.octets
		for _, question := range s.questions {
			if question[0] != w.first || question[1] != s.answer[1]|0x80 || !bytes.Equal(question[2:header], s.answer[2:header]) {
				t.Fatalf("%s: header % x for % x", w.name, question[:header], s.answer[:header])
			}
			key, payload := question[header:header+4], question[header+4:]
			for i := range payload {
				if payload[i]^key[i&3] != s.answer[header+i] {
					t.Fatalf("%s: octet %d is masked wrongly", w.name, i)
				}
			}
		}
	}
	if n := binary.BigEndian.Uint64(newScript(opText, 64<<10).answer[2:]); n != 64<<10 {
		t.Errorf("a length of %d", n)
	}
}

// An answer that is not the message ends the measuring.
func TestWrongAnswer(t *testing.T) {
	s, other := newScript(opText, 125), newScript(opBinary, 125)
	s.answer = other.answer
	o := options{servers: "gws"}
	servers, err := o.pick(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p, err := servers[0].start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer p.stop()
	var all tally
	if err := all.add(p, workloads[0], s, 50*time.Millisecond); err == nil || !strings.Contains(err.Error(), "gws: answered with 817d") {
		t.Errorf("got %v", err)
	}
}

func TestMedian(t *testing.T) {
	figure := func(n int) int { return n }
	for want, rounds := range map[int][]int{3: {5, 1, 3}, 7: {7}, 2: {2, 2, 9, 1, 2}} {
		if got := median(rounds, figure); got != want {
			t.Errorf("median of %v: %d", rounds, got)
		}
	}
}
