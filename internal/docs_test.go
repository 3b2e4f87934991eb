package internal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/profile"
)

// blocks returns the code blocks of a page that are marked with a language, ""
// for those without.
func blocks(t *testing.T, page, language string) (all []string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range strings.Split("\n"+string(text), "\n```") {
		if code, ok := strings.CutPrefix(part, language+"\n"); ok && i%2 == 1 {
			all = append(all, code)
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s: no block of %q", page, language)
	}
	return all
}

// What .ci/run runs is what the README tells to run, to the letter, and the
// other way about.
func TestReadmeAndCI(t *testing.T) {
	script, err := os.ReadFile("../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	var runs []string
	for line := range strings.Lines(string(script)) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' && !strings.HasPrefix(line, "set ") && !strings.HasPrefix(line, "cd ") {
			runs = append(runs, strings.TrimSuffix(line, " || exit"))
		}
	}
	var told []string
	for line := range strings.Lines(strings.Join(blocks(t, "../README.md", "sh"), "\n")) {
		line = strings.TrimSpace(line)
		for _, checks := range []string{"command -v chromium ", "go mod ", "go test ", "go vet ", "fuzzing/run "} {
			if strings.HasPrefix(line, checks) {
				told = append(told, line)
			}
		}
	}
	slices.Sort(runs)
	slices.Sort(told)
	if !slices.Equal(runs, told) {
		t.Errorf(".ci/run runs\n%s\nthe README tells\n%s", strings.Join(runs, "\n"), strings.Join(told, "\n"))
	}
	workflow, err := os.ReadFile("../.github/workflows/test.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range runs { // tests and lint; fuzzing takes longer there, and a browser is there
		if strings.HasPrefix(line, "go ") && !bytes.Contains(workflow, []byte("- run: "+line+"\n")) {
			t.Errorf("the workflow does not run\n%s", line)
		}
	}
}

// What pages point to is there.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	n := 0
	for _, page := range append(pages, "../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range link.FindAllStringSubmatch(string(text), -1) {
			n++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), target[1])); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
	if n < 10 {
		t.Errorf("%d links found", n)
	}
}

// Profiles and cases on pages are such.
func TestDocs(t *testing.T) {
	for _, text := range blocks(t, "../docs/profiles.md", "yaml") {
		if _, err := profile.Read(strings.NewReader(text)); err != nil {
			t.Errorf("docs/profiles.md: %v", err)
		}
	}
	for _, text := range blocks(t, "../docs/language.md", "") {
		shown, err := conformance.Parse(text)
		if err != nil {
			t.Errorf("docs/language.md: %v", err)
			continue
		}
		cases, err := conformance.Select(conformance.Catalogue(), string(shown.ID))
		if err != nil || cases[0].String() != strings.TrimLeft(text, "\n")+"\n" {
			t.Errorf("docs/language.md: %s is not the case of the catalogue: %v", shown.ID, err)
		}
	}
	for _, text := range blocks(t, "../README.md", "") {
		known, err := conformance.ReadKnown(strings.NewReader(text))
		if err != nil || len(known.Unmatched(conformance.Catalogue())) > 0 {
			t.Errorf("README.md: known verdicts: %v", err)
		}
	}
}

// Every step and frame in the tables of the language is one.
func TestLanguageTables(t *testing.T) {
	text, err := os.ReadFile("../docs/language.md")
	if err != nil {
		t.Fatal(err)
	}
	steps, rest, _ := strings.Cut(string(text), "| ending |")
	endings, _, _ := strings.Cut(rest, "Frames and payloads")
	row := regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")
	n := 0
	try := func(script string) {
		n++
		if _, err := conformance.Parse("1.1.1  A case  RFC 6455 §5\n" + script); err != nil {
			t.Errorf("%q: %v", script, err)
		}
	}
	for _, step := range row.FindAllStringSubmatch(steps, -1) {
		try(step[1] + "\nclose 1000\n")
	}
	for _, ending := range row.FindAllStringSubmatch(endings, -1) {
		try("send close 1000\n" + ending[1] + "\n")
	}
	if n != 42 {
		t.Errorf("%d rows found", n)
	}
}
