package page

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"wsprobe/internal/witness"
)

// maxRules is how many rules a row of the list names.
const maxRules = 3

// A row is a device as it stands in the list. Its texts are printable.
type row struct {
	ID, Name, Address       string
	Path, Subprotocol       string
	Connected               bool
	Open, Connections       int
	First, Came, Seen, Left moment
	Messages, Octets        ways
	Rules                   []rule
	MoreRules               int
}

func newRow(d witness.Device) row {
	r := row{
		ID: d.ID, Name: witness.Printable(d.UserAgent), Address: witness.Printable(d.Address),
		Path: witness.Printable(d.Path), Subprotocol: witness.Printable(d.Subprotocol),
		Connected: d.Open > 0, Open: d.Open, Connections: d.Connections,
		First: moment{d.Since}, Came: moment{d.Came}, Seen: moment{d.LastSeen}, Left: moment{d.Left},
		Messages: ways{grouped(d.Received), grouped(d.Sent)}, Octets: ways{octets(d.OctetsIn), octets(d.OctetsOut)},
	}
	for _, v := range d.Violations[:min(len(d.Violations), maxRules)] {
		r.Rules = append(r.Rules, newRule(v))
	}
	r.MoreRules = len(d.Violations) - len(r.Rules)
	return r
}

// ways are an amount from the device and one to it.
type ways struct{ From, To string }

// Told is how many connections the device had, if more than one.
func (r row) Told() string {
	switch {
	case r.Open > 1:
		return fmt.Sprintf("%d connections, %d in all", r.Open, r.Connections)
	case r.Connections > 1:
		return fmt.Sprintf("%s connection", ordinal(r.Connections))
	}
	return ""
}

// A rule is one that a device has broken. The witness has spelled out what does
// not print.
type rule struct {
	Row, Clause, Link, Detail, Octets string
	Count                             string
}

func newRule(v witness.Violation) rule {
	r := rule{Row: v.Row, Clause: v.Clause, Link: link(v.Clause), Detail: v.Detail, Count: grouped(v.Count)}
	if len(v.Octets) > 0 {
		r.Octets = v.Shown()
	}
	return r
}

var clauseOfRFC = regexp.MustCompile(`^RFC (\d{1,5})(?: §(\d+(?:\.\d+)*))?$`)

// link is where a clause can be read, "" if that is not known.
func link(clause string) string {
	m := clauseOfRFC.FindStringSubmatch(clause)
	switch {
	case m == nil:
		return ""
	case m[2] == "":
		return "https://www.rfc-editor.org/rfc/rfc" + m[1]
	}
	return "https://www.rfc-editor.org/rfc/rfc" + m[1] + "#section-" + m[2]
}

// A moment is a time as pages show it.
type moment struct{ time.Time }

// ISO is the moment for a script.
func (m moment) ISO() string { return m.UTC().Format("2006-01-02T15:04:05.000Z") }

// Day is the moment in full, for who looks closer.
func (m moment) Day() string { return m.Format("2006-01-02 15:04:05 MST") }

// Clock is the time of day.
func (m moment) Clock() string { return m.Format("15:04:05") }

// grouped is a number with its thousands apart.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// octets is a number of octets, rounded where it is large.
func octets(n uint64) string {
	const units = "KMGTPE"
	if n < 1<<10 {
		return strconv.FormatUint(n, 10)
	}
	size := float64(n) / (1 << 10)
	unit := 0
	for size >= 999.95 && unit < len(units)-1 {
		size, unit = size/(1<<10), unit+1
	}
	return strconv.FormatFloat(size, 'f', 1, 64) + " " + units[unit:unit+1] + "iB"
}

// ordinal is "2nd" of 2.
func ordinal(n int) string {
	end := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}
