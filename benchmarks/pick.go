package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// pick returns the servers to measure; wsecho is built if need be.
func (o options) pick(ctx context.Context, dir string) ([]server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	program := cmp.Or(o.wsecho, filepath.Join(dir, "wsecho.exe")) // which other systems than Windows do not mind
	quiet := []string{program, "--listen", address, "--quiet", "--show", "none", "--max-connections", "0"}
	all := []server{{witnessOff, append(quiet, "--no-witness")}, {witnessOn, quiet}}
	for _, library := range slices.Sorted(maps.Keys(echoes)) {
		all = append(all, server{library, []string{self, "-serve", library, address}})
	}
	if all, err = o.named(all); err != nil {
		return nil, err
	}
	if o.wsecho != "" || !slices.ContainsFunc(all, isOurs) {
		return all, nil
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/wsecho")
	build.Dir = ".."
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build wsecho: %w: %s", err, said)
	}
	return all, nil
}

// named returns the servers that -servers names, all without it.
func (o options) named(all []server) (some []server, err error) {
	if o.servers == "" {
		return all, nil
	}
	var known []string
	names := strings.Split(o.servers, ",")
	for _, s := range all {
		known = append(known, s.name)
		if slices.Contains(names, s.name) {
			some = append(some, s)
		}
	}
	switch {
	case len(some) != len(names):
		return nil, fmt.Errorf("-servers %q: known are %s", o.servers, strings.Join(known, ", "))
	case !slices.ContainsFunc(some, func(s server) bool { return !isOurs(s) }):
		return nil, fmt.Errorf("-servers %q: nothing to compare with; add coder, for example", o.servers)
	}
	return some, nil
}
