package page

import (
	"fmt"

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
