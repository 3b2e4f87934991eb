package fuzzing

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"wsprobe/internal/conformance"
)

const aCampaign = "a campaign"

func openJournal(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := OpenJournal(path, aCampaign)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func add(t *testing.T, j *Journal, f conformance.Family, numbers ...int) {
	t.Helper()
	for _, n := range numbers {
		if err := j.Add(n, f); err != nil {
			t.Fatal(err)
		}
	}
}

// A process may be killed, and a disk cut off, at any octet: what is whole counts,
// and what comes then goes behind it.
func TestJournalIsCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	add(t, openJournal(t, path), conformance.FamilyLength, 0, 1, 3)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head := len(aCampaign) + 1
	for cut := head; cut <= len(whole); cut++ {
		if err := os.WriteFile(path, whole[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		j := openJournal(t, path)
		if want := (cut - head) / 8; j.Count() != want {
			t.Fatalf("cut at %d: %d inputs, want %d", cut, j.Count(), want)
		}
		add(t, j, conformance.FamilyText, 7)
		again := openJournal(t, path)
		if again.Count() != j.Count() || !again.Done(7) || again.Inputs(conformance.FamilyText) != 1 {
			t.Fatalf("cut at %d: %d inputs, then %d", cut, j.Count(), again.Count())
		}
	}
}

func TestJournalKnowsWhatIsDone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	add(t, j, conformance.FamilyLength, 2, 0, 0)
	add(t, j, conformance.FamilyMask, 1, 5, 5)
	for _, j := range []*Journal{j, openJournal(t, path)} {
		for n, want := range []bool{true, true, true, false, false, true, false} {
			if j.Done(n) != want {
				t.Errorf("input %d: done is %v", n, !want)
			}
		}
		if j.Count() != 4 || j.Inputs(conformance.FamilyLength) != 2 || j.Inputs(conformance.FamilyMask) != 2 {
			t.Errorf("%d inputs, %d len, %d mask; want 4, 2, 2", j.Count(), j.Inputs(conformance.FamilyLength), j.Inputs(conformance.FamilyMask))
		}
	}
}

// Inputs that are done in order take no memory, and eight octets each on disk.
func TestJournalIsSmall(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	const inputs = 20000
	for n := 0; n < inputs; n += 4 {
		add(t, j, conformance.FamilyLength, n+2, n, n+3, n+1)
	}
	if len(j.done) != 0 || j.Count() != inputs {
		t.Errorf("%d of %d inputs are kept one by one", len(j.done), j.Count())
	}
	if info, err := os.Stat(path); err != nil || info.Size() != int64(len(aCampaign)+1+8*inputs) {
		t.Errorf("%v octets, %v", info.Size(), err)
	}
}

// Workers ask while an input is noted.
func TestJournalIsSafe(t *testing.T) {
	j := openJournal(t, filepath.Join(t.TempDir(), "journal"))
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for n := range 2000 {
				j.Done(n)
				j.Count()
			}
		})
	}
	for n := range 2000 {
		add(t, j, conformance.FamilyLength, n^1)
	}
	asking.Wait()
}

func TestJournalRefuses(t *testing.T) {
	long := strings.Repeat("x", 2*maxWhat)
	for text, want := range map[string]string{
		"another\n": `the journal is of another campaign ("another\n")`,
		aCampaign:   "the journal is of another campaign",
		long + "\n": "the journal is of another campaign",
		aCampaign + "\n\x00\x00\x00\x00\x00\x00\x00\xff": "the journal is broken: no family 255",
	} {
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := OpenJournal(path, aCampaign)
		if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\x00") || len(err.Error()) > 400 {
			t.Errorf("%.20q: error %v, want %q", text, err, want)
		}
		if after, _ := os.ReadFile(path); string(after) != text {
			t.Errorf("%.20q: the file was written to", text)
		}
	}
	if _, err := OpenJournal(t.TempDir(), aCampaign); err == nil {
		t.Error("a folder is a journal")
	}
}
