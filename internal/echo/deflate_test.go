package echo

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"testing"
)

const deflatedText, deflatedBinary = finText | rsv1, finBinary | rsv1

// openDeflated connects and opens a WebSocket with an offer, of which the answer
// is returned.
func openDeflated(t testing.TB, address, path, offer string) (c *client, answer string) {
	t.Helper()
	c = dial(t, address)
	request := strings.Replace(handshake, "%s", path, 1)
	c.send([]byte(strings.TrimSuffix(request, "\r\n") + "Sec-WebSocket-Extensions: " + offer + "\r\n\r\n"))
	head := c.head()
	if !strings.HasPrefix(head, "HTTP/1.1 101 ") {
		return c, strings.TrimSpace(strings.SplitN(head, "\r\n", 2)[0])
	}
	for line := range strings.SplitSeq(head, "\r\n") {
		if value, ok := strings.CutPrefix(line, "Sec-WebSocket-Extensions: "); ok {
			return c, value
		}
	}
	return c, ""
}

// deflating compresses messages one after the other, as a client that takes over.
func deflating() func(message string) string {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.DefaultCompression)
	return func(message string) string {
		out.Reset()
		_, _ = io.WriteString(w, message)
		_ = w.Flush()
		return strings.TrimSuffix(out.String(), "\x00\x00\xff\xff")
	}
}

// inflating likewise.
func inflating(t *testing.T) func(payload []byte) string {
	var past []byte
	return func(payload []byte) string {
		t.Helper()
		r := flate.NewReaderDict(io.MultiReader(bytes.NewReader(payload), strings.NewReader(tail)), past)
		message, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("answer of %d octets: %v", len(payload), err)
		}
		past = slide(past, message)
		return string(message)
	}
}

// wantDeflated awaits a message in one frame, compressed.
func (c *client) wantDeflated(first byte, inflate func([]byte) string, want string) (octets int) {
	c.Helper()
	got, payload := c.next()
	if got != first {
		c.Fatalf("got frame %#x %s, want %#x", got, cut(payload), first)
	}
	if message := inflate(payload); message != want {
		c.Fatalf("got %s, want %s", cut([]byte(message)), cut([]byte(want)))
	}
	return len(payload)
}

func TestAgreement(t *testing.T) {
	const pmd, server, client = "permessage-deflate", "; server_no_context_takeover", "; client_no_context_takeover"
	for _, c := range []struct{ offer, takeover, noTakeover string }{
		{pmd, pmd, pmd + server + client},
		{"", "", ""},
		{"x-webkit-deflate-frame", "", ""},
		{"Permessage-Deflate", "", ""},
		{pmd + server, pmd + server, pmd + server + client},
		{pmd + client, pmd + client, pmd + server + client},
		{pmd + "; client_max_window_bits", pmd, pmd + server + client},
		{pmd + "; client_max_window_bits=9", pmd, pmd + server + client},
		{pmd + "; server_max_window_bits=9", pmd + "; server_max_window_bits=9", pmd + server + client + "; server_max_window_bits=9"},
		{pmd + ` ;server_max_window_bits = "1\5"`, pmd + "; server_max_window_bits=15", pmd + server + client + "; server_max_window_bits=15"},
		{pmd + "; x=1," + pmd, pmd, pmd + server + client},
		{",," + pmd + ",", pmd, pmd + server + client},
		{pmd + "; client_max_window_bits=7", "", ""},
		{pmd + "; client_max_window_bits=+9", "", ""},
		{pmd + "; server_max_window_bits=08", "", ""},
		{pmd + "; server_max_window_bits=16", "", ""},
		{pmd + "; server_max_window_bits", "", ""},
		{pmd + server + server, "", ""},
		{pmd + client + "=1", "", ""},
		{pmd + "; server_max_window_bits=", "HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"},
		{pmd + `; x="a`, "HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"},
		{pmd + `; x="a,b"`, "HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"},
		{pmd + `; x="\c\c\`, "HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"},
		{pmd + ";;x", "HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"},
		{"a b", "HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"},
		{"a=b", "HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"},
	} {
		for mode, want := range map[Deflate]string{DeflateTakeover: c.takeover, DeflateNoTakeover: c.noTakeover} {
			if _, got := openDeflated(t, serve(t, Options{Deflate: mode}), "/", c.offer); got != want {
				t.Errorf("%s to %q: %q, want %q", mode, c.offer, got, want)
			}
		}
	}
	for _, c := range []struct{ offer, want string }{
		{pmd, ""}, {"x-mine; a=1", ""}, {",", ""},
		{pmd + ";;", "HTTP/1.1 400 Bad Request"}, {"a;;b", "HTTP/1.1 400 Bad Request"}, {"=;", "HTTP/1.1 400 Bad Request"},
	} {
		if _, got := openDeflated(t, serve(t, Options{}), "/", c.offer); got != c.want {
			t.Errorf("without compression, to %q: %q, want %q", c.offer, got, c.want)
		}
	}
}

// What is compressed comes back compressed, if that is shorter: one frame in one
// write, be the answer long or short.
func TestDeflatedEcho(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln := &countingListener{Listener: tcp}
	serveOn(t, ln, Options{Deflate: DeflateTakeover})
	for _, path := range []string{"/", "/reply?format=%25s"} {
		c, _ := openDeflated(t, tcp.Addr().String(), path, "permessage-deflate")
		deflate, inflate := deflating(), inflating(t)
		for _, n := range []int{200, 5000, 30_000, 65_536, 70_000, 1 << 20} {
			message := strings.Repeat("größe, ", n/9)
			before := ln.writes.Load()
			go c.Write(frame(deflatedText, deflate(message)))
			c.wantDeflated(deflatedText, inflate, message)
			if got := ln.writes.Load() - before; got != 1 {
				t.Errorf("%d octets left in %d writes", n, got)
			}
			c.send(frame(finBinary, "\xff"+message))
			c.wantDeflated(deflatedBinary, inflate, "\xff"+message)
		}
		for _, message := range []string{"", "x", "Hello"} {
			c.send(frame(deflatedText, deflate(message)))
			c.want(finText, message)
		}
		c.send(frame(closing, "\x03\xe8"))
		c.want(closing, "\x03\xe8")
	}
}

// The second of two messages refers to the first, unless that is not agreed on.
func TestTakeover(t *testing.T) {
	message := noise(1000)
	sizes := func(mode Deflate, offer string) (first, second int) {
		c, _ := openDeflated(t, serve(t, Options{Deflate: mode}), "/", offer)
		inflate := inflating(t)
		for _, n := range []*int{&first, &second} {
			c.send(frame(finText, message))
			*n = c.wantDeflated(deflatedText, inflate, message)
		}
		return first, second
	}
	if first, second := sizes(DeflateTakeover, permessageDeflate); second > first/10 {
		t.Errorf("%d octets, then %d", first, second)
	}
	for mode, offer := range map[Deflate]string{
		DeflateTakeover:   "permessage-deflate; server_no_context_takeover",
		DeflateNoTakeover: "permessage-deflate",
	} {
		if first, second := sizes(mode, offer); second != first {
			t.Errorf("%s, %s: %d octets, then %d", mode, offer, first, second)
		}
	}
}

// noise is text that compresses only as far as its letters are few.
func noise(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('A' + r.IntN(26))
	}
	return string(text)
}

// Frames come in pieces, and pings between them; what is sent with the request
// counts, too.
func TestDeflatedFrames(t *testing.T) {
	address := serve(t, Options{Deflate: DeflateTakeover})
	const hello = "\xf2\x48\xcd\xc9\xc9\x07\x00" // RFC 7692 §7.2.3.1
	for name, frames := range map[string]string{
		"one":            string(frame(deflatedText, hello)),
		"fragments":      string(frame(startText|rsv1, hello[:3])) + string(frame(ping, "p")) + string(frame(last, hello[3:])),
		"empty":          string(frame(startText|rsv1, "")) + string(frame(more, hello)) + string(frame(last, "")),
		"stored":         string(frame(deflatedText, "\x00\x05\x00\xfa\xffHello\x00")),
		"final":          string(frame(deflatedText, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00")),
		"final, no more": string(frame(deflatedText, "\xf3\x48\xcd\xc9\xc9\x07\x00")),
		"final, twice":   string(frame(deflatedText, "\x01\x02\x00\xfd\xffHe"+"\x01\x03\x00\xfc\xffllo"+"\x00")),
		"not compressed": string(frame(finText, "Hello")),
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, address)
			request := strings.TrimSuffix(strings.Replace(handshake, "%s", "/", 1), "\r\n") + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
			c.send([]byte(request + frames))
			c.head()
			if name == "fragments" {
				c.want(pong, "p")
			}
			c.want(finText, "Hello")
			for i := range len(frames) {
				c.send([]byte{frames[i]})
			}
			if name == "fragments" {
				c.want(pong, "p")
			}
			c.want(finText, "Hello")
			c.send(frame(deflatedText, hello)) // nothing is left of what came before
			c.want(finText, "Hello")
		})
	}
}

func TestDeflateFaults(t *testing.T) {
	address := serve(t, Options{Deflate: DeflateTakeover})
	const hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"
	for name, c := range map[string]struct {
		frames []byte
		code   uint16
	}{
		"garbage":                {frame(deflatedBinary, "\xff\xff\xff\xff"), 1007},
		"truncated":              {frame(deflatedBinary, hello[:4]), 1007},
		"truncated stored":       {frame(deflatedBinary, "\x00\x64\x00\x9b\xffHello"), 1007},
		"nothing":                {frame(deflatedBinary, ""), 1007},
		"too far back":           {frame(deflatedBinary, "\xf2\x00\x11\x00\x00"), 1007},
		"Latin-1":                {frame(deflatedText, "\x00\x02\x00\xfd\xff\xc3\x28\x00"), 1007},
		"within a character":     {frame(deflatedText, "\x00\x01\x00\xfe\xff\xce\x00"), 1007},
		"RSV1 on a continuation": {append(frame(startText|rsv1, hello[:3]), frame(last|rsv1, hello[3:])...), 1002},
		"RSV1 on a ping":         {frame(ping|rsv1, ""), 1002},
		"RSV1 and RSV2":          {frame(deflatedText|0x20, hello), 1002},
		"no mask":                {[]byte("\xc1\x07" + hello), 1002},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := openDeflated(t, address, "/", permessageDeflate)
			client.send(c.frames)
			client.wantClose(c.code)
		})
	}
	t.Run("takes over what is not agreed on", func(t *testing.T) {
		c, _ := openDeflated(t, serve(t, Options{Deflate: DeflateNoTakeover}), "/", permessageDeflate)
		deflate, message := deflating(), noise(300)
		c.send(frame(deflatedText, deflate(message)))
		c.wantDeflated(deflatedText, inflating(t), message)
		c.send(frame(deflatedText, deflate(message)))
		c.wantClose(1007)
	})
	t.Run("is not agreed on", func(t *testing.T) {
		c := open(t, address, "/")
		c.send(frame(deflatedText, hello))
		c.wantClose(1002)
	})
	for name, octets := range map[string][]byte{
		"within a frame": frame(deflatedText, hello)[:10],
		"within a block": frame(startText|rsv1, hello[:4]),
		"between blocks": frame(startText|rsv1, hello+"\x00\x00\xff\xff"),
	} {
		t.Run("cut "+name, func(t *testing.T) {
			c, _ := openDeflated(t, address, "/", permessageDeflate)
			c.send(octets)
			if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			c.wantEnd()
		})
	}
}

// The limit is one of inflated octets, and holds before they are there.
func TestDeflateBomb(t *testing.T) {
	const limit = 1 << 20
	address := serve(t, Options{Deflate: DeflateTakeover, MaxMessage: limit})
	deflate := deflating()
	longest := deflate(strings.Repeat("*", limit))
	bomb := deflate(strings.Repeat("*", 32*limit)) // 32 KiB
	for _, first := range []byte{deflatedText, deflatedBinary} {
		c, _ := openDeflated(t, address, "/", permessageDeflate)
		c.send(frame(first, longest))
		c.wantDeflated(first, inflating(t), strings.Repeat("*", limit))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		c.send(frame(first, bomb))
		c.wantClose(1009)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 8*limit {
			t.Errorf("%d octets for a message of %d at most", took, limit)
		}
	}
}

// Fragments of an answer that is compressed, for devices that inflate.
func TestDeflatedFragments(t *testing.T) {
	c, _ := openDeflated(t, serve(t, Options{Deflate: DeflateTakeover}), "/fragment?size=7", permessageDeflate)
	message := strings.Repeat("größe, ", 30)
	c.send(frame(finText, message))
	var payload []byte
	for want := byte(startText | rsv1); ; want = more {
		first, part := c.next()
		if first&^fin != want {
			t.Fatalf("frame %#x, want %#x", first, want)
		}
		payload = append(payload, part...)
		if first&fin != 0 {
			break
		}
	}
	if got := inflating(t)(payload); got != message || len(payload) >= len(message) {
		t.Errorf("%q", got)
	}
}

func TestDeflateCheck(t *testing.T) {
	err := Options{Deflate: "on"}.Check()
	if err == nil || err.Error() != `deflate "on": neither takeover nor no-takeover` {
		t.Error(err)
	}
}
