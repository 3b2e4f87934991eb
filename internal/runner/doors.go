package runner

import (
	"fmt"
	"sync"
)

// doors count who is in: one address must not take all the room.
type doors struct {
	mu  sync.Mutex
	all int
	of  map[string]int // by address
}

func newDoors() *doors { return &doors{of: map[string]int{}} }

// enter lets a connection in, or says why not.
func (d *doors) enter(host string) (why string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.all >= maxOpen:
		return fmt.Sprintf("%d connections are open", maxOpen)
	case d.of[host] >= maxOpen/2:
		return fmt.Sprintf("%d connections from %s are open", maxOpen/2, host)
	}
	d.all++
	d.of[host]++
	return ""
}

// leave is for each connection that was let in.
func (d *doors) leave(host string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all--
	if d.of[host]--; d.of[host] == 0 {
		delete(d.of, host)
	}
}
