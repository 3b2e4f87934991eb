package fuzzing_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/handshake"
)

// headLimit is small, so that the fuzzer finds the edge of it.
const headLimit = 512

var requestSeeds = []string{
	"GET / HTTP/1.1\r\nHost: 127.0.0.1:5003\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: file://\r\n\r\n\x81\x80",
	"GET http://[::1]:80/#a HTTP/1.0\nhost: a\nHost : b\nSec-WebSocket-Protocol: a,,a\n\n",
	"\r\nGET /\r\n x: y\r\n: z\r\nfold: a\r\n\t b\rc\r\n\r\n",
	"a/\x00\x16\x03\x01",
}

func FuzzReadRequest(f *testing.F) {
	for _, seed := range requestSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		r := bufio.NewReader(bytes.NewReader(octets))
		request, err := handshake.ReadRequest(r, headLimit)
		wantOctets(t, octets, request.Raw, r)
		violations := handshake.CheckRequest(request)
		if err != nil {
			return
		}
		if lawful(violations, "CRQ-01") {
			wantSameFields(t, request)
		}

		again, err := handshake.ReadRequest(bufio.NewReader(bytes.NewReader(request.Append(nil))), 2*headLimit)
		request.Raw, again.Raw = "", ""
		if err != nil || !reflect.DeepEqual(again, request) {
			t.Errorf("written and read again: %+v, error %v, was %+v", again, err, request)
		}
	})
}

func FuzzReadResponse(f *testing.F) {
	const accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	for _, seed := range []string{
		"HTTP/1.1 101 Switching Protocols\r\nServer: MicroWebSrv by JC`zic\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n" + accept + "\x89\x00",
		"HTTP/1.0 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nConnection: close\r\nSec-WebSocket-Extensions: x; y=\"z\"\r\n" + accept,
		"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 20         \r\n\r\nWS upgrade expected\n",
		"HTTP/1.1 503 Too many connections\n\n\n",
		"HTTP/1.1 101\r\n\r\n",
		"SSH-2.0-OpenSSH\r\n",
	} {
		f.Add([]byte(seed))
	}
	request := handshake.NewRequest("h", "/", "dGhlIHNhbXBsZSBub25jZQ==")
	f.Fuzz(func(t *testing.T, octets []byte) {
		r := bufio.NewReader(bytes.NewReader(octets))
		response, err := handshake.ReadResponse(r, headLimit)
		wantOctets(t, octets, response.Raw, r)
		usable := handshake.Usable(handshake.CheckResponse(response, request))
		if usable == nil && !bytes.Contains(octets, []byte(" 101")) {
			t.Errorf("usable without a 101: %q", octets)
		}
		if err != nil {
			return
		}

		again, err := handshake.ReadResponse(bufio.NewReader(bytes.NewReader(response.Append(nil))), 2*headLimit)
		response.Raw, again.Raw = "", ""
		if err != nil || !reflect.DeepEqual(again, response) {
			t.Errorf("written and read again: %+v, error %v, was %+v", again, err, response)
		}
	})
}

func FuzzParseExtensions(f *testing.F) {
	for _, seed := range []string{
		"permessage-deflate; client_max_window_bits, x; y=z",
		`a; b="\1\0" , ,c;d = "e"`,
		`a; b="\c\c\c\c`,
		"=;a;;b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		parsed, err := handshake.ParseExtensions(list)
		written := string(handshake.AppendExtensions(nil, parsed...))
		again, errAgain := handshake.ParseExtensions(written)
		if errAgain != nil || !reflect.DeepEqual(again, parsed) {
			t.Errorf("%q: read %+v, written %q, read again %+v, error %v", list, parsed, written, again, errAgain)
		}
		if err == nil && len(parsed) == 0 && strings.Trim(list, ", \t") != "" {
			t.Errorf("%q: neither an extension nor an error", list)
		}
	})
}

// wantOctets checks that the reader of a head neither loses nor invents octets.
func wantOctets(t *testing.T, octets []byte, raw string, left *bufio.Reader) {
	t.Helper()
	rest, err := io.ReadAll(left)
	if err != nil {
		t.Fatal(err)
	}
	if raw+string(rest) != string(octets) {
		t.Errorf("head %q and rest %q, sent %q", raw, rest, octets)
	}
	if len(raw) > headLimit {
		t.Errorf("head of %d octets, limit %d", len(raw), headLimit)
	}
}

func lawful(violations []handshake.Violation, row string) bool {
	return !slices.ContainsFunc(violations, func(v handshake.Violation) bool { return v.Row == row })
}

// wantSameFields holds a lawful request against another reader of HTTP, as far
// as that one takes it.
func wantSameFields(t *testing.T, request handshake.Request) {
	t.Helper()
	other, err := http.ReadRequest(bufio.NewReader(strings.NewReader(request.Raw)))
	if err != nil {
		return
	}
	if other.Method != request.Method || other.RequestURI != request.Target || other.Proto != request.Proto {
		t.Errorf("%s %s %s, net/http read %s %s %s", request.Method, request.Target, request.Proto, other.Method, other.RequestURI, other.Proto)
	}
	for name, values := range other.Header {
		if got := request.Header.Values(name); !slices.Equal(got, values) {
			t.Errorf("%s: %q, net/http read %q", name, got, values)
		}
	}
}
