package page

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"wsprobe/internal/witness"
)

// What a page shows at most.
const (
	maxConnected = 200       // devices
	maxLeft      = 20        // devices that have left
	leftFor      = time.Hour // since they have
)

// period is how long a sight lasts for who follows the page: they see changes
// that often at most, however fast a device talks.
const period = 500 * time.Millisecond

// A board is what all visitors see. It looks at the witness only when one of
// them does, and once for all.
type board struct {
	witness *witness.Witness
	mu      sync.Mutex
	sight   *sight
	taken   time.Time
}

// A sight is the devices at a moment. It does not change: visitors that read
// slowly share it.
type sight struct {
	number  uint64 // of this sight; the first is 1
	Rows    []shownRow
	Summary summary

	order       string // the IDs of the rows
	ordered     uint64 // number of the sight that has changed order
	summarized  uint64 // likewise Summary
	summaryHTML string
}

// A shownRow is a device in the list.
type shownRow struct {
	ID      string
	HTML    template.HTML // made by a template
	since   time.Time     // of the device that it shows
	changes uint64        // likewise
	changed uint64        // number of the sight that has changed it
}

// A summary says how many devices there are.
type summary struct{ Connected, Breaking, Left, NotShown int }

// look returns the sight of now, or of as long ago as that.
func (b *board) look(old time.Duration) *sight {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); b.sight == nil || now.Sub(b.taken) >= old {
		b.sight, b.taken = b.sight.next(b.witness.Devices(), now), now
	}
	return b.sight
}

// next is the sight that comes after s, which may be nil. What has not changed
// is not made anew.
func (s *sight) next(devices []witness.Device, now time.Time) *sight {
	if s == nil {
		s = &sight{}
	}
	before := make(map[string]shownRow, len(s.Rows))
	for _, row := range s.Rows {
		before[row.ID] = row
	}
	after := &sight{number: s.number + 1, ordered: s.ordered, summarized: s.summarized, summaryHTML: s.summaryHTML}
	devices, after.Summary = choose(devices, now)
	var order strings.Builder
	for _, d := range devices {
		row, ok := before[d.ID]
		if !ok || row.changes != d.Changes || !row.since.Equal(d.Since) {
			row = shownRow{ID: d.ID, HTML: template.HTML(render("row", newRow(d))), since: d.Since, changes: d.Changes, changed: after.number}
		}
		after.Rows = append(after.Rows, row)
		order.WriteString(d.ID + " ")
	}
	if after.order = order.String(); after.order != s.order || s.number == 0 {
		after.ordered = after.number
	}
	if html := render("summary", after.Summary); html != s.summaryHTML {
		after.summaryHTML, after.summarized = html, after.number
	}
	return after
}

// choose returns the devices to show: those connected, the newest first, then
// those that left not long ago, the last one first.
func choose(devices []witness.Device, now time.Time) (chosen []witness.Device, s summary) {
	var connected, left []witness.Device
	for _, d := range devices {
		switch {
		case d.Open > 0:
			connected = append(connected, d)
		case now.Sub(d.Left) < leftFor:
			left = append(left, d)
		}
	}
	byID := func(a, b witness.Device) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(connected, func(a, b witness.Device) int { return cmp.Or(b.Since.Compare(a.Since), byID(a, b)) })
	slices.SortFunc(left, func(a, b witness.Device) int { return cmp.Or(b.Left.Compare(a.Left), byID(a, b)) })
	s.Connected, s.Left = len(connected), len(left)
	for _, d := range connected {
		if len(d.Violations) > 0 {
			s.Breaking++
		}
	}
	chosen = append(connected[:min(len(connected), maxConnected)], left[:min(len(left), maxLeft)]...)
	s.NotShown = s.Connected + s.Left - len(chosen)
	return chosen, s
}

// Headline is the summary in a few words.
func (s summary) Headline() string {
	if s.Connected == 0 {
		return "No device connected"
	}
	return count(s.Connected, "device") + " connected"
}

// Rest is the rest of the summary.
func (s summary) Rest() string {
	var words []string
	switch {
	case s.Breaking == 1 && s.Connected == 1:
		words = append(words, "it breaks rules")
	case s.Breaking == 1:
		words = append(words, "one of them breaks rules")
	case s.Breaking > 1:
		words = append(words, fmt.Sprintf("%d of them break rules", s.Breaking))
	case s.Connected > 0:
		words = append(words, "no rule broken")
	}
	if s.Left > 0 {
		words = append(words, fmt.Sprintf("%d left within the hour", s.Left))
	}
	if s.NotShown > 0 {
		words = append(words, fmt.Sprintf("%d not shown", s.NotShown))
	}
	return strings.Join(words, ", ")
}
