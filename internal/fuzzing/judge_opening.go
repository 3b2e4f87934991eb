package fuzzing

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"strings"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// maxHead bounds our half of an opening handshake, in octets.
const maxHead = 4 << 20

// shortHead is a head that no device may find too long, in octets.
const shortHead = 512

// errCut means that our half of the opening handshake is not complete.
var errCut = errors.New("an opening handshake that is not complete")

// ours reads our half of the opening handshake as the device sees it. It
// returns its length and what a device has to refuse it for, nil for nothing.
func (j *judge) ours(octets []byte) (head int, fault error) {
	defer func() { j.plain = head <= shortHead && fault == nil && !j.odd }()
	r := bufio.NewReader(bytes.NewReader(octets))
	if j.device == wire.Server {
		request, err := handshake.ReadRequest(r, maxHead)
		if refusal := j.encounter.Refusal; err != nil && refusal != nil && !refusal.Parted {
			// the device did not take all that we had to say
			return len(octets), j.usable(handshake.CheckRequest(j.encounter.Request))
		}
		if err != nil {
			return len(octets), cut(err)
		}
		if err := j.usable(handshake.CheckRequest(request)); err != nil {
			return len(request.Raw), spaced(request, err)
		}
		return len(request.Raw), content(request.Header)
	}
	for {
		response, err := handshake.ReadResponse(r, maxHead)
		if err != nil {
			return len(octets), cut(err)
		}
		head += len(response.Raw)
		if response.Status/100 != 1 || response.Status == http.StatusSwitchingProtocols {
			return head, j.usable(handshake.CheckResponse(unspaced(response), j.encounter.Request))
		}
		j.interim = response.Status
	}
}

// strictEnd returns where our half of the opening handshake ends for a device
// that takes nothing but CR LF for the end of a line, 0 if it does not end. "A
// recipient MAY recognize a single LF as a line terminator" (RFC 9112 §2.2): who
// does may have found the end earlier, and both are right.
func strictEnd(octets []byte) int {
	const blank = "\r\n\r\n"
	if at := bytes.Index(octets, []byte(blank)); at >= 0 {
		return at + len(blank)
	}
	return 0
}

// endsLoosely reports whether a head ends for those alone that take LF for the end
// of a line.
func endsLoosely(head []byte) bool {
	return strictEnd(head) == 0 && (bytes.HasSuffix(head, []byte("\n\n")) || bytes.HasSuffix(head, []byte("\n\r\n")))
}

// usable returns what a device has to go no further for, and notes what else is
// wrong.
func (j *judge) usable(violations []handshake.Violation) error {
	j.odd = len(violations) > 0
	return handshake.Usable(violations)
}

// cut tells a head that ends too early from one that is wrong.
func cut(err error) error {
	if syntax := new(handshake.SyntaxError); errors.As(err, &syntax) {
		return syntax
	}
	return errCut
}

// refused judges a device that did not open the connection.
func (j *judge) refused(head int, fault error) {
	switch e := j.encounter; {
	case e.Refusal.Unreached || fault == errCut:
	case e.Refusal.Silent && endsLoosely(j.octets[:head]): // it may wait for more
	case e.Refusal.Status == http.StatusSwitchingProtocols && fault != nil: // to such a request no answer is right
		j.accepted(fault)
	case e.Refusal.Status == http.StatusSwitchingProtocols:
		for _, v := range handshake.CheckResponse(e.Response, e.Request) {
			if v.Fatal {
				j.add(conformance.KindIllegal, rule(v.Row, v.Detail), "%s (%s)", v.Detail, v.Clause)
			}
		}
	case e.Refusal.Silent && j.plain:
		j.add(conformance.KindHang, ruleHang, "%s", e.Refusal.Reason)
	case e.Refusal.Silent:
		j.add(conformance.KindHang, "an opening handshake without an answer", "%s", e.Refusal.Reason)
	case e.Refusal.Status == 0 && len(e.Response.Raw) > 0:
		j.add(conformance.KindIllegal, "an answer to the opening handshake that is not HTTP", "%s", e.Refusal.Reason)
	case e.Refusal.Status == 0 && j.plain && head == len(j.octets):
		j.add(conformance.KindDesync, "a lawful opening handshake is dropped without an answer", "%s", e.Refusal.Reason)
	}
}

// accepted judges a device that opened the connection although it had to
// refuse: a server with its 101, a client with a frame.
func (j *judge) accepted(fault error) {
	if fault == errCut || fault == errContent || j.device == wire.Client && len(j.encounter.Heard) == 0 {
		return
	}
	v := handshake.Violation{Row: "opening handshake:", Clause: "RFC 6455 §4.2.1", Detail: fault.Error()}
	errors.As(fault, &v)
	if j.device == wire.Client && strings.HasPrefix(v.Clause, "RFC 6455 §4.2") { // of what a server has to send
		v.Clause = "RFC 6455 §4.1"
	}
	j.add(conformance.KindLenient, rule(v.Row, v.Detail), "goes on although %s (%s)", v.Detail, v.Clause)
}
