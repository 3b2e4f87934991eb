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
		Seed: 1<<63 + 7, Started: start, TimeScale: 0.5, Messages: 50,
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
	run.Profile, run.Known, run.TimeScale, run.Messages = "host", nil, 0, 0
	run.Results = run.Results[3:7]
	run.Results[0].BehaviorClose, run.Results[0].Reason = conformance.OK, ""
	return run
}

// caseOf returns a case of this ID, made up so that the golden files do not
// depend on the catalogue.
func caseOf(id conformance.ID) conformance.Case {
	hello, long := conformance.Text("Hello"), conformance.Text(conformance.Repeated("*", 65536))
	c := conformance.Case{ID: id, Spec: "RFC 6455 §5.6", Title: "A text message", Script: conformance.Script{
		conformance.Send(hello), conformance.Reply(hello), conformance.CloseNormally(),
	}}
	switch id.Group() {
	case "5":
		c.Spec, c.Title = "RFC 6455 §5.4", "A text message in two fragments, one frame a write"
		c.Script = conformance.Script{
			conformance.Send(conformance.Text("fragment1").NoFin()), conformance.Send(conformance.Continuation("fragment2")),
			conformance.Reply(conformance.Text("fragment1fragment2")), conformance.CloseNormally(),
		}
	case "6":
		c.Spec, c.Title = "RFC 6455 §8.1", "Invalid UTF-8 in one frame"
		c.Script = conformance.Script{conformance.Send(conformance.Text("\xed\xa0\x80")), conformance.MustFail(1007)}
	case "7":
		c.Spec, c.Title, c.Level = "RFC 6455 §7.1.2", "A close with a status", conformance.LevelShould
		c.Script = conformance.Script{conformance.Send(conformance.Close(1000)), conformance.MustAnswer(1000)}
	case "9":
		c.Spec, c.Title = "our own", "A message of 64 KiB"
		c.Script = conformance.Script{
			conformance.Within(10 * time.Second), conformance.Send(long), conformance.Reply(long), conformance.CloseNormally(),
		}
	}
	return c
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

// hugeRun is larger than runs get: 400 cases that fail, full transcripts of
// full entries.
func hugeRun() Run {
	run := Run{Agent: "chatterbox", Tool: "wsprobe 0.1", Started: start}
	var transcript conformance.Transcript
	for range conformance.MaxEntries {
		transcript = append(transcript, received(time.Second, conformance.Binary(strings.Repeat("\x00\xff", 120))))
	}
	for i := range 400 {
		c := caseOf("5.4")
		c.ID = conformance.ID(fmt.Sprintf("%d.%d", i/100+1, i%100+1))
		run.Results = append(run.Results, conformance.Result{
			Case: c, Behavior: conformance.Failed, BehaviorClose: conformance.Failed, Reason: "got too much",
			Started: start, Took: time.Second, Transcript: transcript,
		})
	}
	return run
}
