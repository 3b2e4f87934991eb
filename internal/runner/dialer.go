package runner

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Dialer is the Peer of a device that is a server.
type Dialer struct {
	Target      Target
	Config      *tls.Config // for wss
	Subprotocol string      // to offer; "" for none

	// Dial makes connections in the place of TCP, if it is set.
	Dial func(context.Context) (net.Conn, error)
}

// maxHead bounds the head of a response, in octets.
const maxHead = 64 << 10

// Role returns Client.
func (d *Dialer) Role() wire.Role { return wire.Client }

// Open connects and shakes hands.
func (d *Dialer) Open(ctx context.Context, o Opening) (*Session, *OpenError) {
	ctx, cancel := context.WithTimeout(ctx, o.Within)
	defer cancel()
	conn, err := d.connect(ctx)
	if err != nil {
		return nil, d.connectError(err, o.Within)
	}
	buffer := readBuffer
	if o.minutes != nil {
		buffer = smallBuffer
	}
	watched, r := timed(conn, buffer)
	s := newSession(watched, r, wire.Client, o)
	stop := context.AfterFunc(ctx, s.close)
	if err := d.shake(ctx, s, o); err != nil {
		stop()
		s.close()
		if ctx.Err() != nil {
			err.Silent = err.Status == 0
			err.Reason = unended(theAnswer, err.Response.Raw, o.Within)
		}
		return nil, err
	}
	if !stop() {
		return nil, &OpenError{Silent: true, Reason: unended(theAnswer, s.Response.Raw, o.Within)}
	}
	s.start()
	return s, nil
}

// shake writes the request and reads the response. Frames that come glued to
// it stay in the session's reader.
func (d *Dialer) shake(ctx context.Context, s *Session, o Opening) *OpenError {
	s.Request = d.request(s)
	if o.Deflate != nil {
		list := handshake.AppendExtensions(nil, offers(o.Deflate)...)
		s.Request.Header = append(s.Request.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: string(list)})
	}
	octets := s.Request.Append(nil)
	if len(o.Edits) > 0 {
		octets = s.Request.Edited(edits(d.words(s.Request).filled(o.Edits))...)
		s.Request, _ = handshake.ReadRequest(bufio.NewReader(bytes.NewReader(octets)), len(octets)+1) // as the device sees it
	}
	s.tape.note(conformance.Sent, octets, "%s", firstLine(octets))
	w := s.sender(ctx, o.Pace, o.Within)
	w.opening(octets, o.Together) // a device that does not read shows in what it answers
	if w.held > 0 && s.departs(o.Parting) {
		return weLeft()
	}
	response, err := handshake.ReadResponse(s.r, maxHead)
	if err != nil {
		reason := responseError(err)
		s.tape.note(conformance.Received, response.Append(nil), "%s", reason)
		return &OpenError{Parted: w.held > 0, Response: response, Reset: errors.Is(err, syscall.ECONNRESET), Reason: reason}
	}
	s.Response = response
	if response.Status == http.StatusSwitchingProtocols {
		s.observer.handshake(s)
	}
	head := response.Append(nil)
	s.tape.note(conformance.Received, head, "%s", firstLine(head))
	if w.held > 0 {
		return &OpenError{Parted: true, Status: response.Status, Response: response, Reason: "an answer to part of an opening handshake: " + firstLine(head)}
	}
	if err := handshake.Usable(handshake.CheckResponse(response, s.Request)); err != nil {
		refusal := &OpenError{Status: response.Status, Response: response, Reason: err.Error()}
		if o.LetGo > 0 && response.Status != http.StatusSwitchingProtocols {
			refusal.HalfOpen = !d.letsGo(s, o.LetGo)
		}
		return refusal
	}
	if o.Deflate != nil {
		agreement, ok, err := agreed(response.Header)
		if err != nil {
			return &OpenError{Status: response.Status, Response: response, Reason: err.Error()}
		}
		if ok {
			s.agree(agreement)
		}
	}
	return nil
}

// words returns what stands for what in the edits of a request.
func (d *Dialer) words(r handshake.Request) words {
	return words{"target": r.Target, "authority": d.Target.HostField(), "key": r.Header.Get("Sec-WebSocket-Key")}
}

func (d *Dialer) request(s *Session) handshake.Request {
	path := d.Target.Path
	if path == "" {
		path = "/"
	}
	var random [16]byte
	for i := range random {
		random[i] = byte(s.keys.Uint32())
	}
	r := handshake.NewRequest(d.Target.HostField(), path, handshake.NewKey(random))
	if d.Subprotocol != "" {
		r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Protocol", Value: d.Subprotocol})
	}
	if d.Target.Auth != "" {
		r.Header = append(r.Header, handshake.Field{Name: "Authorization", Value: d.Target.Auth})
	}
	return r
}

const theAnswer = "answer to the opening handshake"

// responseError puts into words why a response could not be read.
func responseError(err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "the end of TCP instead of an " + theAnswer
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the end of TCP within the " + theAnswer
	case errors.Is(err, syscall.ECONNRESET):
		return "a reset instead of an " + theAnswer
	case errors.Is(err, handshake.ErrHeadTooLarge):
		return fmt.Sprintf("an %s of more than %d octets", theAnswer, maxHead)
	}
	return err.Error()
}

// unended says that the time for a head is up, of which raw has come.
func unended(head, raw string, within time.Duration) string {
	if raw == "" {
		return fmt.Sprintf("no %s within %v", head, within)
	}
	return fmt.Sprintf("no empty line within %v that ends the %s, which begins %q", within, head, brief(phrase(firstLine([]byte(raw)))))
}

func firstLine(head []byte) string {
	line, _, _ := strings.Cut(string(head), "\r\n")
	return line
}
