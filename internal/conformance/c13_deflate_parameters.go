package conformance

// The parameters are those of what the device sends. The answer to an offer is
// for other cases to judge: as in Autobahn, these play with whatever was agreed.
func deflateParameters() (cases []Case) {
	for i, g := range []struct {
		section, title string
		offers         []string
	}{
		{"§7.1", ", any parameters", []string{""}},
		{"§7.1.1.1", ", no context takeover", []string{"no_context_takeover"}},
		{"§7.1.2.1", ", a window of 9 bits", []string{"max_window_bits=9"}},
		{"§7.1.2.1", ", a window of 15 bits", []string{"max_window_bits=15"}},
		{"§7.1.2.1", ", no context takeover, a window of 9 bits", []string{"no_context_takeover; max_window_bits=9"}},
		{"§7.1.2.1", ", no context takeover, a window of 15 bits", []string{"no_context_takeover; max_window_bits=15"}},
		{"§7.1.3", ", the best of three offers", []string{"no_context_takeover; max_window_bits=9", "no_context_takeover", ""}},
	} {
		cases = append(cases, rallies(nth("13", i), g.section, JSON, g.title, g.offers...)...)
	}
	return cases
}
