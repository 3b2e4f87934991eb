package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"wsprobe/internal/report"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// listening keeps what devices play, each its own run.
type listening struct {
	env      env
	plan     plan
	screen   *screen
	keepers  map[string]*keeper
	progress map[string]*progress
	order    []string // of agents, as they came
}

func (l *listening) log(format string, args ...any) {
	fmt.Fprintf(l.screen, "wsprobe: "+format+"\n", args...)
}

// serve plays until the listener is done, and writes reports.
func (l *listening) serve(ctx context.Context, listener *runner.Listener, on net.Listener) error {
	played := l.happenings(ctx, listener, on)
	l.screen.show("")
	for _, k := range l.keepers {
		k.close()
	}
	var exit *exitError
	switch {
	case errors.As(played, &exit):
		return exit
	case played != nil && ctx.Err() == nil && !errors.Is(played, runner.ErrLost):
		return usagef("%v", played)
	}
	runs := l.runs()
	if len(runs) == 0 && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &exitError{exitUnreached, "no device came"}
	}
	if len(runs) > 0 {
		if err := l.plan.tell(l.env, runs...); err != nil {
			return err
		}
	}
	switch absent := l.absent(listener.Agents); {
	case errors.Is(ctx.Err(), context.Canceled):
		return &exitError{exitInterrupted, "interrupted"}
	case absent != "":
		return &exitError{exitUnreached, shown(absent) + " did not come"}
	case played == runner.ErrLost: // as it is: nothing is known besides
		return &exitError{exitLost, "a device is gone and did not come back; the cases after it are INCONCLUSIVE"}
	case errors.Is(played, runner.ErrLost):
		return &exitError{exitLost, played.Error()}
	}
	return judge(runs...)
}

// absent returns a device that is expected and has not come, "" if all have.
func (l *listening) absent(expected []string) string {
	for _, agent := range expected {
		if l.keepers[agent] == nil {
			return agent
		}
	}
	return ""
}

// happenings keeps results as they come, and writes reports when a device asks.
func (l *listening) happenings(ctx context.Context, listener *runner.Listener, on net.Listener) error {
	for h, err := range listener.Serve(ctx, on) {
		switch {
		case err != nil:
			return err
		case h.Asks():
			if err := writeReports(l.plan.out, l.plan.formats, l.runs()...); err != nil {
				return err
			}
			continue
		}
		k, err := l.keeper(h.Agent)
		if err != nil {
			return err
		}
		if err := k.add(h.Result); err != nil {
			return err
		}
		l.progress[h.Agent].add(h.Result)
	}
	return nil
}

// keeper returns the keeper of a device: the first has the output folder, each
// further one a folder in it.
func (l *listening) keeper(agent string) (*keeper, error) {
	if k, ok := l.keepers[agent]; ok {
		return k, nil
	}
	dir := l.plan.out
	if len(l.order) > 0 {
		dir = filepath.Join(dir, fmt.Sprintf("%02d-%s", len(l.order)+1, folder(agent)))
	}
	k, err := keep(l.env, dir, l.plan.newRun(agent, wire.Client))
	if err != nil {
		return nil, err
	}
	l.keepers[agent], l.order = k, append(l.order, agent)
	p := newProgress(l.screen, shown(agent), l.plan.cases)
	l.progress[agent] = p
	for _, c := range l.plan.cases {
		if reason := l.plan.options.Profile.Beyond(c); reason != "" {
			skipped := runner.Skip(c, reason)
			if err := k.add(skipped); err != nil {
				return nil, err
			}
			p.count(skipped)
		}
	}
	return k, nil
}

func (l *listening) runs() (runs []report.Run) {
	for _, agent := range l.order {
		runs = append(runs, l.keepers[agent].run)
	}
	return runs
}

// folder makes a name for a folder out of a device's: what it calls itself
// must not lead out of the output folder.
func folder(agent string) string {
	const most = 40
	safe := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, agent)
	return safe[:min(len(safe), most)]
}

// shown quotes a device's name where it could do harm to a terminal.
func shown(agent string) string {
	if quoted := fmt.Sprintf("%+q", agent); quoted != `"`+agent+`"` {
		return quoted
	}
	return agent
}
