package fuzzing_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/report"
)

// FuzzReadRun wants a run or one line of reasons, from any octets; a run that
// is read once is read again as it was, and every format can tell it.
func FuzzReadRun(f *testing.F) {
	const head = `{"agent":"a","tool":"t","deviceRole":"server","profile":"host","seed":7,"started":"2026-11-20T12:52:03+01:00",` +
		`"timeScale":0.5,"strict":true,"known":[{"line":1,"pattern":"6.*","verdict":"FAILED","why":"w"}]}` + "\n"
	const result = `{"id":"6.3.1","title":"t","spec":"RFC 6455 §8.1","level":"must","behavior":"FAILED","behaviorClose":"UNCLEAN",` +
		`"reason":"]]>\u0000","remoteCloseCode":1002,"health":"rebooted","started":"2026-11-20T12:52:04Z","tookMs":12.5,` +
		`"script":"send text \"\\xff\"\nmust fail 1007\n","transcript":[{"at":0.001,"dir":"→","text":"text","hex":"8181","size":7000}]}` + "\n"
	f.Add([]byte(head + result))
	f.Add([]byte(head + strings.ReplaceAll(result, "6.3.1", "SRQ.1 <b>") + result[:100]))
	f.Add([]byte(head + strings.Replace(result, "send text", "teleport", 1)))
	f.Add([]byte(`{"tool":"` + "\xff" + `"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		hang := time.AfterFunc(time.Minute, func() { panic("no end") }) // which keeps the input
		defer hang.Stop()
		run, err := report.ReadRun(bytes.NewReader(text))
		if err != nil {
			if line := err.Error(); line == "" || strings.ContainsAny(line, "\r\n\x1b\x00") || len(line) > 1000 {
				t.Errorf("not one line: %q", line)
			}
			return
		}
		again := reread(t, run)
		if !reflect.DeepEqual(again, run) {
			t.Errorf("read again it is\n%#v, it was\n%#v", again, run)
		}
		told := make(map[string][]byte)
		for _, format := range report.Formats() {
			var b bytes.Buffer
			if err := format.Render(&b, run, run); err != nil {
				t.Errorf("%s: %v", format.Name, err)
			}
			told[format.Name] = b.Bytes()
		}
		if n := bytes.Count(told["html"], []byte("<script")); n != 1 {
			t.Errorf("%d scripts in the page", n)
		}
		if !json.Valid(told["autobahn"]) {
			t.Error("index.json is no JSON")
		}
		for d := xml.NewDecoder(bytes.NewReader(told["junit"])); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		var summary bytes.Buffer
		if err := report.Summary(&summary, run, report.TextOptions{}); err != nil || bytes.ContainsAny(summary.Bytes(), "\x00\x1b\r") {
			t.Errorf("summary %q, %v", summary.Bytes(), err)
		}
	})
}

func reread(t *testing.T, run report.Run) report.Run {
	t.Helper()
	var b bytes.Buffer
	if _, err := report.NewWriter(&b, run); err != nil {
		t.Fatal(err)
	}
	again, err := report.ReadRun(&b)
	if err != nil {
		t.Fatal(err)
	}
	return again
}
