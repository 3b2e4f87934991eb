package report

import (
	"fmt"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

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
		if !c.ID.Matches(conformance.Autobahn) {
			continue
		}
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

func arduino() conformance.Profile {
	return conformance.Profile{Name: "arduino-esp8266", DeviceRole: wire.Server, MaxMessage: 15360, MaxFrame: 15360, Settle: 200 * time.Millisecond}
}
