package liar

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"wsprobe/internal/handshake"
)

// A library that is none of ours finds nothing wrong with clients that keep every
// rule.
func TestLawfulClients(t *testing.T) {
	for _, client := range LawfulClients() {
		if strings.HasPrefix(client.Name, "pings") || strings.HasPrefix(client.Name, "asks for a URI") {
			continue // the library waits for no ping, and net/http wants the Host that it has
		}
		t.Run(client.Name, func(t *testing.T) {
			done := make(chan error, 1)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				done <- converse(w, r)
			}))
			defer server.Close()
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go client.Play(conn)
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(hang):
				t.Error("they do not come to an end")
			}
		})
	}
}

// converse has messages echoed, a ping answered, and closes.
func converse(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(context.Background(), hang)
	defer cancel()
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return err
	}
	defer c.CloseNow()
	c.SetReadLimit(maxMessage)
	for _, size := range []int{0, 1, 125, 126, 65535, 65536} {
		want := strings.Repeat("x", size)
		if err := c.Write(ctx, websocket.MessageText, []byte(want)); err != nil {
			return err
		}
		_, got, err := c.Read(ctx)
		if err != nil {
			return err
		}
		if string(got) != want {
			return fmt.Errorf("%d octets come back as %d others", len(want), len(got))
		}
	}
	reading := c.CloseRead(ctx)
	if err := c.Ping(ctx); err != nil {
		return err
	}
	err = c.Close(4000, "done")
	<-reading.Done()
	if websocket.CloseStatus(err) >= 0 {
		return nil // "typically echos the status code" (RFC 6455 §5.5.1) is no must
	}
	return err
}

func TestNamesOfClientsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range append(Clients(), LawfulClients()...) {
		if seen[c.Name] {
			t.Errorf("two of %q", c.Name)
		}
		seen[c.Name] = true
	}
}

// Whatever frames come, in whatever order, a liar that is a client neither crashes
// nor hangs.
func TestGarbageForClients(t *testing.T) {
	for _, c := range append(Clients(), LawfulClients()...) {
		random := rand.New(rand.NewPCG(1, 2))
		for range 20 {
			host, device := net.Pipe()
			over := make(chan struct{})
			go func() {
				c.Play(device)
				device.Close()
				close(over)
			}()
			r := bufio.NewReader(host)
			request, _ := handshake.ReadRequest(r, maxHead)
			go func() { _, _ = io.Copy(io.Discard, r) }()
			sent := handshake.NewResponse(request.Header.Get("Sec-WebSocket-Key")).Append(nil)
			for range 20 {
				sent = garbage(random, sent)
			}
			_, _ = host.Write(sent) // an error if the liar has enough of it
			host.Close()
			<-over
		}
	}
}
