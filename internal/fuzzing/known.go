package fuzzing

import (
	"strings"

	"wsprobe/internal/conformance"
)

// alike returns a known finding that is as good as the same: so broken whatever
// it is that does it, or by an input of the same family. One that was never tried
// again, because the campaign ended over it, is not.
func (r *run) alike(m met, b Breach) *conformance.Finding {
	if f := r.led[clue(m.family, b)]; f != nil && f.Tries > 0 {
		return f
	}
	for _, f := range r.known {
		if f.Tries > 0 && f.Kind == b.Kind && f.Rule == b.Rule && (anyhow(f.Kind) || f.Family == m.family) {
			return f
		}
	}
	return nil
}

// clue is what a breach shows before it is looked into. The finding that it leads to
// may say something else: what its smallest script breaks.
func clue(family conformance.Family, b Breach) string {
	return string(family) + " " + b.Kind.String() + " " + b.Rule
}

// anyhow reports whether findings of a kind are told apart by what broke alone.
func anyhow(k conformance.Kind) bool {
	return k == conformance.KindLenient || k == conformance.KindIllegal || k == conformance.KindSlow
}

// name keeps a finding under what it is, and tells whether there is one such.
func (r *run) name(f *conformance.Finding) (*conformance.Finding, bool) {
	k := key(*f)
	if known := r.known[k]; known != nil && (known.Tries > 0 || f.Tries == 0) {
		return known, true
	}
	nth := 0
	for _, other := range r.known {
		if other.Family == f.Family && other.N == f.N {
			nth = max(nth, other.Nth+1)
		}
	}
	for k, other := range r.known {
		if other.Tries == 0 && f.Tries > 0 && other.Kind == f.Kind && (other.Rule == f.Rule || variously(f.Kind)) && other.Family == f.Family && other.N == f.N {
			nth = other.Nth // whose place it takes
			delete(r.known, k)
		}
	}
	f.Nth = nth
	r.known[k] = f
	return f, false
}

// key tells findings apart: by what broke, and, where many things may lead to
// that, by the shape of the smallest script that does.
func key(f conformance.Finding) string {
	k := f.Kind.String() + " " + f.Rule
	if f.Kind == conformance.KindDown {
		k = f.Kind.String()
	}
	if anyhow(f.Kind) {
		return k
	}
	return k + " " + shape(f.Script)
}

// shape is a script without its payloads and numbers.
func shape(s conformance.Script) string {
	lines := strings.Split(s.String(), "\n")
	return varying.ReplaceAllString(strings.Join(lines, ";"), "…")
}
