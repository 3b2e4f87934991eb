package conformance

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// OfferedStep wants a client to offer permessage-deflate with the parameters
// that the case is about; one that offers something else is UNIMPLEMENTED, and
// played an ordinary connection.
type OfferedStep struct{ Params []OfferedParam }

// OfferedParam is a parameter that each of a client's offers has to have, for a
// server may answer any of them.
type OfferedParam struct {
	Name   string // one of RFC 7692 §7.1
	Absent bool   // none of the offers may have it
	Below  int    // its value has to be; 0 for whatever it is
}

// Offered plays on with a client whose offers of permessage-deflate are such.
func Offered(params ...OfferedParam) Step { return OfferedStep{params} }

func (OfferedStep) step() {}

// deflateParams are the parameters of permessage-deflate (RFC 7692 §7.1).
var deflateParams = []string{serverNoTakeover, clientNoTakeover, serverWindow, clientWindow}

const (
	serverNoTakeover = "server_no_context_takeover"
	clientNoTakeover = "client_no_context_takeover"
	serverWindow     = "server_max_window_bits"
	clientWindow     = "client_max_window_bits"
)

func (s OfferedStep) String() string {
	line := "offered"
	for i, p := range s.Params {
		if i > 0 {
			line += ","
		}
		line += " " + p.String()
	}
	return line
}

// String returns the textual form: name, name<15, or -name for none.
func (p OfferedParam) String() string {
	switch {
	case p.Absent:
		return "-" + p.Name
	case p.Below > 0:
		return fmt.Sprintf("%s<%d", p.Name, p.Below)
	}
	return p.Name
}

func (l *lexer) offered() Step {
	if l.rest == "" {
		return OfferedStep{}
	}
	params := []OfferedParam{l.offeredParam()}
	for l.comma() {
		params = append(params, l.offeredParam())
	}
	return OfferedStep{params}
}

func (l *lexer) offeredParam() (p OfferedParam) {
	name := l.token()
	if p.Name, p.Absent = strings.CutPrefix(name, "-"); !p.Absent {
		var below string
		var bounded bool
		if p.Name, below, bounded = strings.Cut(name, "<"); bounded {
			n, err := strconv.ParseUint(below, 10, 8)
			if err != nil || n == 0 {
				l.fail("want NAME<N with N from 1 to 255, got %s", quoted(name))
			}
			p.Below = int(n)
		}
	}
	if !slices.Contains(deflateParams, p.Name) {
		l.fail("no parameter of permessage-deflate is called %s", quoted(p.Name))
	}
	return p
}
