package profile

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"wsprobe/internal/conformance"
)

// Read reads a profile. An error is one line that names line and key: of YAML
// that is none, an unknown key, a value of the wrong kind, or one that makes no
// sense; or it is that of r.
func Read(r io.Reader) (conformance.Profile, error) {
	var p conformance.Profile
	pairs, err := parse(r)
	if err != nil {
		return conformance.Profile{}, err
	}
	at, targets := lines{}, keys(&p)
	for _, pair := range pairs {
		key, line := pair.Key.GetToken().Value, lineOf(pair.Key)
		target, known := targets[key]
		if !known {
			return conformance.Profile{}, fmt.Errorf("line %d: no key is called \"%s\"; the keys are %s",
				line, shown(key), strings.Join(slices.Sorted(maps.Keys(targets)), ", "))
		}
		if err := decode(pair.Value, target); err != nil {
			return conformance.Profile{}, fmt.Errorf("line %d: %s: %w", line, key, err)
		}
		at[key] = line
	}
	if err := check(p, at); err != nil {
		return conformance.Profile{}, err
	}
	return p, nil
}

// lines tells on which line a key stands; 0 if it is not there.
type lines map[string]int

// keys returns every key of a profile and where its value goes.
func keys(p *conformance.Profile) map[string]any {
	return map[string]any{
		"name":         &p.Name,
		"deviceRole":   &p.DeviceRole,
		"path":         &p.Path,
		"subprotocol":  &p.Subprotocol,
		"auth":         &p.Auth,
		"maxMessage":   &p.MaxMessage,
		"maxFrame":     &p.MaxFrame,
		"maxFragments": &p.MaxFragments,
		"connections":  &p.Connections,
		"patience":     &p.Patience,
		"settle":       &p.Settle,
		"deflate":      &p.Deflate,
		"paths":        &p.Paths,
		"origins":      &p.Origins,
		"greeting":     &p.Greeting,
		"reply":        &p.Reply,
		"template":     &p.Template,
		"binary":       &p.Binary,
	}
}
