package runner

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// echoCases are cases that send one text each, and have it echoed.
func echoCases(t *testing.T, texts ...string) (cases []conformance.Case) {
	for i, text := range texts {
		script, err := conformance.ParseScript(fmt.Sprintf("send text %q\nreply text %[1]q\nclose 1000", text))
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, conformance.Case{ID: conformance.ID(fmt.Sprint("1.", i+1)), Script: script})
	}
	return cases
}

// runText plays cases and tells a line of each: its verdict, its health, its reason.
func runText(t *testing.T, peer Peer, cases []conformance.Case, o Options) (text string, err error) {
	var lines []string
	for r, e := range Run(t.Context(), peer, cases, o) {
		if err = e; e == nil && !r.OfRow() {
			lines = append(lines, fmt.Sprintf("%s %v %s %s", r.Case.ID, r.Behavior, r.Health, r.Reason))
		}
	}
	return strings.Join(lines, "\n"), err
}

func TestRecover(t *testing.T) {
	boom := func(text string, _ int) bool { return text == "boom" }
	both := func(text string, open int) bool { return text == "two" && open > 1 }
	for name, tt := range map[string]struct {
		board   *board
		options Options
		reset   bool
		want    string // of 1.1 "one", 1.2 "boom", 1.3 "two"
		resets  int
		err     error
	}{
		"it comes back": {&board{fells: boom, away: 3 * time.Second}, Options{}, false,
			"1.1 OK alive \n" +
				"1.2 FAILED rebooted after the case the device was rebooted; wanted text \"boom\", got the end of TCP.*\n" +
				"1.3 OK alive ", 0, nil},
		"it comes back too late": {&board{fells: boom, away: 20 * time.Second}, Options{}, false,
			"1.1 OK alive \n" +
				"1.2 FAILED gone after the case the device was gone; wanted text \"boom\", got the end of TCP.*\n" +
				"1.3 INCONCLUSIVE gone not played: the device was gone after case 1.2", 0, ErrLost},
		"it is waited for longer": {&board{fells: boom, away: 20 * time.Second}, Options{Recover: 30 * time.Second}, false,
			"1.1 OK alive \n" +
				"1.2 FAILED rebooted after the case the device was rebooted; wanted text \"boom\", got the end of TCP.*\n" +
				"1.3 OK alive ", 0, nil},
		"it is reset": {&board{fells: boom}, Options{}, true,
			"1.1 OK alive \n" +
				"1.2 FAILED rebooted after the case the device was rebooted; wanted text \"boom\", got the end of TCP.*\n" +
				"1.3 OK alive ", 1, nil},
		"it hangs, and is reset": {&board{fells: boom, mute: true}, Options{}, true,
			"1.1 OK alive \n" +
				"1.2 FAILED rebooted after the case the device was rebooted; wanted text \"boom\", got nothing within 1s.*\n" +
				"1.3 OK alive ", 1, nil},
		"it goes when the case is over": {&board{fells: boom, after: time.Second, away: 3 * time.Second}, Options{Profile: conformance.Profile{Settle: 2 * time.Second}}, false,
			"1.1 OK alive \n" +
				"1.2 OK alive \n" +
				"1.3 FAILED rebooted before the case, after case 1.2, the device was rebooted", 0, nil},
		"several at once: each is tried again alone": {&board{fells: boom, away: 3 * time.Second}, Options{Parallel: 3}, false,
			"1.1 OK alive \n" +
				"1.2 FAILED rebooted after the case the device was rebooted; wanted text \"boom\", got the end of TCP.*\n" +
				"1.3 OK alive ", 0, nil},
		"several at once, and it never comes back": {&board{fells: boom}, Options{Parallel: 3}, false,
			"1.1 .*\n1.2 FAILED gone after the case the device was gone.*\n1.3 ", 0, ErrLost},
		"several at once, of which none does it alone": {&board{fells: both, away: 3 * time.Second}, Options{Parallel: 3}, false,
			`(?s)1\.\d FAILED rebooted the device was rebooted while cases 1.1, 1.2, 1.3 were played at once; none does that alone`, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if tt.options.Seed = 1; tt.reset {
					tt.options.Reset = tt.board.reset
				}
				got, err := runText(t, tt.board.peer(), echoCases(t, "one", "boom", "two"), tt.options)
				if !regexp.MustCompile(tt.want).MatchString(got) || strings.Count(got, "FAILED rebooted") > 1 || err != tt.err || tt.board.resets != tt.resets {
					t.Errorf("%v, %d resets, got:\n%s\nwant:\n%s", err, tt.board.resets, got, tt.want)
				}
				time.Sleep(time.Hour)
			})
		})
	}
}

// A device that goes where it has to fail the connection has passed the case by
// that, and goes unnoticed unless it is looked for.
func TestRecoverOfWhatPassed(t *testing.T) {
	boom := func(text string, _ int) bool { return strings.HasPrefix(text, "boom") }
	fatal := func(text string) string { return fmt.Sprintf("send text %q\nmust fail", text) }
	fine := func(text string) string { return fmt.Sprintf("send text %q\nreply text %[1]q\nclose 1000", text) }
	for name, scripts := range map[string][]string{
		"first":      {fatal("boom"), fine("one"), fine("two"), fine("three")},
		"last":       {fine("one"), fine("two"), fine("three"), fatal("boom")},
		"twice":      {fine("one"), fatal("boom"), fatal("boom again"), fine("two")},
		"open":       {fine("one"), fine("two"), "informational\n" + fine("boom"), fine("three")},
		"last, open": {fine("one"), fine("two"), fine("three"), "informational\n" + fine("boom")},
	} {
		for _, parallel := range []int{1, 2, 3} {
			t.Run(fmt.Sprint(name, ", ", parallel, " at once"), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					cases := echoCases(t, scripts...)
					for i, text := range scripts {
						script, err := conformance.ParseScript(text)
						if err != nil {
							t.Fatal(err)
						}
						cases[i].Script = script
					}
					b := &board{fells: boom, away: 3 * time.Second}
					got, err := runText(t, b.peer(), cases, Options{Seed: 1, Parallel: parallel})
					for i, line := range strings.Split(got, "\n") {
						want := "OK alive"
						if strings.Contains(scripts[i], "boom") {
							want = "FAILED rebooted after the case"
						}
						if !strings.Contains(line, want) {
							t.Errorf("%v, wanted %s of %s", err, want, line)
						}
					}
					time.Sleep(time.Hour)
				})
			})
		}
	}
}

// A device that leaves it to us to end TCP is waited for in the first visit only.
func TestLingering(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		peer := deviceServer(func(conn net.Conn) {
			frames(conn, func(h wire.Header, payload []byte) bool {
				if h.Opcode == wire.Text {
					say(conn, wire.Text, string(payload))
				}
				closes(conn, h, payload)
				return true // until we end TCP
			})
		})
		w := NewWatch(peer, Options{})
		defer w.Close()
		for i, want := range []time.Duration{conformance.DefaultPatience, 0, 0} {
			began := time.Now()
			if h := w.Health(t.Context()); h != conformance.Alive || time.Since(began) != want {
				t.Errorf("visit %d: %v after %v, want alive after %v", i+1, h, time.Since(began), want)
			}
		}
	})
}

// A connection that is held open beside tells of a device that loses the others,
// or holds them up, and is held only where the device bears it.
func TestBeside(t *testing.T) {
	never := func(string, int) bool { return false }
	boom := func(text string) bool { return text == "boom" }
	named := Options{Profile: conformance.Profile{Name: "board"}}
	three := Options{Profile: conformance.Profile{Name: "board", Connections: 3}, Parallel: 2}
	one := Options{Profile: conformance.Profile{Name: "board", Connections: 1}}
	for name, tt := range map[string]struct {
		board   *board
		options Options
		want    string // of 1.1 "one", 1.2 "boom", 1.3 "two"
		most    int    // connections at once
	}{
		"all is well":   {&board{fells: never}, named, "1.1 OK alive \n1.2 OK alive \n1.3 OK alive $", 2},
		"it loses some": {&board{fells: never, drops: boom}, named, "1.1 OK alive \n1.2 FAILED alive a connection that was held open beside ended with the end of TCP\n1.3 OK alive $", 2},
		"it holds them up": {&board{fells: never, holds: boom}, named,
			"1.1 OK alive \n1.2 FAILED alive a connection that was held open beside was not answered within 2s\n1.3 OK alive $", 2},
		"it has one connection": {&board{fells: never, single: true}, named, "1.1 OK alive \n1.2 OK alive \n1.3 OK alive $", 1},
		"its profile says so":   {&board{fells: never, drops: boom}, one, "1.1 OK alive \n1.2 OK alive \n1.3 OK alive $", 1},
		"it has no profile":     {&board{fells: never, drops: boom}, Options{}, "1.1 OK alive \n1.2 OK alive \n1.3 OK alive $", 1},
		"several at once": {&board{fells: func(text string, open int) bool { return text == "boom" }, away: time.Second}, three,
			"1.1 OK alive \n1.2 FAILED rebooted after the case the device was rebooted", 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, err := runText(t, tt.board.peer(), echoCases(t, "one", "boom", "two"), tt.options)
				if !regexp.MustCompile(tt.want).MatchString(got) || err != nil || tt.board.most > tt.most {
					t.Errorf("%v, %d connections at once, got:\n%s\nwant:\n%s", err, tt.board.most, got, tt.want)
				}
				synctest.Wait()
				if len(tt.board.conns) > 0 {
					t.Errorf("%d connections are left open", len(tt.board.conns))
				}
			})
		})
	}
}

// What is held open is kept from being idle, answers the device's pings, and is
// opened anew when it was lost.
func TestWatchBeside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &board{fells: func(string, int) bool { return false }}
		w := NewWatch(b.peer(), Options{})
		if !w.Beside(t.Context()) || len(b.conns) != 1 {
			t.Errorf("%d connections", len(b.conns))
		}
		time.Sleep(time.Hour)
		if !w.Beside(t.Context()) {
			t.Error("it was lost")
		}
		b.mu.Lock()
		b.lose(nil)
		b.mu.Unlock()
		time.Sleep(time.Hour)
		if w.Beside(t.Context()) {
			t.Error("it was not lost")
		}
		for range 2 {
			if !w.Beside(t.Context()) || len(b.conns) != 1 {
				t.Errorf("it was not opened anew: %d connections", len(b.conns))
			}
		}
		w.Close()
		synctest.Wait()
		if len(b.conns) != 0 {
			t.Errorf("%d connections are left", len(b.conns))
		}
	})
}

// What is held open goes with a device that falls, or starts anew: that is no
// second loss, to be blamed on what comes next.
func TestWatchBesideFalls(t *testing.T) {
	for name, falls := range map[string]func(context.Context, *Watch, *board){
		"it falls": func(ctx context.Context, w *Watch, b *board) {
			b.mu.Lock()
			b.lose(nil)
			b.mu.Unlock()
			w.Health(ctx)
		},
		"it starts anew": func(ctx context.Context, w *Watch, _ *board) {
			w.Reset(ctx)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &board{fells: func(string, int) bool { return false }}
				w := NewWatch(b.peer(), Options{Reset: func(context.Context, Trouble) {
					b.mu.Lock()
					b.lose(nil)
					b.mu.Unlock()
				}})
				defer w.Close()
				w.Beside(t.Context())
				falls(t.Context(), w, b)
				if !w.Beside(t.Context()) {
					t.Error("what was held beside is lost once more")
				}
				synctest.Wait()
				if len(b.conns) != 1 {
					t.Errorf("%d connections are held", len(b.conns))
				}
			})
		})
	}
}

// A device that was reset has to start, and whoever reset it waits for that: else
// whatever comes next would be blamed for its being away.
func TestWatchResetWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const booting = 3 * time.Second
		b := &board{fells: func(string, int) bool { return false }}
		turn := func(down bool) {
			b.mu.Lock()
			b.down = down
			b.mu.Unlock()
		}
		w := NewWatch(b.peer(), Options{Reset: func(context.Context, Trouble) {
			turn(true)
			time.AfterFunc(booting, func() { turn(false) })
		}})
		defer w.Close()
		w.Reset(t.Context())
		if err := w.call(t.Context()); err != nil {
			t.Error(err.Reason)
		}
	})
}

// A command that resets runs with what happened in its environment; what it says
// is passed on, and bounded.
func TestResetCommand(t *testing.T) {
	var out bytes.Buffer
	ResetCommand(`echo "$WSPROBE_AFTER, $WSPROBE_WRONG"; echo bad >&2; yes | head -c 100000; exit 3`, &out)(t.Context(), Trouble{"case 5.4", "connection refused"})
	for _, want := range []string{"resetting the device: connection refused", "case 5.4, connection refused", "bad", "exit status 3"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in %.300q", want, out.String())
		}
	}
	if out.Len() > maxResetSaid+200 {
		t.Errorf("%d octets are passed on", out.Len())
	}
}

// A command that has begun is let end when the run is over, for a device that is
// left off is no use to the next run; but it is not waited for without end.
func TestResetCommandOutlivesTheRun(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var out bytes.Buffer
	if ResetCommand("sleep 0.3; echo on again", &out)(ctx, Trouble{}); !strings.Contains(out.String(), "on again") || strings.Contains(out.String(), "was ended") {
		t.Errorf("%q", &out)
	}
	out.Reset()
	if ResetCommand("echo begun", &out)(ctx, Trouble{}); out.Len() > 0 {
		t.Errorf("the run is over, and %q", &out)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	resetCommand("sleep 100 & sleep 100", &out, 50*time.Millisecond)(ctx, Trouble{})
	if time.Since(began) > 50*time.Second || !strings.Contains(out.String(), "was ended 50ms after the run") {
		t.Errorf("after %v: %q", time.Since(began), &out)
	}
}
