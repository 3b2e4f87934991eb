package echo

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// parameters are those of a behaviour, as they are read one by one. Each has its
// bounds: a visitor shall not use up the server. What is wrong with the first bad
// one is kept for check.
type parameters struct {
	values url.Values
	known  []string
	err    error
}

// text is a parameter of any text.
func (p *parameters) text(name, otherwise string) string {
	p.known = append(p.known, name)
	if !p.values.Has(name) {
		return otherwise
	}
	value := p.values.Get(name)
	if !utf8.ValidString(value) {
		p.reject(name, value, "not UTF-8")
	}
	return value
}

// given is a parameter that needs no value.
func (p *parameters) given(name string) bool {
	p.known = append(p.known, name)
	return p.values.Has(name)
}

func (p *parameters) number(name string, otherwise, least, most int) int {
	value := p.text(name, strconv.Itoa(otherwise))
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		p.reject(name, value, fmt.Sprintf("not a number from %d to %d", least, most))
		return otherwise
	}
	return n
}

func (p *parameters) duration(name string, otherwise, least, most time.Duration) time.Duration {
	value := p.text(name, otherwise.String())
	d, err := time.ParseDuration(value)
	if err != nil || d < least || d > most {
		p.reject(name, value, fmt.Sprintf("not a time from %s to %s, such as %s", short(least), short(most), short(otherwise)))
		return otherwise
	}
	return d
}

// reject keeps what is wrong with a parameter's value.
func (p *parameters) reject(name, value, why string) {
	if p.err == nil {
		p.err = fmt.Errorf("%s %q: %s", name, value, why)
	}
}

// check tells what is wrong with the parameters: a value, or a name that was not
// read, which is mostly misspelt.
func (p *parameters) check() error {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !slices.Contains(p.known, name) {
			return fmt.Errorf("no parameter is called %q, but %s", name, strings.Join(p.known, ", "))
		}
		if len(p.values[name]) > 1 {
			return fmt.Errorf("%s is given twice", name)
		}
	}
	return p.err
}

// short is a time without the zeros at its end: 1m, not 1m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
