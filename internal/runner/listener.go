package runner

import (
	"context"
	"iter"
	"net"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"wsprobe/internal/conformance"
)

// Listener plays cases with devices that are clients: each connection that a
// device opens is a case. It serves the URLs of Autobahn's fuzzing server, and
// every other path is "the next case" of the device that comes.
type Listener struct {
	Cases   []conformance.Case
	Options Options
	Agents  []string // that are expected; none: the first that comes
	Between bool     // between two cases of one URL comes an ordinary connection
	// Log is told, in a line, what is not in a result: devices that come, what
	// is refused and why. It must be safe for use by several goroutines.
	Log func(format string, args ...any)
}

// Happening is one of two things: a device has played a case, or it has asked
// for reports, and waits until the loop over happenings goes on.
type Happening struct {
	Agent  string
	Result conformance.Result // of a case; without ID it is the reports that are asked for
}

// Asks reports whether it is reports that are asked for.
func (h Happening) Asks() bool { return h.Result.Case.ID == "" }

// maxAgent bounds a device's name, in octets.
const maxAgent = 200

// updateGrace is how long reports are waited to be asked for when all is played.
const updateGrace = 2 * time.Second

// Serve serves the listener until every case is played by each device that is
// expected, or the context ends; it yields what happens, and at the end for each
// device a result for each requirement row that is judged in all its cases. A case
// that a device plays again has a result again. The error, in the last pair, is
// the context's or the listener's, or [ErrLost] if a device that is expected did
// not come back: in time, where the options have a Recover or a Reset and each
// result waits for its device to do so, or before time was up.
func (l *Listener) Serve(ctx context.Context, on net.Listener) iter.Seq2[Happening, error] {
	return func(yield func(Happening, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		s := &service{Listener: l, reception: newReception(l.Options, l.Log), roster: newRoster(l.Cases, l.Agents),
			happenings: make(chan announced), stop: make(chan struct{}, 1), updated: make(chan struct{}, 1)}
		s.refused = s.observeRefused
		var working sync.WaitGroup
		defer working.Wait()
		defer cancel()
		context.AfterFunc(ctx, func() { on.Close() })
		failed := make(chan error, 1)
		working.Go(func() { failed <- s.accept(ctx, on, &working, s.serve) })
		err, more := s.collect(ctx, failed, &working, yield)
		for _, h := range s.remaining() {
			more = more && yield(h, nil)
		}
		more = more && s.observed.results(yield)
		if more && err != nil {
			yield(Happening{}, s.lost(err))
		}
		s.slowing()
	}
}

// service is one call of Serve.
type service struct {
	*Listener
	*reception
	roster     *roster
	happenings chan announced
	stop       chan struct{} // somebody asked to stop
	updated    chan struct{} // a device was told that reports are written
	autobahn   atomic.Bool   // Autobahn's URLs were used
	observed   observedDevices
	crowd      crowd
	absent     absent
}

// announced is a happening, and who waits for it to be dealt with.
type announced struct {
	Happening
	dealt chan struct{}
}

// collect yields happenings until all is done, and says why it ended and whether
// more may be yielded.
func (s *service) collect(ctx context.Context, failed <-chan error, working *sync.WaitGroup, yield func(Happening, error) bool) (err error, more bool) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	var done time.Time // when the last case was played
	reported := map[string]bool{}
	for {
		select {
		case a := <-s.happenings:
			ok := yield(a.Happening, nil)
			close(a.dealt)
			if !ok {
				return nil, false
			}
		case <-s.stop:
			return nil, true
		case err := <-failed:
			return err, true
		case <-ctx.Done():
			return ctx.Err(), true
		case <-s.updated:
		case <-tick.C:
			s.missing(reported)
			for _, h := range s.overdue(ctx, working) {
				if !yield(h, nil) {
					return nil, false
				}
			}
			if s.over() && s.anyLost() {
				return ErrLost, true
			}
		}
		if !s.told() {
			continue
		}
		switch played, updated := s.complete(); {
		case played && (updated || !s.autobahn.Load()):
			return nil, true
		case played && done.IsZero():
			done = time.Now()
		case played && time.Since(done) > s.Options.scaled(updateGrace):
			return nil, true
		}
	}
}

// complete reports whether every expected device has played every case, and
// whether all of them have asked for reports.
func (s *service) complete() (played, updated bool) {
	agents := s.Agents
	if len(agents) == 0 {
		for _, agent := range s.roster.agents() { // the first to have played all will do
			if played, updated := s.roster.complete(agent); played {
				return true, updated
			}
		}
		return false, false
	}
	played, updated = true, true
	for _, agent := range agents {
		p, u := s.roster.complete(agent)
		played, updated = played && p, updated && u
	}
	return played, updated
}

// serve does what the request of a connection asks for.
func (s *service) serve(ctx context.Context, peer *accepted, target *url.URL) {
	agent := named(peer.conn, target)
	peer.crowded = s.crowd.join(ctx, agent, peer.pending, s.Options.scaled(overlap))
	defer s.crowd.leave(agent, peer.pending)
	s.route(ctx, peer, target)
}

// over reports whether nothing more is expected: of each device that is it has
// played all, or is lost.
func (s *service) over() bool {
	agents := s.Agents
	if len(agents) == 0 {
		agents = s.roster.agents()
	}
	for _, agent := range agents {
		if played, _ := s.roster.complete(agent); !played && !s.isLost(agent) {
			return false
		}
	}
	return true
}

// nextCase plays the next case of a device that knows one URL only.
func (s *service) nextCase(ctx context.Context, peer *accepted, agent string) {
	if !s.back(ctx, agent) {
		s.refuse(peer.conn, 503, "%s: it was given up", quoted(agent))
		return
	}
	go func() {
		<-peer.pending.over
		s.roster.look()
	}()
	c, turn := s.roster.next(agent, host(peer.conn), s.Between, peer.pending.gone)
	switch turn {
	case turnPlay:
		s.play(ctx, peer, agent, c)
	case turnOrdinary, turnOver:
		ordinary(ctx, peer, s.Options)
		s.roster.leave(agent)
	case turnBusy:
		peer.observe(observer{of: s.observed.by(agent)})
		s.refuse(peer.conn, 503, "%s: its last connection is not over", quoted(agent))
	case turnFull:
		s.refuse(peer.conn, 503, "%s: too many devices are here already", quoted(agent))
	}
}

// play plays a case and announces what came of it.
func (s *service) play(ctx context.Context, peer *accepted, agent string, c conformance.Case) {
	var verdict conformance.Verdict
	defer func() { s.roster.end(agent, c.ID, verdict) }()
	o := s.Options
	o.observations = s.observed.by(agent)
	peer.observe(observer{o.observations, c.ID})
	result, _ := play(ctx, peer, c, o)
	if ctx.Err() == nil && (s.hold(agent, result) || s.announce(ctx, Happening{agent, result})) {
		verdict = result.Behavior
	}
}

// announce waits until a happening has been dealt with.
func (s *service) announce(ctx context.Context, h Happening) bool {
	a := announced{h, make(chan struct{})}
	select {
	case s.happenings <- a:
	case <-ctx.Done():
		return false
	}
	select {
	case <-a.dealt:
		return true
	case <-ctx.Done():
		return false
	}
}

// playable returns the case of an ID, if it is one to play.
func (s *service) playable(id conformance.ID) (conformance.Case, bool) {
	i := slices.IndexFunc(s.Cases, func(c conformance.Case) bool { return c.ID == id })
	if i < 0 {
		return conformance.Case{}, false
	}
	return s.Cases[i], true
}
