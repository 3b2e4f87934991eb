package profile

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"wsprobe/internal/conformance"
)

// decode puts a value where the key wants it. Kinds are not converted: a name
// that YAML takes for a number or a bool is to be quoted.
func decode(node ast.Node, target any) error {
	switch target := target.(type) {
	case *string:
		return text(node, target)
	case *conformance.Answer:
		return text(node, target)
	case *[]string:
		return texts(node, target)
	case *int:
		return number(node, target)
	case **bool:
		return boolean(node, target)
	case *time.Duration:
		return duration(node, target)
	case encoding.TextUnmarshaler:
		var s string
		if err := text(node, &s); err != nil {
			return err
		}
		return target.UnmarshalText([]byte(s))
	}
	return fmt.Errorf("a key without a kind: %T", target) // cannot be: see keys
}

// scalar returns the value of a node that is one, nil of others: of anchors,
// aliases and tags too, which a profile does not need.
func scalar(node ast.Node) any {
	switch node := node.(type) {
	case *ast.LiteralNode: // text below a | or a >
		return node.Value.GetValue()
	case *ast.StringNode:
		return node.Value
	case *ast.IntegerNode:
		return node.Value
	case *ast.BoolNode:
		return node.Value
	}
	return nil
}

func text[T ~string](node ast.Node, target *T) error {
	s, ok := scalar(node).(string)
	if !ok {
		return errors.New("want text, in quotes if it looks like something else")
	}
	*target = T(s)
	return nil
}

// texts takes a single text for a list of one.
func texts(node ast.Node, target *[]string) error {
	values := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		values = list.Values
	}
	for _, value := range values {
		var s string
		if text(value, &s) != nil {
			return errors.New("want a text or a list of texts")
		}
		*target = append(*target, s)
	}
	return nil
}

func number(node ast.Node, target *int) error {
	switch n := scalar(node).(type) {
	case uint64:
		if n <= math.MaxInt32 {
			*target = int(n)
			return nil
		}
	case int64:
		if n < 0 {
			return errors.New("want a number of at least 0; 0 is no limit")
		}
		*target = int(min(n, math.MaxInt32))
		return nil
	}
	return fmt.Errorf("want a whole number of at most %d", math.MaxInt32)
}

func boolean(node ast.Node, target **bool) error {
	b, ok := scalar(node).(bool)
	if !ok {
		return errors.New("want true or false")
	}
	*target = &b
	return nil
}

// longest is the longest wait that a profile may ask for.
const longest = 10 * time.Minute

func duration(node ast.Node, target *time.Duration) error {
	s, _ := scalar(node).(string)
	d, err := time.ParseDuration(strings.TrimSpace(s))
	switch {
	case err != nil:
		return errors.New("want a time such as 1s, 500ms or 2m")
	case d < 0 || d > longest:
		return errors.New("want a time from 0s to 10m")
	}
	*target = d
	return nil
}
