package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// absence is how long a device may take to come back before it is said.
const absence = 10 * time.Second

// missing says once which devices do not come back.
func (s *service) missing(reported map[string]bool) {
	for _, agent := range s.roster.agents() {
		away := s.roster.idle(agent)
		played, _ := s.roster.complete(agent)
		switch {
		case away > s.Options.scaled(absence) && !played && !reported[agent]:
			reported[agent] = true
			s.Log("%s has not come back for %v", quoted(agent), away.Round(time.Second))
		case away == 0:
			delete(reported, agent)
		}
	}
}

// lost returns [ErrLost] for an end by deadline if a device that is expected, or
// without any such all that have come, went before it had played all.
func (s *service) lost(err error) error {
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var gone []string
	agents := s.roster.agents()
	for _, agent := range agents {
		expected := len(s.Agents) == 0 || slices.Contains(s.Agents, agent)
		if played, _ := s.roster.complete(agent); expected && !played && s.roster.idle(agent) > s.Options.scaled(absence) {
			gone = append(gone, agent)
		}
	}
	if len(gone) == 0 || len(s.Agents) == 0 && len(gone) < len(agents) {
		return err
	}
	return fmt.Errorf("%w: %s has not come back after %d of %d cases", ErrLost, quoted(gone[0]), s.roster.played(gone[0]), len(s.Cases))
}

// slowing tells which devices took longer and longer to come back; it is for
// the end of a run.
func (s *service) slowing() {
	for _, agent := range s.roster.agents() {
		if first, last, grown := s.roster.slowing(agent); grown {
			s.Log("%s took longer and longer to come back: %v at first, %v at last", quoted(agent),
				first.Round(time.Millisecond), last.Round(time.Millisecond))
		}
	}
}
