package handshake

import (
	"slices"
	"strconv"
)

const permessageDeflate = "permessage-deflate"

// deflate judges what is answered about permessage-deflate: each answer by
// itself, and then, good or bad, against what was offered (RFC 7692 §7.1).
func (j *judge) deflate(offered, answered []Extension) {
	is := func(e Extension) bool { return e.Name == permessageDeflate }
	var answers []Extension
	for _, a := range answered {
		if !is(a) {
			continue
		}
		if _, fault := parametersFault(a, false); fault != "" && len(answers) == 0 {
			j.note("SRS-10", "RFC 7692 §7.1", "%s answers %s: %s", fieldExtensions, quote(a.Name), fault)
		}
		answers = append(answers, a)
	}
	offered = slices.DeleteFunc(slices.Clone(offered), func(e Extension) bool { return !is(e) })
	switch {
	case len(answers) == 0 || len(offered) == 0:
	case len(answers) > 1:
		j.note("PMD-35", "RFC 7692 §5", "%s answers %s %d times", fieldExtensions, quote(permessageDeflate), len(answers))
	default:
		j.fits(answers[0], offered)
	}
}

// fits wants an answer that fits one of the offers; if none, the first of them
// tells why. One that takes the server's context from it is to be passed over
// by no server: "It is RECOMMENDED that a server supports the
// server_no_context_takeover parameter" (RFC 7692 §7.1.1.1).
func (j *judge) fits(answer Extension, offered []Extension) {
	var row, fault string
	for i, offer := range offered {
		r, f := unfit(answer, offer)
		if f == "" {
			if i > 0 && row == "PMD-09" {
				j.note("PMD-37", "RFC 7692 §7.1.1.1", "%s was passed over for a later offer", quote(offered[0].String()))
			}
			return
		}
		if i == 0 {
			row, fault = r, f
		}
	}
	j.note(row, "RFC 7692 §7.1", "%s answers %s to %s: %s", fieldExtensions, quote(answer.String()), quote(offered[0].String()), fault)
}

// unfit says why an answer does not fit an offer, and which row that breaks.
func unfit(answer, offer Extension) (row, fault string) {
	if row, fault := parametersFault(offer, true); fault != "" {
		return row, "the offer is to be declined, for " + fault
	}
	const serverWindow, clientWindow, noTakeover = "server_max_window_bits", "client_max_window_bits", "server_no_context_takeover"
	asked, isAsked := offer.param(serverWindow)
	given, isGiven := answer.param(serverWindow)
	_, mayLimit := offer.param(clientWindow)
	_, limits := answer.param(clientWindow)
	_, forgets := offer.param(noTakeover)
	_, agrees := answer.param(noTakeover)
	most, _ := strconv.Atoi(asked)
	bits, _ := strconv.Atoi(given)
	switch {
	case forgets && !agrees:
		return "PMD-09", "no " + noTakeover
	case isAsked && !isGiven:
		return "PMD-11", "no " + serverWindow
	case isAsked && bits > most:
		return "PMD-11", serverWindow + " is more than was asked for"
	case limits && !mayLimit:
		return "PMD-12", clientWindow + " was not offered"
	}
	return "", ""
}

func (e Extension) param(name string) (value string, ok bool) {
	i := slices.IndexFunc(e.Params, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return "", false
	}
	return e.Params[i].Value, true
}

// parametersFault says what is wrong with the parameters of permessage-deflate
// by themselves (RFC 7692 §7.1), and which row tells a server to decline an
// offer for it; "" for nothing. Only in an offer client_max_window_bits may
// come without a value (§7.1.2.2).
func parametersFault(e Extension, offer bool) (row, fault string) {
	seen := map[string]bool{}
	for _, p := range e.Params {
		switch {
		case seen[p.Name]:
			return "PMD-03", p.Name + " stands there twice"
		case p.Name == "server_no_context_takeover" || p.Name == "client_no_context_takeover":
			if p.HasValue {
				return "PMD-02", p.Name + " has a value"
			}
		case p.Name == "client_max_window_bits" && offer && !p.HasValue:
		case p.Name == "server_max_window_bits" || p.Name == "client_max_window_bits":
			if !isWindowBits(p.Value) {
				return "PMD-02", p.Name + " is " + quote(p.Value) + ", wanted 8 to 15"
			}
		default:
			return "PMD-01", "no parameter is called " + quote(p.Name)
		}
		seen[p.Name] = true
	}
	return "", ""
}

// isWindowBits tells "a decimal integer value without leading zeroes between 8
// to 15, inclusive" (RFC 7692 §7.1.2.1).
func isWindowBits(s string) bool {
	switch len(s) {
	case 1:
		return s == "8" || s == "9"
	case 2:
		return s[0] == '1' && '0' <= s[1] && s[1] <= '5'
	}
	return false
}
