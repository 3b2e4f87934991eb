// Package report tells what runs came to: one model, [Run], kept as run.jsonl
// line by line while the run goes on, and renderers that are pure functions of
// it. It runs nothing, knows no clock, and takes whatever a device has sent
// for hostile.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Run is one run of cases against one device, and its results so far.
type Run struct {
	Agent      string    // the device, as the user calls it
	Tool       string    // what played the cases: "wsprobe 1.0"
	DeviceRole wire.Role // 0: not known
	Profile    string    // by name; "" for none
	Seed       uint64
	Started    time.Time
	TimeScale  float64           // what every wait was multiplied by; 0 is 1
	Messages   int               // of a rally at most, so that the run was quick; 0 for all
	Strict     bool              // NON-STRICT fails the run too
	Known      conformance.Known // verdicts that were allowed all the same
	Results    []conformance.Result
}

// Rules returns what the run puts up with.
func (r Run) Rules() conformance.Rules {
	return conformance.Rules{Strict: r.Strict, Known: r.Known}
}

// Counts returns how many cases came to each verdict, the worse of the two.
func (r Run) Counts() map[conformance.Verdict]int {
	counts := make(map[conformance.Verdict]int)
	for _, result := range r.Results {
		counts[result.Worse()]++
	}
	return counts
}

// Outcomes returns how many cases came to each outcome under the run's rules.
func (r Run) Outcomes() map[conformance.Outcome]int {
	outcomes, rules := make(map[conformance.Outcome]int), r.Rules()
	for _, result := range r.Results {
		outcomes[rules.Outcome(result)]++
	}
	return outcomes
}

// Played returns how many cases pass or fail: neither SKIPPED, UNIMPLEMENTED
// nor INCONCLUSIVE.
func (r Run) Played() int {
	outcomes := r.Outcomes()
	return outcomes[conformance.Passed] + outcomes[conformance.KnownToFail] + outcomes[conformance.Fails]
}

// Took returns the time from the start of the run to the end of its last
// case; 0 without results.
func (r Run) Took() time.Duration {
	var took time.Duration
	for _, result := range r.Results {
		if !result.Started.IsZero() {
			took = max(took, result.Started.Add(result.Took).Sub(r.Started))
		}
	}
	return took
}

// Skip is a reason for which cases were not played, and how many.
type Skip struct {
	Reason string
	N      int
}

// Skips returns why cases were SKIPPED, the most frequent reason first. Of a
// reason such as "a message of 65536 octets; the profile's maxMessage is 256"
// only the second half counts: the first is the case's own.
func (r Run) Skips() []Skip {
	var skips []Skip
	for _, result := range r.Results {
		if result.Worse() != conformance.Skipped {
			continue
		}
		reason := result.Reason
		if _, limit, ok := strings.Cut(reason, "; "); ok {
			reason = limit
		}
		i := slices.IndexFunc(skips, func(s Skip) bool { return s.Reason == reason })
		if i < 0 {
			i = len(skips)
			skips = append(skips, Skip{Reason: reason})
		}
		skips[i].N++
	}
	slices.SortStableFunc(skips, func(a, b Skip) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Reason, b.Reason))
	})
	return skips
}

// headline says in one line what the run came to: its cases, and the
// requirements that are judged in all of them.
func (r Run) headline() string {
	if r.campaign() {
		return r.findings()
	}
	cases, rows := r, r
	cases.Results = slices.DeleteFunc(slices.Clone(r.Results), conformance.Result.OfRow)
	rows.Results = slices.DeleteFunc(slices.Clone(r.Results), func(r conformance.Result) bool { return !r.OfRow() })
	line := cases.caseline()
	if n := rows.Outcomes()[conformance.Fails]; n > 0 {
		line += fmt.Sprintf("; %d of %d requirements judged in every case %s broken", n, len(rows.Results), areOrIs(n))
	}
	return line
}

// campaign reports whether the run is one of a fuzzer.
func (r Run) campaign() bool {
	return len(r.Results) > 0 && !slices.ContainsFunc(r.Results, func(r conformance.Result) bool { return r.Case.ID.Group() != "FUZZ" })
}

// findings counts the findings of a campaign, the worst first.
func (r Run) findings() string {
	kinds := r.kinds()
	if len(kinds) == 0 {
		return conformance.TallyKinds(kinds)
	}
	return "findings: " + conformance.TallyKinds(kinds)
}

// kinds returns how many findings there are of each kind.
func (r Run) kinds() map[conformance.Kind]int {
	kinds := map[conformance.Kind]int{}
	for _, result := range r.Results {
		if k := kindOf(result); k > 0 {
			kinds[k]++
		}
	}
	return kinds
}

func areOrIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// caseline says what the cases came to.
func (r Run) caseline() string {
	outcomes, played := r.Outcomes(), r.Played()
	switch failing := outcomes[conformance.Fails]; {
	case played == 0:
		return "no case was played"
	case played == 1 && failing == 1:
		return "the only case fails"
	case failing == 1:
		return fmt.Sprintf("1 of %d cases fails", played)
	case failing > 1:
		return fmt.Sprintf("%d of %d cases fail", failing, played)
	case outcomes[conformance.KnownToFail] > 0:
		return fmt.Sprintf("no case of %d fails that is not known to", played)
	case played == 1:
		return "the only case passes"
	}
	return fmt.Sprintf("all %d cases pass", played)
}

// sorted returns the results in the order of their IDs, findings before that and
// the worst first.
func (r Run) sorted() []conformance.Result {
	results := slices.Clone(r.Results)
	slices.SortStableFunc(results, func(a, b conformance.Result) int {
		return cmp.Or(cmp.Compare(kindOf(b), kindOf(a)), a.Case.ID.Compare(b.Case.ID))
	})
	return results
}

// kindOf returns the kind of a finding, 0 for what is none.
func kindOf(r conformance.Result) conformance.Kind {
	if r.Finding == nil {
		return 0
	}
	return r.Finding.Kind
}

// distinct returns the runs with agents that print and that differ: the second
// "x" is "x (2)".
func distinct(runs []Run) []Run {
	runs, taken := slices.Clone(runs), make(map[string]bool)
	for i := range runs {
		agent := Printable(runs[i].Agent)
		runs[i].Agent = agent
		for n := 2; taken[runs[i].Agent]; n++ {
			runs[i].Agent = fmt.Sprintf("%s (%d)", agent, n)
		}
		taken[runs[i].Agent] = true
	}
	return runs
}
