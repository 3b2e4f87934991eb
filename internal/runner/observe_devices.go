package runner

import (
	"maps"
	"net/url"
	"slices"
	"sync"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// observedDevices are the observations of each device that a listener has met.
type observedDevices struct {
	mu        sync.Mutex
	devices   map[string]*observations
	strangers []string // addresses of those who came first in a request that was refused
}

// Bounds of what devices can make a report hold whose requests are all refused:
// so many of them, and from one address.
const (
	maxStrangers       = 16
	maxStrangersOfHost = 4
)

// refusedRequest stands in the place of a case.
const refusedRequest conformance.ID = "a request that was refused"

// observeRefused takes down a request that is refused: whoever sends it is to
// find in its results why it never gets to play. A browser that wants a page is
// none of them.
func (s *service) observeRefused(conn *timedConn, request handshake.Request, target *url.URL) {
	if !request.AsksForUpgrade() {
		return
	}
	of := s.observed.refused(named(conn, target), host(conn), s.Agents)
	observer{of, refusedRequest}.handshake(&Session{role: wire.Server, Request: request, conn: conn})
}

// refused returns the observations of a device whose request is refused; nil if
// they are not to be kept: those of a stranger where names are expected, or of
// one stranger too many.
func (d *observedDevices) refused(agent, host string, expected []string) *observations {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.devices[agent] == nil && !slices.Contains(expected, agent) {
		if len(expected) > 0 || !d.room(host) {
			return nil
		}
		d.strangers = append(d.strangers, host)
	}
	return d.of(agent)
}

// room reports whether one stranger more from an address is not one too many.
func (d *observedDevices) room(host string) bool {
	same := 0
	for _, other := range d.strangers {
		if other == host {
			same++
		}
	}
	return len(d.strangers) < maxStrangers && same < maxStrangersOfHost
}

// by returns the observations of a device.
func (d *observedDevices) by(agent string) *observations {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.of(agent)
}

func (d *observedDevices) of(agent string) *observations {
	if d.devices == nil {
		d.devices = map[string]*observations{}
	}
	if d.devices[agent] == nil {
		d.devices[agent] = newObservations()
	}
	return d.devices[agent]
}

// results yields the results of each device; false if no more may be yielded.
func (d *observedDevices) results(yield func(Happening, error) bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, agent := range slices.Sorted(maps.Keys(d.devices)) {
		for _, r := range d.devices[agent].results(wire.Client) {
			if !yield(Happening{agent, r}, nil) {
				return false
			}
		}
	}
	return true
}
