package echo

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// What test applications ask for that were made for the Autobahn testsuite, those
// on chips among them: how many cases there are, each of them, and a report. The
// cases are those of a server that is right: how a device takes what is wrong, the
// harness finds out.

// An exchange is a message that is to come back.
type exchange struct {
	typ      websocket.MessageType
	message  string
	fragment int  // octets of each frame, 0 for one frame
	pinged   bool // before the message
}

// exchanges are small enough for the buffers of chips.
var exchanges = []exchange{
	{typ: websocket.MessageText, message: ""},
	{typ: websocket.MessageText, message: "Hello, κόσμε!"},
	{typ: websocket.MessageText, message: strings.Repeat("*", 125)}, // the longest lengths of 7 bits
	{typ: websocket.MessageText, message: strings.Repeat("*", 126)}, // and the shortest of 16
	{typ: websocket.MessageText, message: strings.Repeat("*", 4096)},
	{typ: websocket.MessageBinary, message: ""},
	{typ: websocket.MessageBinary, message: "\x00\x01\xfe\xff"},
	{typ: websocket.MessageBinary, message: strings.Repeat("\xfe", 1024)},
	{typ: websocket.MessageText, message: "pinged", pinged: true},
	{typ: websocket.MessageText, message: "in fragments: größer", fragment: 5}, // which cuts an ü
}

// caseTime is how long a device may take to send a message back.
const caseTime = 10 * time.Second

func readCaseCount(q *parameters) action {
	q.text("agent", "")
	return action{play: func(p *peer) error {
		if err := p.writeCopy(websocket.MessageText, strconv.AppendInt(nil, int64(len(exchanges)), 10)); err != nil {
			return err
		}
		return p.finish()
	}}
}

func readCase(q *parameters) action {
	q.text("agent", "")
	n := q.number("case", 1, 1, len(exchanges))
	return action{play: func(p *peer) error {
		err := p.exchange(exchanges[n-1])
		switch {
		case errors.Is(err, errTimeUp) && p.ctx.Err() == nil:
			p.log.note("Case %d of %d: nothing came back from %s within %s", n, len(exchanges), p.address, short(caseTime))
		case errors.Is(err, errOther):
			p.log.note("Case %d of %d: what %s sent back is not the message", n, len(exchanges), p.address)
		case err != nil:
			return err
		}
		return p.finish()
	}}
}

func readUpdateReports(q *parameters) action {
	q.text("agent", "")
	return action{play: (*peer).finish}
}

var errOther = errors.New("another message came back")

// exchange sends a message and waits for it to come back.
func (p *peer) exchange(e exchange) error {
	if e.pinged {
		if err := p.conn.control(opcodePing, e.message); err != nil {
			return err
		}
	}
	message := []byte(e.message)
	size := e.fragment
	if size == 0 {
		size = max(len(message), 1)
	}
	if err := p.writeFragments(e.typ, message, size); err != nil {
		return err
	}
	p.conn.until = time.Now().Add(caseTime)
	typ, came, err := p.read()
	if err == nil && (typ != e.typ || string(came.octets) != e.message) {
		return errOther
	}
	return err
}
