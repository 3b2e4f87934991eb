package runner

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// wantReading waits for a reading.
func wantReading(t *testing.T, g *Gauge, want float64) {
	t.Helper()
	var got float64
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(5 * time.Millisecond) {
		var ok bool
		if got, ok = g.Reading(t.Context()); ok && got == want {
			return
		}
	}
	t.Fatalf("reading %v, want %v", got, want)
}

func TestGaugeOfURL(t *testing.T) {
	var page atomic.Value
	page.Store("")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, page.Load()) }))
	defer server.Close()
	g, err := NewGauge(server.URL, `heap: (\S+)`)
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := g.Reading(t.Context()); ok {
		t.Errorf("a reading of %v where there is none", v)
	}
	page.Store("heap: 1\nheap: 40960 octets")
	wantReading(t, g, 40960)
	for _, hostile := range []string{"heap: NaN", "heap: 1e999", "heap: much", strings.Repeat("*", 1<<20) + "heap: 7"} {
		page.Store(hostile)
		time.Sleep(pagePause)
		wantReading(t, g, 40960)
	}
	server.Close()
	time.Sleep(pagePause)
	wantReading(t, g, 40960)
}

func TestGaugeOfFile(t *testing.T) {
	for name, make := range map[string]func(string) error{
		"file": func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "serial")
			if err := make(path); err != nil {
				t.Fatal(err)
			}
			g, err := NewGauge(path, `free=(-?[0-9.]+)`)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			ended := startWatch(ctx, g)
			file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			fmt.Fprint(file, "boot\nfree=1000\n"+strings.Repeat("\xff", 1<<16)+"\nfree=900.5\n")
			wantReading(t, g, 900.5)
			fmt.Fprint(file, "free=80")
			time.Sleep(2 * filePause) // it may be read, and is no line yet
			wantReading(t, g, 900.5)
			fmt.Fprint(file, "0\n")
			wantReading(t, g, 800)
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

func startWatch(ctx context.Context, g *Gauge) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- g.Watch(ctx) }()
	return ended
}

func TestGaugeRefuses(t *testing.T) {
	for _, tt := range []struct{ source, pattern, want string }{
		{"", `(\d+)`, "no URL"},
		{"x", `(`, "missing closing"},
		{"x", `\d+`, "0 groups"},
		{"x", `(a)(b)`, "2 groups"},
		{"x", strings.Repeat("a", 2000), "2000 octets"},
	} {
		if _, err := NewGauge(tt.source, tt.pattern); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q, %.20q: %v, want %q", tt.source, tt.pattern, err, tt.want)
		}
	}
	g, err := NewGauge(filepath.Join(t.TempDir(), "absent"), `(\d+)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Watch(t.Context()); err == nil {
		t.Error("no error of a file that is not there")
	}
}
