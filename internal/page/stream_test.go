package page_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/page"
	"wsprobe/internal/wire"
	"wsprobe/internal/witness"
)

// pipes are connections to a server without a network: what one end writes waits
// until the other reads it, or its time is up.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// A pipe is one with an address.
type pipe struct {
	net.Conn
	from string
}

func (p pipe) RemoteAddr() net.Addr { address, _ := net.ResolveTCPAddr("tcp", p.from); return address }

// serve serves a site as the echo server does, which limits how long a request
// and its answer may take.
func serve(t *testing.T, h http.Handler) pipes {
	p := make(pipes)
	server := &http.Server{Handler: h, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	go func() { _ = server.Serve(p) }()
	t.Cleanup(func() {
		close(p)
		_ = server.Close()
	})
	return p
}

// asks sends a request from an address; what is answered is the caller's to read.
func (p pipes) asks(t *testing.T, from, url string) net.Conn {
	here, there := net.Pipe()
	p <- pipe{there, from}
	if _, err := fmt.Fprintf(here, "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", url); err != nil {
		t.Error(err)
	}
	t.Cleanup(func() { _ = here.Close() })
	return here
}

// A follower reads events.
type follower struct {
	events chan string // "name data"; closed with the stream
	beats  int         // comments, to be read when it has ended
}

func (p pipes) follows(t *testing.T, from, url string) *follower {
	answer, err := http.ReadResponse(bufio.NewReader(p.asks(t, from, url)), nil)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || !answer.Close {
		t.Fatalf("%+v, %v", answer, err)
	}
	f := &follower{events: make(chan string, 10_000)}
	go func() {
		defer close(f.events)
		var name, data string
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
			case "event":
				name, data = value, ""
			case "data":
				data += value + "\n"
			case ":":
				f.beats++
			case "":
				if name != "" {
					f.events <- name + " " + strings.TrimSuffix(data, "\n")
				}
				name = ""
			}
		}
	}()
	return f
}

// sees returns what has come by now.
func (f *follower) sees() (events []string) {
	synctest.Wait()
	for {
		select {
		case e, ok := <-f.events:
			if !ok {
				return append(events, "end")
			}
			events = append(events, e)
		default:
			return events
		}
	}
}

// between is a time between two looks of a page at its devices, so that it sees
// all of a change, or nothing.
const between = 100 * time.Millisecond

// names are the names of events in a row.
func names(events []string) string {
	var names []string
	for _, e := range events {
		name, _, _ := strings.Cut(e, " ")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// A follower is told what there is, and then what changes, whenever it does.
func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{})
		d := connect(w, "10.0.0.7:1", "first", "/")
		p := serve(t, site(w, options))
		f := p.follows(t, "10.0.0.1:1", "/events")
		first, second := w.Devices()[0].ID, ""
		got := f.sees()
		if names(got) != "row order summary" || got[1] != "order "+first || !strings.Contains(got[0], `id="d-`+first) || !strings.Contains(got[2], "1 device connected") {
			t.Fatalf("%q at first", got)
		}
		time.Sleep(10*time.Second + between)
		if got := f.sees(); got != nil {
			t.Errorf("%q, and nothing has changed", got)
		}
		for _, step := range []struct {
			do   func()
			want string
		}{
			{func() { d.sends(wire.Text, "hi") }, "row"},
			{func() { connect(w, "10.0.0.8:1", "second", "/") }, "row order summary"},
			{d.leaves, "row summary"},
			{func() { d = connect(w, "10.0.0.7:2", "first", "/") }, "row summary"},
			{func() { d.sendsPlain("hi") }, "row summary"},
		} {
			time.Sleep(10 * time.Second)
			step.do()
			time.Sleep(time.Second)
			if got = f.sees(); names(got) != step.want {
				t.Errorf("%q, want %s", names(got), step.want)
			}
		}
		holds(t, got[0], "MSK-04")
		holds(t, got[1], "2 devices connected", "one of them breaks rules")
		d.leaves()
		time.Sleep(time.Hour + time.Second)
		for _, one := range w.Devices() {
			if one.UserAgent == "second" {
				second = one.ID
			}
		}
		f = p.follows(t, "10.0.0.1:1", "/events")
		if got := f.sees(); names(got) != "row order summary" || got[1] != "order "+second {
			t.Errorf("%q in the end", got)
		}
	})
}

func TestDeviceEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{MaxDevices: 1})
		d := connect(w, "10.0.0.7:1", "first", "/")
		p := serve(t, site(w, options))
		f := p.follows(t, "10.0.0.1:1", "/devices/"+w.Devices()[0].ID+"/events")
		if got := f.sees(); names(got) != "device" {
			t.Fatalf("%q at first", got)
		}
		time.Sleep(between)
		d.sends(wire.Text, "LEDon")
		time.Sleep(time.Second)
		got := f.sees()
		if names(got) != "device" {
			t.Fatalf("%q after a message", got)
		}
		holds(t, got[0], "from the device", "LEDon", "4c 45 44 6f 6e")
		d.leaves()
		connect(w, "10.0.0.8:1", "second", "/")
		time.Sleep(time.Second)
		if got := f.sees(); names(got) != "end" {
			t.Errorf("%q of a device that is forgotten", got)
		}
	})
}

// However fast a device talks, there are two updates a second at most.
func TestFastDevice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{})
		d := connect(w, "10.0.0.7:1", "fast", "/")
		p := serve(t, site(w, options))
		list := p.follows(t, "10.0.0.1:1", "/events")
		own := p.follows(t, "10.0.0.1:1", "/devices/"+w.Devices()[0].ID+"/events")
		list.sees()
		own.sees()
		for range 10_000 {
			d.sends(wire.Text, "hi")
			time.Sleep(time.Millisecond / 10)
		}
		time.Sleep(time.Second)
		for _, f := range []*follower{list, own} {
			if got := f.sees(); len(got) < 2 || len(got) > 4 || !strings.Contains(got[len(got)-1], "10,000") {
				t.Errorf("%d events in a second: %s", len(got), names(got))
			}
		}
	})
}

// Events go on for longer than a server allows other answers to take; a stream
// without any shows that it lives, and ends after a while: whoever reads comes
// back, whoever does not is gone.
func TestLongStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{})
		d := connect(w, "10.0.0.7:1", "first", "/")
		f := serve(t, site(w, options)).follows(t, "10.0.0.1:1", "/events")
		time.Sleep(5*time.Minute + between)
		d.sends(wire.Text, "hi")
		time.Sleep(time.Second)
		if got := f.sees(); names(got) != "row order summary row" {
			t.Errorf("%s after five minutes", names(got))
		}
		time.Sleep(5 * time.Minute)
		if got := f.sees(); names(got) != "end" {
			t.Errorf("%s after ten minutes, want the end", names(got))
		}
		if f.beats < 30 || f.beats > 40 {
			t.Errorf("%d signs of life", f.beats)
		}
	})
}

// A visitor that never reads is dropped, and costs the others nothing.
func TestVisitorThatNeverReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{})
		d := connect(w, "10.0.0.7:1", "first", "/")
		h := site(w, options)
		p := serve(t, h)
		for range 20 {
			p.asks(t, "10.0.0.66:1", "/events")
		}
		f := p.follows(t, "10.0.0.1:1", "/events")
		if got := f.sees(); names(got) != "row order summary" {
			t.Fatalf("%s at first", names(got))
		}
		counted(t, w, 21, 0)
		time.Sleep(between)
		d.sends(wire.Text, "hi")
		time.Sleep(time.Second)
		if got := f.sees(); names(got) != "row" {
			t.Errorf("%s beside those that do not read", names(got))
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		counted(t, w, 1, 20)
		if html := get(t, h, "/").Body.String(); !strings.Contains(html, "1 device connected") {
			t.Error("no page")
		}
	})
}

// counted checks the metrics: visitors there are, and visitors dropped.
func counted(t *testing.T, w *witness.Witness, now, dropped int) {
	t.Helper()
	got := get(t, w.Metrics(), "/metrics").Body.String()
	for _, want := range []string{fmt.Sprintf("wsecho_page_visitors %d\n", now), fmt.Sprintf("wsecho_page_visitors_dropped_total %d\n", dropped)} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// One visitor too many drops another, of the host that has the most.
func TestTooManyVisitors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{})
		p := serve(t, site(w, options))
		first := p.follows(t, "10.0.0.1:1", "/events")
		var crowd []*follower
		for i := range 50 {
			crowd = append(crowd, p.follows(t, fmt.Sprintf("10.0.0.66:%d", 1000+i), "/events"))
		}
		last := p.follows(t, "10.0.0.2:1", "/events")
		for _, f := range []*follower{first, last, crowd[49]} {
			if got := f.sees(); names(got) != "order summary" {
				t.Errorf("%s, and it should still be here", names(got))
			}
		}
		for i, f := range crowd[:20] {
			if got := f.sees(); names(got) != "order summary end" {
				t.Errorf("%s of visitor %d, which should have been dropped", names(got), i)
			}
		}
		counted(t, w, 32, 20)
	})
}

// Who is dropped goes at once, even while a write waits for it.
func TestDroppedWhileWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := witness.New(witness.Options{})
		p := serve(t, site(w, options))
		deaf := p.asks(t, "10.0.0.66:1", "/events")
		synctest.Wait()
		for i := range 32 {
			p.follows(t, fmt.Sprintf("10.0.0.66:%d", 1000+i), "/events")
		}
		time.Sleep(time.Second)
		_ = deaf.SetDeadline(time.Now().Add(time.Second))
		if _, err := io.WriteString(deaf, "more"); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%v, and its connection should be closed", err)
		}
		counted(t, w, 32, 1)
	})
}

// A stop of the server ends streams at once.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r := httptest.NewRequest("GET", "/events", nil).WithContext(ctx)
		done := make(chan bool)
		go func() {
			site(witness.New(witness.Options{}), page.Options{}).ServeHTTP(httptest.NewRecorder(), r)
			close(done)
		}()
		synctest.Wait()
		began := time.Now()
		cancel()
		<-done
		if time.Since(began) > 0 {
			t.Errorf("%v", time.Since(began))
		}
	})
}
