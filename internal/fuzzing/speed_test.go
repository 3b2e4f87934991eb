package fuzzing

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing/inputs"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// atOnce is how many connections are open at the same time in the benchmark.
const atOnce = 4

// BenchmarkCampaign is to be held against BenchmarkBare of the same run: inputs
// of a default campaign that end by evidence, with all that judges them.
func BenchmarkCampaign(b *testing.B) {
	peer := serveEcho(b)
	source, err := inputs.NewSource(inputs.Target{Device: wire.Server})
	if err != nil {
		b.Fatal(err)
	}
	numbers, silent := evident(b, peer, source)
	c := &Campaign{Peer: peer, Watch: wellWatch{}, Options: runner.Options{Seed: 1, Parallel: atOnce}, Seed: 1, Inputs: b.N,
		Input: func(n int) (conformance.Family, conformance.Script) { return source.Input(1, numbers[n%len(numbers)]) }}
	b.ResetTimer()
	for _, err := range c.Run(b.Context()) {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "inputs/s")
	b.ReportMetric(100*silent, "%by-time")
}

// evident returns the numbers of inputs at which the peer breaks nothing and that do not end by
// our patience, and the share of those that do.
func evident(b *testing.B, peer runner.Peer, source *inputs.Source) (numbers []int, silent float64) {
	const all, step = 1000, 7
	for n := 0; n < all*step; n += step {
		_, script := source.Input(1, n)
		e := runner.Meet(b.Context(), peer, script, runner.Options{Seed: 1, Name: fmt.Sprint(n)})
		if e.Ours || e.Refusal != nil && e.Refusal.Silent {
			silent += 1. / all
		} else if len(Judge(e, wire.Server, conformance.Profile{})) == 0 {
			numbers = append(numbers, n)
		}
	}
	return numbers, silent
}

// BenchmarkBare is a loop that does no more than dial, shake hands, have one
// message echoed, and close.
func BenchmarkBare(b *testing.B) {
	address := serveEcho(b).Target.Address()
	var left atomic.Int64
	left.Store(int64(b.N))
	var looping sync.WaitGroup
	for range atOnce {
		looping.Go(func() {
			for left.Add(-1) >= 0 {
				if err := bare(b.Context(), address); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	looping.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "inputs/s")
}

func bare(ctx context.Context, address string) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+address+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	if response, err := http.ReadResponse(in, nil); err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("no 101: %v", err)
	}
	var echoed [7]byte
	if _, err := conn.Write([]byte("\x81\x85\x00\x00\x00\x00Hello")); err != nil {
		return err
	}
	if _, err := io.ReadFull(in, echoed[:]); err != nil || string(echoed[:]) != "\x81\x05Hello" {
		return fmt.Errorf("no echo: %q, %v", echoed, err)
	}
	if _, err := conn.Write([]byte("\x88\x82\x00\x00\x00\x00\x03\xe8")); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in) // the Close frame, and the end of TCP
	return err
}

// long is how many inputs TestMemoryIsFlat takes. By night they are 200,000.
var long = flag.Int("long", 0, "inputs over which memory has to be flat; 0 to leave that out")

// A campaign takes no more memory after many inputs than after a tenth of them,
// and its journal eight octets an input.
func TestMemoryIsFlat(t *testing.T) {
	if *long == 0 {
		t.Skip("no -long")
	}
	peer := serveEcho(t)
	source := sourceOf(t, inputs.Target{Device: wire.Server})
	journal := openJournal(t, filepath.Join(t.TempDir(), "journal"))
	c := &Campaign{Peer: peer, Watch: wellWatch{}, Options: runner.Options{Seed: 1, Parallel: atOnce}, Seed: 1, Inputs: *long, Done: journal.Done,
		Input: func(n int) (conformance.Family, conformance.Script) { return source.Input(1, n) }}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	n, early := 0, uint64(0)
	for p, err := range c.Run(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		add(t, journal, p.Family, p.N)
		if n++; n == max(*long/10, 1) {
			early = heap()
		}
	}
	late := heap()
	t.Logf("%d inputs: %d KiB after a tenth, %d KiB at the end", n, early>>10, late>>10)
	if late > early+early/2+8<<20 {
		t.Errorf("memory grew from %d KiB to %d KiB", early>>10, late>>10)
	}
	if journal.Count() != *long || len(journal.done) > 0 {
		t.Errorf("%d inputs are in the journal, %d of them out of order", journal.Count(), len(journal.done))
	}
}
