package conformance

import (
	"math/rand/v2"
	"strings"
)

// The words of the tale, by what they do in a sentence.
var (
	nouns = strings.Fields(`road river lantern harbour window winter morning clock letter orchard captain miller daughter brother stranger
		bridge village teacher garden shadow candle table kettle horse wagon market silence promise question answer evening tower
		island sailor storm harvest field neighbour doorway staircase pocket feather mirror thread needle blanket chimney cottage
		forest mountain valley meadow barley bread cheese apple barrel hammer carpenter fiddle song dance story journey mistake
		secret summer autumn spring weather thunder rain snow wind cloud star moon sunrise gate fence wall stone pebble shore boat
		anchor rope sail lighthouse keeper uncle grandmother cousin widow soldier baker blacksmith shepherd farmer cradle dream`)
	adjectives = strings.Fields(`old young quiet narrow bright heavy patient broken gentle curious distant empty faithful golden hollow
		hungry lonely merry muddy pale proud ragged silent slender slow small stubborn sudden sweet tall tired weary wide wild wooden
		crooked forgotten frozen green grey honest humble idle lame lucky nervous ordinary painted quick restless rough rusty`)
	verbs = strings.Fields(`carried remembered followed watched opened painted counted answered believed borrowed gathered noticed
		promised returned whispered crossed repaired forgot mended measured sold bought found lost kept hid sought called heard saw
		thanked warned wanted welcomed trusted feared praised pitied obeyed led left met missed helped held drew described`)
	adverbs = strings.Fields(`slowly gladly once twice again often never always quietly suddenly at_last by_night in_the_end before_dawn
		without_a_word all_the_same as_before not_long_after in_those_days now_and_then sooner_or_later with_some_care`)
	joints     = strings.Fields(`and but while because so_that until although as if when before after for though since`)
	articles   = strings.Fields(`the the the the a a his her their every that this one no another some my our`)
	places     = strings.Fields(`in on under behind beyond near beside above across from into with without towards against`)
	beginnings = strings.Fields(`b br c ch cl d dr el f fl g gr h hal is j k kar l m mar n o p pr qu r s sh st t th tr u v w wil`)
	middles    = strings.Fields(`a e i o u y au ei ou ou ew em em un ul ur ov ab ed ea ee ie oa ar er or an en in on al el il ol ast est ist ort and end ing`)
	ends       = strings.Fields(`ton ford ley wick den bury by ham dale more worth ric ward wen da la na ra sa ta l m n r s t th`)
)

// tale is prose that means nothing, in lines and paragraphs, with the names of
// people and places that come once or twice as they do in a book.
func tale(r *rand.Rand, octets int) []byte {
	b := make([]byte, 0, octets+2000)
	for len(b) < octets {
		column := 0
		for range 3 + r.IntN(6) {
			for _, word := range strings.Fields(strings.ReplaceAll(sentence(r), "_", " ")) {
				if column += len(word) + 1; column > 70 {
					b[len(b)-1] = '\n'
					column = len(word) + 1
				}
				b = append(append(b, word...), ' ')
			}
		}
		b = append(b[:len(b)-1], "\n\n"...)
	}
	return b
}

func sentence(r *rand.Rand) string {
	s := clause(r)
	for r.IntN(5) < 2 {
		s += pick(r, []string{", ", ", ", "; ", " "}) + pick(r, joints) + " " + clause(r)
	}
	if r.IntN(8) == 0 {
		return "\"" + strings.ToUpper(s[:1]) + s[1:] + ",\" said " + name(r) + "."
	}
	return strings.ToUpper(s[:1]) + s[1:] + pick(r, []string{".", ".", ".", ".", "!", "?"})
}

func clause(r *rand.Rand) string {
	s := subject(r) + " " + pick(r, verbs) + " " + subject(r)
	if r.IntN(2) == 0 {
		s += " " + pick(r, places) + " " + name(r)
	}
	if r.IntN(3) == 0 {
		s += " " + pick(r, adverbs)
	}
	return s
}

func subject(r *rand.Rand) string {
	switch n := r.IntN(10); {
	case n < 6:
		return name(r)
	case n < 9:
		return pick(r, articles) + " " + pick(r, adjectives) + " " + pick(r, nouns)
	}
	return pick(r, articles) + " " + pick(r, nouns)
}

// name makes a name up.
func name(r *rand.Rand) string {
	s := pick(r, beginnings) + pick(r, middles)
	if r.IntN(4) > 0 {
		s += pick(r, []string{"b", "d", "l", "m", "n", "r", "s", "v"}) + pick(r, middles)
	}
	s += pick(r, ends)
	return strings.ToUpper(s[:1]) + s[1:]
}
