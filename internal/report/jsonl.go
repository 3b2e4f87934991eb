package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Writer keeps a run as run.jsonl: the run on the first line, then a result a
// line. Each line is one Write, so that whatever kills the process, what was
// done by then can be read. It is not safe for use by several goroutines.
type Writer struct{ w io.Writer }

// NewWriter writes the first line, and the results that run has already.
func NewWriter(w io.Writer, run Run) (*Writer, error) {
	out := &Writer{w}
	if err := out.line(lineOfRun(run)); err != nil {
		return nil, fmt.Errorf("run: %w", err)
	}
	for _, result := range run.Results {
		if err := out.Append(result); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Continue returns a Writer that goes on with a file, whose first line is there.
func Continue(w io.Writer) *Writer { return &Writer{w} }

// Append writes the line of a result. The error is that of the one Write.
func (w *Writer) Append(r conformance.Result) error {
	if err := w.line(lineOfResult(r)); err != nil {
		return fmt.Errorf("result %s: %w", r.Case.ID, err)
	}
	return nil
}

func (w *Writer) line(v any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false) // legible: "a" < "b" stays as it is
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := w.w.Write(line.Bytes())
	return err
}

type runLine struct {
	Agent      string      `json:"agent"`
	Tool       string      `json:"tool"`
	DeviceRole wire.Role   `json:"deviceRole,omitzero"`
	Profile    string      `json:"profile"`
	Seed       uint64      `json:"seed"`
	Started    time.Time   `json:"started"`
	TimeScale  float64     `json:"timeScale,omitzero"`
	Messages   int         `json:"messages,omitzero"`
	Strict     bool        `json:"strict,omitzero"`
	Known      []knownLine `json:"known,omitempty"`
}

type knownLine struct {
	N       int                 `json:"line"`
	Pattern string              `json:"pattern"`
	Verdict conformance.Verdict `json:"verdict"`
	Why     string              `json:"why,omitzero"`
}

type resultLine struct {
	ID            conformance.ID      `json:"id"`
	Title         string              `json:"title"`
	Spec          string              `json:"spec"`
	Level         conformance.Level   `json:"level"`
	Behavior      conformance.Verdict `json:"behavior"`
	BehaviorClose conformance.Verdict `json:"behaviorClose"`
	Reason        string              `json:"reason"`
	RemoteClose   *wire.StatusCode    `json:"remoteCloseCode"`
	Health        conformance.Health  `json:"health"`
	Started       time.Time           `json:"started"`
	Took          milliseconds        `json:"tookMs"`
	Script        string              `json:"script"`
	Transcript    []entryLine         `json:"transcript"`
	Finding       *findingLine        `json:"finding,omitempty"`
}

// findingLine is what a finding has besides its case.
type findingLine struct {
	Kind   string             `json:"kind"`
	Rule   string             `json:"rule"`
	Device wire.Role          `json:"device"`
	Family conformance.Family `json:"family"`
	Seed   uint64             `json:"seed"`
	N      int                `json:"input"`
	Nth    int                `json:"nth,omitzero"`
	Input  string             `json:"inputScript"`
	Before []string           `json:"before,omitempty"`
	Times  int                `json:"times"`
	Tries  int                `json:"tries"`
	Inputs int                `json:"inputs"`
}

type entryLine struct {
	At     seconds               `json:"at"`
	Dir    conformance.Direction `json:"dir"`
	Text   string                `json:"text"`
	Octets hexOctets             `json:"hex,omitempty"`
	Size   int                   `json:"size,omitzero"`
}

// seconds and milliseconds are durations to the microsecond.
type (
	seconds      time.Duration
	milliseconds time.Duration
)

func (d seconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(d).Microseconds()) / 1e6)
}
func (d *seconds) UnmarshalJSON(b []byte) (err error) {
	*d, err = readTime[seconds](b, time.Second)
	return err
}
func (d milliseconds) MarshalJSON() ([]byte, error) {
	return json.Marshal(float64(time.Duration(d).Microseconds()) / 1e3)
}
func (d *milliseconds) UnmarshalJSON(b []byte) (err error) {
	*d, err = readTime[milliseconds](b, time.Millisecond)
	return err
}

// maxTime bounds a time that is read, so that its microseconds are exact.
const maxTime = 10000 * time.Hour

func readTime[D ~int64](b []byte, unit time.Duration) (D, error) {
	var n float64
	if err := json.Unmarshal(b, &n); err != nil {
		return 0, err
	}
	micros := math.Round(n * float64(unit/time.Microsecond))
	if !(math.Abs(micros) <= float64(maxTime/time.Microsecond)) {
		return 0, fmt.Errorf("%s is no time of a run", b)
	}
	return D(time.Duration(micros) * time.Microsecond), nil
}

func lineOfRun(r Run) runLine {
	line := runLine{
		Agent: r.Agent, Tool: r.Tool, DeviceRole: r.DeviceRole, Profile: r.Profile, Seed: r.Seed,
		Started: r.Started, TimeScale: r.TimeScale, Messages: r.Messages, Strict: r.Strict,
	}
	for _, known := range r.Known {
		line.Known = append(line.Known, knownLine(known))
	}
	return line
}

func lineOfResult(r conformance.Result) resultLine {
	line := resultLine{
		ID: r.Case.ID, Title: r.Case.Title, Spec: r.Case.Spec, Level: r.Case.Level,
		Behavior: r.Behavior, BehaviorClose: r.BehaviorClose, Reason: r.Reason,
		RemoteClose: r.RemoteClose, Health: r.Health,
		Started: r.Started, Took: milliseconds(r.Took),
		Script: r.Case.Script.String(), Transcript: make([]entryLine, len(r.Transcript)),
	}
	if f := r.Finding; f != nil {
		line.Finding = &findingLine{f.Kind.String(), f.Rule, f.Device, f.Family, f.Seed, f.N, f.Nth, f.Input.String(), nil, f.Times, f.Tries, f.Inputs}
		for _, s := range f.Before {
			line.Finding.Before = append(line.Finding.Before, s.String())
		}
	}
	for i, e := range r.Transcript {
		line.Transcript[i] = entryLine{seconds(e.At), e.Dir, e.Text, e.Octets, e.Size}
	}
	return line
}
