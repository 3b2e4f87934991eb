package conformance

import "fmt"

// Blocks are how a rally's messages are compressed, where they are.
type Blocks uint8

// The ways to compress a message. AnyBlocks makes it short; in Several come
// several blocks, with an empty one between two, as a sync flush leaves it; the
// last block of Final has BFINAL (RFC 7692 §7.2.3).
const (
	AnyBlocks Blocks = iota
	Stored
	Fixed
	Dynamic
	Several
	Final
)

var blocksNames = [...]string{"any", "stored", "fixed", "dynamic", "several", "final"}

func (b Blocks) String() string {
	if int(b) < len(blocksNames) {
		return blocksNames[b]
	}
	return fmt.Sprintf("blocks%d", uint8(b))
}

// InBlocks returns a rally whose messages are compressed so.
func InBlocks(b Blocks, rally Step) Step {
	r := rally.(RallyStep)
	r.Blocks = b
	return r
}

// blocks takes blocks=NAME if it comes next.
func (l *lexer) blocks() Blocks {
	for b, name := range blocksNames {
		if l.word("blocks=" + name) {
			return Blocks(b)
		}
	}
	return AnyBlocks
}
