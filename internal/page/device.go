package page

import (
	"slices"
	"time"

	"wsprobe/internal/witness"
)

// A device is all that its own page shows.
type device struct {
	row
	All    []rule  // that it has broken
	Frames []frame // the last one first
	Now    moment
}

func newDevice(d witness.Device, now time.Time) device {
	shown := device{row: newRow(d), Now: moment{now}}
	for _, v := range d.Violations {
		shown.All = append(shown.All, newRule(v))
	}
	for _, f := range slices.Backward(d.Frames) {
		shown.Frames = append(shown.Frames, newFrame(f))
	}
	return shown
}
