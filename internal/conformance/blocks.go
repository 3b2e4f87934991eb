package conformance

import "fmt"

// Blocks are how a rally's messages are compressed, where they are.
type Blocks uint8

// The ways to compress a message: short, in blocks that are no shorter than what
// they hold (RFC 7692 §7.2.3.3), or in several, with an empty one between two as
// a flush leaves it (§7.2.3.5).
const (
	AnyBlocks Blocks = iota
	Stored
	Several
)

var blocksNames = [...]string{"any", "stored", "several"}

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
