package runner_test

import (
	"bufio"
	"io"
	"net"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
)

// BenchmarkCase plays one echo case end to end: connection, opening handshake,
// a message there and back, closing handshake, and the question after the
// device's health, which is all of that but the message once more.
func BenchmarkCase(b *testing.B) {
	for _, id := range []string{"1.1.2", "1.1.7", "9.1.3"} {
		b.Run(id, func(b *testing.B) {
			target := serveEcho(b)
			cases, err := conformance.Select(conformance.Catalogue(), id)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(2 * cases[0].Needs().Message))
			for b.Loop() {
				for r, err := range runner.Run(b.Context(), &runner.Dialer{Target: target}, cases, runner.Options{Seed: 1}) {
					if err != nil || !r.OfRow() && r.Worse() != conformance.OK {
						b.Fatalf("%v: %v: %s", err, r.Worse(), r.Reason)
					}
				}
			}
		})
	}
}

// atOnce is how many connections there are at once in the benchmarks of rate.
const atOnce = 8

// BenchmarkBareLoop is what a connection costs with nothing around it: dial,
// opening handshake, one echo, closing handshake. The rate of BenchmarkMeet is
// to be at least 0.6 of it.
func BenchmarkBareLoop(b *testing.B) {
	target := serveEcho(b)
	request := "GET / HTTP/1.1\r\nHost: " + target.HostField() + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	const text, end = "\x81\x85\x00\x00\x00\x00hello", "\x88\x82\x00\x00\x00\x00\x03\xe8"
	atConcurrency(b, func() {
		conn, err := net.Dial("tcp", target.Address())
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, request)
		r := bufio.NewReader(conn)
		for line := ""; line != "\r\n" && err == nil; {
			line, err = r.ReadString('\n')
		}
		io.WriteString(conn, text)
		var echo [7]byte
		io.ReadFull(r, echo[:])
		io.WriteString(conn, end)
		rest, _ := io.ReadAll(r)
		if string(echo[2:]) != "hello" || string(rest) != "\x88\x02\x03\xe8" {
			b.Errorf("got %q, %q", echo, rest)
		}
	})
}

// BenchmarkMeet meets the same exchange as a script.
func BenchmarkMeet(b *testing.B) {
	peer := &runner.Dialer{Target: serveEcho(b)}
	script, err := conformance.ParseScript("send text \"hello\"\nreply text \"hello\"\nclose 1000")
	if err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	atConcurrency(b, func() {
		e := runner.Meet(b.Context(), peer, script, runner.Options{Seed: 1, Name: strconv.FormatInt(n.Add(1), 10)})
		if e.Refusal != nil || len(e.Heard) != 2 || string(e.Heard[0].Message) != "hello" || e.Ours {
			b.Errorf("%+v", e)
		}
	})
}

// atConcurrency calls once, b.N times, atOnce at a time. Besides the time it tells
// that of the processor, both ends together, which is the same on a busy machine.
func atConcurrency(b *testing.B, once func()) {
	b.ReportAllocs()
	began := processorTime(b)
	defer func() { b.ReportMetric(float64(processorTime(b)-began)/float64(b.N), "cpu-ns/op") }()
	b.SetParallelism((atOnce + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			once()
		}
	})
}

func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func serveEcho(b *testing.B) runner.Target {
	b.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go echo.Serve(b.Context(), on, echo.Options{})
	target, err := runner.ParseTarget(on.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	return target
}
