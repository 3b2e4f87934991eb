package conformance

import (
	"fmt"
	"strings"
	"time"
)

// Direction is which way octets went.
type Direction string

// The directions; Noted is for what is no octets: the end, a pause.
const (
	Sent     Direction = "→"
	Received Direction = "←"
	Noted    Direction = "·"
)

// Entry is one line of a transcript.
type Entry struct {
	At     time.Duration // since the case began
	Dir    Direction
	Text   string // in the language of scripts
	Octets []byte // as they were on the wire: all of them, or the first and the last EntryEdge
	Size   int    // how many octets there were; Octets are all if it is their number
}

// Limits of a transcript.
const (
	MaxEntries     = 80  // a case: all but those that say the same over and over have fewer
	MaxEntryOctets = 256 // an entry; above, EntryEdge at either end are kept
	EntryEdge      = 64
)

// Transcript is what was on the wire, at most MaxEntries of it: head and tail,
// and between them an entry that counts the rest.
type Transcript []Entry

// String returns the transcript as text, an entry a line.
func (t Transcript) String() string {
	var b strings.Builder
	for _, e := range t {
		fmt.Fprintf(&b, "%6.3f %s %s\n", e.At.Seconds(), e.Dir, e.Text)
	}
	return b.String()
}
