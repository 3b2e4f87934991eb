package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A saying collects what a server says while it runs.
type saying struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *saying) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(p)
}

func (s *saying) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// await waits for what matches, and returns its first group.
func (s *saying) await(t *testing.T, pattern string) string {
	t.Helper()
	expression := regexp.MustCompile(pattern)
	for end := time.Now().Add(hang); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if found := expression.FindStringSubmatch(s.String()); found != nil {
			return found[1]
		}
	}
	t.Fatalf("no %s in %q", pattern, s)
	return ""
}

// running is wsecho with these arguments; stop ends it and returns its stderr.
func running(t *testing.T, args ...string) (said *saying, address string, stop func() string) {
	t.Helper()
	said = &saying{}
	ctx, cancel := context.WithCancel(context.Background())
	exit := make(chan int, 1)
	go func() {
		exit <- run(ctx, append([]string{"--listen", "127.0.0.1:0", "--quiet"}, args...), env{Stdout: io.Discard, Stderr: said})
	}()
	stop = sync.OnceValue(func() string {
		cancel()
		select {
		case code := <-exit:
			if code != exitOK {
				t.Errorf("exit %d: %s", code, said)
			}
		case <-time.After(hang):
			t.Error("does not stop")
		}
		return said.String()
	})
	t.Cleanup(func() { stop() })
	return said, said.await(t, `ws://([^/]+)/`), stop
}

// lie opens a WebSocket with the RFC's sample key, sends text without a mask, and
// waits for the end.
func lie(t *testing.T, address string) (from string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(hang))
	request := "GET / HTTP/1.1\r\nHost: " + address + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
		"Sec-WebSocket-Version: 13\r\nUser-Agent: l\x9biar\r\n\r\n"
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for !strings.HasSuffix(got.String(), "\r\n\r\n") {
		if _, err := io.CopyN(&got, c, 1); err != nil {
			t.Fatalf("%v after %q", err, &got)
		}
	}
	_, _ = c.Write([]byte("\x81\x02hi"))
	_, _ = io.Copy(io.Discard, c)
	return c.LocalAddr().String()
}

func TestShow(t *testing.T) {
	const key = "ADDRESS  CRQ-08  the key dGhlIHNhbXBsZSBub25jZQ== is RFC 6455's sample (RFC 6455 §4.1)  \"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\"\n"
	const mask = "ADDRESS  MSK-04  a text frame from a client without a mask (RFC 6455 §5.1)  81 02 68 69\n"
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"violations", nil, key + mask},
		{"none", []string{"--show", "none"}, ""},
		{"frames", []string{"--show", "frames"}, key + `ADDRESS  opened / by l\x9biar` + "\n" + mask + "ADDRESS  < text of 2 octets  \"hi\"\n" +
			"ADDRESS  > close of 2 octets  1002 \"\"\nADDRESS  closed by the server with 1002\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, address, stop := running(t, c.args...)
			from := lie(t, address)
			_, shown, _ := strings.Cut(stop(), "/\n")
			shown = regexp.MustCompile(`close of \d+ octets  1002 ".*"`).ReplaceAllString(shown, `close of 2 octets  1002 ""`)
			if want := strings.ReplaceAll(c.want, "ADDRESS", from); shown != want {
				t.Errorf("%s\nwant\n%s", shown, want)
			}
		})
	}
}

func TestShowJSON(t *testing.T) {
	_, address, stop := running(t, "--log-format", "json")
	from := lie(t, address)
	_, shown, _ := strings.Cut(stop(), "\n") // the first says that it listens
	var rows []string
	for line := range strings.Lines(shown) {
		var e struct {
			Event, Address string
			Violation      struct{ Row, Clause, Octets string }
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Event != "violation" || e.Address != from || e.Violation.Clause == "" {
			t.Errorf("%s, %v", line, err)
		}
		rows = append(rows, e.Violation.Row+" "+e.Violation.Octets[:8])
	}
	if got := strings.Join(rows, ", "); got != "CRQ-08 5365632d, MSK-04 81026869" {
		t.Errorf("%s in %s", got, shown)
	}
}

func TestWatchUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--show", "all"}, "wsecho: --show \"all\": neither frames nor violations nor none\n"},
		{[]string{"--log-format", "xml"}, "wsecho: --log-format \"xml\": neither human nor json\n"},
		{[]string{"--admin", "9002"}, "wsecho: --admin \"9002\": not HOST:PORT or :PORT\n"},
	} {
		var said saying
		if code := run(t.Context(), c.args, env{Stdout: io.Discard, Stderr: &said}); code != exitUsage || said.String() != c.want {
			t.Errorf("%v: exit %d, %s", c.args, code, &said)
		}
	}
}

func TestNoWitness(t *testing.T) {
	_, address, stop := running(t, "--no-witness")
	lie(t, address)
	if got := get(t, "http://"+address+"/metrics"); !strings.HasSuffix(got, "\nwsecho_watching 0\n") || strings.Count(got, "\nwsecho_") != 1 {
		t.Errorf("metrics: %s", got)
	}
	if got := get(t, "http://"+address+"/"); !strings.Contains(got, "Devices are not watched") {
		t.Errorf("page: %s", got)
	}
	if _, shown, _ := strings.Cut(stop(), "/\n"); shown != "" {
		t.Errorf("shown: %s", shown)
	}
	for _, other := range [][]string{{"--strict"}, {"--show", "frames"}} {
		var said saying
		if code := run(t.Context(), append(other, "--no-witness"), env{Stdout: io.Discard, Stderr: &said}); code != exitUsage || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("%s: exit %d, %s", other, code, &said)
		}
	}
}

// With JSON all of stderr is objects, a line each, and the first are what is listened
// on, be it wss or an address for the page.
func TestAllOfStderrIsJSON(t *testing.T) {
	said := &saying{}
	ctx, cancel := context.WithCancel(t.Context())
	exit := make(chan int, 1)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	args := []string{"--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--tls", "--log-format", "json", "--show", "frames", "--quiet"}
	go func() { exit <- run(ctx, args, env{Stdout: io.Discard, Stderr: said}) }()
	address := said.await(t, `"wss://([0-9.:]*)/"`)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	cancel()
	if code := <-exit; code != exitOK {
		t.Errorf("exit %d", code)
	}
	code := run(t.Context(), []string{"--listen", address, "--idle", "-1s", "--log-format", "json"}, env{Stdout: io.Discard, Stderr: said})
	if code != exitUsage {
		t.Errorf("exit %d", code)
	}
	var events []string
	for line := range strings.Lines(said.String()) {
		var object struct {
			Event, Text string
			Time        time.Time
			URLs        []string
		}
		if err := json.Unmarshal([]byte(line), &object); err != nil || object.Text == "" || object.Time.IsZero() || strings.HasPrefix(object.Text, "wsecho") {
			t.Errorf("%s, %v", line, err)
		}
		events = append(events, fmt.Sprint(object.Event, len(object.URLs)))
	}
	if got := strings.Join(events, " "); !strings.HasPrefix(got, "note0 ") || !strings.HasSuffix(got, " listening2 note0") {
		t.Errorf("events %s in %s", got, said)
	}
}
