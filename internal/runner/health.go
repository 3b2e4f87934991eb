package runner

import (
	"bytes"
	"context"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// retryPause is the time between two attempts to reach a device that is away.
const retryPause = 100 * time.Millisecond

// found is how a device was found at a visit.
type found struct {
	health conformance.Health
	wrong  string // what was wrong last, in words; "" if nothing was
	mixed  string // an answer that holds more than was asked, in words; "" for none
}

// visit asks whether the device is well: it accepts a connection, shakes hands,
// answers if it is known to, and is left with a closing handshake. A device that
// does not is tried again until the options' recovery is over.
func (w *Watch) visit(ctx context.Context) (f found) {
	refused, health := false, conformance.Alive
	deadline := time.Now().Add(w.options.recovery())
	for {
		err := w.call(ctx)
		switch {
		case err == nil && refused:
			f.health = conformance.Rebooted
			return f
		case err == nil:
			f.health = health
			return f
		case err.Mixed:
			f.mixed = err.Reason // it is there all the same
		case err.Status != 0:
			f.health, f.wrong = conformance.Slow, err.Reason // it speaks HTTP, so it is there
			return f
		default:
			f.wrong, health = err.Reason, conformance.Slow
			refused = refused || err.Refused
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			f.health = conformance.Gone
			return f
		}
		pause(ctx, w.options.scaled(retryPause))
	}
}

// call opens a connection, has the known-good exchange, and closes as an
// ordinary client would.
func (w *Watch) call(ctx context.Context) *OpenError {
	answers := w.answers.Load()
	p, answered, err := exchange(ctx, w.peer, w.options, answers != answersNot)
	if err != nil {
		return err
	}
	w.part(p)
	switch {
	case answered:
		w.answers.Store(answersWell)
	case answers == answersUnknown:
		w.answers.Store(answersNot)
	case answers == answersWell && bytes.Contains(p.odd, []byte(barrier)):
		return &OpenError{Mixed: true, Reason: p.result.Reason}
	case answers == answersWell:
		return &OpenError{Reason: "it opens connections, and does not answer: " + p.result.Reason}
	}
	return nil
}

// ordinary is an ordinary connection: opened, and closed.
func ordinary(ctx context.Context, peer Peer, o Options) *OpenError {
	p, _, err := exchange(ctx, peer, o, false)
	if err != nil {
		return err
	}
	defer p.s.close()
	p.finish(conformance.CloseNormally())
	return nil
}

// part closes a visit as an ordinary client would. A device that has left it to
// us to end TCP is waited for no more, or it would cost that time after each case.
func (w *Watch) part(p *player) {
	defer p.s.close()
	if w.lingers.Load() {
		p.close(conformance.Close(wire.NormalClosure))
		return
	}
	p.finish(conformance.CloseNormally())
	w.lingers.Store(p.ours && p.heard != nil)
}

// exchange opens a connection, which is then to be closed, and has if asked to
// one message answered as the profile says.
func exchange(ctx context.Context, peer Peer, o Options, ask bool) (p *player, answered bool, err *OpenError) {
	p = newPlayer(ctx, peer, o)
	if p.s, err = peer.Open(ctx, o.visit()); err != nil {
		return p, false, err
	}
	message := conformance.Text(barrier)
	if answer, _ := o.Profile.AnswerTo(message); ask && answer != conformance.AnswerNone {
		p.send(conformance.SendStep{Frames: []conformance.Frame{message}})
		answered = p.reply(conformance.ReplyStep{Messages: []conformance.Frame{message}})
	}
	return p, answered, nil
}
