package runner

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Gauge reads a number that the device tells of itself, such as its free memory,
// from a web page of its or from the lines that it writes to a file, a pipe or a
// serial port. It is safe for use by several goroutines.
type Gauge struct {
	source  string
	pattern *regexp.Regexp

	mu     sync.Mutex
	value  float64
	read   bool // there was a reading
	asked  time.Time
	client *http.Client // nil for a file
}

// Bounds of what a gauge reads.
const (
	maxPage       = 64 << 10               // octets of an answer
	maxLine       = 4 << 10                // octets of a line; what is longer is cut
	pagePatience  = 2 * time.Second        // for an answer
	pagePause     = 250 * time.Millisecond // between two questions
	filePause     = 100 * time.Millisecond // between two looks for what a file has grown by
	maxRedirects  = 3
	maxPattern    = 1 << 10 // octets
	maxSourceName = 4 << 10 // octets
)

// NewGauge returns the gauge of a source: an http:// or https:// URL, or the path
// of a file. The pattern is a regular expression with one group, which is a
// number: free heap: (\d+). Of several matches in a page or a line the last
// counts.
func NewGauge(source, pattern string) (*Gauge, error) {
	switch {
	case source == "" || len(source) > maxSourceName:
		return nil, errors.New("no URL, and no path of a file")
	case len(pattern) > maxPattern:
		return nil, fmt.Errorf("a pattern of %d octets; at most %d are taken", len(pattern), maxPattern)
	}
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	if n := compiled.NumSubexp(); n != 1 {
		return nil, fmt.Errorf("a pattern with %d groups: want one, around the number, such as 'heap: (\\d+)'", n)
	}
	g := &Gauge{source: source, pattern: compiled}
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		g.client = &http.Client{Timeout: pagePatience, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return nil
		}}
	}
	return g, nil
}

// Watch reads the source until the context ends; it is for a goroutine of its
// own. A URL it does not read: that is asked when the reading is wanted. The
// error is the file's.
func (g *Gauge) Watch(ctx context.Context) error {
	if g.client != nil {
		return nil
	}
	// Opening a serial port may wait for a carrier, and a pipe for a writer.
	file, err := os.OpenFile(g.source, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	defer context.AfterFunc(ctx, func() { file.Close() })()
	r := bufio.NewReaderSize(file, maxLine)
	var line []byte
	for ctx.Err() == nil {
		piece, err := r.ReadSlice('\n')
		line = append(line, piece...)
		if err == nil || len(line) >= maxLine {
			g.take(line)
			line = line[:0]
		}
		switch {
		case err == nil || errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF || errors.Is(err, syscall.EAGAIN):
			pause(ctx, filePause) // there may be more
		case ctx.Err() == nil:
			return err
		}
	}
	return nil
}

// Reading returns the latest reading; false if there is none.
func (g *Gauge) Reading(ctx context.Context) (float64, bool) {
	if g.client != nil {
		g.ask(ctx)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.value, g.read
}

// ask asks a URL, unless that was done a moment ago: a small device has other
// things to do.
func (g *Gauge) ask(ctx context.Context) {
	g.mu.Lock()
	due := time.Since(g.asked) >= pagePause
	if due {
		g.asked = time.Now()
	}
	g.mu.Unlock()
	if !due {
		return
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, g.source, nil)
	if err != nil {
		return
	}
	request.Close = true // it has few connections to give
	response, err := g.client.Do(request)
	if err != nil {
		return // it may be away; the last reading stands
	}
	defer response.Body.Close()
	page, _ := io.ReadAll(io.LimitReader(response.Body, maxPage))
	g.take(page)
}

// take takes the last number out of what was read.
func (g *Gauge) take(text []byte) {
	found := g.pattern.FindAllSubmatch(text, -1)
	if len(found) == 0 {
		return
	}
	value, err := strconv.ParseFloat(string(found[len(found)-1][1]), 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.value, g.read = value, true
}
