package report

import (
	"fmt"
	"strings"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

var start = time.Date(2026, 11, 20, 12, 52, 3, 0, time.UTC)

func codeOf(code wire.StatusCode) *wire.StatusCode { return &code }

// hostile is what a device may send to hurt whoever reads of it.
const hostile = "<script>alert(1)</script> ]]> \x00\x1b[31m \u202egnp.exe\u202c \xff\xfe </pre>&amp;\"'` {{.}}"

// sampleRun is one run made by hand: each verdict once, hostile words wherever
// a device or a file has a say.
func sampleRun() Run {
	run := Run{
		Agent: "192.168.4.1:81", Tool: "wsprobe 0.1", DeviceRole: wire.Server, Profile: "arduino-esp8266",
		Seed: 1<<63 + 7, Started: start, TimeScale: 0.5,
		Known: conformance.Known{
			{N: 2, Pattern: "6.3.*", Verdict: conformance.Failed, Why: "text goes to the sketch unchecked"},
			{N: 5, Pattern: "1.*", Verdict: conformance.Failed, Why: "no longer"},
		},
	}
	add := func(id conformance.ID, behavior, behaviorClose conformance.Verdict, reason string, edit func(*conformance.Result)) {
		r := conformance.Result{
			Case: caseOf(id), Behavior: behavior, BehaviorClose: behaviorClose, Reason: reason,
			Started: start.Add(time.Duration(len(run.Results)) * 500 * time.Millisecond),
			Took:    time.Duration(12+len(run.Results)) * time.Millisecond, Health: conformance.Alive,
		}
		if behavior.Judged() {
			r.Transcript = conformance.Transcript{
				sent(0, conformance.Text("a")),
				received(11*time.Millisecond, conformance.Text("b")),
				received(12*time.Millisecond, conformance.Close(1000)),
				{At: 13 * time.Millisecond, Dir: conformance.Noted, Text: "end"},
			}
			r.RemoteClose = codeOf(1000)
		}
		if edit != nil {
			edit(&r)
		}
		run.Results = append(run.Results, r)
	}
	add("1.1.1", conformance.OK, conformance.OK, "", nil)
	add("1.1.6", conformance.Skipped, conformance.Skipped, "a message of 65535 octets; the profile's maxMessage is 15360", nil)
	add("1.1.7", conformance.Skipped, conformance.Skipped, "a message of 65536 octets; the profile's maxMessage is 15360", nil)
	add("2.10", conformance.OK, conformance.FailedByClient, "the device did not close TCP", nil)
	add("3.1", conformance.NonStrict, conformance.OK, "noticed late", func(r *conformance.Result) { r.Health = conformance.Rebooted })
	add("5.4", conformance.Failed, conformance.OK, `wanted text "fragment1fragment2", got `+hostile, func(r *conformance.Result) {
		r.Transcript[1].Text = "text " + hostile
		r.Transcript[1].Octets = []byte(hostile)
		r.Transcript[1].Size = len(hostile)
		long := conformance.Entry{At: 12 * time.Millisecond, Dir: conformance.Received, Text: `text "*"*65536`, Size: 65546}
		long.Octets = []byte("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + strings.Repeat("*", 2*conformance.EntryEdge-10))
		r.Transcript = append(r.Transcript, long)
	})
	add("6.3.1", conformance.Failed, conformance.Failed, "wanted the end, got text", nil)
	add("7.1.6", conformance.Informational, conformance.Informational, "answered all", func(r *conformance.Result) { r.RemoteClose = nil })
	add("7.3.1", conformance.OK, conformance.Unclean, "no close frame came", func(r *conformance.Result) { r.RemoteClose = nil })
	add("7.7.1", conformance.Failed, conformance.WrongCode, "closed with 1011", func(r *conformance.Result) { r.RemoteClose = codeOf(1011) })
	add("10.1.1", conformance.Unimplemented, conformance.OK, "no permessage-deflate", nil)
	add("9.1.1", conformance.Inconclusive, conformance.Inconclusive, "the device was gone", func(r *conformance.Result) { r.Health = conformance.Gone })
	return run
}

// hostileRun has an agent, a profile, an ID and a clause that hurt.
func hostileRun() Run {
	run := sampleRun()
	run.Agent = strings.Repeat("<b>"+hostile, 10240/len(hostile))
	run.Profile, run.Tool = hostile, hostile
	run.Known, run.Strict = nil, true
	run.Results = run.Results[:6]
	bad := run.Results[5]
	bad.Case = conformance.Case{ID: "5.<i id=\"x\">\x00", Title: hostile, Spec: "RFC 6455 §5.4\" onclick=\"", Script: conformance.Script{foreign{text: "explode \x00</pre>" + hostile}}}
	bad.Health = "<i>" + hostile
	bad.Transcript = append(bad.Transcript, conformance.Entry{Dir: "<i>", Text: strings.Repeat("\x00", 5000)})
	run.Results = append(run.Results, bad)
	return run
}

// secondRun differs from sampleRun in some verdicts and has fewer cases.
func secondRun() Run {
	run := sampleRun()
	run.Profile, run.Known, run.TimeScale = "host", nil, 0
	run.Results = run.Results[3:7]
	run.Results[0].BehaviorClose, run.Results[0].Reason = conformance.OK, ""
	return run
}

func caseOf(id conformance.ID) conformance.Case {
	cases, err := conformance.Select(conformance.Catalogue(), string(id))
	if err != nil {
		panic(err)
	}
	return cases[0]
}

func sent(at time.Duration, f conformance.Frame) conformance.Entry {
	return entry(at, conformance.Sent, wire.Client, f)
}

func received(at time.Duration, f conformance.Frame) conformance.Entry {
	return entry(at, conformance.Received, wire.Server, f)
}

// entry is a frame as a transcript has it.
func entry(at time.Duration, dir conformance.Direction, role wire.Role, f conformance.Frame) conformance.Entry {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b := f.Header(role, key).Append(nil)
	head := len(b)
	b = f.Payload.Append(b, 0, f.Payload.Len())
	if role.Masks() {
		wire.Mask(b[head:], key, 0)
	}
	e := conformance.Entry{At: at, Dir: dir, Text: f.String(), Octets: b, Size: len(b)}
	if len(b) > conformance.MaxEntryOctets {
		e.Octets = append(b[:conformance.EntryEdge:conformance.EntryEdge], b[len(b)-conformance.EntryEdge:]...)
	}
	return e
}

// pretend makes up a run of the whole catalogue against a device that cannot
// put fragments together and does not look at UTF-8, to have something of
// real size to look at.
func pretend(agent string, profile conformance.Profile) Run {
	run := Run{
		Agent: agent, Tool: "wsprobe 0.1", DeviceRole: wire.Server, Profile: profile.Name, Seed: 4711,
		Started: start,
	}
	at := start
	for _, c := range conformance.Catalogue() {
		r := conformance.Result{Case: c, Behavior: conformance.OK, BehaviorClose: conformance.OK, Started: at, Health: conformance.Alive}
		if why := profile.Beyond(c); why != "" {
			r.Behavior, r.BehaviorClose, r.Reason = conformance.Skipped, conformance.Skipped, why
			run.Results = append(run.Results, r)
			continue
		}
		p := &pretender{r: &r, fragments: profile.Name == "host"}
		for _, step := range c.Script {
			p.play(step)
		}
		p.note("end")
		r.Took = p.now
		at = at.Add(p.now + profile.Settle)
		run.Results = append(run.Results, r)
	}
	return run
}

type pretender struct {
	r         *conformance.Result
	now       time.Duration
	fragments bool // are put together
	failed    bool
}

func (p *pretender) note(text string) {
	p.r.Transcript = append(p.r.Transcript, conformance.Entry{At: p.now, Dir: conformance.Noted, Text: text})
}

func (p *pretender) in(f conformance.Frame) {
	p.now += 7300 * time.Microsecond
	p.r.Transcript = append(p.r.Transcript, received(p.now, f))
}

func (p *pretender) fail(v conformance.Verdict, format string, args ...any) {
	p.failed = true
	p.r.Behavior, p.r.Reason = v, fmt.Sprintf(format, args...)
}

func (p *pretender) play(step conformance.Step) {
	switch step := step.(type) {
	case conformance.SendStep:
		for _, f := range step.Frames {
			if step.Fragment == 0 {
				p.r.Transcript = append(p.r.Transcript, sent(p.now, f))
				continue
			}
			for i, last := 0, false; !last; i++ {
				var part conformance.Frame
				part, last = f.Fragment(i, step.Fragment)
				if i < 100 {
					p.r.Transcript = append(p.r.Transcript, sent(p.now, part))
				}
			}
			p.failed = !p.fragments
		}
		for _, f := range step.Frames {
			if f.NotFin && !p.fragments {
				p.failed = true
			}
		}
	case conformance.ReplyStep:
		if p.failed {
			p.now += time.Second
			p.fail(conformance.Failed, "wanted %v, got nothing for 1s", step.Messages[0])
			return
		}
		for _, f := range step.Messages {
			p.in(f)
		}
	case conformance.AwaitStep:
		for _, f := range step.Frames {
			p.in(f)
		}
	case conformance.InformStep:
		p.r.Behavior, p.r.BehaviorClose = conformance.Informational, conformance.Informational
	case conformance.RallyStep:
		for range 99 {
			p.r.Transcript = append(p.r.Transcript, sent(p.now, step.Message))
			p.in(step.Message)
		}
		p.note("1802 more")
	case conformance.QuietStep:
		p.now += step.For
	case conformance.Ending:
		p.end(step)
	}
}

func (p *pretender) end(e conformance.Ending) {
	switch {
	case e.Kind == conformance.EndFail && !p.fragments:
		p.now += time.Second
		p.r.Transcript = append(p.r.Transcript, sent(p.now, conformance.Close(1001)))
		p.fail(conformance.Failed, "wanted the device to fail the connection with %d, got nothing for 1s", e.Codes[0])
		p.r.BehaviorClose = conformance.Failed
	case e.Kind == conformance.EndFail:
		p.in(conformance.Close(e.Codes[0]))
		p.r.RemoteClose = codeOf(e.Codes[0])
		return
	case e.Kind == conformance.EndClose:
		p.r.Transcript = append(p.r.Transcript, sent(p.now, conformance.Close(1000)))
	}
	p.in(conformance.Close(1000))
	p.r.RemoteClose = codeOf(1000)
}

// hugeRun is as large as a run gets: 800 cases that fail, full transcripts of
// full entries.
func hugeRun() Run {
	run := Run{Agent: "chatterbox", Tool: "wsprobe 0.1", Started: start}
	var transcript conformance.Transcript
	for range conformance.MaxEntries {
		transcript = append(transcript, received(time.Second, conformance.Binary(strings.Repeat("\x00\xff", 120))))
	}
	for i := range 800 {
		c := caseOf("5.4")
		c.ID = conformance.ID(fmt.Sprintf("%d.%d", i/100+1, i%100+1))
		run.Results = append(run.Results, conformance.Result{
			Case: c, Behavior: conformance.Failed, BehaviorClose: conformance.Failed, Reason: "got too much",
			Started: start, Took: time.Second, Transcript: transcript,
		})
	}
	return run
}

func arduino() conformance.Profile {
	return conformance.Profile{Name: "arduino-esp8266", DeviceRole: wire.Server, MaxMessage: 15360, MaxFrame: 15360, Settle: 200 * time.Millisecond}
}
