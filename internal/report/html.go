package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

// The page's parts; all of it ends up in one file.
var (
	//go:embed report.html.tmpl
	pageTemplate string
	//go:embed report.css
	pageStyle string
	//go:embed report.js
	pageScript string
)

// HTML writes the runs as one page that needs nothing else: no network, no
// other file, and no script to be read. Runs stand side by side.
func HTML(w io.Writer, runs ...Run) error {
	t, err := template.New("report").Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	out := bufio.NewWriter(w)
	if err := t.Execute(out, newPage(distinct(runs))); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return out.Flush()
}

// policy is the page's Content-Security-Policy: nothing may be loaded, and
// nothing is run but the one script that we wrote, so that a device's octets
// stay text even if escaping them should fail one day.
func policy() string {
	return fmt.Sprintf("default-src 'none'; img-src data:; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
		digest(pageStyle), digest(pageScript))
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
