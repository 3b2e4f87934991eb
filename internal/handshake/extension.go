package handshake

import "strings"

// Extension is an element of Sec-WebSocket-Extensions: one offer, or one answer.
type Extension struct {
	Name   string // "permessage-deflate"
	Params []Param
}

// Param is a parameter of an extension.
type Param struct {
	Name     string // "client_max_window_bits"
	Value    string // "10", without quotes
	HasValue bool   // there is an "="
	Quoted   bool   // the value stands in quotes
}

// String returns the extension as on the wire.
func (e Extension) String() string { return string(AppendExtensions(nil, e)) }

// AppendExtensions appends the list to b as it stands on the wire. It obeys: a
// value that is no token is written all the same.
func AppendExtensions(b []byte, list ...Extension) []byte {
	for i, e := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, e.Name...)
		for _, p := range e.Params {
			b = p.append(append(b, "; "...))
		}
	}
	return b
}

func (p Param) append(b []byte) []byte {
	b = append(b, p.Name...)
	switch {
	case !p.HasValue:
		return b
	case !p.Quoted:
		return append(append(b, '='), p.Value...)
	}
	b = append(b, '=', '"')
	for i := range len(p.Value) {
		if c := p.Value[i]; c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, p.Value[i])
	}
	return append(b, '"')
}

// Extensions returns the list of Sec-WebSocket-Extensions over all its lines,
// which count as one (errata 3433). For errors see [ParseExtensions].
func (h Header) Extensions() ([]Extension, error) {
	return ParseExtensions(strings.Join(h.Values(fieldExtensions), ", "))
}

// ParseExtensions reads a list by the grammar of RFC 6455 §9.1. Empty elements
// are passed over (RFC 9110 §5.6.1.2), so a list of nothing else gives none.
// A quoted value has its escapes removed and must be a token then. Time and
// memory are linear in the list. A *[SyntaxError] names the octet of the list;
// the extensions before it are returned with it.
func ParseExtensions(list string) ([]Extension, error) {
	p := listParser{text: list}
	var found []Extension
	for {
		p.skipBlanks()
		if p.done() {
			return found, nil
		}
		if p.take(',') {
			continue
		}
		e, err := p.extension()
		if err != nil {
			return found, err
		}
		found = append(found, e)
		if !p.done() && !p.take(',') {
			return found, p.fault("neither \",\" nor \";\"")
		}
	}
}

// listParser goes over the text once, forwards.
type listParser struct {
	text string
	at   int
}

func (p *listParser) done() bool { return p.at == len(p.text) }

// take passes over the octet c if it is next.
func (p *listParser) take(c byte) bool {
	if p.done() || p.text[p.at] != c {
		return false
	}
	p.at++
	return true
}

// skipBlanks passes over blanks, which may stand between any two words (RFC
// 2616 §2.1, implied *LWS, on which RFC 6455 leans).
func (p *listParser) skipBlanks() {
	for p.take(' ') || p.take('\t') {
	}
}

func (p *listParser) fault(what string) error {
	return &SyntaxError{Offset: p.at, Fault: what + " at " + quote(p.text[p.at:])}
}

// extension = extension-token *( ";" extension-param )
func (p *listParser) extension() (e Extension, err error) {
	if e.Name, err = p.token("extension name"); err != nil {
		return e, err
	}
	for p.skipBlanks(); p.take(';'); p.skipBlanks() {
		p.skipBlanks()
		param, err := p.param()
		if err != nil {
			return e, err
		}
		e.Params = append(e.Params, param)
	}
	return e, nil
}

// extension-param = token [ "=" (token | quoted-string) ]
func (p *listParser) param() (param Param, err error) {
	if param.Name, err = p.token("parameter name"); err != nil {
		return param, err
	}
	p.skipBlanks()
	if !p.take('=') {
		return param, nil
	}
	param.HasValue = true
	p.skipBlanks()
	if param.Quoted = p.take('"'); param.Quoted {
		param.Value, err = p.quoted()
	} else {
		param.Value, err = p.token("parameter value")
	}
	return param, err
}

func (p *listParser) token(what string) (string, error) {
	from := p.at
	for !p.done() && isTokenOctet(p.text[p.at]) {
		p.at++
	}
	if p.at == from {
		return "", p.fault("no " + what)
	}
	return p.text[from:p.at], nil
}

// quoted reads the rest of a quoted string. "When using the quoted-string syntax
// variant, the value after quoted-string unescaping MUST conform to the 'token'
// ABNF" (RFC 6455 §9.1).
func (p *listParser) quoted() (string, error) {
	from := p.at
	var value strings.Builder
	for !p.take('"') {
		p.take('\\')
		if p.done() {
			p.at = from
			return "", p.fault("quote without end")
		}
		value.WriteByte(p.text[p.at])
		p.at++
	}
	if !isToken(value.String()) {
		p.at = from
		return "", p.fault("quoted value is no token")
	}
	return value.String(), nil
}
