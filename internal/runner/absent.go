package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"wsprobe/internal/conformance"
)

// absent holds what devices have played since they were last seen. Whether a
// device that is a client outlived a case shows in whether it comes back, so the
// results wait for that; one that does not come is reset, and in the end lost.
type absent struct {
	mu      sync.Mutex
	devices map[string]*absentee
	telling int // results that have been taken from devices, and are about to be announced
}

type absentee struct {
	results  []conformance.Result
	reset    bool      // it was reset, or is being
	resetEnd time.Time // when the reset was done; zero before
	lost     bool
}

// bounded reports whether devices must come back in time. Unless that is asked
// for a device may take as long as it likes, or as somebody takes to flash it.
func (s *service) bounded() bool { return s.Options.Recover > 0 || s.Options.Reset != nil }

func (a *absent) of(agent string) *absentee {
	if a.devices == nil {
		a.devices = map[string]*absentee{}
	}
	if a.devices[agent] == nil {
		a.devices[agent] = &absentee{}
	}
	return a.devices[agent]
}

// hold keeps a result until the device is back; false if it is not to wait.
func (s *service) hold(agent string, result conformance.Result) bool {
	if !s.bounded() {
		return false
	}
	s.absent.mu.Lock()
	defer s.absent.mu.Unlock()
	device := s.absent.of(agent)
	device.results = append(device.results, result)
	return true
}

// back announces what waited for a device, which has come back; false if it was
// given up before.
func (s *service) back(ctx context.Context, agent string) bool {
	if !s.bounded() {
		return true
	}
	s.absent.mu.Lock()
	device := s.absent.of(agent)
	results, reset, lost := device.results, device.reset, device.lost
	if !lost {
		*device = absentee{}
		s.absent.telling += len(results)
	}
	s.absent.mu.Unlock()
	for i, result := range results {
		if reset && i == len(results)-1 {
			result.Health = conformance.Rebooted
			fail(&result, fmt.Sprintf("after the case the device did not come back within %v, and was reset", s.Options.recovery()))
		}
		s.announce(ctx, Happening{agent, result})
		s.absent.mu.Lock()
		s.absent.telling--
		s.absent.mu.Unlock()
	}
	return !lost
}

// told reports whether no result is about to be announced.
func (s *service) told() bool {
	s.absent.mu.Lock()
	defer s.absent.mu.Unlock()
	return s.absent.telling == 0
}

// overdue resets the devices that have not come back in time, and returns what
// becomes of those that did not even then. Nothing more is expected of these.
func (s *service) overdue(ctx context.Context, working *sync.WaitGroup) (out []Happening) {
	if !s.bounded() {
		return nil
	}
	for _, agent := range s.roster.agents() {
		away := s.roster.idle(agent)
		played, _ := s.roster.complete(agent)
		if away <= s.Options.recovery() || played {
			continue
		}
		s.absent.mu.Lock()
		device := s.absent.of(agent)
		switch {
		case device.lost:
		case s.Options.Reset != nil && !device.reset:
			device.reset = true
			working.Go(func() { s.reset(ctx, agent, away) })
		case device.reset && (device.resetEnd.IsZero() || time.Since(device.resetEnd) <= s.Options.recovery()):
		default:
			device.lost = true
			out = append(out, s.lose(agent, device)...)
		}
		s.absent.mu.Unlock()
	}
	return out
}

// reset resets a device that has not come back.
func (s *service) reset(ctx context.Context, agent string, away time.Duration) {
	s.absent.mu.Lock()
	after := ""
	if results := s.absent.of(agent).results; len(results) > 0 {
		after = "case " + string(results[len(results)-1].Case.ID)
	}
	s.absent.mu.Unlock()
	s.Options.Reset(ctx, Trouble{After: after, Wrong: fmt.Sprintf("%s has not come back for %v", quoted(agent), away.Round(time.Millisecond))})
	s.absent.mu.Lock()
	defer s.absent.mu.Unlock()
	s.absent.of(agent).resetEnd = time.Now()
}

// lose gives a device up: the last case that it played fails, and what it has not
// played is not judged.
func (s *service) lose(agent string, device *absentee) (out []Happening) {
	last := conformance.ID("")
	for i, result := range device.results {
		last = result.Case.ID
		if i == len(device.results)-1 {
			result.Health = conformance.Gone
			fail(&result, fmt.Sprintf("after the case the device did not come back within %v", s.Options.recovery()))
		}
		out = append(out, Happening{agent, result})
	}
	device.results = nil
	reason := "not played: the device was gone"
	if last != "" {
		reason += fmt.Sprintf(" after case %s", last)
	}
	for _, c := range s.Cases {
		if s.roster.verdict(agent, c.ID) == 0 {
			out = append(out, Happening{agent, conformance.Result{Case: c, Health: conformance.Gone, Reason: reason,
				Behavior: conformance.Inconclusive, BehaviorClose: conformance.Inconclusive}})
		}
	}
	return out
}

// isLost reports whether a device was given up.
func (s *service) isLost(agent string) bool {
	s.absent.mu.Lock()
	defer s.absent.mu.Unlock()
	device := s.absent.devices[agent]
	return device != nil && device.lost
}

// anyLost reports whether one of the devices was given up that are expected, or,
// if none is named, whether all that came were.
func (s *service) anyLost() bool {
	agents := s.Agents
	if len(agents) > 0 {
		return slices.ContainsFunc(agents, s.isLost)
	}
	agents = s.roster.agents()
	return len(agents) > 0 && !slices.ContainsFunc(agents, func(agent string) bool { return !s.isLost(agent) })
}

// remaining returns what still waits for devices when all is over.
func (s *service) remaining() (out []Happening) {
	s.absent.mu.Lock()
	defer s.absent.mu.Unlock()
	for _, agent := range s.roster.agents() {
		if device := s.absent.devices[agent]; device != nil {
			for _, result := range device.results {
				out = append(out, Happening{agent, result})
			}
			device.results = nil
		}
	}
	return out
}
