package witness

import (
	"slices"

	"wsprobe/internal/conformance"
)

// A Violation is a rule that a device breaks.
type Violation struct {
	Row    string // the requirement row, such as "MSK-04"
	Clause string // the clause that states it, such as "RFC 6455 §5.1"
	Detail string // what was seen, in words; what the device sent is escaped in it
	Octets []byte // as on the wire, the first of them; of text that is not UTF-8 the bad octet after those before it, unmasked
	More   bool   // there were more octets
	Count  uint64 // how often this connection has broken the rule by now
}

// Link returns where the clause can be read, "" if that is not known.
func (v Violation) Link() string { return conformance.ClauseLink(v.Clause) }

// rows are all that can be named, and so the labels of the metric.
var rows = []string{
	"CLS-01", "CLS-08", "CLS-10", "CLS-21", "COD-02", "CON-06",
	"CRQ-01", "CRQ-02", "CRQ-03", "CRQ-04", "CRQ-05", "CRQ-06", "CRQ-07", "CRQ-08", "CRQ-09",
	"CRQ-10", "CRQ-11", "CRQ-12", "CRQ-13", "CRQ-14", "CRQ-15",
	"CRV-01", "CTL-04", "CTL-05", "CTL-13", "EXT-02", "EXT-07", "FRG-10", "FRM-14", "LEN-02",
	"MSK-04", "MSK-06", "MSK-07", "MSK-08",
	"PMD-10", "PMD-13", "PMD-16", "PMD-20",
	"URI-03", "URI-06", "UTF-07",
}

// otherRow is the label of what rows do not hold.
const otherRow = "other"

func rowLabel(row string) string {
	if slices.Contains(rows, row) {
		return row
	}
	return otherRow
}

// worthSaying reports whether the count-th time is told to who follows: the
// first, the tenth, the hundredth … A device that breaks a rule with each frame
// would drown all else.
func worthSaying(count uint64) bool {
	for count >= 10 && count%10 == 0 {
		count /= 10
	}
	return count == 1
}
