package liar

import (
	"encoding/hex"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// What the right peer says, octet for octet, to frames under a mask of zeros.
func TestRightPeerOctets(t *testing.T) {
	const mask = "00000000"
	for name, c := range map[string]struct{ sent, want string }{
		"text":                     {"8182" + mask + "6869", "81026869"},
		"binary":                   {"8281" + mask + "ff", "8201ff"},
		"ping":                     {"8982" + mask + "6869", "8a026869"},
		"pong":                     {"8a82" + mask + "6869", ""},
		"ping between fragments":   {"0181" + mask + "61" + "8980" + mask + "8081" + mask + "62", "8a00" + "81026162"},
		"close":                    {"8880" + mask, "8800"},
		"close and status":         {"8886" + mask + "0fa0" + "646f6e65", "88020fa0"},
		"frames after a close":     {"8882" + mask + "03e8" + "8980" + mask + "8180" + mask, "880203e8"},
		"close of one octet":       {"8881" + mask + "61", "880203ea"},
		"close, no UTF-8":          {"8883" + mask + "03e8ff", "880203ef"},
		"close, status 1005":       {"8882" + mask + "03ed", "880203ea"},
		"close between fragments":  {"0181" + mask + "61" + "8882" + mask + "03e8", "880203e8"},
		"RSV1":                     {"c180" + mask, "880203ea"},
		"reserved opcode":          {"8380" + mask, "880203ea"},
		"no mask":                  {"8100", "880203ea"},
		"16 bits for 5":            {"81fe0005" + mask + "68656c6c6f", "880203ea"},
		"ping of 126":              {"89fe007e" + mask, "880203ea"},
		"fragmented ping":          {"0980" + mask, "880203ea"},
		"continuation of nothing":  {"8080" + mask, "880203ea"},
		"text between fragments":   {"0180" + mask + "8180" + mask, "880203ea"},
		"surrogate, as it comes":   {"8183" + mask + "eda0", "880203ef"},
		"cut character":            {"8181" + mask + "c3", "880203ef"},
		"character over fragments": {"0181" + mask + "c3" + "8081" + mask + "a4", "8102c3a4"},
		"17 MiB":                   {"82ff0000000001100000" + mask, "880203f1"},
		"2^63":                     {"82ff8000000000000000" + mask, "880203ea"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := said(t, func(*peer) {}, c.sent); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// said returns in hex what a peer says to octets after the opening handshake, up
// to the end, or to the end of time if it has not ended by then.
func said(t *testing.T, tell func(*peer), sent string) (octets string) {
	t.Helper()
	frames, err := hex.DecodeString(sent)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		host, device := net.Pipe()
		go func() {
			played(lie{tell: tell}, wire.Server)(device)
			device.Close()
		}()
		heard := make(chan string, 1)
		go func() {
			b, _ := io.ReadAll(host)
			heard <- string(b)
		}()
		_, _ = host.Write(append(handshake.NewRequest("x", "/", handshake.NewKey([16]byte{})).Append(nil), frames...))
		synctest.Wait()
		host.Close()
		_, body, _ := strings.Cut(<-heard, "\r\n\r\n")
		octets = hex.EncodeToString([]byte(body))
	})
	return octets
}
