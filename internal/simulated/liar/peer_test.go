package liar

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"wsprobe/internal/simulated"
)

// hang is when a test gives up waiting for what must come.
const hang = 30 * time.Second

// serve serves a device until the test ends and returns the address.
func serve(t *testing.T, d simulated.Device) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return ln.Addr().String()
}

// right is the peer underneath, to which no lie was told.
var right = devices([]lie{{"keeps every rule", func(*peer) {}}})[0]

func dial(t *testing.T, d simulated.Device) (context.Context, *websocket.Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	t.Cleanup(cancel)
	c, _, err := websocket.Dial(ctx, "ws://"+serve(t, d), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.CloseNow() })
	c.SetReadLimit(maxMessage)
	return ctx, c
}

// A library that is none of ours finds nothing wrong with the right peer.
func TestRightPeer(t *testing.T) {
	ctx, c := dial(t, right)
	for _, size := range []int{0, 1, 125, 126, 65535, 65536, maxMessage} {
		for _, typ := range []websocket.MessageType{websocket.MessageText, websocket.MessageBinary} {
			want := strings.Repeat("x", size)
			go func() { _ = c.Write(ctx, typ, []byte(want)) }()
			gotType, got, err := c.Read(ctx)
			if err != nil || gotType != typ || string(got) != want {
				t.Fatalf("%v of %d octets: got %v of %d, error %v", typ, size, gotType, len(got), err)
			}
		}
	}
	reading := c.CloseRead(ctx)
	for range 3 {
		if err := c.Ping(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(4000, "done"); err != nil {
		t.Errorf("close: %v", err)
	}
	<-reading.Done()
}

func TestRightPeerJoinsFragments(t *testing.T) {
	ctx, c := dial(t, right)
	w, err := c.Writer(ctx, websocket.MessageText)
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"H\xc3", "\xa4", "", "lo"} {
		if _, err := w.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, got, err := c.Read(ctx); err != nil || string(got) != "Hälo" {
		t.Errorf("got %q, error %v", got, err)
	}
}

func TestRightPeerFails(t *testing.T) {
	ctx, c := dial(t, right)
	if err := c.Write(ctx, websocket.MessageText, []byte("\xed\xa0\x80")); err != nil {
		t.Fatal(err)
	}
	_, _, err := c.Read(ctx)
	if status := websocket.CloseStatus(err); status != websocket.StatusInvalidFramePayloadData {
		t.Errorf("got status %d, error %v", status, err)
	}
	ctx, c = dial(t, right)
	_ = c.Write(ctx, websocket.MessageBinary, make([]byte, maxMessage+1))
	if _, _, err = c.Read(ctx); websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
		t.Errorf("error %v", err)
	}
}

// A lie is seen by the library where it breaks what the library checks.
func TestLiesAreTold(t *testing.T) {
	for name, want := range map[string]string{
		"sets RSV1 on its frames":                "received header with unexpected rsv bits set",
		"answers with a reserved opcode":         "received unknown opcode",
		"answers in two frames of the same type": "received new data message without finishing the previous message",
		"takes no message above 125 octets":      "StatusMessageTooBig",
		"refuses characters of two octets":       "StatusInvalidFramePayloadData",
	} {
		for _, d := range All() {
			if d.Name != name {
				continue
			}
			ctx, c := dial(t, d)
			if err := c.Write(ctx, websocket.MessageText, []byte(strings.Repeat("ä", 100))); err != nil {
				t.Fatal(err)
			}
			_, _, err := c.Read(ctx)
			if err == nil {
				_, _, err = c.Read(ctx)
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q", name, err, want)
			}
			want = ""
		}
		if want != "" {
			t.Errorf("no liar %q", name)
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range append(All(), Lawful()...) {
		if seen[d.Name] {
			t.Errorf("two of %q", d.Name)
		}
		seen[d.Name] = true
	}
}

func TestRightPeerRefuses(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	conn, err := net.Dial("tcp", serve(t, right))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 64)
	n, err := conn.Read(got)
	if err != nil && !errors.Is(err, net.ErrClosed) || !strings.HasPrefix(string(got[:n]), "HTTP/1.1 400 Bad Request\r\n") {
		t.Errorf("got %q, error %v", got[:n], err)
	}
}
