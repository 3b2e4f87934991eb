package conformance

import (
	"fmt"
	"slices"

	"wsprobe/internal/wire"
)

// Level is how strong a requirement is: of the row that a case tests, or of
// the stimulus where the row names one.
type Level uint8

// The levels, in the words of RFC 2119. A derived MUST binds the sender and
// only implies what the receiver does.
const (
	LevelMust Level = iota
	LevelDerived
	LevelShould
	LevelMay
	LevelInfo
	LevelActing // derived; but who acts on the bad input as valid, by echo, pong or 101, fails
)

var levelNames = [...]string{"must", "derived", "should", "may", "info", "acting"}

func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("level%d", uint8(l))
}

// MarshalText writes the level as String does.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (l *Level) UnmarshalText(b []byte) error {
	i := slices.Index(levelNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("no level is called %s", quoted(string(b)))
	}
	*l = Level(i)
	return nil
}

// Case is one test of one requirement. It is a value: it holds no result and
// no connection.
type Case struct {
	ID     ID     `json:"id"`
	Spec   string `json:"spec"`  // the clause under test: "RFC 6455 §5.4"
	Title  string `json:"title"` // what we do, in one line
	Level  Level  `json:"level"`
	Script Script `json:"script"` // one connection, told in order
}

// must returns a case of a requirement that RFC 6455 calls a MUST.
func must(id ID, section, title string, script Script) Case {
	return Case{id, "RFC 6455 " + section, title, LevelMust, script}
}

// negotiated returns a case of a requirement that RFC 7692 calls a MUST.
func negotiated(id ID, section, title string, script Script) Case {
	return Case{id, "RFC 7692 " + section, title, LevelMust, script}
}

// info returns a case whose outcome RFC 6455 leaves open.
func info(id ID, section, title string, script Script) Case {
	n := 0
	for n < len(script) && IsOpening(script[n]) {
		n++
	}
	return Case{id, "RFC 6455 " + section, title, LevelInfo, slices.Insert(slices.Clone(script), n, Inform())}
}

// derived returns a case of what a MUST on the sender implies for the receiver.
func derived(id ID, section, title string, script Script) Case {
	return Case{id, "RFC 6455 " + section, title, LevelDerived, script}
}

// acting returns likewise a case that a device fails that acts on the bad input.
func acting(id ID, section, title string, script Script) Case {
	return Case{id, "RFC 6455 " + section, title, LevelActing, script}
}

// may returns a case of what RFC 6455 allows: refusing it is the fault.
func may(id ID, section, title string, script Script) Case {
	return Case{id, "RFC 6455 " + section, title, LevelMay, script}
}

// should returns a case of a requirement that RFC 6455 calls a SHOULD.
func should(id ID, section, title string, script Script) Case {
	return Case{id, "RFC 6455 " + section, title, LevelShould, script}
}

// Fits reports whether a device of this role can be played the case: an edited
// request needs a server, an edited response a client, and what is led by a row
// a device that the row binds.
func (c Case) Fits(device wire.Role) bool {
	row, led := RowOf(c.ID)
	return c.Script.fits(device) && (!led || row.Binds(device))
}

func (s Script) fits(device wire.Role) bool {
	answers := false // our half is the response
	for _, step := range s {
		switch step := step.(type) {
		case RequestStep:
			if device != wire.Server {
				return false
			}
		case ResponseStep:
			if device != wire.Client {
				return false
			}
			answers = true
		case OfferedStep:
			if device != wire.Client {
				return false
			}
		case BesideStep:
			if !step.Script.fits(device) {
				return false
			}
		case Ending:
			if step.Refuses() && !answers && device != wire.Server {
				return false // an ordinary response is no client's to refuse
			}
		}
	}
	return true
}

// Catalogue returns every case, in order.
func Catalogue() []Case {
	cases := slices.Concat(
		framing(), pings(), reservedBits(), opcodes(), fragmentation(),
		utf8Text(), closing(), limits(), miscellaneous(), deflate(), deflateParameters(),
		uris(), requests(), responses(), validation(), masking(), lengths(), negotiation(), inflating(), frames(), endings(), extensions(),
	)
	slices.SortFunc(cases, func(a, b Case) int { return a.ID.Compare(b.ID) })
	return cases
}

// groupTitles name the groups of cases: Autobahn's by number, those of the
// requirement rows by the rows' letters.
var groupTitles = map[string]string{
	"1":  "Framing",
	"2":  "Pings and pongs",
	"3":  "Reserved bits",
	"4":  "Opcodes",
	"5":  "Fragmentation",
	"6":  "UTF-8",
	"7":  "Closing",
	"9":  "Limits and performance",
	"10": "Miscellaneous",
	"12": "Compression of different data",
	"13": "Compression with different parameters",

	"URI":  "URIs",
	"CON":  "Opening the transport",
	"CRQ":  "The client's request",
	"CRV":  "What a client makes of the response",
	"SRQ":  "What a server makes of the request",
	"SRS":  "The server's response",
	"FRM":  "Frames",
	"LEN":  "Lengths",
	"MSK":  "Masking",
	"FRG":  "Fragments",
	"CTL":  "Control frames",
	"CLS":  "Close frames",
	"COD":  "Status codes",
	"UTF":  "Text",
	"MSG":  "Messages",
	"FAI":  "Failing the connection",
	"EXT":  "Extensions",
	"SEC":  "Limits and validation",
	"PMD":  "permessage-deflate",
	"FUZZ": "Findings of the fuzzer",
	"REG":  "Registries",
}

// GroupTitle names a group of cases; a group that it does not know, by itself.
func GroupTitle(group string) string {
	if title, ok := groupTitles[group]; ok {
		return title
	}
	return group
}
