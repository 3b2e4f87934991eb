package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"wsprobe/internal/conformance"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	look   = flag.String("look", "", "a folder to write pages of real size to, to look at them")
)

// golden compares got with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is written; look at the difference with -update and git diff", file)
	}
}

func render(t *testing.T, f func(w *bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFormats compares what each format makes of one run, and of several.
func TestFormats(t *testing.T) {
	for _, format := range Formats() {
		t.Run(format.Name, func(t *testing.T) {
			one := render(t, func(w *bytes.Buffer) error { return format.Render(w, sampleRun()) })
			golden(t, "one/"+format.File, one)
			several := render(t, func(w *bytes.Buffer) error {
				return format.Render(w, sampleRun(), secondRun(), hostileRun())
			})
			golden(t, "several/"+format.File, several)
		})
	}
}

// TestLook writes pages of real size if asked to.
func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("no -look")
	}
	host := conformance.Profile{Name: "host"}
	pages := map[string][]Run{
		"device":  {pretend("192.168.4.1:81", arduino())},
		"right":   {pretend("127.0.0.1:9001", host)},
		"two":     {pretend("192.168.4.1:81", arduino()), pretend("127.0.0.1:9001", host)},
		"many":    {pretend("192.168.4.1:81", arduino()), pretend("127.0.0.1:9001", host), sampleRun(), secondRun(), pretend("esp32.local", arduino())},
		"hostile": {sampleRun(), secondRun(), hostileRun()},
		"sample":  {sampleRun()},
		"empty":   {{Agent: "nobody"}},
		"huge":    {hugeRun()},
	}
	for name, runs := range pages {
		page := render(t, func(w *bytes.Buffer) error { return HTML(w, runs...) })
		if err := os.WriteFile(filepath.Join(*look, name+".html"), page, 0o666); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d kB", name, len(page)/1000)
	}
}

// Results come in the order in which a device plays cases; reports have the
// catalogue's.
func TestReportsAreInOrder(t *testing.T) {
	inOrder, asTheyCame := sampleRun(), sampleRun()
	slices.SortFunc(inOrder.Results, func(a, b conformance.Result) int { return a.Case.ID.Compare(b.Case.ID) })
	slices.Reverse(asTheyCame.Results)
	for _, f := range Formats() {
		want := render(t, func(w *bytes.Buffer) error { return f.Render(w, inOrder) })
		if got := render(t, func(w *bytes.Buffer) error { return f.Render(w, asTheyCame) }); !bytes.Equal(got, want) {
			t.Errorf("%s depends on the order in which results came", f.Name)
		}
	}
}
