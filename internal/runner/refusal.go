package runner

import (
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// refused decides a case whose opening handshake was not completed.
func (p *player) refused(e conformance.Ending, err *OpenError) {
	mayRefuse := e.Refuses() || e.Kind == conformance.EndMayRefuse
	wanted := len(e.Codes) == 0 || slices.Contains(e.Codes, wire.StatusCode(err.Status))
	p.acted = err.Status == http.StatusSwitchingProtocols
	switch {
	case e.Kind == conformance.EndShouldNotFail && err.Status != 0 && !p.acted:
		p.worsen(conformance.NonStrict, "%s", err.Reason)
	case err.Parted && e.Leaves() && !p.acted: // there was nothing to take
	case !mayRefuse || err.Unreached || p.acted:
		p.fail("%s", err.Reason)
	case err.Silent && (e.Kind == conformance.EndRefuse || e.Kind == conformance.EndRefuseVersion):
		p.worsen(conformance.NonStrict, "%s", err.Reason) // not taken, but nobody is told so
	case err.Silent:
		p.fail("%s", err.Reason)
	case err.Status != 0 && !wanted:
		p.fail("wanted status %s, got %s", codesText(e.Codes), err.Reason)
	case e.Kind == conformance.EndRefuseVersion && err.Status != 0 && !namesVersion(err.Response.Header):
		p.fail("the refusal does not name version 13 in Sec-WebSocket-Version: %s", err.Reason)
	case err.HalfOpen:
		p.fail("after the refusal the device neither ended TCP nor answered another request: %s", err.Reason)
	}
	p.informed = "the opening handshake was refused: " + err.Reason
	if p.result.Behavior == conformance.Failed {
		p.result.BehaviorClose = conformance.Failed
	}
}

// namesVersion: the list may be split over several lines (RFC 6455 §11.3.5).
func namesVersion(h handshake.Header) bool {
	return slices.Contains(h.List("Sec-WebSocket-Version"), "13")
}

// unrefused decides how a connection goes on that was opened although the
// device should, or might, have refused to.
func (p *player) unrefused() {
	switch {
	case p.ending.Kind == conformance.EndMayRefuse && p.s.role == wire.Server && p.leaves():
		p.informed, p.ending = "our response was refused", conformance.Drop()
	case p.ending.Kind == conformance.EndMayRefuse:
		p.informed = "the opening handshake was taken"
		p.ending = conformance.CloseNormally()
	case !p.ending.Refuses():
	case p.s.role == wire.Client:
		p.acted = true
		p.fail("wanted the opening handshake to be refused, got %d %s", p.s.Response.Status, p.s.Response.Reason)
		p.ending = conformance.CloseNormally()
	default:
		// A client that does not take our response for a 101 says nothing, or
		// leaves: "the client MUST NOT send frames" follows from RFC 6455 §4.1.
		if got, ok := p.asked(conformance.Text(barrier)); ok && got.kind != gotEnd {
			p.acted = true
			p.fail("wanted our response to be refused, got %v", got)
		}
		p.ending = conformance.Drop()
	}
}

// asked pings, with a message beside if there is one, and returns what the device
// says first. To a client that has refused our response this is nothing, or the
// body that ends with the connection. How well the device pongs is not asked:
// whatever pong comes later is passed over.
func (p *player) asked(message ...conformance.Frame) (event, bool) {
	open := p.pings
	p.send(conformance.SendStep{Frames: append([]conformance.Frame{conformance.Ping(barrier)}, message...)})
	got, ok := p.next(p.options.patience(), p.options.patience())
	p.pings = open
	delete(p.pongs, barrier)
	return got, ok
}

// leaves reports whether a client that may refuse our response has left over it.
func (p *player) leaves() bool {
	got, ok := p.asked()
	return ok && got.over()
}

// letsGo reports whether a device that has refused a request ends TCP, or
// answers another request on it (RFC 9112 §9.3): both leave nothing half-open.
func (d *Dialer) letsGo(s *Session, patience time.Duration) bool {
	s.conn.SetReadDeadline(time.Now().Add(patience))
	n, err := io.Copy(io.Discard, io.LimitReader(s.r, maxBody))
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return n < maxBody
	}
	s.conn.SetDeadline(time.Now().Add(patience))
	if _, err := s.conn.Write(d.request(s).Append(nil)); err != nil {
		return true // it has ended TCP meanwhile
	}
	_, err = handshake.ReadResponse(s.r, maxHead)
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

// maxBody bounds what is read of the page that comes with a refusal, in octets.
const maxBody = 1 << 20
