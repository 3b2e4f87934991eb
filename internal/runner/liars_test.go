package runner

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/simulated"
	"wsprobe/internal/simulated/liar"
)

var update = flag.Bool("update", false, "write the golden files")

// What costs most of the time tells least: messages of so many octets and more are
// sent only to those of liar.Large, for a lie about headers, pings, text or
// closing is told well before, and a rally ends soon after the last limit on
// the number of messages.
const (
	large = 1 << 20
	rally = 128
)

// Every server that breaks one rule fails exactly the cases that ask for it, every
// case that can fail does so against one of them, and a server that breaks none
// fails nothing.
func TestLiars(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the whole suite against every liar")
	}
	right := rightResults(t)
	set := liarSet{file: "testdata/liars.txt", right: right}
	for _, d := range liar.OfAutobahn() {
		set.add(d.Name, func(t *testing.T) []conformance.Result {
			return results(t, pipes(d), playable(autobahnCases(), d.Name, right))
		})
	}
	for _, c := range autobahnCases() {
		if canFail(right[c.ID]) {
			set.wanted = append(set.wanted, c)
		}
	}
	set.test(t)
}

// liarSet is a set of liars, what each is to fail, and what one of them must.
type liarSet struct {
	file   string // tells of each liar what it fails
	right  map[conformance.ID]conformance.Result
	wanted []conformance.Case // and rows, by their results
	liars  []namedLiar
}

type namedLiar struct {
	name string
	play func(*testing.T) []conformance.Result
}

func (s *liarSet) add(name string, play func(*testing.T) []conformance.Result) {
	s.liars = append(s.liars, namedLiar{name, play})
}

// test plays all liars, and writes the file if that is asked for.
func (s *liarSet) test(t *testing.T) {
	golden := s.read(t)
	var mu sync.Mutex
	seen, killed := map[string]string{}, map[conformance.ID]bool{}
	t.Run("liar", func(t *testing.T) {
		for _, l := range s.liars {
			t.Run(l.name, func(t *testing.T) {
				t.Parallel()
				changed := changes(l.play(t), s.right)
				got := describe(l.name, changed)
				if len(changed) == 0 {
					t.Error("fails nothing")
				}
				if want := golden[l.name]; got != want && !*update {
					t.Errorf("got\n%s\nwant\n%s", got, want)
				}
				mu.Lock()
				defer mu.Unlock()
				seen[l.name] = got
				for _, r := range changed {
					killed[r.Case.ID] = true
				}
			})
		}
	})
	if len(seen) < len(s.liars) {
		return // chosen by -run
	}
	for _, c := range s.wanted {
		if !killed[c.ID] {
			t.Errorf("%s (%s): no liar fails it", c.ID, c.Title)
		}
	}
	for name := range golden {
		if seen[name] == "" && !*update {
			t.Errorf("%s: no liar is called %q", s.file, name)
		}
	}
	if *update {
		s.write(t, seen)
	}
}

// read reads what each liar is to fail, by its name.
func (s *liarSet) read(t *testing.T) map[string]string {
	text, err := os.ReadFile(s.file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	golden := map[string]string{}
	for block := range strings.SplitSeq(string(text), "\n\n") {
		if name, _, _ := strings.Cut(block, "\n"); name != "" {
			golden[name] = strings.TrimSpace(block)
		}
	}
	return golden
}

func (s *liarSet) write(t *testing.T, seen map[string]string) {
	var blocks []string
	for _, l := range s.liars {
		blocks = append(blocks, seen[l.name])
	}
	if err := os.WriteFile(s.file, []byte(strings.Join(blocks, "\n\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

// What is lawful fails nothing, however few do it. How an informational case
// ends is left open.
func TestLawful(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the whole suite against several peers")
	}
	right := rightResults(t)
	for _, d := range liar.Lawful() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			for _, r := range results(t, pipes(d), playable(autobahnCases(), d.Name, right)) {
				if r.Worse() >= conformance.NonStrict {
					t.Errorf("%s: %v/%v: %s", r.Case.ID, r.Behavior, r.BehaviorClose, r.Reason)
				}
			}
		})
	}
}

// playable returns the cases to play against a liar: those that the right peer
// plays too, and large ones only where they may tell something.
func playable(cases []conformance.Case, name string, right map[conformance.ID]conformance.Result) (some []conformance.Case) {
	all := slices.ContainsFunc(liar.Large(), func(d simulated.Device) bool { return d.Name == name })
	for _, c := range cases {
		if canFail(right[c.ID]) && (all || c.Needs().Message < large) {
			some = append(some, c)
		}
	}
	return some
}

// canFail says whether a case was played: not one about compression, for example,
// which no peer here has.
func canFail(right conformance.Result) bool {
	return (conformance.Rules{}).Outcome(right) != conformance.NotPlayed
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
// Results of rows, which have no case, come last.
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
	for _, id := range ids {
		if _, err := conformance.Select(conformance.Catalogue(), string(id)); err != nil {
			names = append(names, string(id))
		}
	}
	return strings.Join(names, " ")
}
