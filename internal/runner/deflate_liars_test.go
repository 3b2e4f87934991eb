package runner

import (
	"errors"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/simulated"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/wire"
)

// deflateCases are the cases of compression that are led by a requirement row
// and fit a role; and one that is played without.
func deflateCases(role wire.Role) (cases []conformance.Case) {
	for _, c := range conformance.Catalogue() {
		if c.ID == "1.1.2" || c.ID.Group() == "PMD" && c.Fits(role) {
			cases = append(cases, c)
		}
	}
	return cases
}

// byCase returns results by the IDs of their cases.
func byCase(all []conformance.Result) map[conformance.ID]conformance.Result {
	results := map[conformance.ID]conformance.Result{}
	for _, r := range all {
		results[r.Case.ID] = r
	}
	return results
}

// Every server that breaks one rule of compression fails exactly the cases that
// ask for it, and every case is failed by one of them.
func TestDeflateLiars(t *testing.T) {
	if testing.Short() {
		t.Skip("plays many servers")
	}
	cases := deflateCases(wire.Server)
	set := liarSet{file: "testdata/deflate_liars.txt", wanted: cases,
		right: byCase(results(t, pipes(liar.LawfulCompressing()[0]), cases))}
	for _, d := range liar.Compressing() {
		set.add(d.Name, func(t *testing.T) []conformance.Result { return results(t, pipes(d), cases) })
	}
	set.test(t)
}

// So it is with clients.
func TestDeflateClientLiars(t *testing.T) {
	if testing.Short() {
		t.Skip("plays many clients")
	}
	cases := deflateCases(wire.Client)
	set := liarSet{file: "testdata/deflate_client_liars.txt", wanted: cases,
		right: byCase(clientResults(t, cases, lying(liar.LawfulCompressingClients()[0])))}
	for _, c := range liar.CompressingClients() {
		set.add(c.Name, func(t *testing.T) []conformance.Result { return clientResults(t, cases, lying(c)) })
	}
	set.test(t)
}

// What is lawful fails nothing, though it may be left unplayed.
func TestLawfulDeflate(t *testing.T) {
	if testing.Short() {
		t.Skip("plays many peers")
	}
	played := map[wire.Role]map[conformance.ID]bool{wire.Server: {}, wire.Client: {}}
	pass := func(t *testing.T, role wire.Role, all []conformance.Result) {
		for _, r := range all {
			if r.Worse() >= conformance.NonStrict {
				t.Errorf("%s: %v/%v: %s", r.Case.ID, r.Behavior, r.BehaviorClose, r.Reason)
			}
			if r.Behavior != conformance.Unimplemented {
				played[role][r.Case.ID] = true
			}
		}
	}
	for _, d := range liar.LawfulCompressing() {
		t.Run("server "+d.Name, func(t *testing.T) {
			pass(t, wire.Server, results(t, pipes(d), deflateCases(wire.Server)))
		})
	}
	for _, c := range liar.LawfulCompressingClients() {
		t.Run("client "+c.Name, func(t *testing.T) {
			pass(t, wire.Client, clientResults(t, deflateCases(wire.Client), lying(c)))
		})
	}
	for role, ids := range played {
		for _, c := range deflateCases(role) {
			if !ids[c.ID] {
				t.Errorf("%s: no right %v plays it", c.ID, role)
			}
		}
	}
}

// A server that a bomb kills is gone afterwards.
func TestDeadlyBombs(t *testing.T) {
	cases, err := conformance.Select(conformance.Catalogue(), "PMD.28.*")
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range liar.Mortal() {
		for j, c := range cases {
			if got, want := worstOf(t, d, c), map[bool]conformance.Verdict{true: conformance.Failed, false: conformance.OK}[j >= i]; got != want {
				t.Errorf("%s: %s: %v, want %v", d.Name, c.ID, got, want)
			}
		}
	}
}

// worstOf plays one case with a device.
func worstOf(t *testing.T, d simulated.Device, c conformance.Case) (verdict conformance.Verdict) {
	synctest.Test(t, func(t *testing.T) {
		peer := &Dialer{Target: Target{Host: "peer", Port: "80"}, Dial: pipes(d)}
		for r, err := range Run(t.Context(), peer, []conformance.Case{c}, Options{Seed: 1}) {
			if err != nil && !errors.Is(err, ErrLost) {
				t.Fatal(err)
			}
			if r.Case.ID == c.ID {
				verdict = r.Worse()
			}
		}
	})
	return verdict
}
