package echo

import (
	"errors"
	"fmt"
	"math"
	"net"
	"strconv"
	"strings"
	"sync"
)

// A turn is what the n-th connections of a device meet, n from first to last.
type turn struct {
	first, last int
	action      action
}

// parseSchedule reads "1-3:echo,4:reset,5-:echo". Turns are in order, and do not
// overlap; there may be gaps. A comma within a behaviour is written %2C.
func parseSchedule(text string) (turns []turn, err error) {
	if text == "" {
		return nil, nil
	}
	before := 0
	for part := range strings.SplitSeq(text, ",") {
		numbers, behaviour, ok := strings.Cut(strings.TrimSpace(part), ":")
		if !ok {
			return nil, fmt.Errorf(`%q: needs N:BEHAVIOUR, N-M:BEHAVIOUR or N-:BEHAVIOUR`, part)
		}
		t, err := parseTurn(numbers)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", part, err)
		}
		if t.first <= before {
			return nil, fmt.Errorf("%q: connection %d has its behaviour already", part, t.first)
		}
		if t.action, err = parseAction(behaviour); err != nil {
			return nil, fmt.Errorf("%q: %w", part, err)
		}
		turns, before = append(turns, t), t.last
	}
	return turns, nil
}

// parseTurn reads "4", "1-3" or "5-".
func parseTurn(text string) (turn, error) {
	from, to, isRange := strings.Cut(text, "-")
	first, err := strconv.Atoi(from)
	if err != nil || first < 1 {
		return turn{}, fmt.Errorf("%q is not the number of a connection; they count from 1", from)
	}
	switch {
	case !isRange:
		return turn{first: first, last: first}, nil
	case to == "":
		return turn{first: first, last: math.MaxInt}, nil
	}
	last, err := strconv.Atoi(to)
	if err != nil || last < first {
		return turn{}, errors.New("ends before it begins, or not with a number")
	}
	return turn{first: first, last: last}, nil
}

// maxDevices is how many devices' connections are counted. A device more, and
// one of them, whichever, begins anew.
const maxDevices = 10_000

// visits counts the connections of each device, told apart by its address.
type visits struct {
	mu       sync.Mutex
	byDevice map[string]int
}

// deviceAt is the device at an address, HOST:PORT.
func deviceAt(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// next counts a connection of the device at an address and returns which it is,
// from 1.
func (v *visits) next(address string) int {
	device := deviceAt(address)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.byDevice == nil {
		v.byDevice = map[string]int{}
	}
	if _, known := v.byDevice[device]; !known && len(v.byDevice) >= maxDevices {
		for other := range v.byDevice {
			delete(v.byDevice, other)
			break
		}
	}
	v.byDevice[device]++
	return v.byDevice[device]
}

// takeBack is for a connection that has not come about. If it was not counted either,
// it does nothing.
func (v *visits) takeBack(address string) {
	device := deviceAt(address)
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := v.byDevice[device]; n > 1 {
		v.byDevice[device] = n - 1
		return
	}
	delete(v.byDevice, device)
}

// A plan is what a server does where the path does not say.
type plan struct {
	otherwise action
	turns     []turn
}

// next is for a new connection of the device at an address.
func (p plan) next(v *visits, address string) action {
	if len(p.turns) > 0 {
		n := v.next(address)
		for _, t := range p.turns {
			if t.first <= n && n <= t.last {
				return t.action
			}
		}
	}
	return p.otherwise
}
