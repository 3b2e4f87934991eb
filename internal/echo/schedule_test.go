package echo

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

func TestDefault(t *testing.T) {
	address := serve(t, Options{Default: "reply?format=Got%20%25s"})
	for path, want := range map[string]string{"/": "Got x", "/ws": "Got x", "/echo": "x"} {
		c := open(t, address, path)
		c.send(frame(finText, "x"))
		c.want(finText, want)
	}
}

// A device with one URL meets what the schedule has for its n-th connection.
func TestSchedule(t *testing.T) {
	address := serve(t, Options{
		Default:  "reply?format=default%20%25s",
		Schedule: "1-2:echo, 3:refuse?status=503,5:greet",
	})
	for i, want := range []string{"x", "x", "503", "default x", "Hello x!", "default x"} {
		open(t, address, "/echo") // is not counted: it has a path of its own
		c := dial(t, address)
		c.send([]byte(strings.Replace(handshake, "%s", "/", 1)))
		head := c.head()
		if want == "503" {
			if !strings.HasPrefix(head, "HTTP/1.1 503 ") {
				t.Errorf("connection %d: %s", i+1, head)
			}
			continue
		}
		c.send(frame(finText, "x"))
		c.want(finText, want)
	}
}

// A refused opening handshake is no connection, unless the schedule wants it refused.
func TestScheduleCountsConnections(t *testing.T) {
	good := strings.Replace(handshake, "%s", "/", 1)
	bad := strings.Replace(good, "dGhlIHNhbXBsZSBub25jZQ==", "abc", 1)
	content := strings.Replace(good, "Host:", "Content-Length: 5\r\nHost:", 1) + "hello"
	address := serve(t, Options{Schedule: "1:refuse?status=503,2:greet,3:auth,4-:echo"})
	for i, step := range []struct{ request, status, answer string }{
		{good, "503", ""}, {bad, "400", ""}, {content, "400", ""}, {good, "101", "Hello x!"}, {bad, "401", ""}, {bad, "400", ""}, {good, "101", "x"},
	} {
		c := dial(t, address)
		c.send([]byte(step.request))
		if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 "+step.status) {
			t.Fatalf("request %d: %s\nwant %s", i+1, head, step.status)
		}
		if step.answer != "" {
			c.send(frame(finText, "x"))
			c.want(finText, step.answer)
		}
	}
}

func TestBadPlans(t *testing.T) {
	for _, test := range []struct {
		o    Options
		want string
	}{
		{Options{Default: "loud"}, `default "loud": no behaviour is called "loud"; wsecho behaviours lists them`},
		{Options{Default: "/"}, `default "/": the name of a behaviour is missing; wsecho behaviours lists them`},
		{Options{Default: "slow?delay=2"}, `default "slow?delay=2": /slow: delay "2": not a time from 0s to 1m, such as 2s`},
		{Options{Default: "echo", Reply: "%s"}, `reply and default are both given: take one, or default "reply?format=…"`},
		{Options{Schedule: "echo"}, `schedule: "echo": needs N:BEHAVIOUR, N-M:BEHAVIOUR or N-:BEHAVIOUR`},
		{Options{Schedule: "1:echo,"}, `schedule: "": needs N:BEHAVIOUR, N-M:BEHAVIOUR or N-:BEHAVIOUR`},
		{Options{Schedule: "0:echo"}, `schedule: "0:echo": "0" is not the number of a connection; they count from 1`},
		{Options{Schedule: "-3:echo"}, `schedule: "-3:echo": "" is not the number of a connection; they count from 1`},
		{Options{Schedule: "3-1:echo"}, `schedule: "3-1:echo": ends before it begins, or not with a number`},
		{Options{Schedule: "1-x:echo"}, `schedule: "1-x:echo": ends before it begins, or not with a number`},
		{Options{Schedule: "1-3:echo,3:reset"}, `schedule: "3:reset": connection 3 has its behaviour already`},
		{Options{Schedule: "1-:echo,5:reset"}, `schedule: "5:reset": connection 5 has its behaviour already`},
		{Options{Schedule: "1:loud"}, `schedule: "1:loud": no behaviour is called "loud"; wsecho behaviours lists them`},
		{Options{Schedule: "1:"}, `schedule: "1:": the name of a behaviour is missing; wsecho behaviours lists them`},
	} {
		if err := test.o.Check(); err == nil || err.Error() != test.want {
			t.Errorf("%+v: %v, want %s", test.o, err, test.want)
		}
	}
}

// Devices are told apart by address, whatever their port, and are not remembered
// without end.
func TestVisits(t *testing.T) {
	var v visits
	for i := range 3 {
		if n := v.next(net.JoinHostPort("192.0.2.1", fmt.Sprint(1000+i))); n != i+1 {
			t.Errorf("connection %d is counted as %d", i+1, n)
		}
	}
	if n := v.next("[2001:db8::1]:80"); n != 1 {
		t.Errorf("another device's first is counted as %d", n)
	}
	for i := range 2 * maxDevices {
		v.next(fmt.Sprintf("[2001:db8::%x:%x]:1", i>>16, i&0xffff))
	}
	for range 4 {
		v.takeBack("192.0.2.7:1")
	}
	if n := v.next("192.0.2.7:1"); n != 1 {
		t.Errorf("the first is counted as %d", n)
	}
	if len(v.byDevice) != maxDevices {
		t.Errorf("%d devices are remembered", len(v.byDevice))
	}
}

func FuzzSchedule(f *testing.F) {
	f.Add("1-3:echo,4:reset?after=2s,5-:echo", 4)
	f.Fuzz(func(t *testing.T, text string, n int) {
		turns, err := parseSchedule(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is more than a line", err)
			}
			return
		}
		for i, turn := range turns {
			if turn.first < 1 || turn.last < turn.first || i > 0 && turn.first <= turns[i-1].last || turn.action.play == nil && turn.action.refuse == nil {
				t.Errorf("%q: %+v", text, turns)
			}
		}
	})
}
