package runner

import (
	"context"
	"fmt"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// canary is a connection that is held open beside those that are played. One
// goroutine owns it: it keeps it alive, and finds out when it is lost.
type canary struct {
	p     *player
	ask   conformance.Frame // that something comes to; the zero frame if nothing does
	asked chan struct{}     // somebody wants to know whether it is well
	said  chan string       // why it is lost, "" if it is not
	ended chan struct{}     // closed when it is over
	lost  string            // why, once it has ended
	leave context.CancelFunc
}

// How a canary is kept.
const (
	canaryEvery    = 5 * time.Second // it is asked, so that it is not idle
	canaryPatience = 2               // patiences for it to answer beside others
)

// hold opens a canary; nil if the device will not have it.
func hold(ctx context.Context, peer Peer, o Options) *canary {
	ctx, leave := context.WithCancel(context.WithoutCancel(ctx))
	c := &canary{p: newPlayer(ctx, peer, o), asked: make(chan struct{}), said: make(chan string), ended: make(chan struct{}), leave: leave}
	var err *OpenError
	if c.p.s, err = peer.Open(ctx, o.visit()); err != nil {
		leave()
		return nil
	}
	for _, ask := range []conformance.Frame{conformance.Text(barrier), conformance.Ping(barrier)} {
		if answer, _ := o.Profile.AnswerTo(ask); ask.Opcode == wire.Text && answer == conformance.AnswerNone {
			continue
		}
		c.ask = ask
		if c.check() == "" {
			go c.live()
			return c
		}
	}
	if c.p.end != "" || c.p.heard != nil {
		c.p.s.close()
		leave()
		return nil
	}
	c.ask = conformance.Frame{} // it is only seen to end
	go c.live()
	return c
}

// live keeps the canary until it is lost, or left.
func (c *canary) live() {
	defer close(c.ended)
	defer c.p.s.close()
	tick := time.NewTicker(c.p.options.scaled(canaryEvery))
	defer tick.Stop()
	for c.lost == "" {
		select {
		case <-c.asked:
			c.lost = c.check()
			c.said <- c.lost
		case <-tick.C:
			c.lost = c.check()
		case <-c.p.s.inbox.more:
			c.lost = c.hear()
		case <-c.p.ctx.Done():
			return
		}
	}
}

// well returns why the canary is lost, "" if it is not.
func (c *canary) well() string {
	select {
	case c.asked <- struct{}{}:
		return <-c.said
	case <-c.ended:
		return c.lost
	}
}

// close leaves the canary.
func (c *canary) close() {
	c.leave()
	<-c.ended
}

// hear takes what has come, whatever it is but the end.
func (c *canary) hear() string {
	for {
		e, ok := c.p.s.inbox.take()
		if !ok {
			return ""
		}
		if !c.p.counts(e) {
			continue
		}
		c.p.note(e)
		if e.over() {
			return fmt.Sprintf("ended with %v", e)
		}
	}
}

// check asks, and takes whatever comes for an answer.
func (c *canary) check() string {
	if lost := c.hear(); lost != "" || c.ask.Opcode == 0 {
		return lost
	}
	c.p.pings = nil
	c.p.send(conformance.SendStep{Frames: []conformance.Frame{c.ask}})
	patience := canaryPatience * c.p.options.patience()
	switch got, ok := c.p.next(patience, patience); {
	case !ok && c.p.ctx.Err() != nil:
		return ""
	case !ok:
		return fmt.Sprintf("was not answered within %v", patience)
	case got.over():
		return fmt.Sprintf("ended with %v", got)
	}
	return ""
}
