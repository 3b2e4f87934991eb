package main

import (
	"context"
	"errors"

	"wsprobe/internal/runner"
)

// peer returns who brings connections to the device, once there is one.
func (o *fuzzOptions) peer(ctx context.Context, env env, c *campaign) (runner.Peer, func(), error) {
	if o.listen == "" {
		target, err := o.target.parse()
		if err != nil {
			return nil, nil, err
		}
		if o.agent == "" {
			o.agent = target.Address()
		}
		dialer, err := o.target.dialer(target, c.options.Profile)
		if err != nil {
			return nil, nil, err
		}
		return dialer, func() {}, acquaint(ctx, env, dialer, c.options)
	}
	in, stop, err := incoming(context.WithoutCancel(ctx), env, o.listen, c.options) // the device may come back when all is over
	if err != nil {
		return nil, nil, err
	}
	if o.agent == "" {
		o.agent = "the client at " + o.listen
	}
	if err := o.firstVisit(ctx, c, in); err != nil {
		stop()
		return nil, nil, err
	}
	return in, stop, nil
}

// firstVisit waits for the device to come, for as long as the campaign may take.
func (o *fuzzOptions) firstVisit(ctx context.Context, c *campaign, in *runner.Incoming) error {
	if c.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.limit)
		defer cancel()
	}
	for {
		_, open := runner.Acquaint(ctx, in, c.options, "")
		switch {
		case open == nil:
			return nil
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return &exitError{exitUnreached, "no device came"}
		case ctx.Err() != nil:
			return &exitError{exitInterrupted, "interrupted before a device came"}
		}
	}
}
