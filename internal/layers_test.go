// Package internal_test proves who may import whom.
package internal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "wsprobe/"

// A layer is a package and what it may import. Its tests may import anything.
type layer struct {
	path  string   // below the module; a folder with /... for all that is in it
	ours  []string // packages of ours, but for all
	third []string // modules of others, by the beginning of their paths
	never []string // of the standard library: packages, functions, or go for the statement
}

var layers = []layer{
	// Frames, opening handshakes and compression: octets, of which each knows apart.
	{path: "internal/wire"},
	{path: "internal/handshake"},
	{path: "internal/deflate"},

	// Cases and results are pure data: whoever holds them can do no harm.
	{path: "internal/conformance", ours: []string{"internal/wire"},
		never: []string{"net", "context", "os", "time.Now", "time.Since", "time.Sleep", "go"}},
	{path: "internal/profile", ours: []string{"internal/conformance"},
		third: []string{"github.com/goccy/go-yaml"},
		never: []string{"net", "context"}},

	// Doing it and telling it know nothing of each other.
	{path: "internal/runner", ours: []string{"internal/wire", "internal/handshake", "internal/deflate", "internal/conformance"},
		third: []string{"golang.org/x/sync"}},
	// Looking further: scripts are made, as pure data too, and what comes of them
	// is judged. Who judges does not know how they were made.
	{path: "internal/fuzzing/inputs", ours: []string{"internal/wire", "internal/deflate", "internal/conformance"},
		never: []string{"net", "context", "os", "time.Now", "time.Since", "time.Sleep", "go"}},
	{path: "internal/fuzzing", ours: []string{"internal/runner", "internal/conformance", "internal/handshake", "internal/deflate", "internal/wire"}},
	{path: "internal/report", ours: []string{"internal/wire", "internal/conformance"},
		third: []string{"github.com/prometheus/", "github.com/gopacket/"},
		never: []string{"net", "context", "os/exec", "time.Now", "time.Since", "time.Sleep", "go"}},

	// What servers show, whichever they are.
	{path: "internal/certificate"},
	{path: "internal/mdns", third: []string{"github.com/pion/", "golang.org/x/net/"}},

	// Peers to play against. The echo server shares no code with the harness:
	// two implementations of RFC 6455 check each other.
	{path: "internal/echo", ours: []string{"internal/engineio"},
		third: []string{"github.com/coder/websocket"}},
	{path: "internal/engineio"},
	// The witness stands beside it on the wire, built from the harness's codec.
	{path: "internal/witness", ours: []string{"internal/wire", "internal/handshake", "internal/deflate", "internal/conformance"},
		third: []string{"github.com/prometheus/"}},
	// The page shows what the witness saw, and is told what the server does.
	{path: "internal/page", ours: []string{"internal/witness"}},
	{path: "internal/simulated/liar", ours: []string{"internal/wire", "internal/handshake", "internal/deflate", "internal/simulated"}},
	{path: "internal/simulated/...", ours: []string{"internal/wire", "internal/handshake", "internal/simulated"}},

	// What tests alone use.
	{path: "internal/testee"},

	// Wiring: flags, signals, exit codes.
	{path: "cmd/wsecho", ours: []string{"internal/echo", "internal/engineio", "internal/witness", "internal/page", "internal/certificate", "internal/mdns"},
		third: []string{"github.com/spf13/"}},
	{path: "cmd/wsprobe", ours: []string{all},
		third: []string{"github.com/spf13/", "golang.org/x/term"},
		never: []string{"testing", module + "internal/testee"}},
}

const all = "*"

func TestLayers(t *testing.T) {
	for _, p := range packages(t) {
		for _, fault := range faults(p) {
			t.Error(fault)
		}
	}
}

// pkg is what go list says of a package.
type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string // and what those import, and so on
}

// packages lists the packages of the module that are more than tests. It also
// walks their folders, for go test sees only what this process opens, and would
// take a result from its cache where only go list saw a new file.
func packages(t *testing.T) (packages []pkg) {
	t.Helper()
	for _, folder := range []string{"../internal", "../cmd", "../fuzzing"} {
		if err := filepath.WalkDir(folder, func(_ string, _ os.DirEntry, err error) error { return err }); err != nil {
			t.Fatal(err)
		}
	}
	list := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,GoFiles,Imports,Deps", "./...")
	list.Dir = ".."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			packages = append(packages, p)
		}
	}
}

// faults returns the rules that a package breaks.
func faults(p pkg) (faults []string) {
	path := strings.TrimPrefix(p.ImportPath, module)
	i := slices.IndexFunc(layers, func(l layer) bool { return within(path, l.path) })
	if i < 0 {
		return []string{path + " has no layer: say in the table what it may import"}
	}
	l := layers[i]
	for _, imported := range p.Imports {
		if why := l.forbids(imported); why != "" {
			faults = append(faults, fmt.Sprintf("%s imports %s, %s", path, imported, why))
		}
	}
	for _, use := range uses(p) {
		if slices.Contains(l.never, use) {
			faults = append(faults, fmt.Sprintf("%s uses %s, which it never may", path, use))
		}
	}
	return faults
}

// forbids says why a layer may not import a package, "" if it may.
func (l layer) forbids(imported string) string {
	begins := func(module string) bool { return strings.HasPrefix(imported, module) }
	below := func(path string) bool { return within(imported, path+"/...") }
	own, isOurs := strings.CutPrefix(imported, module)
	switch {
	case isOurs && !slices.Contains(l.ours, own) && !slices.Contains(l.ours, all):
		return fmt.Sprintf("but of ours it may only import %v", l.ours)
	case !isOurs && strings.Contains(strings.Split(imported, "/")[0], ".") && !slices.ContainsFunc(l.third, begins):
		return fmt.Sprintf("but of others it may only import %v", l.third)
	case slices.ContainsFunc(l.never, below):
		return "which it never may"
	}
	return ""
}

// within reports whether path is pattern, or in its folder if it ends so.
func within(path, pattern string) bool {
	folder, deep := strings.CutSuffix(pattern, "/...")
	return path == folder || deep && strings.HasPrefix(path, folder+"/")
}

// uses returns the functions that a package names, as time.Now, and go if it
// starts goroutines.
func uses(p pkg) (uses []string) {
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, 0)
		if err != nil {
			return append(uses, err.Error())
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				uses = append(uses, "go")
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok {
					uses = append(uses, x.Name+"."+n.Sel.Name)
				}
			}
			return true
		})
	}
	return slices.Compact(slices.Sorted(slices.Values(uses)))
}

// The echo server and the harness share no code, however far one looks.
func TestEchoSharesNoCode(t *testing.T) {
	const echo, engineio, cmd = module + "internal/echo", module + "internal/engineio", module + "cmd/"
	server := []string{echo, engineio}
	for _, p := range packages(t) {
		for _, dep := range p.Deps {
			isServer, ofServer := slices.Contains(server, p.ImportPath), slices.Contains(server, dep)
			switch {
			case isServer && strings.HasPrefix(dep, module) && dep != engineio:
				t.Errorf("the echo server is built from %s", dep)
			case ofServer && !isServer && !strings.HasPrefix(p.ImportPath, cmd):
				t.Errorf("%s is built from the echo server", p.ImportPath)
			}
		}
	}
}

// Each rule is noticed when it is broken.
func TestLayersNotice(t *testing.T) {
	for _, c := range []struct{ path, imported, want string }{
		{"internal/wire", "wsprobe/internal/handshake", "but of ours it may only import []"},
		{"internal/handshake", "wsprobe/internal/wire", "but of ours it may only import []"},
		{"internal/conformance", "net/http", "which it never may"},
		{"internal/conformance", "context", "which it never may"},
		{"internal/conformance", "wsprobe/internal/runner", "but of ours it may only import [internal/wire]"},
		{"internal/conformance", "github.com/goccy/go-yaml", "but of others it may only import []"},
		{"internal/runner", "wsprobe/internal/report", "but of ours it may only import [internal/wire internal/handshake internal/deflate internal/conformance]"},
		{"internal/fuzzing/inputs", "wsprobe/internal/runner", "but of ours it may only import [internal/wire internal/deflate internal/conformance]"},
		{"internal/fuzzing", "wsprobe/internal/fuzzing/inputs", "but of ours it may only import [internal/runner internal/conformance internal/handshake internal/deflate internal/wire]"},
		{"internal/runner", "github.com/spf13/cobra", "but of others it may only import [golang.org/x/sync]"},
		{"internal/report", "wsprobe/internal/runner", "but of ours it may only import [internal/wire internal/conformance]"},
		{"internal/report", "net", "which it never may"},
		{"internal/echo", "wsprobe/internal/wire", "but of ours it may only import [internal/engineio]"},
		{"internal/engineio", "wsprobe/internal/wire", "but of ours it may only import []"},
		{"internal/engineio", "github.com/coder/websocket", "but of others it may only import []"},
		{"internal/simulated/liar", "wsprobe/internal/runner", "but of ours it may only import [internal/wire internal/handshake internal/deflate internal/simulated]"},
		{"internal/simulated", "github.com/coder/websocket", "but of others it may only import []"},
		{"cmd/wsecho", "wsprobe/internal/wire", "but of ours it may only import [internal/echo internal/engineio internal/witness internal/page internal/certificate internal/mdns]"},
		{"internal/page", "wsprobe/internal/echo", "but of ours it may only import [internal/witness]"},
		{"internal/page", "github.com/prometheus/client_golang/prometheus", "but of others it may only import []"},
		{"internal/witness", "wsprobe/internal/echo", "but of ours it may only import [internal/wire internal/handshake internal/deflate internal/conformance]"},
		{"internal/witness", "wsprobe/internal/runner", "but of ours it may only import [internal/wire internal/handshake internal/deflate internal/conformance]"},
		{"internal/witness", "github.com/coder/websocket", "but of others it may only import [github.com/prometheus/]"},
		{"cmd/wsprobe", "wsprobe/internal/testee", "which it never may"},
		{"cmd/wsprobe", "github.com/coder/websocket", "but of others it may only import [github.com/spf13/ golang.org/x/term]"},
	} {
		got := faults(pkg{ImportPath: module + c.path, Imports: []string{c.imported, "fmt"}})
		want := fmt.Sprintf("%s imports %s, %s", c.path, c.imported, c.want)
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := faults(pkg{ImportPath: module + "internal/more"}); len(got) != 1 || !strings.HasPrefix(got[0], "internal/more has no layer") {
		t.Errorf("%q of a package without a layer", got)
	}
	timed := pkg{ImportPath: module + "internal/conformance", Dir: t.TempDir(), GoFiles: []string{"timed.go"}}
	source := "package timed\nimport \"time\"\nfunc now() time.Time { go now(); return time.Now() }\n"
	if err := os.WriteFile(filepath.Join(timed.Dir, "timed.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	want := []string{"internal/conformance uses go, which it never may", "internal/conformance uses time.Now, which it never may"}
	if got := faults(timed); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
