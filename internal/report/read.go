package report

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"wsprobe/internal/conformance"
)

// maxLine bounds a line of run.jsonl in octets. The longest that a run writes,
// a full transcript, has about half a million.
const maxLine = 4 << 20

// maxID bounds an ID in a message, in characters.
const maxID = 60

var errLongLine = fmt.Errorf("more than %d octets", maxLine)

// ReadRun reads run.jsonl. A last line that was cut off, as by a power cut, is
// left out; any other line that does not read is an error that names it. Of
// two results of one case the later stands, in the place of the earlier: a
// case was played again. A script in a language that this version does not
// have is kept as text.
func ReadRun(r io.Reader) (Run, error) {
	lines := bufio.NewReaderSize(r, 64<<10)
	var run Run
	place := make(map[conformance.ID]int) // of a case among the results
	for n := 1; ; n++ {
		line, whole, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			if n == 1 {
				err = errors.New("no run: the file is empty")
			} else {
				err = nil
			}
			return run, err
		}
		if err == nil && n == 1 {
			run, err = parseRun(line)
		} else if err == nil && len(line) > 0 {
			var result conformance.Result
			if result, err = parseResult(line); err == nil {
				run.Results = put(run.Results, place, result)
			} else if !whole {
				return run, nil
			}
		}
		if err != nil {
			return Run{}, fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// put adds a result, or replaces the earlier one of its case.
func put(results []conformance.Result, place map[conformance.ID]int, r conformance.Result) []conformance.Result {
	if i, again := place[r.Case.ID]; again {
		results[i] = r
		return results
	}
	place[r.Case.ID] = len(results)
	return append(results, r)
}

// readLine returns the next line without its end, and whether it had one. The
// line is valid until the next call. The error is io.EOF after the last line.
func readLine(r *bufio.Reader) (line []byte, whole bool, err error) {
	line, err = r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		long := bytes.Clone(line)
		for err == bufio.ErrBufferFull && len(long) <= maxLine {
			line, err = r.ReadSlice('\n')
			long = append(long, line...)
		}
		line = long
	}
	switch {
	case len(line) > maxLine:
		return nil, false, errLongLine
	case err == io.EOF && len(line) > 0:
		return bytes.TrimSpace(line), false, nil
	}
	return bytes.TrimSpace(line), err == nil, err
}

func parseRun(b []byte) (Run, error) {
	var line struct {
		runLine
		ID *string `json:"id"`
	}
	if err := json.Unmarshal(b, &line); err != nil {
		return Run{}, fmt.Errorf("run: %w", err)
	}
	if line.ID != nil || line.Tool == "" && line.Agent == "" {
		return Run{}, errors.New("not a run: no agent and no tool")
	}
	run := Run{
		Agent: line.Agent, Tool: line.Tool, DeviceRole: line.DeviceRole, Profile: line.Profile, Seed: line.Seed,
		Started: fixed(line.Started), TimeScale: line.TimeScale, Messages: max(line.Messages, 0), Strict: line.Strict,
	}
	for _, known := range line.Known {
		if !known.Verdict.Judged() {
			return Run{}, errors.New("run: a known verdict is missing")
		}
		run.Known = append(run.Known, conformance.KnownLine(known))
	}
	return run, nil
}

func parseResult(b []byte) (conformance.Result, error) {
	var line resultLine
	if err := json.Unmarshal(b, &line); err != nil {
		return conformance.Result{}, fmt.Errorf("result %s: %w", shorten(Printable(string(line.ID)), maxID), err)
	}
	if line.ID == "" || line.Behavior == 0 || line.BehaviorClose == 0 {
		return conformance.Result{}, errors.New("not a result: id, behavior or behaviorClose is missing")
	}
	result := conformance.Result{
		Case:     conformance.Case{ID: line.ID, Title: line.Title, Spec: line.Spec, Level: line.Level, Script: parseScript(line.Script)},
		Behavior: line.Behavior, BehaviorClose: line.BehaviorClose, Reason: line.Reason,
		RemoteClose: line.RemoteClose, Health: line.Health,
		Started: fixed(line.Started), Took: time.Duration(line.Took),
	}
	for _, e := range line.Transcript {
		result.Transcript = append(result.Transcript, conformance.Entry{
			At: time.Duration(e.At), Dir: e.Dir, Text: e.Text, Octets: e.Octets, Size: max(e.Size, len(e.Octets)),
		})
	}
	if line.Finding != nil {
		f, err := parseFinding(*line.Finding, result)
		if err != nil {
			return conformance.Result{}, fmt.Errorf("result %s: %w", shorten(Printable(string(line.ID)), maxID), err)
		}
		result.Finding = &f
	}
	return result, nil
}

// parseFinding reads a finding, of which the rest is in the result of its case.
func parseFinding(line findingLine, r conformance.Result) (conformance.Finding, error) {
	kind, err := conformance.ParseKind(line.Kind)
	f := conformance.Finding{
		Kind: kind, Rule: line.Rule, Detail: r.Reason, Device: line.Device, Family: line.Family, Seed: line.Seed, N: line.N, Nth: line.Nth,
		Input: parseScript(line.Input), Script: r.Case.Script, Times: line.Times, Tries: line.Tries, Inputs: line.Inputs,
		Found: r.Started, Transcript: r.Transcript,
	}
	for _, s := range line.Before {
		f.Before = append(f.Before, parseScript(s))
	}
	return f, err
}

// fixed returns t at the offset that it was written with, wherever it is read.
func fixed(t time.Time) time.Time {
	_, offset := t.Zone()
	if offset == 0 {
		return t.UTC()
	}
	return t.In(time.FixedZone("", offset))
}

// foreign is a script that this version cannot parse, kept as one step that
// prints as it was: a run of another version can still be shown.
type foreign struct {
	conformance.Step // none; makes foreign one of the sealed type
	text             string
}

func (f foreign) String() string { return f.text }

func parseScript(text string) conformance.Script {
	if text == "" {
		return nil
	}
	script, err := conformance.ParseScript(text)
	if err != nil {
		return conformance.Script{foreign{text: strings.TrimSuffix(text, "\n")}}
	}
	return script
}

// hexOctets are octets, written in hexadecimal.
type hexOctets []byte

func (h hexOctets) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h), nil }

func (h *hexOctets) UnmarshalText(b []byte) (err error) {
	*h, err = hex.AppendDecode(nil, b)
	return err
}
