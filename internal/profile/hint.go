package profile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wsprobe/internal/conformance"
)

// Hint returns one line that names what a device answered to a text, and the
// profile to use with such a device; "" for a plain echo, or if nothing was
// asked. said is what came, greetings included, and instead what came then that was
// no message, in words.
func Hint(asked string, said []string, instead string) string {
	echoed := slices.Index(said, asked)
	switch {
	case asked == "" || echoed == 0:
		return ""
	case echoed > 0:
		return fmt.Sprintf("the device says %s before it answers; use %s",
			quoted(said[0]), named("a profile with greeting: "+quoted(said[0]), func(p conformance.Profile) bool {
				return p.Greets([]byte(said[0])) && echoes(p, asked, asked)
			}))
	case len(said) == 0 && instead != "":
		return fmt.Sprintf("the device did not answer the text %s; got %s", quoted(asked), instead)
	case len(said) == 0:
		return fmt.Sprintf("the device did not answer the text %s; if it has no echo, use a profile with reply: none", quoted(asked))
	}
	for _, answer := range said {
		before, after, ok := strings.Cut(answer, asked)
		if !ok {
			continue
		}
		template := before + "%s" + after
		return fmt.Sprintf("the device answers the text %s with %s, no echo; use %s",
			quoted(asked), quoted(answer), named("a profile with reply: template and template: "+quoted(template), func(p conformance.Profile) bool {
				return p.Reply == conformance.AnswerTemplate && echoes(p, asked, answer)
			}))
	}
	return fmt.Sprintf("the device answers the text %s with %s, no echo; if it has none, use a profile with reply: none",
		quoted(asked), quoted(said[0]))
}

// named returns "--profile NAME" of the built-in profile that fits, or the
// words for one of the user's own.
func named(own string, fits func(conformance.Profile) bool) string {
	for _, name := range Names() {
		if p, err := Load(name); err == nil && fits(p) {
			return "--profile " + name
		}
	}
	return own
}

// echoes reports whether a device of the profile answers asked so.
func echoes(p conformance.Profile, asked, answer string) bool {
	kind, message := p.AnswerTo(conformance.Text(asked))
	return kind != conformance.AnswerNone && message == conformance.Text(answer)
}

// quoted quotes what a device said, at a length that fits a line.
func quoted(s string) string {
	const most = 60
	if len(s) > most {
		return strconv.QuoteToASCII(s[:most]) + "…"
	}
	return strconv.QuoteToASCII(s)
}
