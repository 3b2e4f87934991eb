package runner

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/echo"
	"wsprobe/internal/simulated"
	"wsprobe/internal/simulated/liar"
)

var update = flag.Bool("update", false, "write the golden files")

// large is the longest message, in octets, that is sent to every liar. Cases
// with longer ones, which cost most of the time, are played only against those
// of liar.Large: a lie about headers, pings, text or closing is told well before.
const large = 1 << 20

// Every peer that breaks one rule fails exactly the cases that ask for it, every
// case that can fail does so against one of them, and a peer that breaks none
// fails nothing.
func TestLiars(t *testing.T) {
	right := rightResults(t)
	golden, file := map[string]string{}, filepath.Join("testdata", "liars.txt")
	text, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(string(text), "\n\n") {
		name, _, _ := strings.Cut(block, "\n")
		golden[name] = strings.TrimSpace(block)
	}

	var mu sync.Mutex
	seen, killed := map[string]string{}, map[conformance.ID]bool{}
	t.Run("liar", func(t *testing.T) {
		for _, d := range liar.All() {
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				changed := changes(results(t, pipes(d), withoutLarge(d.Name)), right)
				got := describe(d.Name, changed)
				if len(changed) == 0 {
					t.Error("fails nothing")
				}
				if want := golden[d.Name]; got != want && !*update {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				mu.Lock()
				defer mu.Unlock()
				seen[d.Name] = got
				for _, r := range changed {
					killed[r.Case.ID] = true
				}
			})
		}
	})
	t.Run("lawful", func(t *testing.T) {
		for _, d := range liar.Lawful() {
			t.Run(d.Name, func(t *testing.T) {
				t.Parallel()
				for _, r := range results(t, pipes(d), withoutLarge(d.Name)) {
					if r.Worse() >= conformance.NonStrict {
						t.Errorf("%s: %v/%v: %s", r.Case.ID, r.Behavior, r.BehaviorClose, r.Reason)
					}
				}
			})
		}
	})
	if len(seen) < len(liar.All()) {
		return // by -run
	}
	for _, c := range conformance.Catalogue() {
		if outcome := (conformance.Rules{}).Outcome(right[c.ID]); outcome != conformance.NotPlayed && !killed[c.ID] {
			t.Errorf("%s (%s): no liar fails it", c.ID, c.Title)
		}
	}
	if *update {
		var b strings.Builder
		for _, d := range liar.All() {
			b.WriteString(seen[d.Name] + "\n\n")
		}
		if err := os.WriteFile(file, []byte(strings.TrimSuffix(b.String(), "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// rightResults are those of a peer that breaks no rule. It shares no code with
// what is tested.
func rightResults(t *testing.T) map[conformance.ID]conformance.Result {
	right := map[conformance.ID]conformance.Result{}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ln := pipeListener{make(chan net.Conn), ctx}
		served := make(chan error)
		go func() { served <- echo.Serve(ctx, ln, echo.Options{}) }()
		for _, r := range playAll(t, ln.dial, conformance.Catalogue()) {
			right[r.Case.ID] = r
			if r.Worse() >= conformance.NonStrict {
				t.Errorf("%s: %v/%v: %s", r.Case.ID, r.Behavior, r.BehaviorClose, r.Reason)
			}
		}
		cancel()
		<-served
	})
	return right
}

// withoutLarge returns the cases for a liar.
func withoutLarge(name string) (cases []conformance.Case) {
	all := slices.ContainsFunc(liar.Large(), func(d simulated.Device) bool { return d.Name == name })
	for _, c := range conformance.Catalogue() {
		if all || c.Needs().Message <= large {
			cases = append(cases, c)
		}
	}
	return cases
}

type dial func(context.Context) (net.Conn, error)

// pipes connects to a device in memory.
func pipes(d simulated.Device) dial {
	return func(context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			d.Play(theirs)
		}()
		return ours, nil
	}
}

// results plays cases in a bubble, where silence costs nothing and what comes of
// them is the same on every day.
func results(t *testing.T, d dial, cases []conformance.Case) (all []conformance.Result) {
	synctest.Test(t, func(t *testing.T) { all = playAll(t, d, cases) })
	return all
}

func playAll(t *testing.T, d dial, cases []conformance.Case) (all []conformance.Result) {
	peer := &Dialer{Target: Target{Host: "peer", Port: "80"}, dial: d}
	for r, err := range Run(t.Context(), peer, cases, Options{Parallel: 2, Seed: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		r.Transcript = nil
		all = append(all, r)
	}
	return all
}

// changes returns the results that are not those of the right peer. Where the
// RFC leaves the outcome open, they differ in the reason or the status.
func changes(all []conformance.Result, right map[conformance.ID]conformance.Result) (changed []conformance.Result) {
	for _, r := range all {
		was := right[r.Case.ID]
		informs := r.Behavior == conformance.Informational && (r.Reason != was.Reason || closedWith(r) != closedWith(was))
		if informs || r.Worse() >= conformance.NonStrict && r.Worse().Judged() {
			changed = append(changed, r)
		}
	}
	return changed
}

// closedWith is the status of the peer's Close frame, in words.
func closedWith(r conformance.Result) string {
	if r.RemoteClose == nil {
		return "no status"
	}
	return fmt.Sprint("status ", *r.RemoteClose)
}

// describe tells a liar and what it fails, a line for each pair of verdicts.
func describe(name string, changed []conformance.Result) string {
	lines := map[string][]conformance.ID{}
	for _, r := range changed {
		pair := fmt.Sprintf("%v/%v", r.Behavior, r.BehaviorClose)
		if r.Behavior == conformance.Informational {
			pair = fmt.Sprintf("%v (%s)", r.Behavior, closedWith(r))
		}
		lines[pair] = append(lines[pair], r.Case.ID)
	}
	text := []string{name}
	for pair, ids := range lines {
		text = append(text, fmt.Sprintf("  %s: %s", pair, shortly(ids)))
	}
	slices.Sort(text[1:])
	return strings.Join(text, "\n")
}

// shortly names cases: 1.2.* are all of that name, and 1.2.3-1.2.5 neighbours.
func shortly(ids []conformance.ID) string {
	parent := func(id conformance.ID) string { return string(id[:strings.LastIndexByte(string(id), '.')]) }
	var names []string
	for cases := conformance.Catalogue(); len(cases) > 0; {
		family := parent(cases[0].ID)
		n := 0
		var runs []string
		whole, run := true, false
		for ; n < len(cases) && parent(cases[n].ID) == family; n++ {
			id := cases[n].ID
			switch in := slices.Contains(ids, id); {
			case !in:
				whole, run = false, false
			case run:
				first, _, _ := strings.Cut(runs[len(runs)-1], "-")
				runs[len(runs)-1] = first + "-" + string(id)
			default:
				runs, run = append(runs, string(id)), true
			}
		}
		if whole {
			runs = []string{family + ".*"}
		}
		names, cases = append(names, runs...), cases[n:]
	}
	return strings.Join(names, " ")
}

// pipeListener accepts connections in memory.
type pipeListener struct {
	conns chan net.Conn
	ctx   context.Context
}

func (l pipeListener) dial(ctx context.Context) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.ctx.Done():
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error   { return nil }
func (l pipeListener) Addr() net.Addr { return &net.TCPAddr{} }
