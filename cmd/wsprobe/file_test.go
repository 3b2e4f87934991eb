package main

import (
	"fmt"
	"io"
	"os"
	"testing"
)

// What the shell makes of <(…) is a pipe that somebody writes to, or wrote to.
func TestOpenFileOfAPipe(t *testing.T) {
	for _, late := range []bool{false, true} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		write := func() {
			fmt.Fprint(w, "1.1  A title  any\n")
			w.Close()
		}
		if late {
			go write()
		} else {
			write()
		}
		file, err := openFile(fmt.Sprintf("/dev/fd/%d", r.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if text, err := io.ReadAll(file); err != nil || string(text) != "1.1  A title  any\n" {
			t.Errorf("late %v: %q, %v", late, text, err)
		}
	}
}
