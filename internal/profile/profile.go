// Package profile reads what is known of a device from YAML, and holds the
// profiles of devices that many have on the table.
//
// Reading is strict: a key that is no key, a value of the wrong kind or a limit
// that would rule cases out is an error that names line and key.
package profile

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"wsprobe/internal/conformance"
)

//go:embed builtin/*.yaml
var builtin embed.FS

// Names returns the names of the built-in profiles, in alphabetical order.
func Names() []string {
	files, err := builtin.ReadDir("builtin")
	if err != nil {
		return nil // cannot be: the folder is part of the program
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// Load returns the built-in profile of that name, or the one in a file: whatever
// has a slash in it or ends in .yaml or .yml. A profile that gives itself no
// name has that of its file. An unknown name is an error that tells the names.
func Load(nameOrFile string) (conformance.Profile, error) {
	if text, err := builtin.ReadFile("builtin/" + nameOrFile + ".yaml"); err == nil {
		return read(nameOrFile, nameOrFile, bytes.NewReader(text))
	}
	if !looksLikeFile(nameOrFile) {
		return conformance.Profile{}, fmt.Errorf("no profile is called %q; there are %s, or give a file such as ./mine.yaml",
			nameOrFile, strings.Join(Names(), ", "))
	}
	f, err := os.OpenFile(nameOrFile, os.O_RDONLY|syscall.O_NONBLOCK, 0) // which waits for nobody to write to a pipe
	if err != nil {
		return conformance.Profile{}, fmt.Errorf("profile: %w", err)
	}
	defer f.Close()
	base := filepath.Base(nameOrFile)
	return read(nameOrFile, strings.TrimSuffix(base, filepath.Ext(base)), f)
}

// read reads a profile and says in errors where it is from.
func read(from, name string, r io.Reader) (conformance.Profile, error) {
	p, err := Read(r)
	if err != nil {
		return p, fmt.Errorf("profile %s: %w", from, err)
	}
	if p.Name == "" {
		p.Name = name
	}
	return p, nil
}

func looksLikeFile(s string) bool {
	ext := filepath.Ext(s)
	return strings.ContainsAny(s, `/\`) || ext == ".yaml" || ext == ".yml"
}
