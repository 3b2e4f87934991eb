package report

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func htmlOf(t *testing.T, runs ...Run) string {
	t.Helper()
	return string(render(t, func(w *bytes.Buffer) error { return HTML(w, runs...) }))
}

// between returns what is between two strings, and what follows.
func between(t *testing.T, s, from, to string) (inner, rest string) {
	t.Helper()
	_, s, ok := strings.Cut(s, from)
	inner, rest, ok2 := strings.Cut(s, to)
	if !ok || !ok2 {
		t.Fatalf("no %q … %q", from, to)
	}
	return inner, rest
}

// What a device sends stays text, whatever it is.
func TestPageOfHostileRuns(t *testing.T) {
	page := htmlOf(t, sampleRun(), secondRun(), hostileRun())
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("%d scripts, want the one of the page", n)
	}
	if strings.Contains(page, `onclick="`) || strings.Contains(page, `<i id="x">`) || strings.Contains(page, "<b><") {
		t.Error("markup of the device is markup of the page")
	}
	for i, r := range page {
		if !strconv.IsPrint(r) && r != '\n' && r != '\t' {
			t.Fatalf("character %U in the page, after %q", r, page[max(0, i-60):i])
		}
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template refused a value of ours")
	}
}

// The page loads nothing: links are followed only by those who click them.
func TestPageNeedsNothing(t *testing.T) {
	page := htmlOf(t, sampleRun(), hostileRun())
	for _, loading := range []string{" src=", "@import", "url(", "<link rel=\"stylesheet", "<iframe", "fetch(", "XMLHttpRequest"} {
		if strings.Contains(page, loading) {
			t.Errorf("the page has %q", loading)
		}
	}
	for _, m := range regexp.MustCompile(`<(\w+)[^>]*\shref="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		local := strings.HasPrefix(m[2], "#") || strings.HasPrefix(m[2], "data:")
		if !local && (m[1] != "a" || !strings.HasPrefix(m[2], "https://www.rfc-editor.org/rfc/rfc")) {
			t.Errorf("<%s> has a link to %s", m[1], m[2])
		}
	}
}

// The policy names the digests of style and script as they are in the page.
func TestPageObeysItsPolicy(t *testing.T) {
	page := htmlOf(t, sampleRun())
	policy, rest := between(t, page, `http-equiv="Content-Security-Policy" content="`, `"`)
	policy = strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy)
	style, rest := between(t, rest, "<style>", "</style>")
	script, _ := between(t, rest, "<script>", "</script>")
	for _, want := range []string{"default-src 'none';", "style-src '" + digest(style) + "';", "script-src '" + digest(script) + "';"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy has no %s: %s", want, policy)
		}
	}
	if strings.Contains(page, " style=") {
		t.Error("a style attribute, which the policy forbids")
	}
}

func TestPermalinks(t *testing.T) {
	page := htmlOf(t, sampleRun(), secondRun())
	for _, r := range sampleRun().Results {
		if n := strings.Count(page, ` id="`+string(r.Case.ID)+`"`); n != 1 {
			t.Errorf("%d places of case %s, want 1", n, r.Case.ID)
		}
	}
}

// A run that fills every transcript of 400 cases still makes a page that opens.
func TestPageHasBounds(t *testing.T) {
	page := htmlOf(t, hugeRun())
	if len(page) > 12<<20 {
		t.Errorf("%d octets of page", len(page))
	}
	if n := strings.Count(page, `class="case"`); n != 400 {
		t.Errorf("%d cases, want 400", n)
	}
	if !strings.Contains(page, "more octets than a page can hold") {
		t.Error("the page does not say that it is not complete")
	}
	if strings.Contains(htmlOf(t, pretend("a", arduino())), "more octets than a page can hold") {
		t.Error("an ordinary run does not fit")
	}
}

func BenchmarkHTML(b *testing.B) {
	run := pretend("a", arduino())
	for b.Loop() {
		if err := HTML(new(bytes.Buffer), run); err != nil {
			b.Fatal(err)
		}
	}
}
