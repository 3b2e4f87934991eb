package runner

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// pipePeer connects to a device in memory, the opening handshake done, so that
// time can be synthetic.
type pipePeer func(device net.Conn)

func (pipePeer) Role() wire.Role { return wire.Client }

func (serve pipePeer) Open(ctx context.Context, o Opening) (*Session, *OpenError) {
	ours, theirs := net.Pipe()
	conn, r := timed(ours, readBuffer)
	s := newSession(conn, r, wire.Client, o)
	s.start()
	go func() {
		defer theirs.Close()
		serve(theirs)
	}()
	return s, nil
}

// frames reads the harness's frames and gives each to answer, until it says
// that it is enough.
func frames(conn net.Conn, answer func(wire.Header, []byte) bool) {
	r := bufio.NewReader(conn)
	for {
		h, err := wire.ReadHeader(r)
		if err != nil {
			return
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(r, payload); err != nil {
			return
		}
		wire.Mask(payload, h.Key, 0)
		if !answer(h, payload) {
			return
		}
	}
}

// say writes a frame of the device's.
func say(conn net.Conn, op wire.Opcode, payload string) {
	b := wire.Header{Fin: true, Opcode: op, Length: uint64(len(payload))}.Append(nil)
	conn.Write(append(b, payload...))
}

// closes answers Close frames as a server does; it is for the health check too.
func closes(conn net.Conn, h wire.Header, payload []byte) (open bool) {
	if h.Opcode != wire.Close {
		return true
	}
	say(conn, wire.Close, string(payload))
	return false
}

// saying is a device that answers text with these octets.
func saying(octets string) func(net.Conn) {
	return func(conn net.Conn) {
		frames(conn, func(h wire.Header, p []byte) bool {
			if h.Opcode == wire.Text {
				io.WriteString(conn, octets)
			}
			return closes(conn, h, p)
		})
	}
}

// playText plays a script in a bubble and returns the result and how long it
// took by the bubble's clock.
func playText(t *testing.T, script string, o Options, device func(net.Conn)) (result conformance.Result, took time.Duration) {
	t.Helper()
	parsed, err := conformance.ParseScript(script)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	result, _ = play(t.Context(), pipePeer(device), conformance.Case{ID: "0", Script: parsed}, o)
	return result, time.Since(began)
}

func TestTime(t *testing.T) {
	silent := func(conn net.Conn) {
		frames(conn, func(h wire.Header, p []byte) bool { return closes(conn, h, p) })
	}
	dead := func(conn net.Conn) { io.Copy(io.Discard, conn) }
	echoAfter := func(d time.Duration) func(net.Conn) {
		return func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool {
				if h.Opcode == wire.Text {
					time.Sleep(d)
					say(conn, wire.Text, string(p))
				}
				return closes(conn, h, p)
			})
		}
	}
	for name, tt := range map[string]struct {
		script          string
		options         Options
		device          func(net.Conn)
		behavior, close conformance.Verdict
		took            time.Duration
		reason          string
	}{
		"an answer ends the wait": {"send text \"x\"\nreply text \"x\"\nclose 1000", Options{}, echoAfter(0),
			conformance.OK, conformance.OK, 0, ""},
		"patience is a second": {"send text \"x\"\nreply text \"x\"\nclose 1000", Options{}, silent,
			conformance.Failed, conformance.OK, time.Second, `wanted text "x", got nothing within 1s`},
		"patience of the profile": {"send text \"x\"\nreply text \"x\"\nclose 1000",
			Options{Profile: conformance.Profile{Patience: 5 * time.Second}}, echoAfter(4 * time.Second),
			conformance.OK, conformance.OK, 4 * time.Second, ""},
		"patience grows with the time scale": {"send text \"x\"\nreply text \"x\"\nclose 1000", Options{TimeScale: 3}, echoAfter(2 * time.Second),
			conformance.OK, conformance.OK, 2 * time.Second, ""},
		"a large message has patience for each MiB": {"within 100s\nsend text \"*\"*4194304\nreply text \"*\"*4194304\nclose 1000", Options{}, silent,
			conformance.Failed, conformance.OK, 5 * time.Second, "got nothing within 5s"},
		"a small one has not, whatever the case allows": {"within 100s\nsend text \"x\"\nreply text \"x\"\nclose 1000", Options{}, silent,
			conformance.Failed, conformance.OK, time.Second, "got nothing within 1s"},
		"half an answer": {"send text \"x\"\nreply text \"x\"\nclose 1000", Options{}, saying("\x81\x02x"),
			conformance.Failed, conformance.Unclean, time.Second, `wanted text "x", got nothing within 1s but part of a frame: text of 2 octets`},
		"characters counted for octets": {"send text \"gr\\u00fc\\u00dfe\"\nreply text \"gr\\u00fc\\u00dfe\"\nclose 1000", Options{}, saying("\x81\x05grüße"),
			conformance.Failed, conformance.Unclean, 0, `got text "gr\u00fc\xc3", as many octets as the text has characters`},
		"an answer behind a line end": {"send text \"x\"\nreply text \"x\"\nclose 1000", Options{}, saying("\r\n\x81\x01x"),
			conformance.Failed, conformance.Unclean, time.Second, "got nothing within 1s but part of a frame: a frame with the reserved opcode 13, whose octets 0d 0a are a line end"},
		"quiet spends its time": {"quiet 2s\nclose 1000", Options{}, silent,
			conformance.OK, conformance.OK, 2 * time.Second, ""},
		"quiet shrinks with the time scale": {"quiet 2s\nclose 1000", Options{TimeScale: 0.1}, silent,
			conformance.OK, conformance.OK, 200 * time.Millisecond, ""},
		"quiet ends at a word": {"quiet 2s\nclose 1000", Options{}, func(conn net.Conn) {
			time.Sleep(time.Second)
			say(conn, wire.Text, "psst")
			silent(conn)
		}, conformance.Failed, conformance.OK, time.Second, `wanted silence for 2s, got text "psst"`},
		"a close that nobody answers": {"close 1000", Options{}, dead,
			conformance.OK, conformance.Unclean, time.Second, "our Close frame was not answered"},
		"a close answered, and TCP held": {"close 1000", Options{}, func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool { say(conn, wire.Close, string(p)); return true })
		}, conformance.OK, conformance.Unclean, time.Second, "after both Close frames the device did not end TCP"},
		"fail-fast in time": {"send text fin=0 \"\\xff\"\nshould fail 1007 within 1s\nsend continuation \"x\"\nmust fail 1007", Options{}, func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool {
				if h.Opcode == wire.Text {
					time.Sleep(300 * time.Millisecond)
					say(conn, wire.Close, "\x03\xef")
				}
				return h.Opcode != wire.Close
			})
		}, conformance.OK, conformance.OK, 300 * time.Millisecond, ""},
		"fail-fast missed": {"send text fin=0 \"\\xff\"\nshould fail 1007 within 1s\nsend continuation \"x\"\nmust fail 1007", Options{}, func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool {
				if h.Opcode == wire.Continuation {
					say(conn, wire.Close, "\x03\xef")
				}
				return h.Opcode != wire.Close
			})
		}, conformance.NonStrict, conformance.OK, time.Second, "not failed within 1s"},
		"a device that ignores a fault": {"send text rsv=1 \"x\"\nmust fail 1002", Options{}, silent,
			conformance.OK, conformance.Failed, time.Second, "the device did not fail the connection"},
		"a device that ignores bad text": {"send text \"\\xff\"\nmust fail 1007", Options{}, silent,
			conformance.Failed, conformance.Failed, time.Second, "it stayed open for 1s"},
		"a device that answers bad text, and never pongs": {"send text \"\\xff\"\nmust fail 1007", Options{}, echoAfter(0),
			conformance.Failed, conformance.Failed, 0, `wanted the device to fail the connection, got text`},
		"a device that answers within a message, and never pongs": {"send text fin=0 \"\\xff\"\nmust fail 1007", Options{}, echoAfter(0),
			conformance.Failed, conformance.Failed, time.Second, `wanted the device to fail the connection, got text`},
		"no answer, and a pong": {"send text \"x\"\nreply text \"x\"\nclose 1000",
			Options{Profile: conformance.Profile{Reply: conformance.AnswerNone}}, func(conn net.Conn) {
				frames(conn, func(h wire.Header, p []byte) bool {
					if h.Opcode == wire.Ping {
						say(conn, wire.Pong, string(p))
					}
					return closes(conn, h, p)
				})
			}, conformance.OK, conformance.OK, 0, ""},
		"no answer, and a fault in the same write": {"send text \"x\", text rsv=1 \"y\"\nmay reply text \"x\"\nmust fail 1002",
			Options{Profile: conformance.Profile{Reply: conformance.AnswerNone}}, func(conn net.Conn) {
				frames(conn, func(h wire.Header, p []byte) bool {
					if h.RSV == 0 {
						return closes(conn, h, p)
					}
					say(conn, wire.Close, "\x03\xea")
					return false
				})
			}, conformance.OK, conformance.OK, 0, ""},
		"no answer and no pong, but a new connection": {"send text \"x\"\nreply text \"x\"\nclose 1000",
			Options{Profile: conformance.Profile{Reply: conformance.AnswerNone}}, silent,
			conformance.OK, conformance.OK, time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got, took := playText(t, tt.script, tt.options, tt.device)
				if got.Behavior != tt.behavior || got.BehaviorClose != tt.close {
					t.Errorf("got %v/%v, want %v/%v: %s\n%v", got.Behavior, got.BehaviorClose, tt.behavior, tt.close, got.Reason, got.Transcript)
				}
				if took != tt.took {
					t.Errorf("took %v, want %v\n%v", took, tt.took, got.Transcript)
				}
				if !strings.Contains(got.Reason, tt.reason) || tt.reason == "" && got.Reason != "" {
					t.Errorf("reason %q, want %q", got.Reason, tt.reason)
				}
			})
		})
	}
}

// Cancelling ends every wait at once.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		script, err := conformance.ParseScript("quiet 1000s\nclose 1000")
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		cases := []conformance.Case{{ID: "1", Script: script}, {ID: "2", Script: script}}
		var last error
		results := 0
		for _, err := range Run(ctx, pipePeer(func(conn net.Conn) { io.Copy(io.Discard, conn) }), cases, Options{Parallel: 2}) {
			if last = err; err == nil {
				results++
			}
		}
		if took := time.Since(began); took != 90*time.Second || last != context.DeadlineExceeded || results != 0 {
			t.Errorf("ended after %v with %v and %d results", took, last, results)
		}
	})
}

// Stall keeps what the device says out of the inbox.
func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var taken time.Duration
		got, took := playText(t, "send text \"x\"\nstall 3s\nreply text \"x\"\nclose 1000", Options{}, func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool {
				if h.Opcode == wire.Text {
					began := time.Now()
					time.Sleep(time.Millisecond) // let the stall begin
					for range 3 {
						say(conn, wire.Pong, strings.Repeat("p", 100)) // unasked: passed over
					}
					say(conn, wire.Text, string(p))
					taken = time.Since(began)
				}
				return closes(conn, h, p)
			})
		})
		if got.Worse() != conformance.OK || took != 3*time.Second || taken < 3*time.Second {
			t.Errorf("%v after %v, answer taken after %v\n%v", got.Worse(), took, taken, got.Transcript)
		}
	})
}

// A transcript is bounded, whatever goes over the wire, and counts the rest.
func TestTapeIsBounded(t *testing.T) {
	tape := newTape()
	for i := range 1000 {
		tape.note(conformance.Noted, nil, "%d", i)
	}
	got := tape.transcript()
	if len(got) != conformance.MaxEntries || got[headEntries].Text != "921 entries left out" {
		t.Errorf("%d entries, %q", len(got), got[headEntries].Text)
	}
	if got[0].Text != "0" || got[headEntries-1].Text != "39" || got[headEntries+1].Text != "961" || got[len(got)-1].Text != "999" {
		t.Errorf("not head and tail: %v", got)
	}
}

// Octets on the wire are the same for the same seed, and not for another.
func TestSeed(t *testing.T) {
	record := func(seed uint64) (b []byte) {
		synctest.Test(t, func(t *testing.T) {
			playText(t, "send text \"hello\"\ndrop", Options{Seed: seed}, func(conn net.Conn) { b, _ = io.ReadAll(conn) })
			synctest.Wait()
		})
		return b
	}
	one, again, two := record(1), record(1), record(2)
	if string(one) != string(again) || string(one) == string(two) || len(one) != 11 {
		t.Errorf("%x, %x, %x", one, again, two)
	}
}

// With several cases at once those that pause come first, and half of the workers
// play the others meanwhile.
func TestPausesAreFilled(t *testing.T) {
	echo := func(conn net.Conn) {
		frames(conn, func(h wire.Header, payload []byte) bool {
			say(conn, h.Opcode, string(payload))
			return h.Opcode != wire.Close
		})
	}
	script := func(first ...conformance.Step) conformance.Script {
		return append(first, conformance.Send(conformance.Text("x")), conformance.Reply(conformance.Text("x")), conformance.CloseNormally())
	}
	cases := []conformance.Case{
		{ID: "1", Script: script()},
		{ID: "2", Script: script(conformance.Quiet(time.Second))},
		{ID: "3", Script: script()},
		{ID: "4", Script: script(conformance.Quiet(2 * time.Second))},
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var got []string
		for r, err := range Run(t.Context(), pipePeer(echo), cases, Options{Parallel: 2}) {
			if err != nil {
				t.Fatal(err)
			}
			if !r.OfRow() {
				got = append(got, fmt.Sprintf("%s at %v: %v", r.Case.ID, r.Started.Sub(began), r.Worse()))
			}
		}
		if want := []string{"1 at 0s: OK", "2 at 0s: OK", "3 at 0s: OK", "4 at 0s: OK"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
