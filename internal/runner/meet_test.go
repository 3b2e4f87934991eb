package runner

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// deviceServer dials a device that shakes hands and then has the connection.
func deviceServer(device func(net.Conn)) *Dialer {
	return &Dialer{Target: Target{Host: "device", Port: "80"}, Dial: func(context.Context) (net.Conn, error) {
		ours, theirs := pipe.New()
		go func() {
			defer theirs.Close()
			request, err := handshake.ReadRequest(bufio.NewReader(theirs), 1<<16)
			if err != nil {
				return
			}
			theirs.Write(handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key")).Append(nil))
			device(theirs)
		}()
		return ours, nil
	}}
}

// meetText meets a script in a bubble.
func meetText(t *testing.T, peer Peer, script string, o Options) (e Encounter) {
	t.Helper()
	parsed, err := conformance.ParseScript(script)
	if err != nil {
		t.Fatal(err)
	}
	return Meet(t.Context(), peer, parsed, o)
}

// echoes echoes data and answers pings and Close frames.
func echoes(conn net.Conn) {
	frames(conn, func(h wire.Header, p []byte) bool {
		switch {
		case h.Opcode == wire.Ping:
			say(conn, wire.Pong, string(p))
		case !h.Opcode.IsControl():
			say(conn, h.Opcode, string(p))
		}
		return closes(conn, h, p)
	})
}

func TestMeet(t *testing.T) {
	silent := func(conn net.Conn) { io.Copy(io.Discard, conn) }
	dead := func(conn net.Conn) { io.Copy(io.Discard, conn); time.Sleep(time.Hour) }
	for name, tt := range map[string]struct {
		script string
		device func(net.Conn)
		heard  string // frames, with what is wrong
		end    string
		ours   bool
		took   time.Duration
	}{
		"an exchange": {"send text \"x\"\nreply text \"x\"\nclose 1000", echoes,
			"text x|close \x03\xe8|", "the end of TCP", false, 0},
		"no answer is waited for twice": {"send text \"x\"\nreply text \"x\"\nmust pong \"y\"\nsend ping\nmust pong\nclose 1000", dead,
			"", endOurs, true, 2 * time.Second},
		"any event will do": {"send text \"x\"\nmust pong \"y\"\nsend text \"z\"\nreply text \"q\"\nclose 1000", echoes,
			"text x|text z|close \x03\xe8|", "the end of TCP", false, 0},
		"the end of the device ends the script": {"send text \"x\"\nreply text \"x\"\nsend text \"y\"\nreply text \"y\"\nclose 1000", func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool { return false })
		}, "", "the end of TCP", false, 0},
		"a part of a frame ends with our FIN": {"send text octets=0:1 \"xyz\"\nclose 1000", silent,
			"", "the end of TCP", false, 0},
		"so does a part of a Close frame": {"send upto=3 close 1000\nclose 1000", silent,
			"", "the end of TCP", false, 0},
		"and a part of the payload of one": {"send close octets=0:1 1000\nclose 1000", silent,
			"", "the end of TCP", false, 0},
		"and one whose length says that more is to come": {"send close length=10 form=64 1000\ndrop", silent,
			"", "the end of TCP", false, 0},
		"a length that says less is answered": {"send close length=2 1000 \"bye\"\nclose 1000", echoes,
			"close \x03\xe8|", "the end of TCP", false, 0},
		"all of a Close frame is answered": {"send upto=8 close 1000\nclose 1000", echoes,
			"close \x03\xe8|", "the end of TCP", false, 0},
		"a drop is heard to its end": {"send text \"x\"\ndrop", func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool { say(conn, wire.Text, string(p)); return true })
		}, "text x|", "the end of TCP", false, 0},
		"a drop that the device does not notice": {"send text \"x\"\ndrop", dead,
			"", endOurs, true, time.Second},
		"half-close": {"send text \"x\"\nhalf-close\nsend text \"y\"\ndrop", echoes,
			"text x|", "the end of TCP", false, 0},
		"a fault that fails the connection": {"send text rsv=1 \"x\"\nmust fail 1002", func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool { say(conn, wire.Close, "\x03\xea"); return false })
		}, "close \x03\xea|", "the end of TCP", false, 0},
		"a fault that is passed over": {"send text rsv=1 \"x\"\nmust fail 1002", echoes,
			"text x|close |", "the end of TCP", false, 0},
		"a fault that nobody minds": {"send text rsv=1 \"x\"\nmust fail 1002", func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool { return closes(conn, h, p) })
		}, "close |", "the end of TCP", false, time.Second},
		"unlawful frames are heard": {"send text \"x\"\nreply text \"x\"\nclose 1000", func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool {
				if h.Opcode == wire.Text {
					conn.Write([]byte("\xc3\x01a\x80\x01b\x81\x01c"))
				}
				return closes(conn, h, p)
			})
		}, "opcode3 a !FRM-14 !FRM-14 ?|continuation b !FRG-10 ?|text c|close \x03\xe8|", "the end of TCP", false, 0},
		"a frame of which not all comes": {"send text \"x\"\nreply text \"x\"\nclose 1000", func(conn net.Conn) {
			frames(conn, func(wire.Header, []byte) bool { conn.Write([]byte("\x81\x7d" + strings.Repeat("p", 99))); return false })
		}, "text " + strings.Repeat("p", 99) + " cut|", "the end of TCP within a frame", false, 0},
		"a frame that is too long": {"send text \"x\"\nreply text \"x\"\nclose 1000", func(conn net.Conn) {
			frames(conn, func(wire.Header, []byte) bool {
				conn.Write([]byte("\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xffmemory"))
				return false
			})
		}, "text memory cut|", "the end of TCP", false, 0},
		"a ping is answered": {"send text \"x\"\nreply text \"x\"\nclose 1000", func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool {
				switch h.Opcode {
				case wire.Text:
					say(conn, wire.Ping, "?")
				case wire.Pong:
					say(conn, wire.Text, "pong "+string(p))
				}
				return closes(conn, h, p)
			})
		}, "ping ?|text pong ?|close \x03\xe8|", "the end of TCP", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := meetText(t, deviceServer(tt.device), tt.script, Options{})
				if got := heardText(e); got != tt.heard {
					t.Errorf("heard %q, want %q", got, tt.heard)
				}
				if e.Refusal != nil || e.End != tt.end || e.Ours != tt.ours || e.Took != tt.took {
					t.Errorf("refusal %v, end %q, ours %t, took %v; want %q, %t, %v", e.Refusal, e.End, e.Ours, e.Took, tt.end, tt.ours, tt.took)
				}
				time.Sleep(2 * time.Hour) // for devices that sleep
			})
		})
	}
}

// heardText tells frames in few words: what is wrong with them after "!", "?" if
// they cannot be read.
func heardText(e Encounter) string {
	var b strings.Builder
	for _, h := range e.Heard {
		b.WriteString(h.Header.Opcode.String() + " " + string(h.Payload))
		for _, v := range h.Violations {
			b.WriteString(" !" + v.Row)
		}
		if h.Fault != "" {
			b.WriteString(" ?")
		}
		if h.Cut {
			b.WriteString(" cut")
		}
		b.WriteString("|")
	}
	return b.String()
}

// What went out is kept as it was, write by write, and is the same for the same
// seed and name.
func TestMeetWrites(t *testing.T) {
	var got []byte
	meet := func(o Options) (e Encounter) {
		synctest.Test(t, func(t *testing.T) {
			e = meetText(t, &Dialer{Target: Target{Host: "device", Port: "80"}, Dial: func(context.Context) (net.Conn, error) {
				ours, theirs := pipe.New()
				go func() {
					var kept bytes.Buffer
					r := io.TeeReader(theirs, &kept)
					request, _ := handshake.ReadRequest(bufio.NewReaderSize(r, 16), 1<<16)
					theirs.Write(handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key")).Append(nil))
					io.Copy(io.Discard, r)
					got = kept.Bytes()
					theirs.Close()
				}()
				return ours, nil
			}}, "request chop=100\nsend chop=3 text \"hello\"\nsend ping \"p\"\ndrop", o)
		})
		return e
	}
	one := meet(Options{Seed: 1, Name: "7"})
	if all := bytes.Join(one.Writes, nil); !bytes.Equal(all, got) || len(one.Writes) != 2+4+1 {
		t.Errorf("%d writes: %q\nthe device got %q", len(one.Writes), all, got)
	}
	same := func(o Options) bool {
		return bytes.Equal(bytes.Join(one.Writes, nil), bytes.Join(meet(o).Writes, nil))
	}
	if !same(Options{Seed: 1, Name: "7"}) || same(Options{Seed: 2, Name: "7"}) || same(Options{Seed: 1, Name: "8"}) {
		t.Error("keys are not those of the seed and the name")
	}
}

// A refusal is there with what was sent and what was answered.
func TestMeetRefusal(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		status int
		raw    string
		end    string
	}{
		"a status":        {"HTTP/1.1 400 Bad Request\r\nA: b\r\n\r\nbody", 400, "HTTP/1.1 400 Bad Request\r\nA: b\r\n\r\n", "400"},
		"the end":         {"", 0, "", "the end of TCP instead of an answer"},
		"part of a head":  {"HTTP/1.1 101 Swi", 0, "HTTP/1.1 101 Swi", "the end of TCP within the answer"},
		"what is no HTTP": {"\x88\x02\x03\xea", 0, "\x88", "not HTTP"},
		"a wrong accept":  {"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n", 101, "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n", "Sec-WebSocket-Accept"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := meetText(t, &Dialer{Target: Target{Host: "device", Port: "80"}, Dial: func(context.Context) (net.Conn, error) {
					ours, theirs := pipe.New()
					go func() {
						handshake.ReadRequest(bufio.NewReader(theirs), 1<<16)
						io.WriteString(theirs, tt.answer)
						theirs.Close()
					}()
					return ours, nil
				}}, "send text \"x\"\nclose 1000", Options{})
				if e.Refusal == nil || e.Refusal.Status != tt.status || e.Response.Raw != tt.raw || !strings.Contains(e.End, tt.end) {
					t.Errorf("refusal %+v, end %q, response %q", e.Refusal, e.End, e.Response.Raw)
				}
				if !strings.HasPrefix(string(bytes.Join(e.Writes, nil)), "GET / HTTP/1.1\r\n") || e.Request.Target != "/" {
					t.Errorf("sent %q, request %+v", e.Writes, e.Request)
				}
			})
		})
	}
}

// However much a device says, what is kept of it is bounded, and the rest counted.
func TestMeetIsBounded(t *testing.T) {
	for _, size := range []int{1, 100 << 10} {
		synctest.Test(t, func(t *testing.T) {
			e := meetText(t, deviceServer(func(conn net.Conn) {
				go io.Copy(io.Discard, conn)
				for range 2 * maxHeard {
					say(conn, wire.Text, strings.Repeat("*", size))
				}
			}), "send text \"x\"\nclose 1000", Options{})
			octets := 0
			for _, h := range e.Heard {
				octets += len(h.Payload)
			}
			if len(e.Heard) > maxHeard || octets > maxHeardOctets || len(e.Heard)+e.More != 2*maxHeard {
				t.Errorf("%d frames of %d octets, and %d more", len(e.Heard), octets, e.More)
			}
		})
	}
}

// Messages are there whole with the frame that completes them, compressed ones
// inflated.
func TestMeetMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := meetText(t, deviceServer(func(conn net.Conn) {
			frames(conn, func(h wire.Header, p []byte) bool {
				if h.Opcode == wire.Text {
					conn.Write([]byte("\x01\x02ab\x89\x01p\x00\x01c\x80\x00\x82\x00"))
				}
				return closes(conn, h, p)
			})
		}), "send text \"x\"\nreply text \"x\"\nclose 1000", Options{Transcript: true})
		if len(e.Heard) != 6 {
			t.Fatalf("heard %s", heardText(e))
		}
		if m := e.Heard[3]; string(m.Message) != "abc" || m.Opcode != wire.Text {
			t.Errorf("message %q, %v", m.Message, m.Opcode)
		}
		if m := e.Heard[4]; m.Message == nil || len(m.Message) != 0 || m.Opcode != wire.Binary {
			t.Errorf("an empty message is %#v", m.Message)
		}
		if e.Heard[0].Message != nil || e.Heard[1].Message != nil || len(e.Transcript) == 0 {
			t.Errorf("%v", e)
		}
	})
}

// Further connections are met, each with keys of its own, while this one is held.
func TestMeetBeside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := meetText(t, deviceServer(echoes), "beside 2 {\n  send text \"y\"\n  reply text \"y\"\n  close 1000\n}\nclose 1000", Options{})
		if len(e.Beside) != 2 || heardText(e.Beside[0]) != "text y|close \x03\xe8|" || heardText(e) != "close \x03\xe8|" {
			t.Errorf("%s, beside %v", heardText(e), e.Beside)
		}
		if bytes.Equal(bytes.Join(e.Beside[0].Writes, nil), bytes.Join(e.Beside[1].Writes, nil)) {
			t.Error("the same keys on both connections")
		}
	})
}

// A device that takes nothing holds nobody up for longer than patience.
func TestMeetUntaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := meetText(t, deviceServer(func(net.Conn) { time.Sleep(time.Hour) }),
			"send text \"*\"*100000\nsend text \"x\"\nreply text \"x\"\nclose 1000", Options{})
		if !e.Untaken || !e.Ours || e.Took != 2*time.Second {
			t.Errorf("untaken %t, ours %t, took %v", e.Untaken, e.Ours, e.Took)
		}
		time.Sleep(2 * time.Hour)
	})
}
