package conformance

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"unicode/utf8"
)

// Corpus is a long text that messages are cut from. The zero Corpus is none.
//
// All are generated, the same ones always, and stand for the files that the
// Autobahn testsuite has, which are the works of others: each has as many octets
// and characters, and DEFLATE at its fastest leaves about as much of it, as far as
// that is known: of the report 3 to 5 %, of the picture 88 to 93, of the book 45
// to 48, of the page 5 to 8 and of the document 97 to 99.
type Corpus uint8

// The corpora.
const (
	JSON   Corpus = iota + 1 // a report with much repetition
	Bitmap                   // a picture like a photograph
	Prose                    // what reads like English
	HTML                     // a page of tables, with some characters of two octets
	Packed                   // compressed streams, as a document has them
)

// Corpora are all of them.
func Corpora() []Corpus { return []Corpus{JSON, Bitmap, Prose, HTML, Packed} }

// corpora says of each corpus what is known before it is made.
var corpora = [...]struct {
	name       string
	what       string
	octets     int
	characters int // where it is text that is sent as such
	make       func() corpusText
}{
	JSON:   {"json", "JSON", 194056, 194056, once(194056, jsonReport)},
	Bitmap: {"bitmap", "a bitmap", 263222, 0, once(263222, photograph)},
	Prose:  {"prose", "prose", 222218, 0, once(222218, tale)},
	HTML:   {"html", "HTML", 263647, 263620, once(263647, htmlReport)},
	Packed: {"packed", "compressed data", 1042328, 0, once(1042328, document)},
}

// once makes a corpus of so many octets when it is first asked for.
func once(octets int, generate func(r *rand.Rand, octets int) []byte) func() corpusText {
	return sync.OnceValue(func() corpusText {
		return newCorpusText(string(generate(rand.New(rand.NewPCG(7692, 1951)), octets)[:octets]))
	})
}

// corpusNamed finds a corpus by its name.
func corpusNamed(name string) (Corpus, bool) {
	for _, c := range Corpora() {
		if corpora[c].name == name {
			return c, true
		}
	}
	return 0, false
}

// String returns the name as scripts have it.
func (c Corpus) String() string {
	if c == 0 || int(c) >= len(corpora) {
		return fmt.Sprintf("corpus%d", uint8(c))
	}
	return corpora[c].name
}

// Text returns the corpus. The first call for each takes some milliseconds.
func (c Corpus) Text() string { return corpora[c].make().twice[:corpora[c].octets] }

// units returns how many characters there are, or octets where it is no text.
func (c Corpus) units() int {
	if n := corpora[c].characters; n > 0 {
		return n
	}
	return corpora[c].octets
}

// most returns the most octets that a number of units can have.
func (c Corpus) most(units int) int { return units + corpora[c].octets - c.units() }

// corpusText is a corpus that has been made.
type corpusText struct {
	twice  string  // so that each slice of it is in one piece
	starts []int32 // where its characters begin, if some have more than an octet
}

func newCorpusText(octets string) corpusText {
	t := corpusText{twice: octets + octets}
	if utf8.RuneCountInString(octets) == len(octets) || !utf8.ValidString(octets) {
		return t
	}
	for i := range t.twice {
		t.starts = append(t.starts, int32(i))
	}
	t.starts = append(t.starts, int32(len(t.twice)))
	return t
}

// slice returns the units from up to to.
func (t *corpusText) slice(from, to int) string {
	if t.starts != nil {
		from, to = int(t.starts[from]), int(t.starts[to])
	}
	return t.twice[from:to]
}

// Slice is a window that goes over a corpus: each message begins where the one
// before ended, and at the end comes the beginning.
type Slice struct {
	Corpus Corpus
	Size   int // characters of text, octets of what is sent as binary
}

// String returns the textual form: json[:256].
func (s Slice) String() string { return fmt.Sprintf("%v[:%d]", s.Corpus, s.Size) }

// payloads returns a function that returns the next payload.
func (s Slice) payloads() func() Payload {
	text, units, at := corpora[s.Corpus].make(), s.Corpus.units(), 0
	return func() Payload {
		octets := text.slice(at, at+s.Size)
		at = (at + s.Size) % units
		return Payload{octets, len(octets)}
	}
}
