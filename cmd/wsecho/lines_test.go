package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var read bytes.Buffer
		l := newLines(&read)
		for i := range 1000 {
			fmt.Fprintln(l, i)
		}
		l.close()
		if got := strings.Fields(read.String()); len(got) != 1000 || got[0] != "0" || got[999] != "999" {
			t.Errorf("%d lines: %.50q", len(got), got)
		}
	})
}

// Who writes does not wait for who reads; what could not be kept is counted where
// it would have been.
func TestLinesUnread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, writer := io.Pipe()
		l := newLines(writer)
		line := []byte(strings.Repeat("x", 1<<10-1) + "\n")
		written := func(lines int) {
			began := time.Now()
			for range lines {
				if n, err := l.Write(line); n != len(line) || err != nil {
					t.Fatalf("wrote %d: %v", n, err)
				}
			}
			if took := time.Since(began); took > 0 {
				t.Errorf("waited %v", took)
			}
		}
		written(1)
		synctest.Wait() // it is being shown
		written(1 << 10)
		written(7)
		began := time.Now()
		l.close()
		if took := time.Since(began); took != showTime {
			t.Errorf("closed after %v", took)
		}
		read := make(chan string)
		go func() {
			octets, _ := io.ReadAll(reader)
			read <- string(octets)
		}()
		synctest.Wait() // all is shown
		_ = writer.Close()
		got := strings.SplitAfter(<-read, "\n")
		if want := "wsecho: 7 lines are lost here, for they were not read in time\n"; len(got) != 1+1<<10+1+1 || got[len(got)-2] != want {
			t.Errorf("%d lines, at last %q", len(got), got[len(got)-2:])
		}
	})
}
