package runner_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
)

// listening serves a listener for the length of a test and collects what
// happens.
type listening struct {
	address string
	mu      sync.Mutex
	log     []string
	results map[string][]conformance.Result // by agent
	done    chan struct{}
}

func serveListener(t *testing.T, l *runner.Listener) *listening {
	t.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ls := &listening{address: on.Addr().String(), results: map[string][]conformance.Result{}, done: make(chan struct{})}
	l.Log = func(format string, args ...any) {
		ls.mu.Lock()
		defer ls.mu.Unlock()
		ls.log = append(ls.log, fmt.Sprintf(format, args...))
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(func() {
		cancel()
		<-ls.done
	})
	go func() {
		defer close(ls.done)
		for h, err := range l.Serve(ctx, on) {
			if err != nil || h.Asks() {
				continue
			}
			ls.mu.Lock()
			if !h.Result.OfRow() {
				ls.results[h.Agent] = append(ls.results[h.Agent], h.Result)
			}
			ls.mu.Unlock()
		}
	}()
	return ls
}

func (ls *listening) said(part string) bool {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return strings.Contains(strings.Join(ls.log, "\n"), part)
}

// echoing is a device with one URL and a reconnect loop, on a library. Like
// firmware it tries again when it is refused.
func (ls *listening) echoing(target string) {
	ctx := context.Background()
	for {
		c, _, err := websocket.Dial(ctx, "ws://"+ls.address+target, nil)
		select {
		case <-ls.done:
			return
		default:
		}
		if err != nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		c.SetReadLimit(64 << 20)
		for {
			kind, message, err := c.Read(ctx)
			if err != nil || c.Write(ctx, kind, message) != nil {
				break
			}
		}
		c.CloseNow()
	}
}

func (ls *listening) wait(t *testing.T) {
	t.Helper()
	select {
	case <-ls.done:
	case <-time.After(time.Minute): // a guard against hanging
		t.Fatalf("not done:\n%s", strings.Join(ls.log, "\n"))
	}
}

func selected(t *testing.T, patterns ...string) []conformance.Case {
	t.Helper()
	cases, err := conformance.Select(conformance.Catalogue(), patterns...)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// A client with one fixed URL plays the whole core suite through it.
func TestOneURL(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the whole suite")
	}
	var core []conformance.Case
	for _, c := range conformance.Catalogue() {
		if c.ID[0] >= '0' && c.ID[0] <= '9' && !c.Needs().Deflate {
			core = append(core, c)
		}
	}
	ls := serveListener(t, &runner.Listener{Cases: core, Options: runner.Options{TimeScale: 0.5}})
	go ls.echoing("/")
	ls.wait(t)
	got := ls.results["127.0.0.1"]
	if len(got) != len(core) {
		t.Fatalf("%d of %d cases", len(got), len(core))
	}
	for i, r := range got {
		if r.Case.ID != core[i].ID {
			t.Fatalf("result %d is of %s, want %s", i, r.Case.ID, core[i].ID)
		}
	}
}

// Two devices at once play each their own list, told apart by name.
func TestTwoDevices(t *testing.T) {
	ls := serveListener(t, &runner.Listener{Cases: selected(t, "1.1.*", "7.7.*"), Agents: []string{"one", "two"}})
	go ls.echoing("/?agent=one")
	go ls.echoing("/?agent=two")
	ls.wait(t)
	for _, agent := range []string{"one", "two"} {
		if got := len(ls.results[agent]); got != 21 {
			t.Errorf("%s: %d results", agent, got)
		}
	}
}

// Whoever else comes disturbs nobody and loses nothing.
func TestListenerHostile(t *testing.T) {
	ls := serveListener(t, &runner.Listener{Cases: selected(t, "1.1.*", "2.*"), Agents: []string{"good"}, Options: runner.Options{TimeScale: 0.2}})
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", ls.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	dial() // connects and says nothing
	half := dial()
	fmt.Fprintf(half, "GET / HTTP/1.1\r\nHost: ")
	large := dial()
	go fmt.Fprintf(large, "GET / HTTP/1.1\r\nHost: x\r\nX: %s", strings.Repeat("x", 1<<20))
	endless := dial()
	go func() {
		for {
			if _, err := endless.Write([]byte("X: y\r\n")); err != nil {
				return
			}
		}
	}()
	go func() { // a storm of connections to the one URL, which play nothing
		for range 1000 {
			if conn, err := net.Dial("tcp", ls.address); err == nil {
				conn.Close()
			}
		}
	}()
	status := func(target string) string {
		conn := dial()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", target)
		conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		answer, _ := io.ReadAll(io.LimitReader(conn, 20))
		return strings.TrimSpace(strings.TrimPrefix(string(answer), "HTTP/1.1 "))
	}
	for target, want := range map[string]string{
		"/runCase?case=1":                                     "400",
		"/runCase?case=0&agent=x":                             "404",
		"/runCase?case=99999&agent=x":                         "404",
		"/runCase?case=1&case=2&agent=x":                      "400",
		"/runCase?casetuple=99.1&agent=x":                     "404",
		"/updateReports":                                      "400",
		"/getCaseStatus?case=1":                               "400",
		"/getCaseStatus?case=1&agent=never":                   "101",
		"/runCase?case=1&agent=" + strings.Repeat("a", 10000): "400",
		"/getCaseInfo?case=1":                                 "101",
		"/getCaseCount":                                       "101",
		"/%zz":                                                "400",
	} {
		if got := status(target); !strings.HasPrefix(got, want) {
			t.Errorf("%.60s: got %q, want %s", target, got, want)
		}
	}
	go ls.echoing("/?agent=good")
	ls.wait(t)
	if got := len(ls.results["good"]); got != 19 {
		t.Errorf("%d results", got)
	}
	for _, r := range ls.results["good"] {
		if r.Worse() != conformance.OK {
			t.Errorf("%s: %v: %s\n%v", r.Case.ID, r.Worse(), r.Reason, r.Transcript)
		}
	}
	if !ls.said("agent=NAME is missing") || !ls.said("no opening handshake") {
		t.Errorf("the log names too little:\n%s", strings.Join(ls.log, "\n"))
	}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if len(ls.log) > 200 {
		t.Errorf("the log has %d lines", len(ls.log))
	}
}

// Names that would lead out of a folder or into a page are names like others.
func TestListenerNames(t *testing.T) {
	ls := serveListener(t, &runner.Listener{Cases: selected(t, "1.1.1")})
	go ls.echoing("/?agent=" + strings.ReplaceAll(http.CanonicalHeaderKey("../<script>"), " ", ""))
	ls.wait(t)
	if len(ls.results["../<script>"]) != 1 {
		t.Errorf("got %v", ls.results)
	}
}
