package conformance

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"wsprobe/internal/wire"
)

// payload takes "unit", "unit"*times or "unit"[:octets] if it comes next.
func (l *lexer) payload() (Payload, bool) {
	if !strings.HasPrefix(l.rest, `"`) {
		return Payload{}, false
	}
	literal, err := strconv.QuotedPrefix(l.rest)
	if err != nil {
		l.fail("no string in quotes, as Go has them: %s", quoted(l.rest))
		return Payload{}, false
	}
	unit, _ := strconv.Unquote(literal)
	after := l.rest[len(literal):]
	size := len(unit)
	switch {
	case strings.HasPrefix(after, "*"):
		l.rest = after[1:]
		size = l.size(l.token(), len(unit))
	case strings.HasPrefix(after, "[:"):
		n, rest, ok := strings.Cut(after[2:], "]")
		if !ok {
			l.fail("want ] after %s", quoted(after))
		}
		l.rest = strings.TrimLeft(rest, " ")
		size = l.size(n, 1)
	default:
		l.rest = strings.TrimLeft(after, " ")
	}
	if unit == "" && size > 0 {
		l.fail("%d octets of nothing", size)
	}
	if l.err != nil {
		return Payload{}, false
	}
	return Repeated(unit, size), true
}

// size reads a number of units and returns it in octets.
func (l *lexer) size(t string, unit int) int {
	n, err := strconv.ParseUint(t, 10, 64)
	if err != nil || n > MaxPayload/uint64(max(unit, 1)) {
		l.fail("want a payload of at most %d octets, got %s × %d", MaxPayload, quoted(t), unit)
		return 0
	}
	return int(n) * unit
}

// frames takes a list of frames.
func (l *lexer) frames() []Frame {
	frames := []Frame{l.frame()}
	for l.comma() {
		frames = append(frames, l.frame())
	}
	return frames
}

func (l *lexer) frame() (f Frame) {
	f.Opcode = l.opcode()
	if fin, ok := l.option("fin", 1); ok {
		f.NotFin = fin == 0
	}
	if bits, ok := l.option("rsv", 7); ok {
		f.Bits = uint8(bits)
	}
	if l.word("mask=wrong") {
		f.Masking = Wrong
	}
	f.Key = l.key()
	if n, ok := l.option("length", math.MaxUint64); ok {
		f.Claim = Claim{true, n}
	}
	if form, ok := l.option("form", 64); ok {
		if form != 7 && form != 16 && form != 64 {
			l.fail("a length has 7, 16 or 64 bits, not %d", form)
		}
		f.Form = wire.LengthForm(form)
	}
	f.Octets = l.octets()
	if f.Opcode == wire.Close {
		f.Payload = l.closePayload()
	} else {
		f.Payload, _ = l.payload()
	}
	if f.Octets[1] > f.Payload.Len() {
		l.fail("octets=%d:%d of a payload of %d", f.Octets[0], f.Octets[1], f.Payload.Len())
	}
	return f
}

// key takes key=XXXXXXXX if it comes next.
func (l *lexer) key() (k Key) {
	after, ok := strings.CutPrefix(l.rest, "key=")
	if !ok {
		return k
	}
	l.rest = after
	t := l.token()
	if n, err := hex.Decode(k.Octets[:], []byte(t[:min(len(t), 8)])); err != nil || n != 4 || len(t) != 8 {
		l.fail("want key=XXXXXXXX, eight hexadecimal digits, got %s", quoted(t))
	}
	k.Fixed = true
	return k
}

// octets takes octets=I:J if it comes next.
func (l *lexer) octets() (ij [2]int) {
	after, ok := strings.CutPrefix(l.rest, "octets=")
	if !ok {
		return ij
	}
	l.rest = after
	t := l.token()
	from, to, _ := strings.Cut(t, ":")
	i, errI := strconv.ParseUint(from, 10, 31)
	j, errJ := strconv.ParseUint(to, 10, 31)
	if errI != nil || errJ != nil || i >= j {
		l.fail("want octets=I:J with I below J, got %s", quoted(t))
	}
	return [2]int{int(i), int(j)}
}

// opcodeOf tells an opcode by its name.
var opcodeOf = func() map[string]wire.Opcode {
	names := map[string]wire.Opcode{}
	for op := range wire.Opcode(16) {
		names[op.String()] = op
	}
	return names
}()

func (l *lexer) opcode() wire.Opcode {
	t := l.token()
	op, ok := opcodeOf[t]
	if !ok {
		l.fail("no frame is called %s", quoted(t))
	}
	return op
}

// closePayload takes a status and a reason, or a payload as it is.
func (l *lexer) closePayload() Payload {
	if l.rest == "" || l.rest[0] < '0' || l.rest[0] > '9' {
		p, _ := l.payload()
		return p
	}
	code := wire.StatusCode(l.number(math.MaxUint16))
	reason, _ := l.payload()
	if reason.Len() > maxReason {
		l.fail("a reason of %d octets; beside a status it may have at most %d", reason.Len(), maxReason)
		return Payload{}
	}
	return Close(code, reason.Octets()).Payload
}
