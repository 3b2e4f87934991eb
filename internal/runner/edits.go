package runner

import (
	"regexp"
	"strconv"
	"strings"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
)

// words are what {target} and the like stand for in an edit.
type words map[string]string

// acceptWords are the answer to a key, right and nearly right.
func acceptWords(key string) words {
	right := handshake.Accept(key)
	swapped := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, right)
	flipped := []byte(right)
	flipped[0]++
	if right[0] == 'z' || right[0] == 'Z' || right[0] == '9' || right[0] == '+' || right[0] == '/' {
		flipped[0] = 'B'
	}
	return words{
		"key": key, "accept": right, "accept other": handshake.Accept(right), "accept swapped": swapped,
		"accept flipped": string(flipped), "accept cut": right[:len(right)-4],
	}
}

// filled puts what they stand for in place of words and repetitions.
func (w words) filled(edits []conformance.Edit) []conformance.Edit {
	var out []conformance.Edit
	for _, e := range edits {
		if value := e.Value.Octets(); strings.Contains(value, "{") {
			e.Value = conformance.Literal(placeholder.ReplaceAllStringFunc(value, w.fill))
		}
		out = append(out, e)
	}
	return out
}

// placeholder is {word} or {unit*times}.
var placeholder = regexp.MustCompile(`\{[^{}]+\}`)

// maxRepeated bounds what a repetition may come to, in octets.
const maxRepeated = 1 << 20

// fill returns what a placeholder stands for, itself if nothing.
func (w words) fill(text string) string {
	name := text[1 : len(text)-1]
	if value, ok := w[name]; ok {
		return value
	}
	i := strings.LastIndexByte(name, '*')
	if i < 1 {
		return text
	}
	times, err := strconv.ParseUint(name[i+1:], 10, 32)
	if err != nil || times*uint64(i) > maxRepeated {
		return text
	}
	return strings.Repeat(name[:i], int(times))
}

// edits hands the edits of a script to the package that knows handshakes.
func edits(list []conformance.Edit) (out []handshake.Edit) {
	ops := map[conformance.EditOp]handshake.EditOp{
		conformance.EditSet: handshake.Set, conformance.EditAdd: handshake.Add,
		conformance.EditRemove: handshake.Remove, conformance.EditRename: handshake.Rename,
		conformance.EditStart: handshake.Start, conformance.EditRaw: handshake.Raw,
		conformance.EditReverse: handshake.Reverse, conformance.EditLineEnd: handshake.LineEnd,
	}
	for _, e := range list {
		out = append(out, handshake.Edit{Op: ops[e.Op], Name: e.Name, Value: e.Value.Octets()})
	}
	return out
}
