package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/pflag"

	"wsprobe/internal/witness"
)

// watchOptions say what is shown of what the witness sees.
type watchOptions struct {
	show   string
	format string
	off    bool
	strict bool
}

// shows are the values of --show, and the events that each stands for.
var shows = []struct {
	name  string
	kinds []witness.Kind
}{
	{"frames", []witness.Kind{witness.Opened, witness.Refused, witness.FrameSeen, witness.RuleBroken, witness.Closed}},
	{"violations", []witness.Kind{witness.RuleBroken}},
	{"none", nil},
}

func (o *watchOptions) bind(flags *pflag.FlagSet) {
	flags.StringVar(&o.show, "show", "violations", "show `what` on stderr of what devices do: frames, and all else that happens; violations of the RFC; or none")
	flags.StringVar(&o.format, "log-format", "human", "`how` stderr is written: human, or json, an object a line; stdout is for people all the same")
	flags.BoolVar(&o.strict, "strict", false, "end the connection of a device that breaks a MUST of the RFCs, also where it is only named otherwise")
	flags.BoolVar(&o.off, "no-witness", false, "do not watch what devices do: nothing is shown on stderr or counted in metrics")
}

func (o watchOptions) check() error {
	if o.kinds() == nil && o.show != "none" {
		return fmt.Errorf("--show %q: neither frames nor violations nor none", o.show)
	}
	if o.format != "human" && o.format != "json" {
		return fmt.Errorf("--log-format %q: neither human nor json", o.format)
	}
	switch {
	case o.off && o.strict:
		return errors.New("--strict refuses what the witness sees: it does not go with --no-witness")
	case o.off && o.show == "frames":
		return errors.New("--show frames shows what the witness sees: it does not go with --no-witness")
	}
	return nil
}

func (o watchOptions) kinds() []witness.Kind {
	for _, s := range shows {
		if s.name == o.show {
			return s.kinds
		}
	}
	return nil
}

// follow shows what w sees, until stop is called, which waits for what was seen
// by then, but no longer than two seconds.
func (o watchOptions) follow(w *witness.Witness, to io.Writer) (stop func()) {
	kinds := o.kinds()
	if kinds == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	events := w.Subscribe(ctx, kinds...)
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		for e := range events {
			_, _ = io.WriteString(to, o.line(e)) // who reads it may go; the echo goes on
		}
	}()
	return func() {
		cancel()
		select {
		case <-shown:
		case <-time.After(showTime):
		}
	}
}

func (o watchOptions) line(e witness.Event) string {
	if o.format == "human" {
		return e.String() + "\n"
	}
	return object(e)
}
