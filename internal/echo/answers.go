package echo

import (
	"runtime"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// What answers a message, or does not.

// maxDelay is how long a URL may have an answer wait.
const maxDelay = time.Minute

func echo(p *peer) error { return p.answerEach(p.write) }

// answerEach lets answer answer each message until the connection ends.
func (p *peer) answerEach(answer func(websocket.MessageType, *buffer) error) error {
	for {
		typ, message, err := p.read()
		if err != nil {
			return err
		}
		if err := answer(typ, message); err != nil {
			return err
		}
		if len(message.octets) <= firstBuffer {
			// The peer has to read that first. Its next message is mostly there
			// when others have had their turn, and to look for it now would be a
			// system call for nothing. Where messages are long, so are the turns of
			// others, and its next message would wait for all of them.
			runtime.Gosched()
		}
	}
}

func silent(p *peer) error {
	return p.answerEach(func(websocket.MessageType, *buffer) error { return nil })
}

// readReply: text is answered as the format says, binary is echoed.
func readReply(q *parameters) action {
	format := q.text("format", "Reply for %s")
	if strings.Count(format, "%s") != 1 {
		q.reject("format", format, `needs "%s" (in a URL: %25s) exactly once, where the text goes`)
	}
	return action{play: reply(format)}
}

func reply(format string) func(*peer) error {
	before, after, _ := strings.Cut(format, "%s")
	return func(p *peer) error {
		return p.answerEach(func(typ websocket.MessageType, message *buffer) error {
			if typ == websocket.MessageText {
				message = p.wrap(before, message, after)
			}
			return p.write(typ, message)
		})
	}
}

// readGreet: what the example server of the Python websockets library does, which
// the clients' own examples were written against.
func readGreet(q *parameters) action {
	keep := q.given("keep")
	return action{play: func(p *peer) error {
		for {
			typ, name, err := p.read()
			if err != nil {
				return err
			}
			if err := p.write(typ, p.wrap("Hello ", name, "!")); err != nil {
				return err
			}
			if !keep {
				return p.finish()
			}
		}
	}}
}

func readSlow(q *parameters) action {
	delay := q.duration("delay", 2*time.Second, 0, maxDelay)
	return action{play: func(p *peer) error {
		return p.answerEach(func(typ websocket.MessageType, message *buffer) error {
			if err := p.wait(delay); err != nil {
				return err
			}
			return p.write(typ, message)
		})
	}}
}
