package engineio

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A client asks a server without a network.
type client struct {
	testing.TB
	server *Server
	upload chan Conn // the WebSocket that the next opening handshake makes
	played chan error
}

func newClient(t testing.TB, o Options) *client {
	c := &client{TB: t, upload: make(chan Conn, 1), played: make(chan error, 1)}
	o.Upgrade = func(_ http.ResponseWriter, _ *http.Request, play func(Conn) error) {
		c.played <- play(<-c.upload)
	}
	c.server = New(o)
	return c
}

func (c *client) do(r *http.Request) (status int, body string) {
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (c *client) get(url string) string {
	c.Helper()
	status, body := c.do(httptest.NewRequest(http.MethodGet, url, nil))
	if status != http.StatusOK {
		c.Errorf("GET %s: %d %s", url, status, body)
	}
	return body
}

func (c *client) post(url, body string) string {
	c.Helper()
	status, answer := c.do(httptest.NewRequest(http.MethodPost, url, strings.NewReader(body)))
	if status != http.StatusOK {
		c.Errorf("POST %s: %d %s", url, status, answer)
	}
	return answer
}

// open opens a session and returns the URL to poll.
func (c *client) open(eio string) (url, sid string) {
	c.Helper()
	url = "/socket.io/?EIO=" + eio + "&transport=polling"
	_, behind, _ := strings.Cut(c.get(url), `"sid":"`)
	sid, _, _ = strings.Cut(behind, `"`)
	if len(sid) != 20 {
		c.Fatalf("sid %q", sid)
	}
	return url + "&sid=" + sid, sid
}

// upgrade opens a WebSocket, which is served until it ends.
func (c *client) upgrade(url string) *pipe {
	ws := &pipe{TB: c.TB, came: make(chan string), goes: make(chan string), closed: make(chan struct{}), ended: make(chan struct{})}
	c.upload <- ws
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Upgrade", "websocket")
	go c.server.ServeHTTP(httptest.NewRecorder(), r)
	return ws
}

// A pipe is a WebSocket without a network. Nothing waits in it.
type pipe struct {
	testing.TB
	came, goes chan string
	closing    sync.Once
	closed     chan struct{}
	ended      chan struct{}
}

var errPipe = errors.New("pipe is closed")

func (p *pipe) Read() (string, bool, error) {
	select {
	case text := <-p.came:
		return text, text == "binary", nil
	case <-p.closed:
		return "", false, errPipe
	}
}

func (p *pipe) Write(text string) error {
	select {
	case p.goes <- text:
		return nil
	case <-p.ended:
		return io.ErrClosedPipe
	}
}

// Close ends the reading at once and the writing soon: what is on its way
// arrives.
func (p *pipe) Close() {
	p.closing.Do(func() {
		close(p.closed)
		time.AfterFunc(time.Second, func() { close(p.ended) })
	})
}

func (p *pipe) send(packets ...string) {
	p.Helper()
	for _, packet := range packets {
		select {
		case p.came <- packet:
		case <-p.closed:
			p.Fatalf("closed before %q", packet)
		}
	}
}

func (p *pipe) want(packets ...string) {
	p.Helper()
	for _, want := range packets {
		select {
		case got := <-p.goes:
			if got != want {
				p.Fatalf("got %q, want %q", got, want)
			}
		case <-p.ended:
			p.Fatalf("closed before %q", want)
		}
	}
}
