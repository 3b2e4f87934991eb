package runner_test

import (
	"bytes"
	"net"
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/wire"
)

// named returns the liar of that name.
func named(t *testing.T, name string) simulated.Device {
	t.Helper()
	all := liar.All()
	i := slices.IndexFunc(all, func(d simulated.Device) bool { return d.Name == name })
	if i < 0 {
		t.Fatalf("no liar %s", name)
	}
	return all[i]
}

// What a device sends is judged in results of the rows' own, and not in the
// verdicts of the cases that it was seen in.
func TestObserved(t *testing.T) {
	for name, tt := range map[string]struct {
		cases  []string
		row    conformance.ID
		reason string
	}{
		"masks its frames":                               {[]string{"1.1.2", "2.2", "7.1.1"}, "MSK.2", "a text frame from a server with a mask (RFC 6455 §5.1), in case 1.1.2; and 5 times more; 6 frames were judged"},
		"sets RSV1 on its frames":                        {[]string{"1.1.2"}, "FRM.14", "a text frame with reserved bits 4"},
		"sends lengths in 64 bits":                       {[]string{"1.1.2"}, "LEN.2", "a length of 125 spelled in 64 bits"},
		"answers closes with a reason that is not UTF-8": {[]string{"1.1.2"}, "CLS.21", "a close with a reason that is not UTF-8"},
		"answers with Sec-WebSocket-Accept twice":        {[]string{"1.1.2"}, "SRS.5", "2 Sec-WebSocket-Accept fields, wanted one"},
		"speaks of a body":                               {[]string{"1.1.2"}, "SRS.14", "Content-Length"},
		"answers as HTTP/1.0":                            {[]string{"1.1.2"}, "SRS.1", "HTTP version of the 101"},
	} {
		t.Run(name, func(t *testing.T) {
			cases, err := conformance.Select(conformance.Catalogue(), tt.cases...)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for id, r := range played(t, serveOn(t, named(t, name).Serve), cases, runner.Options{Seed: 1}) {
				switch {
				case id == tt.row:
					found = true
					if r.Behavior != conformance.Failed || r.BehaviorClose != conformance.OK || !strings.HasPrefix(r.Reason, tt.reason) || !r.OfRow() {
						t.Errorf("%s: %v/%v: %s", id, r.Behavior, r.BehaviorClose, r.Reason)
					}
				case r.Worse() != conformance.OK:
					t.Errorf("%s: %v/%v: %s", id, r.Behavior, r.BehaviorClose, r.Reason)
				}
			}
			if !found {
				t.Errorf("no result of %s", tt.row)
			}
		})
	}
}

// A row of which nothing was seen has no result, and none that binds the other role.
func TestObservedNothing(t *testing.T) {
	cases, err := conformance.Select(conformance.Catalogue(), "2.2")
	if err != nil {
		t.Fatal(err)
	}
	results := played(t, serveOn(t, liar.Lawful()[0].Serve), cases, runner.Options{Seed: 1})
	for id, want := range map[conformance.ID]string{
		"UTF.7": "", "MSK.4": "", "CRQ.8": "",
		"FRM.14": "2 frames were judged", "CTL.13": "2 control frames were judged",
		"CLS.21": "1 Close frames were judged", "SRS.4": "opening handshakes were judged",
	} {
		r, ok := results[id]
		if ok != (want != "") || !strings.HasSuffix(r.Reason, want) || ok && r.Worse() != conformance.OK {
			t.Errorf("%s: %v %s, want %q", id, r.Worse(), r.Reason, want)
		}
	}
}

// A client is judged likewise, each device by itself.
func TestObservedClient(t *testing.T) {
	cases, err := conformance.Select(conformance.Catalogue(), "1.1.*")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := &runner.Listener{Cases: cases[:3], Options: runner.Options{Seed: 1}, Log: t.Logf}
	go func() {
		for range cases[:3] {
			clumsy(l.Addr().String())
		}
	}()
	got := map[conformance.ID]conformance.Result{}
	for h, err := range listener.Serve(t.Context(), l) {
		if err != nil {
			t.Fatal(err)
		}
		got[h.Result.Case.ID] = h.Result
	}
	for id, want := range map[conformance.ID]string{
		"CRQ.8":  "the key is the sample of RFC 6455 §1.3",
		"CRQ.14": "2 Sec-WebSocket-Version fields, wanted one",
		"MSK.6":  "the masking key 01020304 has been used before",
	} {
		if r := got[id]; r.Behavior != conformance.Failed || !strings.HasPrefix(r.Reason, want) {
			t.Errorf("%s: %v: %s", id, r.Behavior, r.Reason)
		}
	}
	for _, id := range []conformance.ID{"1.1.1", "1.1.3", "CRQ.1", "CRQ.9", "FRM.14", "MSK.4"} {
		if r := got[id]; r.Worse() != conformance.OK {
			t.Errorf("%s: %v: %s", id, r.Worse(), r.Reason)
		}
	}
	if _, ok := got["SRS.1"]; ok {
		t.Error("a client is judged as a server")
	}
}

// clumsy is a client that echoes, by one masking key and one key of the opening
// handshake.
func clumsy(address string) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer conn.Close()
	conn.Write([]byte("GET / HTTP/1.1\r\nHost: " + address + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
	head := make([]byte, 0, 1024)
	for one := make([]byte, 1); !bytes.HasSuffix(head, []byte("\r\n\r\n")); head = append(head, one...) {
		if _, err := conn.Read(one); err != nil {
			return
		}
	}
	for {
		h, err := wire.ReadHeader(conn)
		if err != nil {
			return
		}
		payload := make([]byte, h.Length)
		for at := 0; at < len(payload); {
			n, err := conn.Read(payload[at:])
			if err != nil {
				return
			}
			at += n
		}
		h.Masked, h.Key = true, [4]byte{1, 2, 3, 4}
		wire.Mask(payload, h.Key, 0)
		conn.Write(append(h.Append(nil), payload...))
		if h.Opcode == wire.Close {
			return
		}
	}
}
