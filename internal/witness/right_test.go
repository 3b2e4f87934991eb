package witness_test

import (
	"context"
	"crypto/tls"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"wsprobe/internal/echo"
	"wsprobe/internal/handshake"
	"wsprobe/internal/testee"
	"wsprobe/internal/witness"
)

// serve lets the echo server answer on connections that w watches.
func serve(tb testing.TB, ln func(net.Listener) net.Listener) (address string) {
	tb.Helper()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- echo.Serve(ctx, ln(tcp), echo.Options{Deflate: echo.DeflateTakeover}) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
	})
	return tcp.Addr().String()
}

// Nothing is named of a client that is right, and no octet is changed, be they
// compressed or not.
func TestCoder(t *testing.T) {
	for name, mode := range map[string]websocket.CompressionMode{
		"plain": websocket.CompressionDisabled, "takeover": websocket.CompressionContextTakeover, "no takeover": websocket.CompressionNoContextTakeover,
	} {
		t.Run(name, func(t *testing.T) { playCoder(t, mode) })
	}
}

func playCoder(t *testing.T, mode websocket.CompressionMode) {
	w := witness.New(witness.Options{})
	url := "ws://" + serve(t, w.Listen)
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	for range 3 {
		c, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{CompressionMode: mode})
		if err != nil {
			t.Fatal(err)
		}
		c.SetReadLimit(-1)
		for _, message := range []string{"", "x", "größe", strings.Repeat("ß", 33_000), strings.Repeat("*", 1<<20)} {
			for _, typ := range []websocket.MessageType{websocket.MessageText, websocket.MessageBinary} {
				exchange(ctx, t, c, typ, message)
			}
		}
		if err := c.Close(websocket.StatusNormalClosure, "bye"); err != nil {
			t.Error(err)
		}
	}
	if got := rowsOf(w); got != "" {
		t.Errorf("%s named of a client that is right: %+v", got, w.Devices()[0].Violations)
	}
	if d := w.Devices()[0]; d.Received != 30 || d.Sent != 30 || d.OctetsIn == 0 || (d.OctetsIn < 3<<20) != (mode != websocket.CompressionDisabled) {
		t.Errorf("%d messages came and %d went, want 30 each", d.Received, d.Sent)
	}
}

// Under TLS the witness stands within it, and an answer is still one write.
func TestTLS(t *testing.T) {
	secure := httptest.NewTLSServer(nil) // for its certificate
	defer secure.Close()
	w := witness.New(witness.Options{})
	address := serve(t, func(ln net.Listener) net.Listener {
		return w.Listen(tls.NewListener(ln, &tls.Config{Certificates: secure.TLS.Certificates}))
	})
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	c, _, err := websocket.Dial(ctx, "wss://"+address, &websocket.DialOptions{HTTPClient: secure.Client()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	c.SetReadLimit(-1)
	exchange(ctx, t, c, websocket.MessageText, strings.Repeat("ß", 33_000))
	if got := rowsOf(w); got != "" || w.Devices()[0].Received != 1 {
		t.Errorf("%q named; devices %+v", got, w.Devices())
	}
}

// TLS begins with the name of the host that the request is for, if it has one.
func TestServerName(t *testing.T) {
	secure := httptest.NewTLSServer(nil)
	defer secure.Close()
	for _, c := range []struct{ host, indicated, want string }{
		{"bench.local:9001", "bench.local", ""},
		{"Bench.Local:9001", "bench.local", ""},
		{"127.0.0.1:9001", "", ""},
		{"[::1]:9001", "", ""},
		{"bench.local:9001", "", "CON-06"},
		{"bench.local:9001", "other.local", "CON-06"},
	} {
		w := witness.New(witness.Options{})
		address := serve(t, func(ln net.Listener) net.Listener {
			return w.Listen(tls.NewListener(ln, &tls.Config{Certificates: secure.TLS.Certificates}))
		})
		socket, err := tls.Dial("tcp", address, &tls.Config{ServerName: c.indicated, InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer socket.Close()
		_ = socket.SetDeadline(time.Now().Add(hang))
		r := handshake.NewRequest(c.host, "/", newKey(rand.New(rand.NewPCG(1, 2))))
		if _, err := socket.Write(r.Append(nil)); err != nil {
			t.Fatal(err)
		}
		_, _ = socket.Read(make([]byte, 1)) // it is answered, and so judged
		if got := rowsOf(w); got != c.want {
			t.Errorf("Host %s under the name %q: %q named, want %q", c.host, c.indicated, got, c.want)
		}
	}
}

func exchange(ctx context.Context, t *testing.T, c *websocket.Conn, typ websocket.MessageType, message string) {
	t.Helper()
	out, err := c.Writer(ctx, typ) // several frames where it is long
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write([]byte(message)); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	got, answer, err := c.Read(ctx)
	if err != nil || got != typ || string(answer) != message {
		t.Fatalf("%v of %d octets came back, error %v; %v of %d went", got, len(answer), err, typ, len(message))
	}
}

// The clients of the nested module, which play Autobahn's part.
func TestLibraries(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the clients of other libraries")
	}
	for _, library := range []string{"gorilla", "gorilla-pmd", "coder", "coder-ctx"} {
		t.Run(library, func(t *testing.T) {
			w := witness.New(witness.Options{})
			tcp, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: http.HandlerFunc(fuzzingServer), ReadHeaderTimeout: hang}
			go func() { _ = server.Serve(w.Listen(tcp)) }()
			defer server.Close()
			if out, err := testee.Command(t, "client", "-lib", library, "-url", "ws://"+tcp.Addr().String()).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			devices := w.Devices()
			if got := rowsOf(w); got != "" || len(devices) != 1 || devices[0].Received < 8 {
				t.Errorf("%q named; devices %+v", got, devices)
			}
		})
	}
}

// fuzzingServer has two cases, in each of which messages come back.
func fuzzingServer(rw http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(rw, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		return
	}
	defer c.CloseNow()
	ctx, cancel := context.WithTimeout(r.Context(), hang)
	defer cancel()
	c.SetReadLimit(-1)
	switch r.URL.Path {
	case "/getCaseCount":
		_ = c.Write(ctx, websocket.MessageText, []byte("2"))
	case "/runCase":
		for _, message := range []string{"", "größe", strings.Repeat("ü", 70_000), strings.Repeat("x", 1400)} {
			_ = c.Write(ctx, websocket.MessageText, []byte(message))
			_, _, _ = c.Read(ctx)
		}
	}
	_ = c.Close(websocket.StatusNormalClosure, "")
}
