package handshake

// deflateFault says what is wrong with the parameters of permessage-deflate in
// a response, by themselves (RFC 7692 §7.1); "" for nothing, and for any other
// extension. What was offered is not looked at.
func deflateFault(answer Extension) string {
	if answer.Name != "permessage-deflate" {
		return ""
	}
	seen := map[string]bool{}
	for _, p := range answer.Params {
		switch {
		case seen[p.Name]:
			return p.Name + " stands there twice"
		case p.Name == "server_no_context_takeover" || p.Name == "client_no_context_takeover":
			if p.HasValue {
				return p.Name + " has a value"
			}
		case p.Name == "server_max_window_bits" || p.Name == "client_max_window_bits":
			if !isWindowBits(p.Value) {
				return p.Name + " is " + quote(p.Value) + ", wanted 8 to 15"
			}
		default:
			return "no parameter is called " + quote(p.Name)
		}
		seen[p.Name] = true
	}
	return ""
}

// isWindowBits tells "a decimal integer value without leading zeroes between 8
// to 15, inclusive" (RFC 7692 §7.1.2.1).
func isWindowBits(s string) bool {
	switch len(s) {
	case 1:
		return s == "8" || s == "9"
	case 2:
		return s[0] == '1' && '0' <= s[1] && s[1] <= '5'
	}
	return false
}
