package handshake_test

import (
	"bufio"
	"errors"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"

	. "wsprobe/internal/handshake"
)

const limit = 64 << 10

func readRequest(head string) (Request, error) {
	return ReadRequest(bufio.NewReader(strings.NewReader(head)), limit)
}

func readResponse(head string) (Response, error) {
	return ReadResponse(bufio.NewReader(strings.NewReader(head)), limit)
}

// What is illegal is reported, not refused.
func TestReadRequestReports(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       Request // without Raw
		fault      string  // what CRQ-01 says
	}{
		{"bare LF", "GET / HTTP/1.1\nHost: h\n\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{"Host", "h"}}},
			"line 1, octet 14: line ends in LF without CR"},
		{"bare LF at the end", "GET / HTTP/1.1\r\n\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{}},
			"line 2, octet 16: line ends in LF without CR"},
		{"lone CR", "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{"A", "b\rC: d"}}},
			`line 2, octet 20: octet 0x0d in the value of "A"`},
		{"NULs", "GET /\x00 HTTP/1.1\r\nA\x00: \x00\r\n\r\n",
			Request{Method: "GET", Target: "/\x00", Proto: "HTTP/1.1", Header: Header{{"A\x00", "\x00"}}},
			"line 1, octet 5: octet 0x00 in the target"},
		{"NUL in a name", "GET / HTTP/1.1\r\nA\x00: b\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{"A\x00", "b"}}},
			`line 2, octet 17: octet 0x00 in the name "A\x00"`},
		{"octets from 0x80", "GET /\xff HTTP/1.1\r\nA: \xff\r\n\r\n",
			Request{Method: "GET", Target: "/\xff", Proto: "HTTP/1.1", Header: Header{{"A", "\xff"}}},
			"line 1, octet 5: octet 0xff in the target"},
		{"obs-fold", "GET / HTTP/1.1\r\nA: b \r\n\t c\n d\r\nE:\r\n f\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{"A", "b  c d"}, {"E", "f"}}},
			"line 3, octet 23: line begins with a blank (obs-fold)"},
		{"fold of nothing", "GET / HTTP/1.1\r\n x: y\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{" x", "y"}}},
			"line 2, octet 16: line begins with a blank (obs-fold)"},
		{"no colon", "GET / HTTP/1.1\r\nA b \r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{"", "A b "}}},
			`line 2, octet 16: no colon in "A b "`},
		{"no name", "GET / HTTP/1.1\r\n: b\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{"", ": b"}}},
			`line 2, octet 16: no name before the colon in ": b"`},
		{"blank before the colon", "GET / HTTP/1.1\r\nA : b\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{{"A ", "b"}}},
			`line 2, octet 17: blank in the name "A "`},
		{"empty lines first", "\r\n\nGET / HTTP/1.1\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: Header{}},
			"line 1, octet 0: empty line before the start line"},
		{"HTTP/0.9", "GET /\r\n\r\n",
			Request{Method: "GET", Target: "/", Header: Header{}},
			`line 1, octet 5: no HTTP version in "GET /"`},
		{"blank in the target, no version", "GET /a b\r\n\r\n",
			Request{Method: "GET", Target: "/a b", Header: Header{}},
			`line 1, octet 7: no HTTP version in "GET /a b"`},
		{"blanks in the target", "GET /a  b HTTP/1.1\r\n\r\n",
			Request{Method: "GET", Target: "/a  b", Proto: "HTTP/1.1", Header: Header{}},
			`line 1, octet 7: no HTTP version in "GET /a  b HTTP/1.1"`},
		{"other version", "GET / HTTP/11\r\n\r\n",
			Request{Method: "GET", Target: "/", Proto: "HTTP/11", Header: Header{}},
			`line 1, octet 6: no HTTP version in "GET / HTTP/11"`},
		{"method of no token", "G@T / HTTP/1.1\r\n\r\n",
			Request{Method: "G@T", Target: "/", Proto: "HTTP/1.1", Header: Header{}},
			`line 1, octet 0: no method in "G@T / HTTP/1.1"`},
		{"a word", "hello\r\n\r\n",
			Request{Method: "hello", Header: Header{}},
			`line 1, octet 5: no target in "hello"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readRequest(c.head)
			if err != nil {
				t.Fatal(err)
			}
			if got.Raw != c.head {
				t.Errorf("raw %q, want %q", got.Raw, c.head)
			}
			want := "the request is not valid HTTP: " + c.fault
			if v := CheckRequest(got); len(v) == 0 || v[0].Row != "CRQ-01" || v[0].Detail != want {
				t.Errorf("violations %v, want first CRQ-01: %s", v, want)
			}
			if got.Raw = ""; !reflect.DeepEqual(got, c.want) {
				t.Errorf("request %+v, want %+v", got, c.want)
			}
			again, err := readRequest(string(got.Append(nil)))
			if again.Raw = ""; err != nil || !reflect.DeepEqual(again, c.want) {
				t.Errorf("written and read again %+v, error %v, want %+v", again, err, c.want)
			}
		})
	}
}

func TestReadEndings(t *testing.T) {
	for _, c := range []struct {
		name, head string
		is         error
	}{
		{"nothing", "", io.EOF},
		{"within the start line", "GET / HT", io.ErrUnexpectedEOF},
		{"within the header", "GET / HTTP/1.1\r\nHost: h\r\n", io.ErrUnexpectedEOF},
		{"within the blank line", "GET / HTTP/1.1\r\nHost: h\r\n\r", io.ErrUnexpectedEOF},
		{"CR for line ends", "GET / HTTP/1.1\rHost: h\r\r", io.ErrUnexpectedEOF},
		{"line ends only", strings.Repeat("\r\n", limit), ErrHeadTooLarge},
		{"one octet too many", "GET / HTTP/1.1\r\n" + strings.Repeat("a", limit-19) + "\r\n\r\n", ErrHeadTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readRequest(c.head)
			if !errors.Is(err, c.is) {
				t.Errorf("error %v, want %v", err, c.is)
			}
			if want := c.head[:min(len(c.head), limit)]; got.Raw != want {
				t.Errorf("raw %.80q, want %.80q", got.Raw, want)
			}
		})
	}
	head := "GET / HTTP/1.1\r\n" + strings.Repeat("a", limit-20) + "\r\n\r\n"
	if _, err := readRequest(head); err != nil || len(head) != limit {
		t.Errorf("a head of %d octets, as many as the limit: %v", len(head), err)
	}
}

// What came before the end is held nonetheless: the report shows it.
func TestReadResponseHoldsWhatCame(t *testing.T) {
	got, err := readResponse("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConn")
	if !errors.Is(err, io.ErrUnexpectedEOF) || got.Status != 101 || got.Header.Get("Upgrade") != "websocket" {
		t.Errorf("response %+v, error %v", got, err)
	}
}

// What is not HTTP is known before a line end comes, which may be never.
func TestReadNotHTTP(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	go w.Write([]byte("SSH-2.0-OpenSSH_9.6\r\n"))
	_, err := ReadResponse(bufio.NewReader(r), limit)
	var syntax *SyntaxError
	const want = `response head: line 1, octet 0: not HTTP: "SSH-2.0-OpenSSH_9.6\r\n"`
	if !errors.As(err, &syntax) || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}

	r, w = io.Pipe()
	defer w.Close()
	go w.Write([]byte("\x16\x03\x01\x02"))
	_, err = ReadRequest(bufio.NewReader(r), limit)
	const wantTLS = `request head: line 1, octet 0: not HTTP: "\x16\x03\x01\x02"`
	if !errors.As(err, &syntax) || err.Error() != wantTLS {
		t.Errorf("error %v, want %s", err, wantTLS)
	}
}

func TestReadResponseWithoutStatus(t *testing.T) {
	for head, want := range map[string]string{
		"HTTP/1.1 1010 x\r\n\r\n":  `response head: line 1, octet 0: no status in "HTTP/1.1 1010 x"`,
		"HTTP/1.1\r\nA: b\r\n\r\n": `response head: line 1, octet 0: no status in "HTTP/1.1"`,
		"\r\nHTTP/1.1 -01\n\n":     `response head: line 2, octet 2: no status in "HTTP/1.1 -01"`,
		"\r\nHTTX/1.1 101\n\n":     `response head: line 2, octet 2: not HTTP: "HTTX/1.1 101\n\n"`,
		"S":                        `response head: line 1, octet 0: not HTTP: "S"`,
		"HTTP\n\n":                 `response head: line 1, octet 0: not HTTP: "HTTP\n\n"`,
	} {
		_, err := readResponse(head)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%q: error %v, want %s", head, err, want)
		}
	}
}

// endless is a peer that repeats itself for ever; what it costs is not ours.
type endless struct {
	first, then string
	at          int
}

func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, e.first)
	e.first = e.first[n:]
	for ; n < len(b); n++ {
		b[n] = e.then[e.at%len(e.then)]
		e.at++
	}
	return n, nil
}

// A head without end costs a multiple of the limit, whatever it is made of.
func TestReadIsBounded(t *testing.T) {
	request := func(r *bufio.Reader) error { _, err := ReadRequest(r, limit); return err }
	response := func(r *bufio.Reader) error { _, err := ReadResponse(r, limit); return err }
	for _, c := range []struct {
		first string
		read  func(*bufio.Reader) error
	}{
		{"GET /", request},
		{"GET / HTTP/1.1\r\nA: b\r\n", request},
		{"HTTP/1.1 101 ", response},
		{"HTTP/1.1 101 Switching\r\nA: b\r\n", response},
	} {
		for _, then := range []string{"a", "a: b\r\n", ":\n", " \n", "\x00", "A: b, c, d\r\n ", "\r"} {
			r := bufio.NewReader(&endless{first: c.first, then: then})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := c.read(r)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, ErrHeadTooLarge) {
				t.Errorf("%q and %q without end: error %v", c.first, then, err)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 24*limit {
				t.Errorf("%q and %q without end: %d octets allocated for a limit of %d", c.first, then, got, limit)
			}
		}
	}
}

// Folds are joined once, not one by one (the pattern of CVE-2023-43669): joined
// one by one these would copy some 70 GB.
func TestReadFoldsInLinearTime(t *testing.T) {
	head := "GET / HTTP/1.1\r\nA: b" + strings.Repeat("\r\n c", 1<<18) + "\r\n\r\n"
	r, err := ReadRequest(bufio.NewReader(strings.NewReader(head)), len(head))
	if want := "b" + strings.Repeat(" c", 1<<18); err != nil || r.Header.Get("A") != want {
		t.Errorf("error %v, value of %d octets, want %d", err, len(r.Header.Get("A")), len(want))
	}
}

func TestReadTenMegabyteLine(t *testing.T) {
	head := "HTTP/1.1 101 x\r\nServer: " + strings.Repeat("x", 10<<20)
	if _, err := readResponse(head); !errors.Is(err, ErrHeadTooLarge) {
		t.Errorf("error %v, want %v", err, ErrHeadTooLarge)
	}
}
