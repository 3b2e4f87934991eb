// Package simulated holds devices made of software, to try things on without
// hardware. They do on the wire what the real libraries were seen to do, right
// or wrong: heads, limits, what they answer and what they leave unsaid, how
// they end a connection. What hostile input does to the real ones they do not
// imitate: they end the connection.
package simulated

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
)

// Device is a server on a device that has few connections to give.
type Device struct {
	Name  string
	Slots int // connections served at once; at least 1

	// Full says what becomes of one connection more.
	Full Full

	// Play serves one connection. It returns when the connection is over, at
	// the latest when conn is closed under it; closing conn is the caller's.
	Play func(conn net.Conn)
}

// Full is what a device does with a connection when its slots are taken.
type Full uint8

const (
	Waits Full = iota // it is not accepted before another ends
	Drops             // it is accepted and closed at once
)

// devices are the devices by which wsprobe can be tried, in the order of their
// names. Each has a profile of that name.
var devices = []Device{arduino, micropython, microwebsrv, simpleWebsockets}

// Names returns the names of the devices, in alphabetical order.
func Names() []string {
	var names []string
	for _, d := range devices {
		names = append(names, d.Name)
	}
	return names
}

// Serve plays the device of that name on ln, see [Device.Serve]. An unknown name
// is an error that tells the names; ln is closed all the same.
func Serve(ctx context.Context, ln net.Listener, name string) error {
	for _, d := range devices {
		if d.Name == name {
			return d.Serve(ctx, ln)
		}
	}
	ln.Close()
	return fmt.Errorf("no device is called %q; there are %s", name, strings.Join(Names(), ", "))
}

// Serve plays the device for whoever connects to ln until ctx ends, which is no
// error, or ln fails. It closes ln and every connection, and leaves no goroutine
// behind.
func (d Device) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var playing sync.WaitGroup
	defer playing.Wait()
	defer cancel()
	context.AfterFunc(ctx, func() { ln.Close() })
	slots := make(chan struct{}, d.Slots)
	for {
		if d.Full == Waits && !take(ctx, slots) {
			return nil
		}
		conn, err := ln.Accept()
		if err != nil {
			if ctx.Err() != nil && errors.Is(err, net.ErrClosed) {
				return nil
			}
			return fmt.Errorf("accept: %w", err)
		}
		if d.Full == Drops && !tryTake(slots) {
			conn.Close()
			continue
		}
		playing.Go(func() {
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			d.Play(conn)
			<-slots // first: who sees the end may connect again
			conn.Close()
		})
	}
}

// take waits for a slot; false if ctx ended first.
func take(ctx context.Context, slots chan<- struct{}) bool {
	select {
	case slots <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func tryTake(slots chan<- struct{}) bool {
	select {
	case slots <- struct{}{}:
		return true
	default:
		return false
	}
}
