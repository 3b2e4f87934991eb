package runner

import (
	"regexp"
	"slices"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/simulated"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/wire"
)

// What a device sends behind its own Close frame is judged in results of the
// rows' own, as strongly as the rows are. A pong is no data.
func TestObservedBehindClose(t *testing.T) {
	cases, err := conformance.Select(conformance.Catalogue(), "1.1.2", "3.1", "7.1.2")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		row     conformance.ID
		verdict conformance.Verdict
		reason  string
	}{
		"sends a message after its close": {"CLS.8", conformance.Failed,
			"a text frame after a close (RFC 6455 §5.5.1), in case ID; and 1 times more; 3 Close frames were judged"},
		"sends its close twice": {"CLS.10", conformance.NonStrict,
			"a second close frame (RFC 6455 §5.5.1), in case ID; and 1 times more; 5 Close frames were judged"},
		"pongs unasked after its close": {},
	} {
		t.Run(name, func(t *testing.T) {
			all := slices.Concat(liar.OfAutobahn(), liar.Lawful())
			d := all[slices.IndexFunc(all, func(d simulated.Device) bool { return d.Name == name })]
			seen := want.row == ""
			for _, r := range results(t, pipes(d), cases) {
				switch id := r.Case.ID; {
				case id == want.row:
					seen = true
					if reason := inCase.ReplaceAllString(r.Reason, "in case ID"); r.Behavior != want.verdict || reason != want.reason {
						t.Errorf("%s: %v: %s", id, r.Behavior, r.Reason)
					}
				case r.OfRow() && r.Worse() != conformance.OK:
					t.Errorf("%s: %v: %s", id, r.Behavior, r.Reason)
				}
			}
			if !seen {
				t.Errorf("no result of %s", want.row)
			}
		})
	}
}

// inCase is where something was seen first, which with several cases at once
// may be any of them.
var inCase = regexp.MustCompile(`in case [0-9.]*[0-9]`)

func TestBehindClose(t *testing.T) {
	for op, want := range map[wire.Opcode]string{
		wire.Text: "CLS-08", wire.Binary: "CLS-08", wire.Continuation: "CLS-08", 3: "CLS-08",
		wire.Close: "CLS-10", wire.Ping: "", wire.Pong: "", 11: "",
	} {
		got := ""
		for _, v := range behindClose(wire.Header{Fin: true, Opcode: op}) {
			got += v.Row
		}
		if got != want {
			t.Errorf("a %v frame behind a close breaks %q, want %q", op, got, want)
		}
	}
}
