package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"wsprobe/internal/conformance"
)

func TestAutobahnLeavesOutWhatItDoesNotKnow(t *testing.T) {
	text := render(t, func(w *bytes.Buffer) error { return Autobahn(w, sampleRun()) })
	var index map[string]map[string]map[string]any
	if err := json.Unmarshal(text, &index); err != nil {
		t.Fatal(err)
	}
	cases := index["192.168.4.1:81"]
	if len(cases) != 9 {
		t.Errorf("%d cases, want 9: SKIPPED and INCONCLUSIVE are left out", len(cases))
	}
	for id, c := range cases {
		if len(c) != 5 || c["reportfile"] != "report.html#"+id {
			t.Errorf("case %s is %v", id, c)
		}
		if code, ok := c["remoteCloseCode"]; !ok || code != nil && code != 1000.0 && code != 1011.0 {
			t.Errorf("case %s has close code %v", id, code)
		}
	}
}

func TestJUnitIsXML(t *testing.T) {
	text := render(t, func(w *bytes.Buffer) error { return JUnit(w, sampleRun(), hostileRun()) })
	decoder := xml.NewDecoder(bytes.NewReader(text))
	names := make(map[string]bool)
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		element, ok := token.(xml.StartElement)
		if !ok || element.Name.Local != "testcase" {
			continue
		}
		name := element.Attr[0].Value + " " + element.Attr[1].Value
		if names[name] {
			t.Errorf("two cases are called %s", name)
		}
		names[name] = true
	}
	if len(names) != len(sampleRun().Results)+len(hostileRun().Results) {
		t.Errorf("%d cases", len(names))
	}
}

func TestJUnitCountsWhatItSays(t *testing.T) {
	text := string(render(t, func(w *bytes.Buffer) error { return JUnit(w, sampleRun()) }))
	head, _, _ := strings.Cut(text, "<testsuite ")
	if want := `tests="12" failures="4" errors="1" skipped="3"`; !strings.Contains(head, want) {
		t.Errorf("no %s in %s", want, head)
	}
	for element, want := range map[string]int{"<failure ": 4, "<error ": 1, "<skipped ": 3, `name="outcome" value="known"`: 1} {
		if n := strings.Count(text, element); n != want {
			t.Errorf("%d × %s, want %d", n, element, want)
		}
	}
}

func TestPrometheusIsConventional(t *testing.T) {
	text := render(t, func(w *bytes.Buffer) error { return Prometheus(w, sampleRun(), hostileRun()) })
	problems, err := promlint.New(bytes.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	if n := strings.Count(string(text), "\nwsprobe_case_verdict{"); n != len(sampleRun().Results)+len(hostileRun().Results) {
		t.Errorf("%d verdicts, want one a result", n)
	}
}

func TestSummary(t *testing.T) {
	plain := render(t, func(w *bytes.Buffer) error { return Summary(w, sampleRun(), TextOptions{}) })
	golden(t, "one/summary.txt", plain)
	if bytes.Contains(plain, []byte("\x1b")) {
		t.Error("an escape sequence without colours")
	}
	colored := render(t, func(w *bytes.Buffer) error { return Summary(w, sampleRun(), TextOptions{Color: true}) })
	golden(t, "one/summary-color.txt", colored)
	for _, code := range []string{"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m", "\x1b[2m", "\x1b[0m"} {
		colored = bytes.ReplaceAll(colored, []byte(code), nil)
	}
	if !bytes.Equal(colored, plain) {
		t.Error("colours change the words")
	}
	golden(t, "several/summary.txt", render(t, func(w *bytes.Buffer) error { return Summary(w, hostileRun(), TextOptions{}) }))
}

func TestHeadline(t *testing.T) {
	results := sampleRun().Results
	ok, failed, skipped, known := results[0], results[5], results[1], results[6]
	rules := sampleRun().Known
	for want, run := range map[string]Run{
		"no case was played":                      {Results: []conformance.Result{skipped}},
		"the only case passes":                    {Results: []conformance.Result{ok, skipped}},
		"all 2 cases pass":                        {Results: []conformance.Result{ok, ok}},
		"the only case fails":                     {Results: []conformance.Result{failed}},
		"1 of 2 cases fails":                      {Results: []conformance.Result{failed, ok}},
		"2 of 3 cases fail":                       {Results: []conformance.Result{failed, failed, ok}},
		"no case of 2 fails that is not known to": {Known: rules, Results: []conformance.Result{known, ok}},
	} {
		if got := run.headline(); got != want {
			t.Errorf("headline is %q, want %q", got, want)
		}
	}
}

func TestDistinctAgents(t *testing.T) {
	var got []string
	for _, run := range distinct([]Run{{Agent: "x"}, {Agent: "x (2)"}, {Agent: "x"}, {Agent: "\xff"}, {Agent: `\xff`}}) {
		got = append(got, run.Agent)
	}
	if s := strings.Join(got, ", "); s != `x, x (2), x (3), \xff, \xff (2)` {
		t.Errorf("agents are %s", s)
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain µ ☂":        "plain µ ☂",
		"\x00\x1b[31m\r\n": `\x00\x1b[31m\r\n`,
		"\u202egnp":        `\u202egnp`,
		"\xff\xc3":         `\xff\xc3`,
		"\ufffd \u0085":    `` + "\ufffd" + ` \u0085`,
	} {
		if got := Printable(in); got != want {
			t.Errorf("Printable(%q) is %q, want %q", in, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	if got := shorten("µµµ", 3); got != "µµµ" {
		t.Errorf("got %q", got)
	}
	if got, want := shorten(strings.Repeat("µ", 90)+"end", 9), "µµµµµµ … 84 characters … end"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDump(t *testing.T) {
	whole := conformance.Entry{Octets: []byte("\x81\x05Hello, you out there"), Size: 22}
	cut := conformance.Entry{Octets: bytes.Repeat([]byte("*"), 2*conformance.EntryEdge), Size: 70000}
	for _, test := range []struct {
		entry conformance.Entry
		edge  int
		want  string
	}{
		{whole, 128, "0000  81 05 48 65 6c 6c 6f 2c 20 79 6f 75 20 6f 75 74  ..Hello, you out\n0010  20 74 68 65 72 65                                 there\n"},
		{whole, 4, "0000  81 05 48 65                                      ..He\n…     14 octets\n0012  68 65 72 65                                      here\n"},
		{conformance.Entry{Octets: bytes.Repeat([]byte("-"), 48), Size: 48}, 24, strings.Join([]string{
			"0000  2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d  ----------------\n",
			"0010  2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d  ----------------\n",
			"0020  2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d 2d  ----------------\n"}, "")},
		{cut, 8, "0000  2a 2a 2a 2a 2a 2a 2a 2a                          ********\n…     69984 octets\n11168  2a 2a 2a 2a 2a 2a 2a 2a                          ********\n"},
		{conformance.Entry{Octets: []byte("GET / HTTP/1.1\r\nHost: \x00\xff\n\r\n"), Size: 27}, 8, "GET / HTTP/1.1\\r\\n\nHost: \\x00\\xff\\n\n\\r\\n\n"},
		{conformance.Entry{Octets: []byte("ab"), Size: 9}, 8, "0000  61 62                                            ab\n…     7 octets\n"},
	} {
		if got := dump(test.entry, test.edge); got != test.want {
			t.Errorf("dump is\n%s want\n%s", got, test.want)
		}
	}
}
