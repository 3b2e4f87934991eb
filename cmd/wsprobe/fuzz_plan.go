package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/fuzzing/inputs"
	"wsprobe/internal/runner"
	"wsprobe/internal/wire"
)

func familyNames() (names []string) {
	for _, f := range conformance.Families() {
		names = append(names, string(f))
	}
	return names
}

// campaign is what the flags come to.
type campaign struct {
	options runner.Options
	failOn  conformance.Kind
	target  inputs.Target
	inputs  int
	limit   time.Duration
}

// plan reads the flags. Every error is the user's to mend.
func (o *fuzzOptions) plan(env env) (c campaign, err error) {
	if (o.target.url == "") == (o.listen == "") {
		return c, usagef("fuzz wants one TARGET, such as 192.168.4.1, or --listen ADDR (see wsprobe fuzz --help)")
	}
	if c.options, err = o.deviceFlags.options(); err != nil {
		return c, err
	}
	if err := o.recover.apply(&c.options, env); err != nil {
		return c, err
	}
	if c.failOn, err = conformance.ParseKind(strings.ToUpper(o.failOn)); err != nil {
		return c, usagef("--fail-on: %v", err)
	}
	c.target = inputs.Target{Device: wire.Server, Profile: c.options.Profile}
	if o.listen != "" {
		c.target.Device = wire.Client
		c.options.Parallel = 1 // a client opens its connections when it likes
	}
	for _, name := range o.families {
		f := conformance.Family(name)
		if !slices.Contains(conformance.Families(), f) {
			return c, usagef("--family %s: the families are %s", name, strings.Join(familyNames(), ", "))
		}
		c.target.Families = append(c.target.Families, f)
	}
	for _, what := range o.allow {
		if what != "destructive" {
			return c, usagef("--allow %s: there is only destructive", what)
		}
		c.target.Destructive = true
	}
	return c, o.extent(&c)
}

// extent says how long the campaign is. A preset says what the user does not.
func (o *fuzzOptions) extent(c *campaign) error {
	c.inputs, c.limit = o.iterations, o.limit
	switch o.preset {
	case "":
	case "smoke":
		c.limit = cmp.Or(o.limit, time.Minute)
	case "nightly":
		c.inputs = cmp.Or(o.iterations, 200000)
	default:
		return usagef("--preset %s: there are smoke and nightly", o.preset)
	}
	if c.inputs < 0 || c.limit < 0 {
		return usagef("--iterations and --for: want more than nothing")
	}
	return nil
}
