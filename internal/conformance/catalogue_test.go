package conformance_test

import (
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

var update = flag.Bool("update", false, "write the golden files")

const golden = "../../testdata/catalogue.txt"

func TestCatalogueGolden(t *testing.T) {
	var texts []string
	for _, c := range Catalogue() {
		texts = append(texts, c.String())
	}
	got := strings.Join(texts, "\n")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the catalogue is not what %s says; if it is meant so, run this test with -update", golden)
		showDifference(t, got, string(want))
	}
	for i, line := range strings.Split(got, "\n") {
		if len(line) > 400 {
			t.Errorf("line %d has %d octets, nobody will read it: %.80s…", i+1, len(line), line)
		}
	}
}

// showDifference shows the first line that differs.
func showDifference(t *testing.T, got, want string) {
	t.Helper()
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Errorf("line %d is\n%s\nwant\n%s", i+1, a[i], b[i])
			return
		}
	}
	t.Errorf("%d lines, want %d", len(a), len(b))
}

func TestCatalogueIDs(t *testing.T) {
	var ids, want []ID
	for _, c := range Catalogue() {
		ids = append(ids, c.ID)
	}
	for _, s := range stimuli(t) {
		want = append(want, s.ID)
	}
	for _, c := range compressions(t) {
		want = append(want, c.ID)
	}
	if len(ids) < len(want) || !slices.Equal(ids[:len(want)], want) {
		t.Errorf("%d cases do not begin with Autobahn's %d in its order", len(ids), len(want))
	}
	for _, id := range ids[min(len(want), len(ids)):] {
		if _, led := RowOf(id); !led || strings.Count(string(id), ".") != 2 {
			t.Errorf("%s is led by no row", id)
		}
	}
	if len(want) != 517 {
		t.Errorf("Autobahn has 517 cases, not %d", len(want))
	}
	for i := range ids[1:] {
		if ids[i].Compare(ids[i+1]) >= 0 {
			t.Errorf("%s stands before %s", ids[i], ids[i+1])
		}
	}
	for _, id := range ids {
		if GroupTitle(id.Group()) == id.Group() {
			t.Errorf("the group of %s has no title", id)
		}
	}
}

func TestCataloguePrintsAndParses(t *testing.T) {
	for _, c := range Catalogue() {
		back, err := Parse(c.String())
		if err != nil {
			t.Errorf("%s: %v", c.ID, err)
		} else if !reflect.DeepEqual(back, c) {
			t.Errorf("%s comes back otherwise:\n%s\nwant\n%s", c.ID, back, c)
		}
	}
}

// The catalogue is built anew for each caller: one cannot spoil it for another.
func TestCatalogueIsFresh(t *testing.T) {
	first := Catalogue()
	for _, c := range first {
		clear(c.Script)
	}
	clear(first)
	if !reflect.DeepEqual(Catalogue(), Catalogue()) || Catalogue()[0].Script[0] == nil {
		t.Error("a caller's change shows in the catalogue")
	}
}

func TestCatalogueScripts(t *testing.T) {
	for _, c := range Catalogue() {
		opening := true
		for i, step := range c.Script {
			if _, ending := step.(Ending); ending != (i == len(c.Script)-1) {
				t.Errorf("%s: step %d is %v; a script has one ending, the last step", c.ID, i+1, step)
			}
			if IsOpening(step) && !opening {
				t.Errorf("%s: %v does not come first", c.ID, step)
			}
			opening = opening && IsOpening(step)
		}
		needs := c.Needs()
		if needs.Message > 16<<20 || needs.Frame > 16<<20 || needs.Fragments > 1<<17 {
			t.Errorf("%s needs %+v", c.ID, needs)
		}
		row, led := RowOf(c.ID)
		for _, device := range []wire.Role{wire.Server, wire.Client} {
			if want := !led || row.Binds(device) || c.ID == "URI.7.1"; c.Fits(device) != want && !opens(c, device) {
				t.Errorf("%s fits a %v: %v", c.ID, device, c.Fits(device))
			}
		}
	}
}

// opens reports whether the script departs from the ordinary opening handshake
// in a way that is not for this device.
func opens(c Case, device wire.Role) bool {
	switch c.Script[0].(type) {
	case RequestStep:
		return device == wire.Client
	case ResponseStep, OfferedStep:
		return device == wire.Server
	}
	return false
}

// sections of RFC 6455 that state requirements.
var sections = strings.Fields(`§3 §4.1 §4.2 §4.2.1 §4.2.2 §4.3 §4.4 §5.1 §5.2 §5.3 §5.4 §5.5 §5.5.1 §5.5.2 §5.5.3 §5.6 §5.7 §5.8
	§6.1 §6.2 §7.1.1 §7.1.2 §7.1.3 §7.1.4 §7.1.5 §7.1.6 §7.1.7 §7.2.1 §7.2.2 §7.2.3 §7.3 §7.4 §7.4.1 §7.4.2 §8.1 §8.2 §9.1 §9.2
	§10.1 §10.2 §10.3 §10.4 §10.5 §10.6 §10.7 §10.8`)

// sections7692 are those of RFC 7692.
var sections7692 = strings.Fields(`§5 §6 §6.1 §6.2 §7 §7.1 §7.1.1.1 §7.1.1.2 §7.1.2.1 §7.1.2.2 §7.1.3 §7.2.1 §7.2.2 §7.2.3.2 §7.2.3.3 §7.2.3.4
	§7.2.3.5 §7.2.3.6`)

func isClause(spec string) bool {
	section, ok := strings.CutPrefix(spec, "RFC 6455 ")
	if !ok {
		section, ok = strings.CutPrefix(spec, "RFC 7692 ")
		return ok && slices.Contains(sections7692, section)
	}
	return slices.Contains(sections, section)
}

func TestCatalogueProse(t *testing.T) {
	titles := map[string]Case{}
	for _, c := range Catalogue() {
		if !isClause(c.Spec) {
			t.Errorf("%s tests %q, which is no clause", c.ID, c.Spec)
		}
		if len(c.Title) < 5 || len(c.Title) > 120 || strings.Contains(c.Title, "  ") || strings.TrimSpace(c.Title) != c.Title {
			t.Errorf("%s has the title %q", c.ID, c.Title)
		}
		if same, ok := titles[c.Title]; ok && !reflect.DeepEqual(same.Script, c.Script) {
			t.Errorf("%s and %s are both called %q and differ", same.ID, c.ID, c.Title)
		}
		titles[c.Title] = c
	}
}

// A case is meant to be unlawful if its ending says so, and only then.
func TestCatalogueLaw(t *testing.T) {
	for _, c := range Catalogue() {
		informational := slices.Contains(c.Script, Step(InformStep{}))
		kind := c.Script.Ending().Kind
		watched := slices.ContainsFunc(c.Script, func(s Step) bool {
			switch s.(type) {
			case UnansweredStep:
				return true
			}
			return false
		})
		tolerated := slices.ContainsFunc(c.Script, func(s Step) bool { _, ok := s.(TolerateStep); return ok })
		mustEnd := kind == EndFail || kind == EndReject || tolerated
		broken := violations(c.Script, sender(c))
		answered := slices.ContainsFunc(c.Script, func(s Step) bool { _, ok := s.(ResponseStep); return ok })
		if answered && mustEnd {
			continue // what the peer is to refuse is our response
		}
		if mustEnd && len(broken) == 0 {
			t.Errorf("%s wants the peer to refuse what is lawful:\n%s", c.ID, c)
		}
		if !mustEnd && !informational && !watched && len(broken) > 0 {
			t.Errorf("%s wants the peer to put up with %v:\n%s", c.ID, broken, c)
		}
		if informational != (c.Level == LevelInfo) {
			t.Errorf("%s is informational: %v, but its level is %v", c.ID, informational, c.Level)
		}
		for _, step := range c.Script {
			checkAwaited(t, c.ID, step)
		}
	}
}

// checkAwaited checks that control frames are awaited as such, and messages as
// replies.
func checkAwaited(t *testing.T, id ID, step Step) {
	switch step := step.(type) {
	case AwaitStep:
		for _, f := range step.Frames {
			if !f.Opcode.IsControl() {
				t.Errorf("%s: %v", id, step)
			}
		}
	case ReplyStep:
		for _, f := range step.Messages {
			if f.Opcode != wire.Text && f.Opcode != wire.Binary {
				t.Errorf("%s: %v", id, step)
			}
		}
	}
}

// sender is who we are in a case: the client, if it fits a server.
func sender(c Case) wire.Role {
	if c.Fits(wire.Server) {
		return wire.Client
	}
	return wire.Server
}

// violations returns the rules that a script breaks, up to its first Close
// frame, when we are the role.
func violations(s Script, role wire.Role) (broken []string) {
	var state wire.State
	var text wire.UTF8
	var opcode wire.Opcode
	var inflated inflated
	if agreesOnDeflate(s) {
		state.RSV = 4
	}
	for _, step := range s {
		if step == HalfClose() {
			broken = append(broken, "the end of TCP without a close") // RFC 6455 §7.2.1
		}
		send, ok := step.(SendStep)
		if !ok {
			continue
		}
		for _, f := range sent(send) {
			payload := f.Payload.Octets()
			if f.Octets[1] > 0 {
				payload = payload[f.Octets[0]:f.Octets[1]]
			}
			h := f.Header(role, [4]byte{})
			if f.Octets[0] == 0 {
				for _, v := range wire.Check(h, role, state) {
					broken = append(broken, v.Error())
				}
				state = state.Next(h)
				if !f.Opcode.IsControl() && f.Opcode != wire.Continuation {
					opcode, text = f.Opcode, wire.UTF8{}
					inflated.compressed = h.RSV&state.RSV != 0
				}
			}
			switch {
			case f.Opcode == wire.Close:
				for _, v := range wire.CheckClose([]byte(payload), role) {
					broken = append(broken, v.Error())
				}
				return broken
			case inflated.compressed && !f.Opcode.IsControl():
				broken = append(broken, inflated.add(h, opcode, payload)...)
			case f.Opcode.IsControl() || opcode != wire.Text:
			case !text.Write([]byte(payload)), h.Fin && f.Octets[1] == 0 && !text.Complete():
				broken = append(broken, "text that is not UTF-8")
			}
		}
	}
	return broken
}

// sent returns the frames of a step as they go out, fragments each.
func sent(step SendStep) (frames []Frame) {
	for _, f := range step.Frames {
		if step.Fragment == 0 {
			frames = append(frames, f)
			continue
		}
		for i, last := 0, false; !last; i++ {
			f, isLast := f.Fragment(i, step.Fragment)
			frames, last = append(frames, f), isLast
		}
	}
	return frames
}

func BenchmarkCatalogue(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Catalogue()
	}
}

func BenchmarkCatalogueText(b *testing.B) {
	cases := Catalogue()
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range cases {
			if _, err := Parse(c.String()); err != nil {
				b.Fatal(err)
			}
		}
	}
}
