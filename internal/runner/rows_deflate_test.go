package runner_test

import (
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// ofDeflate returns the cases of compression that are led by a requirement row
// and fit a role.
func ofDeflate(role wire.Role) (cases []conformance.Case) {
	for _, c := range conformance.Catalogue() {
		if c.ID.Group() == "PMD" && c.Fits(role) {
			cases = append(cases, c)
		}
	}
	return cases
}

// judge holds a result against what is allowed of all cases, and of some, by
// pattern.
func judge(t *testing.T, r conformance.Result, allowed conformance.Verdict, lenient map[string]conformance.Verdict) {
	t.Helper()
	for pattern, v := range lenient {
		if r.Case.ID.Matches(pattern) {
			allowed = max(allowed, v)
		}
	}
	if r.Worse() > allowed && !r.OfRow() {
		t.Errorf("%s %s: %v/%v: %s\n%v", r.Case.ID, r.Case.Title, r.Behavior, r.BehaviorClose, r.Reason, r.Transcript)
	}
}

// lenientDeflate are the verdicts of libraries that are less strict than RFC
// 7692, or lack something of it.
var lenientDeflate = map[string]map[string]conformance.Verdict{
	"coder-ctx": {
		"PMD.2.5":  conformance.Failed,        // it does not read what client_max_window_bits is
		"PMD.3.1":  conformance.Failed,        // it does not mind a repeated parameter
		"PMD.4.*":  conformance.Unimplemented, // it serves no window but one of 15 bits
		"PMD.4.8":  conformance.Failed,
		"PMD.11.*": conformance.Failed,    // and does not say so if that is asked for
		"PMD.21.3": conformance.NonStrict, // it takes the tail for octets of a stored block
		"PMD.25.*": conformance.Failed,    // after a final block it reads no more
		"PMD.27.*": conformance.Failed,    // it does not look at UTF-8
	},
	"gorilla-pmd": {
		"PMD.1.*":  conformance.Failed, // it looks at no parameter of an offer
		"PMD.2.*":  conformance.Failed,
		"PMD.3.*":  conformance.Failed,
		"PMD.4.*":  conformance.Failed,
		"PMD.11.*": conformance.Failed,
		"PMD.17.*": conformance.Failed, // it looks at RSV1 in data frames of any kind, and in control frames at none
		"PMD.18.*": conformance.Failed,
		"PMD.27.*": conformance.Failed,
	},
	"gws": {
		"PMD.1.*":  conformance.Failed, // it reads of an offer what it knows
		"PMD.2.*":  conformance.Failed,
		"PMD.3.*":  conformance.Failed,
		"PMD.4.*":  conformance.Failed, // and answers what it was told to
		"PMD.11.*": conformance.Failed,
		"PMD.17.*": conformance.Failed, // where compression is agreed on it looks at no reserved bit
		"PMD.18.*": conformance.Failed,
		"PMD.36.*": conformance.Failed,
		"PMD.37.*": conformance.NonStrict, // it reads several offers as one
	},
}

// Right servers that compress pass every case of it, but for what is listed.
func TestDeflateRowsPassed(t *testing.T) {
	for library, lenient := range lenientDeflate {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			peer := &runner.Dialer{Target: start(t, library)}
			for _, r := range played(t, peer, ofDeflate(wire.Server), runner.Options{Parallel: 8, Seed: 1, TimeScale: 3}) {
				judge(t, r, conformance.Informational, lenient)
			}
		})
	}
}
