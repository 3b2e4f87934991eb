package runner

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// Bounds of a command that resets a device.
const (
	resetPatience = 60 * time.Second // for it to end
	resetParting  = 10 * time.Second // for it to end once the run is over: half a reset leaves the device off
	resetGrace    = 2 * time.Second  // for what it leaves behind to let go of its output
	maxResetSaid  = 16 << 10         // octets of its output that are passed on
)

// ResetCommand returns a reset that runs a command by the shell, at most for a
// minute, and for ten seconds more when the context ends meanwhile. What it says
// goes to out, at most 16 KiB of it, and so does what becomes of it. In its
// environment WSPROBE_AFTER says what was played last, and WSPROBE_WRONG what is
// wrong with the device.
func ResetCommand(command string, out io.Writer) func(context.Context, Trouble) {
	return resetCommand(command, out, resetParting)
}

func resetCommand(command string, out io.Writer, parting time.Duration) func(context.Context, Trouble) {
	return func(ctx context.Context, t Trouble) {
		if ctx.Err() != nil {
			return
		}
		over := ctx
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), resetPatience)
		defer cancel()
		defer context.AfterFunc(over, func() { time.AfterFunc(parting, cancel) })()
		said := &limited{to: out, left: maxResetSaid}
		cmd := exec.CommandContext(ctx, "/bin/sh", "-c", command)
		cmd.Env = append(os.Environ(), "WSPROBE_AFTER="+t.After, "WSPROBE_WRONG="+t.Wrong)
		cmd.Stdout, cmd.Stderr = said, said
		cmd.WaitDelay = resetGrace // a program left in the background may hold the output for ever
		fmt.Fprintf(out, "wsprobe: resetting the device: %s\n", t.Wrong)
		err := cmd.Run()
		switch {
		case ctx.Err() == context.DeadlineExceeded:
			fmt.Fprintf(out, "wsprobe: --reset-cmd was ended after %v\n", resetPatience)
		case ctx.Err() != nil:
			fmt.Fprintf(out, "wsprobe: --reset-cmd was ended %v after the run\n", parting)
		case err != nil && err != exec.ErrWaitDelay:
			fmt.Fprintf(out, "wsprobe: --reset-cmd: %v\n", err)
		}
	}
}

// limited passes on so many octets, and drops the rest.
type limited struct {
	to   io.Writer
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	n := min(len(b), l.left)
	l.left -= n
	l.to.Write(b[:n])
	return len(b), nil
}
