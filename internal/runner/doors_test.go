package runner

import "testing"

// One address does not take all the room.
func TestDoors(t *testing.T) {
	d := newDoors()
	enter := func(host string, n int) (in int) {
		for range n {
			if d.enter(host) == "" {
				in++
			}
		}
		return in
	}
	if in := enter("10.0.0.1", 1000); in != maxOpen/2 {
		t.Errorf("%d of one address", in)
	}
	if in := enter("10.0.0.2", 10) + enter("10.0.0.3", 1000); in != maxOpen/2 {
		t.Errorf("%d of others", in)
	}
	for range 10 {
		d.leave("10.0.0.2")
	}
	if in := enter("10.0.0.1", 1) + enter("10.0.0.2", 20); in != 10 {
		t.Errorf("%d when 10 have left", in)
	}
	if len(d.of) != 3 {
		t.Errorf("%d addresses are kept", len(d.of))
	}
}
