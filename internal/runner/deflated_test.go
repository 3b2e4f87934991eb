package runner

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/wire"
)

// deflatePeer is a pipePeer with which permessage-deflate is agreed on, with a
// window of the device's of 9 bits and no context takeover.
type deflatePeer func(device net.Conn)

var agreedOn = agreement{
	client: deflate.Params{Window: 15, Takeover: true},
	server: deflate.Params{Window: 9},
}

func (deflatePeer) Role() wire.Role { return wire.Client }

func (serve deflatePeer) Open(_ context.Context, o Opening) (*Session, *OpenError) {
	ours, theirs := net.Pipe()
	conn, r := timed(ours, readBuffer)
	s := newSession(conn, r, wire.Client, o)
	s.agree(agreedOn)
	s.start()
	go func() {
		defer theirs.Close()
		serve(theirs)
	}()
	return s, nil
}

// answering is a device that inflates each message and has answer write to it.
func answering(seen *[]wire.Header, answer func(conn net.Conn, op wire.Opcode, message []byte)) func(net.Conn) {
	return func(conn net.Conn) {
		in := deflate.NewInflater(agreedOn.client)
		var whole []byte
		op := wire.Text
		frames(conn, func(h wire.Header, payload []byte) bool {
			if h.Opcode.IsControl() {
				return closes(conn, h, payload)
			}
			*seen = append(*seen, h)
			if h.Opcode != wire.Continuation {
				op, whole = h.Opcode, nil
			}
			if whole = append(whole, payload...); h.Fin {
				message, err := in.Append(nil, whole, 1<<20)
				if err != nil {
					return false
				}
				answer(conn, op, message)
			}
			return true
		})
	}
}

// frame writes a frame of the device's.
func frame(conn net.Conn, h wire.Header, payload []byte) {
	h.Length = uint64(len(payload))
	conn.Write(append(h.Append(nil), payload...))
}

func TestDeflated(t *testing.T) {
	compressed := func(p deflate.Params, b deflate.Blocks) func(net.Conn, wire.Opcode, []byte) {
		c := deflate.NewCompressor(p)
		return func(conn net.Conn, op wire.Opcode, message []byte) {
			frame(conn, wire.Header{Fin: true, RSV: rsv1, Opcode: op}, c.AppendBlocks(nil, message, b))
		}
	}
	raw := func(h wire.Header, payload string) func(net.Conn, wire.Opcode, []byte) {
		return func(conn net.Conn, _ wire.Opcode, _ []byte) { frame(conn, h, []byte(payload)) }
	}
	first := wire.Header{Fin: true, RSV: rsv1, Opcode: wire.Text}
	for name, tt := range map[string]struct {
		answer func(net.Conn, wire.Opcode, []byte)
		want   conformance.Verdict
		reason string
	}{
		"right": {compressed(agreedOn.server, deflate.Blocks{}), conformance.OK, ""},
		"not compressed": {func(conn net.Conn, op wire.Opcode, message []byte) {
			frame(conn, wire.Header{Fin: true, Opcode: op}, message)
		}, conformance.OK, ""},
		"fragments": {func(conn net.Conn, op wire.Opcode, message []byte) {
			payload := deflate.NewCompressor(agreedOn.server).Append(nil, message)
			frame(conn, wire.Header{RSV: rsv1, Opcode: op}, payload[:5])
			frame(conn, wire.Header{Opcode: wire.Continuation}, payload[5:])
			frame(conn, wire.Header{Fin: true, Opcode: wire.Continuation}, nil)
		}, conformance.OK, ""},
		"final blocks":  {compressed(agreedOn.server, deflate.Blocks{Final: true, Octets: 100}), conformance.OK, ""},
		"stored blocks": {compressed(agreedOn.server, deflate.Blocks{Kind: deflate.Stored}), conformance.OK, ""},
		"takeover":      {compressed(deflate.Params{Window: 9, Takeover: true}, deflate.Blocks{}), conformance.Failed, "a distance of"},
		"window":        {compressed(deflate.Params{Window: 15}, deflate.Blocks{}), conformance.Failed, "in a window of 512"},
		"garbage":       {raw(first, "garbage"), conformance.Failed, "a message of 7 octets that does not inflate: deflate: the stream"},
		"nothing":       {raw(first, ""), conformance.Failed, "a message of 0 octets that does not inflate"},
		"bomb": {func(conn net.Conn, op wire.Opcode, _ []byte) {
			frame(conn, first, deflate.NewCompressor(agreedOn.server).Append(nil, make([]byte, 8<<20)))
		}, conformance.Failed, "octets, compressed to"},
		"RSV1 on a continuation": {func(conn net.Conn, op wire.Opcode, message []byte) {
			payload := deflate.NewCompressor(agreedOn.server).Append(nil, message)
			frame(conn, wire.Header{RSV: rsv1, Opcode: op}, payload[:5])
			frame(conn, wire.Header{Fin: true, RSV: rsv1, Opcode: wire.Continuation}, payload[5:])
		}, conformance.Failed, "a continuation frame with reserved bits 4"},
		"RSV1 on a ping": {raw(wire.Header{Fin: true, RSV: rsv1, Opcode: wire.Ping}, ""), conformance.Failed, "a ping frame with reserved bits 4"},
		"RSV2":           {raw(wire.Header{Fin: true, RSV: 2 | rsv1, Opcode: wire.Text}, "\x00"), conformance.Failed, "a text frame with reserved bits 2"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen []wire.Header
				script, err := conformance.ParseScript("deflate\nrally 9 text prose[:3000] fragment=1000\nclose 1000")
				if err != nil {
					t.Fatal(err)
				}
				c := conformance.Case{ID: "0", Script: script}
				result, _ := play(t.Context(), deflatePeer(answering(&seen, tt.answer)), c, Options{Messages: 4})
				if result.Behavior != tt.want || !strings.Contains(result.Reason, tt.reason) {
					t.Errorf("%v: %s, want %s\n%v", result.Behavior, result.Reason, tt.reason, result.Transcript)
				}
				if tt.want == conformance.OK {
					checkSent(t, seen, result.Transcript)
				}
				synctest.Wait()
			})
		})
	}
}

// checkSent checks what four messages of 3000 octets look like on the wire: RSV1
// on the first frame, and fragments of 1000 octets at most.
func checkSent(t *testing.T, seen []wire.Header, transcript conformance.Transcript) {
	t.Helper()
	messages, fresh := 0, true
	for _, h := range seen {
		if h.Length > 1000 || (h.RSV == rsv1) != fresh || (h.Opcode == wire.Text) != fresh {
			t.Errorf("sent %v", h)
		}
		if fresh = h.Fin; fresh {
			messages++
		}
	}
	if messages != 4 || len(seen) < 8 {
		t.Errorf("sent %d messages in %d frames", messages, len(seen))
	}
	if n := strings.Count(fmt.Sprint(transcript), " (deflated 3000 octets)"); n != 4 && n != 8 {
		t.Errorf("%d entries tell of a compressed message\n%v", n, transcript)
	}
}

// A device that takes its time over a long message is waited for: it is all
// inflated and compressed before an octet goes out.
func TestDeflatedPatience(t *testing.T) {
	for took, want := range map[time.Duration]conformance.Verdict{2900 * time.Millisecond: conformance.OK, 3100 * time.Millisecond: conformance.Failed} {
		synctest.Test(t, func(t *testing.T) {
			script, err := conformance.ParseScript("deflate\nrally 1 text prose[:131072]\nclose 1000")
			if err != nil {
				t.Fatal(err)
			}
			var seen []wire.Header
			device := answering(&seen, func(conn net.Conn, op wire.Opcode, message []byte) {
				time.Sleep(took)
				frame(conn, wire.Header{Fin: true, Opcode: op}, message)
			})
			result, _ := play(t.Context(), deflatePeer(device), conformance.Case{ID: "0", Script: script}, Options{})
			if result.Behavior != want {
				t.Errorf("after %v: %v, %s", took, result.Behavior, result.Reason)
			}
			synctest.Wait()
		})
	}
}
