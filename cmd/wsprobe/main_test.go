package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"flag"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"

	"wsprobe/internal/echo"
	"wsprobe/internal/report"
	"wsprobe/internal/simulated"
)

var update = flag.Bool("update", false, "write what scripts compare with anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"wsprobe": main,
		"looping": func() { looping(os.Args[1:]) },
		"asking":  func() { asking(os.Args[1], os.Args[2]) },
	})
}

// Each script in testdata is one behaviour of the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"device": device,
			"exits":  exits,
			"port":   port,
		},
	})
}

// devices are what scripts may start, besides the simulated devices.
var devices = map[string]func(net.Conn){
	"silent":  func(c net.Conn) { io.Copy(io.Discard, c) },
	"http404": httpDevice("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
	"http500": httpDevice("HTTP/1.1 500 Internal Server Error\r\n\r\n"),
	"http200": httpDevice("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
	"ssh":     func(c net.Conn) { c.Write([]byte("SSH-2.0-dropbear\r\n")); io.Copy(io.Discard, c) },
	"endless": func(c net.Conn) {
		for {
			if _, err := c.Write([]byte("HTTP/1.1 101 " + strings.Repeat("x", 1<<16))); err != nil {
				return
			}
		}
	},
}

func httpDevice(answer string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			c.Write([]byte(answer))
			io.Copy(io.Discard, c)
		}
	}
}

// device starts a device for the rest of the script: device NAME VARIABLE sets
// the variable to its address. "closed" is an address where nobody listens.
func device(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: device NAME VARIABLE")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[1], listener.Addr().String())
	ctx, cancel := context.WithCancel(context.Background())
	ts.Defer(cancel)
	serve, hostile := devices[args[0]]
	switch {
	case args[0] == "closed":
		listener.Close()
	case args[0] == "echo":
		go echo.Serve(ctx, listener, echo.Options{})
	case strings.HasPrefix(args[0], "echo:"):
		go echo.Serve(ctx, listener, echo.Options{Reply: strings.TrimPrefix(args[0], "echo:")})
	case args[0] == "dying": // goes at the third connection
		go func() {
			life, end := context.WithCancel(ctx)
			counted := &counting{Listener: listener, left: 3, end: end}
			echo.Serve(life, counted, echo.Options{})
		}()
	case hostile:
		go simulated.Device{Name: args[0], Slots: 16, Play: serve}.Serve(ctx, listener)
	default:
		go simulated.Serve(ctx, listener, args[0])
	}
}

// looping is a device with one fixed URL: looping URL [COUNT]. It connects again
// and again, and echoes, until nobody is there any more, or so many times. At
// first it waits for somebody.
func looping(args []string) {
	url, left := args[0], 1<<30
	if len(args) > 1 {
		left, _ = strconv.Atoi(args[1])
	}
	ctx := context.Background()
	trusting := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	for attempt, met := 0, false; attempt < 100; attempt++ {
		c, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: trusting})
		switch {
		case err != nil && met:
			return
		case err != nil:
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if attempt, met = 0, true; left == 0 {
			return // in the middle of the next
		}
		left--
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

// asking is a device that sends the octets of a file to an address, once somebody
// is there, and then only listens.
func asking(address, file string) {
	octets, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	for range 100 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		conn.Write(bytes.ReplaceAll(octets, []byte("\n"), []byte("\r\n")))
		io.Copy(os.Stdout, conn)
		return
	}
}

// port sets a variable to an address that is free.
func port(ts *testscript.TestScript, neg bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], listener.Addr().String())
	listener.Close()
}

// counting ends a server with the last of some connections.
type counting struct {
	net.Listener
	left int
	end  func()
}

// Accept drops the last connection unanswered, when nobody listens any more: what
// goes in the middle of an answer may say so first.
func (c *counting) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if c.left--; err != nil || c.left > 0 {
		return conn, err
	}
	c.Close()
	conn.Close()
	c.end()
	return nil, net.ErrClosed
}

// exits runs a command and wants it to end with a code: exits 2 wsprobe dial.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if e, ok := err.(interface{ ExitCode() int }); ok {
		code = strconv.Itoa(e.ExitCode())
	} else {
		ts.Check(err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// A run that is interrupted keeps its results and writes its report.
func TestInterrupt(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go echo.Serve(t.Context(), listener, echo.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := t.TempDir()
	var stdout, stderr bytes.Buffer
	watched := writerFunc(func(b []byte) (int, error) {
		if bytes.Contains(b, []byte("5 Fragmentation")) {
			cancel()
		}
		return stderr.Write(b)
	})
	code := run(ctx, []string{"dial", listener.Addr().String(), "--out", out, "--profile", "host"}, env{nil, &stdout, watched})
	if code != exitInterrupted || !strings.Contains(stderr.String(), "interrupted after") {
		t.Errorf("exit code %d\n%s", code, stderr.String())
	}
	if strings.Contains(stderr.String(), "6 UTF-8:") {
		t.Errorf("went on after the interrupt:\n%s", stderr.String())
	}
	kept, err := readRun(filepath.Join(out, runFile))
	if err != nil || len(kept.Results) < 64 {
		t.Errorf("%d results are kept: %v", len(kept.Results), err)
	}
	if page, err := os.ReadFile(filepath.Join(out, "report.html")); err != nil || !bytes.Contains(page, []byte("5.20")) {
		t.Errorf("the report was not written: %v", err)
	}
	if !strings.Contains(stdout.String(), "report.html") {
		t.Errorf("stdout does not tell where the report is:\n%s", stdout.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// A run that is killed at any moment leaves what was done, to be read.
func TestKilled(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go echo.Serve(t.Context(), listener, echo.Options{})
	out := t.TempDir()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"dial", listener.Addr().String(), "--out", out, "--profile", "host", "--cases", "1.1.*,2.*"}, env{nil, &stdout, &stderr}); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, stderr.String())
	}
	whole, err := os.ReadFile(filepath.Join(out, runFile))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for cut := len(whole); cut > 0 && time.Since(began) < 5*time.Second; cut -= 997 {
		kept, err := report.ReadRun(bytes.NewReader(whole[:cut]))
		lines := bytes.Count(whole[:cut], []byte("\n"))
		if lines > 0 && (err != nil || len(kept.Results) < lines-1) {
			t.Fatalf("cut at %d: %d results of %d lines: %v", cut, len(kept.Results), lines-1, err)
		}
	}
}
