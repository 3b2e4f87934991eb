// Command benchmarks measures wsecho beside echo servers on other libraries:
//
//	go run -C benchmarks .
//
// Each server is a process of its own on the loopback, given the same octets by
// the same client, one after the other in each round. The median of the rounds
// counts. The figures of two runs, or of two machines, say nothing about each
// other; the ratios do.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

// options say what is measured, and how long.
type options struct {
	rounds  int
	lasts   time.Duration
	idle    int           // connections
	settle  time.Duration // before memory is looked at
	servers string
	only    string
	wsecho  string
}

func run(ctx context.Context, args []string) error {
	o := options{settle: time.Second}
	flags := flag.NewFlagSet("benchmarks", flag.ContinueOnError)
	serve := flags.String("serve", "", "be the echo server on this `library`, at the address that follows")
	flags.IntVar(&o.rounds, "rounds", 5, "`number` of rounds")
	flags.DurationVar(&o.lasts, "for", 1500*time.Millisecond, "how long each workload is measured, in each round")
	flags.IntVar(&o.idle, "idle", 10_000, "`number` of idle connections; 0 leaves memory out, as other systems than Linux do")
	flags.StringVar(&o.servers, "servers", "", "measure only these, by `names` with commas between")
	flags.StringVar(&o.only, "only", "", "measure only the workloads whose `names` hold this, such as text")
	flags.StringVar(&o.wsecho, "wsecho", "", "the `program` to measure, instead of building it from the folder above")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if runtime.GOOS != "linux" {
		o.idle = 0 // nobody tells how much memory a process holds
	}
	if echo := echoes[*serve]; echo != nil {
		return http.ListenAndServe(flags.Arg(0), echo)
	} else if *serve != "" {
		return fmt.Errorf("-serve %q: not one of the libraries here", *serve)
	}
	if err := o.check(); err != nil {
		return err
	}
	return o.run(ctx)
}

// check refuses what would measure nothing.
func (o options) check() error {
	switch {
	case o.rounds < 1:
		return fmt.Errorf("-rounds %d: not a number from 1", o.rounds)
	case o.lasts <= 0:
		return fmt.Errorf("-for %v: not a time above 0, such as 1s", o.lasts)
	case o.idle < 0:
		return fmt.Errorf("-idle %d: not a number from 0", o.idle)
	case !slices.ContainsFunc(workloads, o.has):
		return fmt.Errorf("-only %q: no workload is called so", o.only)
	}
	return nil
}

// has tells the workloads that are measured.
func (o options) has(w workload) bool { return strings.Contains(w.name, o.only) }

func (o options) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "benchmarks")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	servers, err := o.pick(ctx, dir)
	if err != nil {
		return err
	}
	m, err := o.measure(ctx, servers)
	if err != nil {
		return err
	}
	m.tell(os.Stdout)
	return nil
}

// measure measures all servers with all workloads, and their memory.
func (o options) measure(ctx context.Context, servers []server) (*measured, error) {
	m := newMeasured(servers)
	processes := make([]*process, len(servers))
	for i, s := range servers {
		p, err := s.start(ctx)
		if err != nil {
			return nil, err
		}
		defer p.stop()
		processes[i] = p
	}
	for round := range o.rounds {
		for i, w := range workloads {
			if !o.has(w) {
				continue
			}
			speeds, err := o.round(ctx, processes, w)
			if err != nil {
				return nil, err
			}
			for j, speed := range speeds {
				m.speeds[i][j] = append(m.speeds[i][j], speed)
			}
		}
		for j := 0; j < len(servers) && o.idle > 0; j++ {
			octets, err := o.idling(ctx, servers[j])
			if err != nil {
				return nil, err
			}
			m.memory[j] = append(m.memory[j], octets)
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, o.rounds)
	}
	return m, nil
}

// round gives a workload to all servers by turns, of which none is always the
// first.
func (o options) round(ctx context.Context, processes []*process, w workload) ([]speed, error) {
	s := newScript(w.first, w.octets)
	tallies := make([]tally, len(processes))
	for turn := 0; tallies[0].lasts < o.lasts; turn++ {
		for i := range processes {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			j := (i + turn) % len(processes)
			if err := tallies[j].add(processes[j], w, s, min(slice, o.lasts)); err != nil {
				return nil, err
			}
		}
	}
	var speeds []speed
	for _, t := range tallies {
		speeds = append(speeds, t.speed())
	}
	return speeds, nil
}
