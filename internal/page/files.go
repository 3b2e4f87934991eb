package page

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"time"
)

//go:embed *.tmpl
var sources embed.FS

var templates = template.Must(template.ParseFS(sources, "*.tmpl"))

// show writes a page, or a part of one. A visitor that goes away midway is the
// only error there is.
func show(w io.Writer, name string, data any) { _ = templates.ExecuteTemplate(w, name, data) }

// render returns a part of a page.
func render(name string, data any) string {
	var b strings.Builder
	show(&b, name, data)
	return b.String()
}

// A file is what pages are made of, besides HTML.
type file struct{ name, mediaType, text string }

var (
	//go:embed page.css
	style string
	//go:embed live.js
	liveScript string
	//go:embed console.js
	consoleScript string
	//go:embed icon.svg
	icon string
)

var files = []file{
	{"page.css", "text/css; charset=utf-8", style},
	{"live.js", "text/javascript; charset=utf-8", liveScript},
	{"console.js", "text/javascript; charset=utf-8", consoleScript},
	{"icon.svg", "image/svg+xml", icon},
}

// ServeHTTP answers with the file. Browsers ask each time whether it is still
// the same, so that another version of the server is never shown in an old style.
func (f file) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(f.text))))
	http.ServeContent(w, r, f.name, time.Time{}, strings.NewReader(f.text))
}
