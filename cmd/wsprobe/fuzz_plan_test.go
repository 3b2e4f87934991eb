package main

import (
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// What the user gives wins over the preset.
func TestPresetFillsIn(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		inputs int
		limit  time.Duration
	}{
		{[]string{"--preset", "smoke"}, 0, time.Minute},
		{[]string{"--preset", "smoke", "--for", "3s"}, 0, 3 * time.Second},
		{[]string{"--for", "10m", "--preset", "smoke"}, 0, 10 * time.Minute},
		{[]string{"--preset", "smoke", "--iterations", "5"}, 5, time.Minute},
		{[]string{"--preset", "nightly"}, 200000, 0},
		{[]string{"--preset", "nightly", "--iterations", "5"}, 5, 0},
		{[]string{"--preset", "nightly", "--for", "3s"}, 200000, 3 * time.Second},
	} {
		var o fuzzOptions
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		o.bind(flags)
		if err := flags.Parse(tt.args); err != nil {
			t.Fatal(err)
		}
		var c campaign
		if err := o.extent(&c); err != nil || c.inputs != tt.inputs || c.limit != tt.limit {
			t.Errorf("%v: %d inputs, %v, %v; want %d, %v", tt.args, c.inputs, c.limit, err, tt.inputs, tt.limit)
		}
	}
}
