package runner_test

import (
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/liar"
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
		"PMD.21.*": conformance.NonStrict, // it takes the tail for octets of a stored block, and reads nothing of nothing
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
	bin := testees(t)
	for library, lenient := range lenientDeflate {
		t.Run(library, func(t *testing.T) {
			t.Parallel()
			peer := &runner.Dialer{Target: start(t, bin, library)}
			for _, r := range played(t, peer, ofDeflate(wire.Server), runner.Options{Parallel: 8, Seed: 1}) {
				judge(t, r, conformance.Informational, lenient)
			}
		})
	}
}

// The peer that keeps every rule passes all of them, and each that breaks one
// fails the cases that are about it.
func TestDeflateRowsKilled(t *testing.T) {
	o := runner.Options{Parallel: 8, Seed: 1, TimeScale: 0.5}
	for _, d := range liar.LawfulCompressing() {
		for id, r := range played(t, serveOn(t, d.Serve), ofDeflate(wire.Server), o) {
			if (r.Worse() > conformance.Informational || r.Behavior == conformance.Unimplemented) && !r.OfRow() {
				t.Errorf("%s %s: %v/%v: %s\n%v", id, r.Case.Title, r.Behavior, r.BehaviorClose, r.Reason, r.Transcript)
			}
		}
	}
	wanted := map[string]string{
		"takes parameters that there are none of": "PMD.1.*",
		"does not look at compressed text":        "PMD.27.*",
		"forgets what was sent before":            "PMD.23.*",
		"puts up with RSV1 anywhere":              "PMD.17.*",
		"puts up with RSV2 and RSV3":              "PMD.36.*",
		"takes any parameters":                    "PMD.2.*",
		"inflates in a window of 8 bits":          "PMD.33.*",
		"gives back what does not inflate":        "PMD.21.*",
		"reads no stored blocks":                  "PMD.24.*",
		"reads no final blocks":                   "PMD.25.*",
		"reads no compressed fragments":           "PMD.16.*",
		"reads no uncompressed messages":          "PMD.19.*",
	}
	for _, d := range liar.Compressing() {
		failed := false
		for id, r := range played(t, serveOn(t, d.Serve), ofDeflate(wire.Server), o) {
			failed = failed || id.Matches(wanted[d.Name]) && r.Worse() > conformance.Informational
		}
		if !failed {
			t.Errorf("a server that %s fails nothing of %s", d.Name, wanted[d.Name])
		}
	}
}
