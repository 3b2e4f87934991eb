package fuzzing

import (
	"context"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"

	"wsprobe/internal/conformance"
	"wsprobe/internal/runner"
	"wsprobe/internal/simulated/liar"
	"wsprobe/internal/simulated/pipe"
	"wsprobe/internal/wire"
)

// dials is the Dial of a peer.
type dials func(context.Context) (net.Conn, error)

// A finding carries octets that bring the device down, wherever the campaign was
// ended: before it was shrunk, in the midst of that, or afterwards. What is seen
// of our own leaving is none.
func TestFindingsCarryOctets(t *testing.T) {
	for after := range 60 {
		t.Run(fmt.Sprintf("ended %d connections after the fall", after), func(t *testing.T) {
			carries(t, func(b *liar.Board, dial dials, end func()) dials {
				since := 0
				return func(ctx context.Context) (net.Conn, error) {
					if b.Falls() > 0 {
						if since++; since > after {
							end()
						}
					}
					return dial(ctx)
				}
			})
		})
	}
}

// So does one that the device gives no further chance: it is gone for good, or
// falls only once.
func TestFindingsCarryOctetsAsSeen(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for falls := 1; falls < 20; falls++ {
		t.Run(fmt.Sprintf("gone for good after %d falls", falls), func(t *testing.T) {
			if carries(t, func(b *liar.Board, dial dials, _ func()) dials {
				return func(ctx context.Context) (net.Conn, error) {
					if b.Falls() >= falls {
						return nil, refused
					}
					return dial(ctx)
				}
			}) == 0 {
				t.Error("no finding")
			}
		})
	}
	t.Run("falls once", func(t *testing.T) {
		right := liar.Lawful()[0]
		if carries(t, func(b *liar.Board, dial dials, _ func()) dials {
			return func(ctx context.Context) (net.Conn, error) {
				if b.Falls() == 0 || b.Away() {
					return dial(ctx)
				}
				ours, theirs := pipe.New()
				go func() { right.Play(theirs); theirs.Close() }()
				return ours, nil
			}
		}) == 0 {
			t.Error("no finding")
		}
	})
}

// carries has a campaign against a board that falls, dialled otherwise, and wants
// of every finding that its octets fell such a board. It returns how many there
// were.
func carries(t *testing.T, otherwise func(b *liar.Board, dial dials, end func()) dials) (found int) {
	bug := planted(t, "falls over the top bit of a length", wire.Server)
	synctest.Test(t, func(t *testing.T) {
		b := bug.Board()
		onBoard(t, b, wire.Server, 300, func(ctx context.Context, c *Campaign) {
			ctx, end := context.WithCancel(ctx)
			defer end()
			board := c.Peer.(*runner.Dialer)
			board.Dial = otherwise(b, board.Dial, end)
			for p := range c.Run(ctx) {
				for _, f := range p.Findings {
					found++
					again := bug.Board()
					for _, sent := range f.Connections {
						says(again, sent)
					}
					if again.Falls() == 0 || f.Kind != conformance.KindDown {
						t.Errorf("%v, %d of %d, does nothing: %s: %s\n%v\n%v", f.Kind, f.Times, f.Tries, f.Rule, f.Detail, f.Script, f.Connections)
					}
				}
			}
		})
	})
	return found
}

// says sends a board what was sent on a connection, and sees it to its end.
func says(b *liar.Board, c conformance.Connection) {
	ours, theirs := pipe.New()
	go io.Copy(io.Discard, ours)
	go func() {
		defer ours.Close()
		for _, s := range c {
			if s.Sent {
				ours.Write(s.Octets)
			}
		}
	}()
	b.Play(theirs)
	theirs.Close()
}

// planted returns a planted bug by its name.
func planted(t *testing.T, name string, device wire.Role) liar.Planted {
	t.Helper()
	for _, bug := range liar.AllPlanted() {
		if bug.Name == name && bug.Device == device {
			return bug
		}
	}
	t.Fatalf("no bug %q", name)
	return liar.Planted{}
}
