package fuzzing

import (
	"context"
	"fmt"
	"net"
	"os"
	"sort"
	"strconv"
	"sync"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

func TestTry(t *testing.T) {
	most, _ := strconv.Atoi(os.Getenv("TRY"))
	if most == 0 {
		t.Skip()
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go echo.Serve(ctx, ln, echo.Options{})
	host, port, _ := net.SplitHostPort(ln.Addr().String())
	dialer := &runner.Dialer{Target: runner.Target{Host: host, Port: port}}
	s := sourceOf(t, Target{Device: wire.Server})
	from := 0
	if os.Getenv("DRAWN") != "" {
		from = s.Boundaries()
	}
	type stat struct {
		n, ours int
		took    time.Duration
	}
	stats := map[conformance.Family]*stat{}
	rules := map[string][]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan int)
	began := time.Now()
	for range 8 {
		wg.Go(func() {
			for n := range next {
				f, script := s.Input(1, n)
				e := runner.Meet(ctx, dialer, script, runner.Options{Seed: 1, Name: fmt.Sprint(n)})
				b := Judge(e, wire.Server, conformance.Profile{})
				mu.Lock()
				if stats[f] == nil {
					stats[f] = &stat{}
				}
				stats[f].n++
				stats[f].took += e.Took
				if e.Ours || e.Refusal != nil && e.Refusal.Silent {
					stats[f].ours++
					k := fmt.Sprintf("SILENT %s", f)
					rules[k] = append(rules[k], fmt.Sprintf("%d %.300s", n, script))
				}
				if e.Took > 20*time.Millisecond {
					k := fmt.Sprintf("LONG %s", f)
					rules[k] = append(rules[k], fmt.Sprintf("%d %v %.300s", n, e.Took, script))
				}
				for _, b := range b {
					if b.Kind > conformance.KindLenient || os.Getenv("LENIENT") != "" {
						k := b.Kind.String() + " " + b.Rule
						rules[k] = append(rules[k], fmt.Sprintf("%d %s\n%.300s", n, b.Detail, script))
					}
				}
				mu.Unlock()
			}
		})
	}
	for n := range most {
		next <- from + n
	}
	close(next)
	wg.Wait()
	t.Logf("%d in %v", most, time.Since(began))
	for f, s := range stats {
		t.Logf("%s: %d, silent %d, mean %v", f, s.n, s.ours, s.took/time.Duration(s.n))
	}
	var keys []string
	for k := range rules {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		t.Logf("--- %s: %d\n%s\n%s", k, len(rules[k]), rules[k][0], rules[k][len(rules[k])-1])
	}
}
