package profile

import (
	"fmt"
	"strings"

	"wsprobe/internal/conformance"
)

// check finds the first value that makes no sense, by itself or beside others,
// and says what to do about it.
func check(p conformance.Profile, at lines) error {
	for _, rule := range []func(conformance.Profile) (key, fault string){limits, octets, greetings, replies} {
		key, fault := rule(p)
		switch {
		case fault == "":
		case at[key] > 0:
			return fmt.Errorf("line %d: %s: %s", at[key], key, fault)
		default:
			return fmt.Errorf("%s is missing: %s", key, fault)
		}
	}
	return nil
}

// limits keeps a profile from ruling out what every device must do.
func limits(p conformance.Profile) (key, fault string) {
	const why = "want at least %d: cases on framing and fragmentation may be limited in size, never ruled out"
	for _, limit := range []struct {
		key          string
		value, least int
	}{
		{"maxMessage", p.MaxMessage, conformance.MinMessage},
		{"maxFrame", p.MaxFrame, conformance.MinMessage},
		{"maxFragments", p.MaxFragments, conformance.MinFragments},
	} {
		if 0 < limit.value && limit.value < limit.least {
			return limit.key, fmt.Sprintf(why, limit.least)
		}
	}
	return "", ""
}

// octets keeps what goes into a request, or a report, apart from its lines.
func octets(p conformance.Profile) (key, fault string) {
	for _, value := range []struct{ key, text string }{
		{"name", p.Name}, {"subprotocol", p.Subprotocol}, {"auth", p.Auth}, {"origins", strings.Join(p.Origins, "")},
	} {
		if strings.ContainsFunc(value.text, isControl) {
			return value.key, "holds a control character; it has to stay on one line"
		}
	}
	if p.Path != "" && !isPath(p.Path) {
		return "path", "want a path such as /ws?room=1, other octets escaped as in %20"
	}
	for _, path := range p.Paths {
		if !isPath(path) {
			return "paths", "want paths such as /ws?room=1, other octets escaped as in %20"
		}
	}
	return "", ""
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// isPath keeps to what may stand in a request line (RFC 9112 §3.2).
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}

func greetings(p conformance.Profile) (key, fault string) {
	for _, greeting := range p.Greeting {
		switch {
		case greeting == "":
			return "greeting", "a greeting without a word; leave it out"
		case strings.Count(greeting, "%s") > 1:
			return "greeting", "%s stands for anything, once a greeting"
		}
	}
	return "", ""
}

func replies(p conformance.Profile) (key, fault string) {
	const echo, template, stream, none = conformance.AnswerEcho, conformance.AnswerTemplate, conformance.AnswerStream, conformance.AnswerNone
	switch p.Reply {
	case "", echo, stream, none:
		switch {
		case p.Template != "":
			return "template", "is only for `reply: template`"
		case p.Binary != "":
			return "binary", "is only for `reply: template`; others answer binary as they answer text"
		}
	case template:
		if strings.Count(p.Template, "%s") != 1 {
			return "template", "`reply: template` wants one with %s once, where the message stands, such as \"Reply for %s\""
		}
	default:
		return "reply", "want echo, template, stream or none"
	}
	switch p.Binary {
	case "", echo, template, none:
		return "", ""
	}
	return "binary", "want echo, template or none"
}
