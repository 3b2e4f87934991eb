package report

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"wsprobe/internal/conformance"
)

func jsonl(t *testing.T, run Run) []byte {
	t.Helper()
	return render(t, func(w *bytes.Buffer) error {
		_, err := NewWriter(w, run)
		return err
	})
}

func TestRunIsReadAsItWasWritten(t *testing.T) {
	for name, run := range map[string]Run{
		"sample": sampleRun(), "of the catalogue": pretend("a", arduino()), "empty": {Agent: "a", Started: start},
	} {
		text := jsonl(t, run)
		if name == "sample" {
			golden(t, "one/run.jsonl", text)
		}
		got, err := ReadRun(bytes.NewReader(text))
		if err != nil {
			t.Fatal(name, err)
		}
		for i, r := range got.Results {
			if want := run.Results[i]; utf8.ValidString(want.Reason) && !reflect.DeepEqual(r, want) {
				t.Errorf("%s: result %s is another", name, want.Case.ID)
			}
		}
		got.Results, run.Results = nil, nil
		if !reflect.DeepEqual(got, run) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, run)
		}
	}
}

// What is not UTF-8 becomes U+FFFD; after that nothing changes any more.
func TestHostileRunStaysReadable(t *testing.T) {
	first, err := ReadRun(bytes.NewReader(jsonl(t, hostileRun())))
	if err != nil {
		t.Fatal(err)
	}
	second, err := ReadRun(bytes.NewReader(jsonl(t, first)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first, second) {
		t.Error("a run that was read and written again is another")
	}
	if n, want := len(first.Results), len(hostileRun().Results); n != want {
		t.Errorf("%d results, want %d", n, want)
	}
}

func TestForeignScriptIsKept(t *testing.T) {
	const text = "teleport text \"a\"\nclose 1000\n"
	run := sampleRun()
	file := strings.ReplaceAll(string(jsonl(t, run)), `"script":"send text \"Hello\"\nreply text \"Hello\"\nclose 1000\n"`, `"script":"teleport text \"a\"\nclose 1000\n"`)
	got, err := ReadRun(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if s := got.Results[0].Case.Script.String(); s != text {
		t.Errorf("script is %q, want %q", s, text)
	}
}

// writes counts Write calls and fails after some.
type writes struct {
	bytes.Buffer
	n, most int
}

var errDisk = errors.New("no space left on device")

func (w *writes) Write(b []byte) (int, error) {
	if w.n++; w.n > w.most {
		return 0, errDisk
	}
	return w.Buffer.Write(b)
}

func TestOneWriteALine(t *testing.T) {
	file := &writes{most: 3}
	w, err := NewWriter(file, Run{Agent: "a", Started: start})
	if err != nil {
		t.Fatal(err)
	}
	results := sampleRun().Results
	for i := range 2 {
		if err := w.Append(results[i]); err != nil {
			t.Fatal(err)
		}
	}
	if lines := bytes.Count(file.Bytes(), []byte("\n")); lines != 3 || file.n != 3 {
		t.Errorf("%d lines in %d writes, want 3 in 3", lines, file.n)
	}
	if err := w.Append(results[2]); !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "1.1.7") {
		t.Errorf("error is %v, want one that names the case and wraps %v", err, errDisk)
	}
}

// A process may be killed at any octet.
func TestRunThatWasCutOff(t *testing.T) {
	file := jsonl(t, sampleRun())
	first := bytes.IndexByte(file, '\n')
	for n := first; n < len(file); n += 11 {
		run, err := ReadRun(iotest.OneByteReader(bytes.NewReader(file[:n])))
		if err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		whole := bytes.Count(file[:n], []byte("\n")) - 1
		if file[n] == '\n' {
			whole++ // all but its end is there
		}
		if len(run.Results) != max(0, whole) {
			t.Fatalf("cut at %d: %d results, want %d", n, len(run.Results), whole)
		}
	}
	if _, err := ReadRun(bytes.NewReader(file[:first-1])); err == nil {
		t.Error("half a first line is no error")
	}
}

func TestLaterResultStands(t *testing.T) {
	run := sampleRun()
	again := run.Results[1]
	again.Behavior, again.BehaviorClose = conformance.OK, conformance.OK
	file := jsonl(t, run)
	var more bytes.Buffer
	if err := (&Writer{&more}).Append(again); err != nil {
		t.Fatal(err)
	}
	got, err := ReadRun(io.MultiReader(bytes.NewReader(file), &more))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != len(run.Results) || got.Results[1].Behavior != conformance.OK {
		t.Errorf("%d results, the second %v; want %d, OK", len(got.Results), got.Results[1].Behavior, len(run.Results))
	}
}

// endless is a reader that never ends and never breaks a line.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestBadRuns(t *testing.T) {
	const head = `{"agent":"a","tool":"t","profile":"","seed":1,"started":"2026-11-20T12:52:03Z"}` + "\n"
	const good = `{"id":"1.1","behavior":"OK","behaviorClose":"OK","tookMs":1,"script":"close 1000","transcript":[]}` + "\n"
	for name, test := range map[string]struct {
		file io.Reader
		want string
	}{
		"empty":              {strings.NewReader(""), "empty"},
		"no JSON":            {strings.NewReader("hello\n"), "line 1"},
		"no run":             {strings.NewReader(good), "line 1: not a run"},
		"another file":       {strings.NewReader("{}\n"), "line 1: not a run"},
		"bad role":           {strings.NewReader(`{"agent":"a","deviceRole":"both"}` + "\n"), "line 1"},
		"known, and nothing": {strings.NewReader(`{"agent":"a","known":[{"pattern":"*"}]}` + "\n"), "line 1: run: a known"},
		"bad line":           {strings.NewReader(head + good + "{\n" + good), "line 3"},
		"bad last line":      {strings.NewReader(head + good + "{\n"), "line 3"},
		"verdict":            {strings.NewReader(head + strings.Replace(good, "OK", "FINE", 1)), "line 2: result 1.1"},
		"no verdict":         {strings.NewReader(head + `{"id":"1.1"}` + "\n"), "line 2: not a result"},
		"no case":            {strings.NewReader(head + strings.Replace(good, "1.1", "", 1)), "line 2: not a result"},
		"hex":                {strings.NewReader(head + strings.Replace(good, "[]", `[{"hex":"8"}]`, 1)), "line 2"},
		"a time like no run": {strings.NewReader(head + strings.Replace(good, `"tookMs":1`, `"tookMs":1e300`, 1)), "line 2"},
		"endless":            {endless{}, "line 1: more than"},
		"endless second":     {io.MultiReader(strings.NewReader(head), endless{}), "line 2: more than"},
		"read error":         {io.MultiReader(strings.NewReader(head), iotest.ErrReader(errDisk)), "no space"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ReadRun(test.file); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v, want one with %q", err, test.want)
			}
		})
	}
}
