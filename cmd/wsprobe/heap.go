package main

import (
	"os"
	"strings"

	"github.com/spf13/pflag"

	"wsprobe/internal/runner"
)

// heapFlags say where a device tells how much memory it has.
type heapFlags struct {
	source  string
	pattern string
}

// anyNumber is the pattern of a source that tells one number and no more.
const anyNumber = `(\d+)`

func (f *heapFlags) bind(flags *pflag.FlagSet) {
	flags.StringVar(&f.source, "heap", "", "where the device tells its memory: a `URL`, or a file or serial port that it writes lines to")
	flags.StringVar(&f.pattern, "heap-pattern", anyNumber, "`regex` with one group, the number: 'free heap: (\\d+)'")
}

// gauge returns what reads it; nil if the device does not tell.
func (f *heapFlags) gauge() (*runner.Gauge, error) {
	if f.source == "" {
		if f.pattern != anyNumber {
			return nil, usagef("--heap-pattern goes with --heap SOURCE")
		}
		return nil, nil
	}
	gauge, err := runner.NewGauge(f.source, f.pattern)
	if err != nil {
		return nil, usagef("--heap: %v", err)
	}
	if !strings.Contains(f.source, "://") {
		if _, err := os.Stat(f.source); err != nil {
			return nil, usagef("--heap: %v", fileError(err))
		}
	}
	return gauge, nil
}
