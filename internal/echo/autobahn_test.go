package echo

import (
	"strings"
	"testing"
	"time"

	"wsprobe/internal/testee"
)

func TestCaseCount(t *testing.T) {
	for _, path := range []string{"/getCaseCount", "/getCaseCount?agent=board"} {
		onPath(t, path, func(t *testing.T, c *client) {
			c.want(finText, "10")
			c.wantOctets("\x88\x02\x03\xe8")
		})
	}
	onPath(t, "/updateReports?agent=board", func(t *testing.T, c *client) { c.wantOctets("\x88\x02\x03\xe8") })
}

// What goes out in the cases, octet for octet.
func TestCases(t *testing.T) {
	for n, want := range map[string]string{
		"1":  "\x81\x00",
		"3":  "\x81\x7d" + strings.Repeat("*", 125),
		"4":  "\x81\x7e\x00\x7e" + strings.Repeat("*", 126),
		"7":  "\x82\x04\x00\x01\xfe\xff",
		"9":  "\x89\x06pinged\x81\x06pinged",
		"10": "\x01\x05in fr\x00\x05agmen\x00\x05ts: g\x00\x05r\xc3\xb6\xc3\x9f\x80\x02er",
	} {
		onPath(t, "/runCase?agent=board&case="+n, func(t *testing.T, c *client) { c.wantOctets(want) })
	}
}

// Whatever a device sends back, and if it sends nothing, the case ends with 1000,
// and the log has what was wrong.
func TestCaseEnds(t *testing.T) {
	for octets, want := range map[string]struct {
		said string
		took time.Duration
	}{
		string(frame(finBinary, "\x00\x01\xfe\xff")): {"", 0},
		string(frame(finBinary, "\x00\x01\xfe")):     {"Case 7 of 10: what pipe sent back is not the message\n", 0},
		string(frame(finText, "x")):                  {"Case 7 of 10: what pipe sent back is not the message\n", 0},
		string(frame(ping, "")):                      {"Case 7 of 10: nothing came back from pipe within 10s\n", caseTime},
	} {
		var log writeLog
		onWrappedPipe(t, Options{Log: &log}, half, func(t *testing.T, c *client, _ func() error) {
			go c.Write([]byte(strings.Replace(handshake, "%s", "/runCase?case=7", 1)))
			c.head()
			c.wantOctets("\x82\x04\x00\x01\xfe\xff")
			took := took(func() {
				c.send([]byte(octets))
				if strings.HasPrefix(octets, "\x89") {
					c.want(pong, "")
				}
				c.wantOctets("\x88\x02\x03\xe8")
			})
			if took != want.took {
				t.Errorf("%q: closed after %v", octets, took)
			}
			_ = c.Close()
			time.Sleep(2 * lingering)
		})
		said := strings.Join(log.all(), "")
		if strings.Contains(said, "Case") != (want.said != "") || !strings.Contains(said, want.said) {
			t.Errorf("%q: said %q, want %q", octets, said, want.said)
		}
	}
}

// A client that was made for the Autobahn testsuite runs unchanged.
func TestCasesOfLibraries(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the clients of other libraries")
	}
	for _, library := range []string{"gorilla", "coder"} {
		var log writeLog
		address := serve(t, Options{Log: &log})
		out, err := testee.Command(t, "client", "-lib", library, "-url", "ws://"+address).CombinedOutput()
		if err != nil || string(out) != "10 cases\n" {
			t.Errorf("%s: %v: %s", library, err, out)
		}
		if said := strings.Join(log.all(), ""); strings.Contains(said, "Case") || strings.Count(said, "Connection from") != 12 {
			t.Errorf("%s: %s", library, said)
		}
	}
}
