package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// A note is what wsecho itself has to say on stderr, as an object.
type note struct {
	Time  string   `json:"time"`
	Event string   `json:"event"`
	URLs  []string `json:"urls,omitempty"`
	Text  string   `json:"text"`
}

func newNote(event, text string, urls ...string) note {
	return note{time.Now().Format("2006-01-02T15:04:05.000000Z07:00"), event, urls, text}
}

// object is a line of JSON.
func object(of any) string {
	var line strings.Builder
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(of)
	return line.String()
}

// notes makes an object of each line, which comes in a Write of its own.
type notes struct{ to io.Writer }

func (n notes) Write(line []byte) (int, error) {
	text := strings.TrimPrefix(strings.TrimSpace(string(line)), "wsecho: ")
	if _, err := io.WriteString(n.to, object(newNote("note", text))); err != nil {
		return 0, err
	}
	return len(line), nil
}

// said is where lines go that are for people unless it is to be JSON.
func (o watchOptions) said(to io.Writer) io.Writer {
	if o.format == "json" {
		return notes{to}
	}
	return to
}

// listening tells where the server is reached, after what was told on the way.
func (o watchOptions) listening(to io.Writer, told, urls []string) {
	const listening = "listening, stop with Ctrl-C"
	for _, line := range told {
		fmt.Fprintln(o.said(to), "wsecho:", line)
	}
	if o.format == "json" {
		_, _ = io.WriteString(to, object(newNote("listening", listening, urls...)))
		return
	}
	fmt.Fprintln(to, "wsecho:", listening)
	for _, url := range urls {
		fmt.Fprintln(to, "  "+url)
	}
}
