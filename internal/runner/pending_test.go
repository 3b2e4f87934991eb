package runner

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"wsprobe/internal/simulated/pipe"
)

// A connection is blamed for coming beside another one only if that has not been
// ended, and lasts.
func TestCrowd(t *testing.T) {
	for name, tt := range map[string]struct {
		between func(first *pending, device io.Closer)
		leaves  bool // the second before it is looked at
		want    bool
	}{
		"both wait":               {func(*pending, io.Closer) {}, false, true},
		"the first is answered":   {func(first *pending, _ io.Closer) { first.end() }, false, false},
		"the device has left it":  {func(_ *pending, device io.Closer) { device.Close() }, false, false},
		"the device has shut it":  {func(_ *pending, device io.Closer) { device.(interface{ CloseWrite() error }).CloseWrite() }, false, false},
		"the device sends before": {func(_ *pending, device io.Closer) { device.(io.Writer).Write([]byte("early")) }, false, true},
		"the second is left soon": {func(*pending, io.Closer) {}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var c crowd
				wait := func() (*pending, io.Closer) {
					device, ours := pipe.New()
					watched, r := timed(ours, 4<<10)
					t.Cleanup(func() { ours.Close() })
					return newPending(watched, r), device
				}
				first, device := wait()
				if c.join(t.Context(), "board", first, time.Second) {
					t.Error("the first is blamed")
				}
				tt.between(first, device)
				answered := !first.lasts()
				second, device := wait()
				if tt.leaves {
					time.AfterFunc(time.Second/2, func() { device.Close() })
				}
				began := time.Now()
				if got := c.join(t.Context(), "board", second, time.Second); got != tt.want {
					t.Errorf("the second is blamed: %v", got)
				}
				if answered && time.Since(began) > 0 {
					t.Error("the second is held up")
				}
				third, _ := wait()
				if c.join(t.Context(), "another board", third, time.Second) {
					t.Error("another device is blamed")
				}
				c.leave("board", first)
				c.leave("board", second)
				c.leave("another board", third)
				if len(c.pending)+len(c.looking) > 0 {
					t.Errorf("%d devices are kept", len(c.pending))
				}
			})
		})
	}
}
