package fuzzing

import (
	"bytes"
	"fmt"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

// message is a data message that the device sent or had to send.
type message struct {
	opcode  wire.Opcode
	payload []byte
}

func (m message) is(o message) bool { return m.opcode == o.opcode && bytes.Equal(m.payload, o.payload) }

// answers judges the messages and the pongs that came.
func (j *judge) answers() {
	due, kind := j.due()
	switch kind {
	case conformance.AnswerStream:
		j.stream(due)
	case conformance.AnswerNone:
	default:
		j.messages(due)
	}
	j.pongs()
}

// due returns the messages that the device has to answer with, and how it
// answers at all.
func (j *judge) due() (due []message, kind conformance.Answer) {
	kind = j.profile.Reply
	for _, a := range j.forecast.Acts {
		if a.Opcode.IsControl() {
			continue
		}
		k, want := j.profile.AnswerTo(conformance.Frame{Opcode: a.Opcode, Payload: conformance.Literal(string(a.Payload))})
		if k != conformance.AnswerNone {
			due = append(due, message{want.Opcode, []byte(want.Payload.Octets())})
		}
	}
	return due, kind
}

// came returns the messages that the device sent, but for its greetings.
func (j *judge) came(due []message) (came []message) {
	for _, h := range j.encounter.Heard {
		if h.Message == nil {
			continue
		}
		m := message{h.Opcode, h.Message}
		if greets := j.profile.Greets(m.payload); !greets || len(due) > 0 && m.is(due[0]) {
			came = append(came, m)
		}
	}
	return came
}

// messages holds what came against what was due, in order.
func (j *judge) messages(due []message) {
	came, next := j.came(due), 0
	for i, m := range came {
		switch k := index(due[next:], m); {
		case k == 0:
			next++
		case k > 0:
			j.add(conformance.KindDesync, "a message is left unanswered, and a later one is not", "no answer to %v, but one to %v", brief(due[next].payload), brief(m.payload))
			next += k + 1
		default:
			substituted := next < len(due) && len(came) <= len(due) && (i+1 == len(came) || !came[i+1].is(due[next]))
			j.stray(m, due, next, substituted)
			if substituted {
				next++
			}
		}
	}
	if next < len(due) && j.owes() {
		j.add(conformance.KindDesync, "a message without an answer", "no answer to %v %s, which is lawful", due[next].opcode, brief(due[next].payload))
	}
}

func index(due []message, m message) int {
	for i := range due {
		if due[i].is(m) {
			return i
		}
	}
	return -1
}

// owes reports whether the device had every reason to answer what it was sent:
// all of it was lawful, and it took its leave of its own accord. A client that
// says nothing may not have taken our response for one: if that is long or not
// as it should be, it owes no answer.
func (j *judge) owes() bool {
	e := j.encounter
	if j.device == wire.Client && !j.plain && len(e.Heard) == 0 {
		return false
	}
	heard, code := j.heardClose()
	refuses := heard && code != j.ourCode()
	return j.forecast.Fault == nil && e.More == 0 && !e.Ours && !e.Reset && !e.Untaken && !refuses && (heard || e.Left)
}

// stray judges a message that is not due. After a fault the device had to fail the
// connection: that it says anything then is all that it is told, once what was lawful
// has come back.
func (j *judge) stray(m message, due []message, next int, substituted bool) {
	var want message
	if next < len(due) {
		want = due[next]
	}
	faulty := j.forecast.Fails()
	mild := conformance.KindDesync
	if faulty && next == len(due) {
		mild = conformance.KindLenient
	}
	switch {
	case j.beyond(m):
		j.lenient("answers " + brief(m.payload))
	case want.payload != nil && bytes.Equal(m.payload, want.payload):
		j.add(mild, "a message is answered as another type", "%v %s came back as %v", want.opcode, brief(want.payload), m.opcode)
	case j.leftover(m.payload):
		j.add(conformance.KindLenient, "part of a message is answered when the connection ends", "got %v %s of a message that we left unfinished", m.opcode, brief(m.payload))
	case j.ahead(m.payload):
		j.add(conformance.KindSmuggle, "a frame is answered before it is complete", "got %v %s of a frame whose length says that more is to come", m.opcode, brief(m.payload))
	case j.hidden(m.payload, false):
		j.add(conformance.KindSmuggle, "a message is answered that is part of another frame", "got %v %s, which we sent within another frame", m.opcode, brief(m.payload))
	case index(due[:next], m) >= 0 && !substituted:
		j.add(conformance.KindDesync, "a message is answered twice", "got %v %s once more", m.opcode, brief(m.payload))
	case index(due[:next], m) >= 0:
		j.add(conformance.KindLeak, "an earlier message comes in the place of an answer", "got %v %s again, wanted %s", m.opcode, brief(m.payload), brief(want.payload))
	case j.madeOfParts(m.payload), len(m.payload) < len(want.payload) && bytes.Contains(want.payload, m.payload):
		j.add(mild, "messages lose their borders", "%s", unlike(m, want))
	case j.altered(m.payload, want.payload):
		j.add(conformance.KindDesync, "a message comes back altered", "%s", unlike(m, want))
	case faulty && len(m.payload) < leastHidden:
		j.lenient("answers " + brief(m.payload))
	case j.unmasked(m.payload):
		j.add(mild, "a message comes back altered", "%s", unlike(m, want))
	default:
		j.add(conformance.KindLeak, "an answer holds octets that were not sent", "%s", unlike(m, want))
	}
}

// unlike says what came in the place of what was due, and from where on it is
// another.
func unlike(got, want message) string {
	return fmt.Sprintf("got %v %s, wanted %s%s", got.opcode, brief(got.payload), brief(want.payload), runner.Apart(got.payload, want.payload))
}

// lenient notes that the device acted on what came after a fault, or after our
// Close frame.
func (j *judge) lenient(how string) {
	if f := j.forecast.Fault; j.forecast.Fails() {
		j.add(conformance.KindLenient, rule(f.Row, f.Detail), "%s after %s (%s)", how, f.Detail, f.Clause)
		return
	}
	j.add(conformance.KindLenient, "goes on after a Close frame", "%s, which came after our Close frame (RFC 6455 §5.5.1)", how)
}

// stream holds the octets that came against those that were due.
func (j *judge) stream(due []message) {
	var want, got []byte
	for _, m := range due {
		want = append(want, m.payload...)
	}
	for _, m := range j.came(due) {
		got = append(got, m.payload...)
	}
	lawful := len(want)
	for _, a := range j.forecast.Beyond {
		if !a.Opcode.IsControl() {
			want = append(want, a.Payload...)
		}
	}
	switch {
	case !bytes.HasPrefix(want, got):
		at := 0
		for at < len(want) && at < len(got) && want[at] == got[at] {
			at++
		}
		j.add(conformance.KindLeak, "a stream holds octets that were not sent", "after %d octets as they were sent got %s", at, brief(got[at:]))
	case len(got) > lawful:
		j.lenient("answers " + brief(got[lawful:]))
	case len(got) < lawful && j.owes():
		j.add(conformance.KindDesync, "a message without an answer", "%d of %d octets came back", len(got), lawful)
	}
}
