package engineio

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// In revision 4 the server pings, and ends the session of a client that is silent.
func TestServerPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		url, _ := c.open("4")
		begun := time.Now()
		for n := 1; n <= 3; n++ {
			if got := c.get(url); got != "2" || time.Since(begun) != time.Duration(n)*25*time.Second {
				t.Errorf("got %q after %v", got, time.Since(begun))
			}
			c.post(url, "3")
		}
		c.get(url) // the next ping, which stays without an answer
		if got := c.get(url); got != "1" || time.Since(begun) != 120*time.Second {
			t.Errorf("got %q after %v", got, time.Since(begun))
		}
		wantGone(t, c, url)
	})
}

// In revision 3 the client pings.
func TestClientPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		url, _ := c.open("3")
		for range 3 {
			time.Sleep(40 * time.Second)
			c.post(url, "1:2")
			if got := c.get(url); got != "1:3" {
				t.Errorf("got %q", got)
			}
		}
		begun := time.Now()
		if got := c.get(url); got != "1:1" || time.Since(begun) != 45*time.Second {
			t.Errorf("got %q after %v", got, time.Since(begun))
		}
		wantGone(t, c, url)
	})
}

func TestSilentWebSockets(t *testing.T) {
	for _, packets := range [][]string{{}, {"2probe"}, {"2probe", "5"}} {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t, Options{})
			url, sid := c.open("3")
			ws := c.upgrade("/socket.io/?EIO=3&transport=websocket&sid=" + sid)
			for _, packet := range packets {
				ws.send(packet)
				ws.want(map[string]string{"2probe": "3probe", "5": "6"}[packet])
			}
			begun := time.Now()
			err := <-c.played
			probing := len(packets) < 2
			if want := map[bool]time.Duration{true: 10 * time.Second, false: 45 * time.Second}[probing]; time.Since(begun) != want {
				t.Errorf("%q: ended after %v, error %v", packets, time.Since(begun), err)
			}
			if probing { // polling goes on
				c.post(url, "1:2")
				if got := c.get(url); got != "1:3" {
					t.Errorf("%q: polled %q afterwards", packets, got)
				}
			} else {
				wantGone(t, c, url)
			}
		})
	}
}

func wantGone(t *testing.T, c *client, url string) {
	t.Helper()
	status, body := c.do(httptest.NewRequest(http.MethodGet, url, nil))
	if status != http.StatusBadRequest || body != `{"code":1,"message":"Session ID unknown"}` {
		t.Errorf("after its end the session answers %d %s", status, body)
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if len(c.server.sessions) != 0 {
		t.Errorf("%d sessions are kept", len(c.server.sessions))
	}
}

// What waits for a client with a WebSocket is not given to its polls.
func TestUpgrade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		url, sid := c.open("3")
		ws := c.upgrade("/socket.io/?EIO=3&transport=websocket&sid=" + sid)
		polled := make(chan string)
		go func() { polled <- c.get(url) }()
		synctest.Wait()
		c.post(url, `12:42["before"]`)
		synctest.Wait()
		select {
		case got := <-polled:
			t.Fatalf("polled %q while a WebSocket waits to probe", got)
		default:
		}
		ws.send("2probe")
		ws.want("3probe")
		if got := <-polled; got != "1:6" {
			t.Errorf("polled %q, want a noop", got)
		}
		if got := c.get(url); got != "1:6" {
			t.Errorf("polled %q while probing, want a noop", got)
		}
		ws.send("5")
		ws.want("6", `42["before"]`)
		if status, _ := c.do(httptest.NewRequest(http.MethodGet, url, nil)); status != http.StatusBadRequest {
			t.Errorf("polled after the upgrade: %d", status)
		}
		ws.send(`42["after"]`, "1")
		ws.want(`42["after"]`)
		if err := <-c.played; err != nil {
			t.Errorf("a regular end: %v", err)
		}
		wantGone(t, c, url)
	})
}

// A device comes back with its sid: without polling, and perhaps before its old
// connection is seen to be dead.
func TestOldSID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		_, sid := c.open("3")
		time.Sleep(time.Hour)
		first := c.upgrade("/socket.io/?EIO=3&transport=websocket&sid=" + sid)
		first.want("40")
		second := c.upgrade("/socket.io/?EIO=3&transport=websocket&sid=" + sid)
		second.want("40")
		if err := <-c.played; err != nil {
			t.Errorf("the forgotten connection: %v", err)
		}
		second.send(`42["x"]`)
		second.want(`42["x"]`)
		second.send("x")
		if err := <-c.played; err != Fault(`packet of type 'x'`) {
			t.Errorf("got %v", err)
		}
	})
}

func TestNewerPollWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		url, _ := c.open("4")
		older := make(chan string)
		go func() { older <- c.get(url) }()
		synctest.Wait()
		newer := make(chan string)
		go func() { newer <- c.get(url) }()
		if got := <-older; got != "6" {
			t.Errorf("the older poll got %q", got)
		}
		c.post(url, "2x\x1e2y\x1e1")
		if got := <-newer; got != "3x\x1e3y\x1e1" && got != "3x" {
			t.Errorf("the newer poll got %q", got)
		}
		wantGone(t, c, url)
	})
}

// A client that sends and does not read is not read either, and loses nothing.
func TestQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		url, _ := c.open("4")
		c.post(url, "40")
		long := `42["` + strings.Repeat("x", 300_000) + `"]`
		posted := make(chan string)
		go func() {
			for range 3 {
				c.post(url, long+"\x1e"+long+"\x1e"+long)
			}
			posted <- "ok"
		}()
		synctest.Wait()
		c.server.mu.Lock()
		for _, s := range c.server.sessions {
			if s.queued > maxQueued {
				t.Errorf("%d octets wait", s.queued)
			}
		}
		c.server.mu.Unlock()
		got := 0
		for got < 9 {
			got += strings.Count(c.get(url), `xx"]`)
		}
		if <-posted; got != 9 {
			t.Errorf("%d events came back", got)
		}
		c.post(url, "1")
	})
}

func TestSessionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{MaxSessions: 3})
		var used []string
		for range 2 {
			url, _ := c.open("3")
			c.post(url, "1:2")
			used = append(used, url)
		}
		never, _ := c.open("3")
		last, _ := c.open("3") // takes its place
		if status, _ := c.do(httptest.NewRequest(http.MethodGet, never, nil)); status != http.StatusBadRequest {
			t.Errorf("the session that nobody used: %d", status)
		}
		for _, url := range append(used, last) {
			c.post(url, "1:2")
		}
		status, body := c.do(httptest.NewRequest(http.MethodGet, "/socket.io/?EIO=3&transport=polling", nil))
		if status != http.StatusServiceUnavailable {
			t.Errorf("one session more: %d %s", status, body)
		}
		ws := c.upgrade("/socket.io/?EIO=3&transport=websocket")
		if err := <-c.played; err != Fault("Too many sessions") {
			t.Errorf("one session more: %v", err)
		}
		ws.Close()
		time.Sleep(time.Minute)
		c.open("3")
	})
}

func TestRefusals(t *testing.T) {
	c := newClient(t, Options{MaxPayload: 100})
	v3, _ := c.open("3")
	for _, test := range []struct {
		method, url, body string
		want              string
	}{
		{"GET", "/socket.io/", "", "5 Unsupported protocol version"},
		{"GET", "/socket.io/?EIO=5&transport=polling", "", "5 Unsupported protocol version"},
		{"GET", "/socket.io/?EIO=4", "", "0 Transport unknown"},
		{"GET", "/socket.io/?EIO=4&transport=webtransport", "", "0 Transport unknown"},
		{"GET", "/socket.io/?EIO=4&transport=websocket", "", "3 Bad request"},
		{"GET", "/socket.io/?EIO=3&transport=polling&j=0", "", "3 Bad request"},
		{"GET", "/socket.io/?EIO=4&transport=polling&sid=abc123", "", "1 Session ID unknown"},
		{"POST", "/socket.io/?EIO=4&transport=polling", "", "2 Bad handshake method"},
		{"PUT", v3, "", "2 Bad handshake method"},
		{"GET", "/engine.io" + strings.TrimPrefix(v3, "/socket.io"), "", "3 Bad request"},
		{"POST", "OPEN", strings.Repeat("x", 101), "3 Body too large"},
		{"POST", "OPEN", "", "3 length of a packet is not a number"},
		{"POST", "OPEN", "5:40", "3 body ends within a packet"},
		{"POST", "OPEN", "1:0", "3 packet of type '0'"},
		{"POST", "OPEN", "1:8", "3 packet of type '8'"},
	} {
		url := test.url
		if url == "OPEN" {
			url, _ = c.open("3")
		}
		status, body := c.do(httptest.NewRequest(test.method, url, strings.NewReader(test.body)))
		code, message, _ := strings.Cut(test.want, " ")
		if status < 400 || body != fmt.Sprintf(`{"code":%s,"message":%q}`, code, message) {
			t.Errorf("%s %s: %d %s, want %s", test.method, url, status, body, test.want)
		}
		if test.url != "OPEN" {
			continue
		}
		if status, _ := c.do(httptest.NewRequest(http.MethodPost, url, strings.NewReader("1:2"))); status != http.StatusBadRequest {
			t.Errorf("%s: its session goes on", test.want)
		}
	}
	endless := httptest.NewRequest(http.MethodPost, v3, io.MultiReader(strings.NewReader("1:2"), endlessly{}))
	if status, body := c.do(endless); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body without an end: %d %s", status, body)
	}
}

type endlessly struct{}

func (endlessly) Read(b []byte) (int, error) { return len(b), nil }

// What Socket.IO itself does not allow is said in Socket.IO.
func TestRefusedPackets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		for _, test := range []struct{ eio, sent, want string }{
			{"3", "40/admin", `44/admin,"Invalid namespace"`},
			{"3", "40/admin?token=1", `44/admin,"Invalid namespace"`},
			{"3", `42/admin,["x"]`, `44/admin,"event before the connect packet 40"`},
			{"3", `451-["x",{"_placeholder":true,"num":0}]`, `44"binary attachments are not echoed"`},
			{"3", `42["x"`, `44"data is not JSON"`},
			{"3", `42{"x":1}`, `44"event is not a JSON array that begins with a name"`},
			{"3", `49`, `44"type of the packet is not 0 to 6"`},
			{"4", `42["x"]`, `44{"message":"event before the connect packet 40"}`},
			{"4", "40/admin,", `44/admin,{"message":"Invalid namespace"}`},
		} {
			ws := c.upgrade("/socket.io/?transport=websocket&EIO=" + test.eio)
			<-ws.goes
			if test.eio == "3" {
				ws.want("40")
			}
			ws.send(test.sent)
			ws.want(test.want)
			ws.send("binary", "bAQID", "2") // an attachment, in each of its forms, is dropped
			ws.want("3")
			ws.Close()
			if err := <-c.played; !errors.Is(err, errPipe) {
				t.Errorf("%s: %v", test.sent, err)
			}
		}
	})
}

// In revision 4 a refusal ends the namespace, and the client may join it again.
func TestRefusalEndsNamespace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		ws := c.upgrade("/socket.io/?transport=websocket&EIO=4")
		<-ws.goes
		ws.send("40")
		connected := <-ws.goes
		ws.send(`42["x"]`, "42", `42["x"]`, "40", `42["x"]`)
		ws.want(`42["x"]`, `44{"message":"event is not a JSON array that begins with a name"}`,
			`44{"message":"event before the connect packet 40"}`, connected, `42["x"]`)
		ws.Close()
		<-c.played
	})
}

// Without Socket.IO, messages come back.
func TestEngineIO(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Options{})
		ws := c.upgrade("/engine.io/?EIO=4&transport=websocket")
		if got := <-ws.goes; !strings.HasPrefix(got, `0{"sid":"`) {
			t.Errorf("got %q", got)
		}
		ws.send("4hello", "4", "42[")
		ws.want("4hello", "4", "42[")
		ws.send("binary")
		if err := <-c.played; err != Fault("binary messages are not echoed") {
			t.Errorf("got %v", err)
		}
	})
}

func TestEndpoints(t *testing.T) {
	for path, want := range map[string]bool{
		"/socket.io/": true, "/socket.io": true, "/greet/socket.io/": true, "/engine.io/": true,
		"/": false, "/greet": false, "/socket.io/x": false, "/socket.io//": false,
	} {
		if got := Serves(path); got != want {
			t.Errorf("%s: served %t", path, got)
		}
	}
	var paths []string
	for _, e := range Endpoints() {
		paths = append(paths, e.Path)
	}
	if want := []string{"/socket.io/", "/greet/socket.io/", "/engine.io/"}; !slices.Equal(paths, want) {
		t.Errorf("%q", paths)
	}
}
