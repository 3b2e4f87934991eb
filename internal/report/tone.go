package report

import (
	"slices"

	"wsprobe/internal/conformance"
)

// tone is how a verdict sounds: which colour it has, and which sign in the
// page, beside its word. Tones are classes of report.css.
type tone string

const (
	toneGood tone = "good"
	toneInfo tone = "info"
	toneNone tone = "none" // not played
	toneWarn tone = "warn"
	toneBad  tone = "bad"
)

// tones returns all of them, in the order of a bar.
func tones() []tone { return []tone{toneBad, toneWarn, toneGood, toneInfo, toneNone} }

func toneOf(v conformance.Verdict) tone {
	switch v {
	case conformance.OK:
		return toneGood
	case conformance.Informational:
		return toneInfo
	case conformance.Skipped, conformance.Unimplemented:
		return toneNone
	case conformance.NonStrict, conformance.Inconclusive:
		return toneWarn
	}
	return toneBad
}

// worstFirst returns the verdicts as they are listed: the bad ones first, and
// last those that say nothing about the device.
func worstFirst() []conformance.Verdict {
	var judged, others []conformance.Verdict
	for _, v := range slices.Backward(conformance.Verdicts()) {
		if v.Judged() {
			judged = append(judged, v)
		} else {
			others = append(others, v)
		}
	}
	return append(judged, others...)
}

// meaning explains a verdict to a newcomer.
func meaning(v conformance.Verdict) string {
	switch v {
	case conformance.OK:
		return "as the RFC demands"
	case conformance.Informational:
		return "the RFC leaves it open; what was seen is noted"
	case conformance.Unimplemented:
		return "the extension was not negotiated"
	case conformance.NonStrict:
		return "lawful, but against a SHOULD or good custom, such as noticing a fault late"
	case conformance.FailedByClient:
		return "we had to drop TCP, which is for the server to do"
	case conformance.WrongCode:
		return "the device closed with a status code that does not fit"
	case conformance.Unclean:
		return "the closing handshake was not completed"
	case conformance.Failed:
		return "against a MUST"
	case conformance.Skipped:
		return "not played: beyond what the profile says of the device"
	case conformance.Inconclusive:
		return "says nothing: our network or clock, or a device that was gone before"
	}
	return ""
}
