package runner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wsprobe/internal/conformance"
	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
)

const permessageDeflate = "permessage-deflate"

// The parameters of RFC 7692 §7.1.
const (
	serverNoTakeover = "server_no_context_takeover"
	clientNoTakeover = "client_no_context_takeover"
	serverWindow     = "server_max_window_bits"
	clientWindow     = "client_max_window_bits"
)

// agreement is what permessage-deflate comes to on a connection.
type agreement struct{ client, server deflate.Params }

func fullAgreement() agreement {
	full := deflate.Params{Window: deflate.MaxWindow, Takeover: true}
	return agreement{full, full}
}

// offers are what we offer as a client: of the device what a script asks for,
// and of ourselves whatever it likes, as Autobahn does.
func offers(lists []string) (offers []handshake.Extension) {
	for _, list := range lists {
		e := handshake.Extension{Name: permessageDeflate, Params: []handshake.Param{{Name: clientNoTakeover}, {Name: clientWindow}}}
		offers = append(offers, withParams(e, "server_", list))
	}
	return offers
}

// withParams adds the parameters of a script's list, which are of what the
// device sends, with the prefix that tells whose they are.
func withParams(e handshake.Extension, prefix, list string) handshake.Extension {
	for _, param := range strings.Split(list, ";") {
		if param = strings.TrimSpace(param); param != "" {
			name, value, ok := strings.Cut(param, "=")
			e.Params = append(e.Params, handshake.Param{Name: prefix + name, Value: value, HasValue: ok})
		}
	}
	return e
}

// agreed reads a server's answer; false if it declines. Whether the answer fits
// the offer is not looked at here. "A client MUST _Fail the WebSocket
// Connection_" over unknown, repeated and ill-valued parameters (RFC 7692 §7.1).
func agreed(h handshake.Header) (agreement, bool, error) {
	answers, err := h.Extensions()
	if err != nil || len(answers) == 0 {
		return agreement{}, false, err
	}
	if len(answers) > 1 {
		return agreement{}, false, fmt.Errorf("%d extensions in the answer, wanted %s once", len(answers), permessageDeflate)
	}
	a := fullAgreement()
	if err := a.read(answers[0], false); err != nil {
		return agreement{}, false, fmt.Errorf("%v in the answer: %w", answers[0], err)
	}
	return a, true, nil
}

// read takes the parameters of an extension. In an offer client_max_window_bits
// may be a mere hint.
func (a *agreement) read(e handshake.Extension, offer bool) error {
	for i, p := range e.Params {
		if slices.ContainsFunc(e.Params[:i], func(o handshake.Param) bool { return o.Name == p.Name }) {
			return fmt.Errorf("%s twice", p.Name)
		}
		switch p.Name {
		case serverNoTakeover:
			a.server.Takeover = false
		case clientNoTakeover:
			a.client.Takeover = false
		case serverWindow, clientWindow:
			bits, err := strconv.Atoi(p.Value)
			switch {
			case p.Name == clientWindow && offer && !p.HasValue:
			case err != nil || bits < deflate.MinWindow || bits > deflate.MaxWindow || p.Value != strconv.Itoa(bits):
				return fmt.Errorf("%s is %q, wanted 8 to 15", p.Name, p.Value)
			case p.Name == serverWindow:
				a.server.Window = bits
			default:
				a.client.Window = bits
			}
			continue
		default:
			return fmt.Errorf("%q is no parameter of it", p.Name)
		}
		if p.HasValue {
			return fmt.Errorf("%s has the value %q", p.Name, p.Value)
		}
	}
	return nil
}

// answer is what we, as a server, answer to a client's offers: the first list
// that one of them fits; false if none does. An offer's own wishes for what we
// send are granted.
func answer(lists []string, h handshake.Header) (handshake.Extension, agreement, bool) {
	offered, _ := h.Extensions()
	for _, list := range lists {
		for _, offer := range offered {
			wishes := fullAgreement()
			if offer.Name != permessageDeflate || wishes.read(offer, true) != nil {
				continue // "A server MUST decline an extension negotiation offer" so (RFC 7692 §7)
			}
			e := handshake.Extension{Name: permessageDeflate}
			for _, p := range offer.Params {
				if p.Name == serverNoTakeover || p.Name == serverWindow {
					e.Params = append(e.Params, p)
				}
			}
			e = withParams(e, "client_", list)
			a := fullAgreement()
			if a.read(e, false) == nil && (a.client.Window == deflate.MaxWindow && !hasParam(e, clientWindow) || hasParam(offer, clientWindow)) {
				return e, a, true
			}
		}
	}
	return handshake.Extension{}, agreement{}, false
}

// unoffered says what a client does not offer as a case wants it; "" for
// nothing. A server may answer any of several offers, so each has to be such.
func unoffered(wanted *conformance.OfferedStep, h handshake.Header) string {
	if wanted == nil {
		return ""
	}
	offered, _ := h.Extensions()
	offered = slices.DeleteFunc(offered, func(e handshake.Extension) bool { return e.Name != permessageDeflate })
	if len(offered) == 0 {
		return "permessage-deflate is not offered"
	}
	for _, want := range wanted.Params {
		for _, offer := range offered {
			i := slices.IndexFunc(offer.Params, func(p handshake.Param) bool { return p.Name == want.Name })
			switch {
			case want.Absent && i >= 0:
				return fmt.Sprintf("the device offers %s", want.Name)
			case want.Absent:
			case i < 0:
				return fmt.Sprintf("the device does not offer %s", want.Name)
			case want.Below > 0:
				if n, err := strconv.Atoi(offer.Params[i].Value); err != nil || n >= want.Below {
					return fmt.Sprintf("the device does not offer %s below %d", want.Name, want.Below)
				}
			}
		}
	}
	return ""
}

func hasParam(e handshake.Extension, name string) bool {
	return slices.ContainsFunc(e.Params, func(p handshake.Param) bool { return p.Name == name })
}
