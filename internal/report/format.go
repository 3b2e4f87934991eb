package report

import "io"

// Format is a way to tell runs to somebody.
type Format struct {
	Name   string // as --format takes it
	File   string // that it is written to, in the output folder
	Render func(w io.Writer, runs ...Run) error
}

// Formats returns every format, the first one being the default.
func Formats() []Format {
	return []Format{
		{"html", "report.html", HTML},
		{"autobahn", "index.json", Autobahn},
		{"junit", "junit.xml", JUnit},
		{"prometheus", "metrics.prom", Prometheus},
	}
}
