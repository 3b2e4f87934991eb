package handshake

import (
	"slices"
	"strconv"
	"strings"
)

const serverResponse = "RFC 6455 §4.2.2"

// CheckResponse judges the response to a request that should be granted: the
// rows SRS-01 to SRS-10 and SRS-14, EXT-03, and those PMD rows that the answer
// to an offer of permessage-deflate may break. A status other than 101 is the
// only violation then, for the rest speaks of the 101. What follows the head is
// not seen here.
func CheckResponse(r Response, to Request) []Violation {
	var j judge
	if r.Status != 101 {
		j.fatal("SRS-01", serverResponse+"(5.1)", "HTTP status %s instead of 101", statusText(r))
		return j.found
	}
	j.responseSyntax(r)
	j.responseUpgrade(r.Header)
	j.accept(r.Header.Values(fieldAccept), to.Header.Values(fieldKey))
	j.protocol(r.Header.Values(fieldProtocol), to.Header.List(fieldProtocol))
	j.extensions(r.Header, to.Header)
	j.body(r.Header)
	return j.found
}

// statusText is "404 Not Found", the reason phrase escaped.
func statusText(r Response) string {
	return strings.TrimSpace(strconv.Itoa(r.Status) + " " + escape(r.Reason))
}

// Status line and grammar are noted only: no clause has a client fail over them,
// and devices on WSGI answer HTTP/1.0.
func (j *judge) responseSyntax(r Response) {
	if isVersion(r.Proto) && r.Proto < "HTTP/1.1" {
		j.note("SRS-01", serverResponse+"(5.1)", "HTTP version of the 101 is %s, wanted HTTP/1.1", quote(r.Proto))
	}
	head := r.Raw
	if head == "" {
		head = string(r.Append(nil))
	}
	if fault := checkHead(head, statusLineFault); fault != nil {
		j.note("SRS-01", serverResponse+"(5)", "the response is not valid HTTP: %v", fault)
	}
}

// A client wants the whole value of Upgrade, but a token of Connection (RFC 6455
// §4.1, items 2 and 3 on the response).
func (j *judge) responseUpgrade(h Header) {
	values := h.Values(fieldUpgrade)
	other := func(v string) bool { return !equalFold(v, "websocket") }
	if values == nil || slices.ContainsFunc(values, other) {
		j.fatal("SRS-02", serverResponse+"(5.2)", "%s", lacking(h, fieldUpgrade, "websocket"))
	}
	if !h.HasToken(fieldConnection, "Upgrade") {
		j.fatal("SRS-03", serverResponse+"(5.3)", "%s", lacking(h, fieldConnection, "Upgrade"))
	}
}

// accept holds the answer against the key, if there was exactly one: to none or
// two no answer is right.
func (j *judge) accept(answers, keys []string) {
	if len(answers) == 0 {
		j.fatal("SRS-04", serverResponse+"(5.4)", "no %s field", fieldAccept)
		return
	}
	if len(keys) == 1 {
		wanted := Accept(keys[0])
		wrong := slices.IndexFunc(answers, func(a string) bool { return a != wanted })
		if wrong >= 0 {
			j.fatal("SRS-04", serverResponse+"(5.4)", "%s is %s, wanted %q", fieldAccept, quote(answers[wrong]), wanted)
		}
	}
	if len(answers) > 1 {
		j.note("SRS-05", "RFC 6455 §11.3.3", "%d %s fields, wanted one", len(answers), fieldAccept)
	}
}

func (j *judge) protocol(answers, offered []string) {
	if len(answers) > 1 {
		j.note("SRS-06", "RFC 6455 §11.3.4", "%d %s fields, wanted one", len(answers), fieldProtocol)
	}
	for _, a := range answers {
		switch {
		case a == "":
			j.fatal("SRS-08", serverResponse+" subprotocol", "%s is empty", fieldProtocol)
		case len(offered) == 0:
			j.fatal("SRS-08", serverResponse+" subprotocol", "%s is %s, but none was offered", fieldProtocol, quote(a))
		case !slices.Contains(offered, a):
			j.fatal("SRS-07", serverResponse+" subprotocol", "%s is %s, offered was %s", fieldProtocol, quote(a), quote(strings.Join(offered, ", ")))
		default:
			continue
		}
		return
	}
}

func (j *judge) extensions(answer, offer Header) {
	if fault := extensionsFault(answer); fault != "" {
		j.fatal("EXT-03", "RFC 6455 §9.1", "%s", fault)
	}
	offered, _ := offer.Extensions()
	answered, _ := answer.Extensions()
	j.deflate(offered, answered)
	for _, a := range answered {
		if !slices.ContainsFunc(offered, func(o Extension) bool { return o.Name == a.Name }) {
			j.fatal("SRS-09", serverResponse+" extensions", "%s answers %s, which was not offered", fieldExtensions, quote(a.Name))
			return
		}
	}
}

// A 101 ends with its blank line and has no body to speak of.
func (j *judge) body(h Header) {
	for _, no := range []struct{ name, clause string }{
		{"Content-Length", "RFC 9110 §8.6"},
		{"Transfer-Encoding", "RFC 9112 §6.1"},
	} {
		if values := h.Values(no.name); values != nil {
			j.note("SRS-14", no.clause, "%s: %s in a 101", no.name, quote(values[0]))
		}
	}
}
