package runner

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// loops is a device that knows one URL: it connects again and again, and echoes,
// until a text fells it; then it comes back after away, or, if that is 0, when it
// is reset.
func loops(ctx context.Context, ln pipeListener, away time.Duration, reset <-chan struct{}) {
	for ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
		conn, err := ln.dial(ctx)
		if err != nil {
			return
		}
		if felled := echoUntil(conn, "boom"); !felled {
			continue
		}
		wait := time.After(away)
		if away == 0 {
			wait = nil
		}
		select {
		case <-wait:
		case <-reset:
		case <-ctx.Done():
		}
	}
}

// echoUntil opens a connection and echoes until it ends, or a text comes at which
// it reports true and leaves.
func echoUntil(conn net.Conn, text string) bool {
	defer conn.Close()
	conn.Write(handshake.NewRequest("bench", "/", "dGhlIHNhbXBsZSBub25jZQ==").Append(nil))
	r := bufio.NewReader(conn)
	handshake.ReadResponse(r, 1<<16)
	for {
		h, err := wire.ReadHeader(r)
		if err != nil {
			return false
		}
		payload := make([]byte, h.Length)
		io.ReadFull(r, payload)
		if string(payload) == text {
			return true
		}
		conn.Write(append(wire.Header{Fin: true, Opcode: h.Opcode, Masked: true, Length: h.Length}.Append(nil), payload...))
	}
}

// A device that is a client, and does not come back in time, is reset and waited
// for again, and in the end given up.
func TestListenerRecover(t *testing.T) {
	for name, tt := range map[string]struct {
		options Options
		away    time.Duration
		reset   bool // resets help
		resets  int
		want    string // of 1.1 "one", 1.2 "boom", 1.3 "two"
		err     error
	}{
		"it is back in time": {Options{Recover: 30 * time.Second}, 20 * time.Second, false, 0,
			"1.1 OK alive \n1.2 FAILED alive wanted text .*\n1.3 OK alive ", nil},
		"nothing is said of it": {Options{}, 2 * time.Hour, false, 0,
			"1.1 OK alive \n1.2 FAILED alive wanted text .*\n1.3 OK alive ", nil},
		"it is too late": {Options{Recover: 30 * time.Second}, time.Hour, false, 0,
			"1.1 OK alive \n1.2 FAILED gone after the case the device did not come back within 30s; .*\n1.3 INCONCLUSIVE gone not played: the device was gone after case 1.2", ErrLost},
		"it is reset": {Options{}, 0, true, 1,
			"1.1 OK alive \n1.2 FAILED rebooted after the case the device did not come back within 10s, and was reset; .*\n1.3 OK alive ", nil},
		"a reset that does not help": {Options{Recover: time.Second}, time.Hour, true, 1,
			"1.1 OK alive \n1.2 FAILED gone after the case the device did not come back within 1s; .*\n1.3 INCONCLUSIVE gone ", ErrLost},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				ln := listenInMemory(ctx)
				button, resets := make(chan struct{}, 1), 0
				if tt.reset {
					tt.options.Reset = func(_ context.Context, trouble Trouble) {
						if resets++; trouble.After != "case 1.2" {
							t.Errorf("reset after %q: %s", trouble.After, trouble.Wrong)
						}
						if tt.away == 0 {
							button <- struct{}{}
						}
					}
				}
				looped := make(chan bool)
				go func() { loops(ctx, ln, tt.away, button); close(looped) }()
				l := &Listener{Cases: echoCases(t, "one", "boom", "two"), Options: tt.options, Log: t.Logf}
				var lines []string
				var last error
				for h, err := range l.Serve(ctx, ln) {
					if last = err; err == nil && !h.Result.OfRow() {
						r := h.Result
						lines = append(lines, fmt.Sprintf("%s %v %s %s", r.Case.ID, r.Behavior, r.Health, r.Reason))
					}
				}
				got := strings.Join(lines, "\n")
				if !regexp.MustCompile(tt.want).MatchString(got) || last != tt.err || resets != tt.resets {
					t.Errorf("%v, %d resets, got:\n%s\nwant:\n%s", last, resets, got, tt.want)
				}
				cancel()
				<-looped
			})
		})
	}
}
