package profile

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// Bounds of a profile. The parser's memory grows with the square of how deep
// YAML is nested, the lexer's only with its size: so tokens are counted first.
const (
	MaxSize   = 64 << 10 // octets
	maxTokens = 4096
)

// parse reads YAML that is one mapping, and returns its pairs in their order.
func parse(r io.Reader) ([]*ast.MappingValueNode, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > MaxSize:
		return nil, fmt.Errorf("more than %d octets, which no profile needs", MaxSize)
	}
	tokens := lexer.Tokenize(string(text))
	if len(tokens) > maxTokens {
		return nil, fmt.Errorf("more than %d words and signs, which no profile needs", maxTokens)
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, located(err)
	}
	return pairs(file)
}

func pairs(file *ast.File) ([]*ast.MappingValueNode, error) {
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch {
	case len(bodies) == 0:
		return nil, errors.New("nothing in it; a profile has lines such as `reply: echo`")
	case len(bodies) > 1:
		return nil, fmt.Errorf("line %d: a second document; a file holds one profile", lineOf(bodies[1]))
	}
	switch body := bodies[0].(type) {
	case *ast.MappingNode:
		return body.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{body}, nil
	}
	return nil, fmt.Errorf("line %d: a profile has lines such as `reply: echo`", lineOf(bodies[0]))
}

// located turns an error of the parser, which draws pictures, into one line.
func located(err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return fmt.Errorf("line %d: %s", at.GetToken().Position.Line, shown(at.GetMessage()))
	}
	return fmt.Errorf("not YAML: %s", shown(err.Error()))
}

// shown makes text of the file fit for a line on a terminal.
func shown(s string) string {
	const longest = 200 // octets
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// lineOf returns the line on which a node begins, from 1.
func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil {
		return t.Position.Line
	}
	return 1
}
