package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
)

// A server has the name that it was given, as long as it runs; a second one does
// not get it.
func TestMDNS(t *testing.T) {
	if !multicasts() {
		t.Skip("no interface that can multicast")
	}
	name := fmt.Sprintf("bench-%06x", rand.Uint32())
	said, _, stop := running(t, "--listen", ":0", "--mdns", name)
	port := said.await(t, `  ws://`+name+`\.local:(\d+)/\n`)
	if !strings.Contains(said.String(), ":"+port+"/\n  ws://"+name) {
		t.Errorf("said %s", said)
	}
	var refused saying
	code := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--mdns", name}, env{Stdout: io.Discard, Stderr: &refused})
	if got := refused.String(); code != exitFailed || !strings.HasPrefix(got, "wsecho: cannot announce "+name+".local: ") || strings.Count(got, "\n") != 1 {
		t.Errorf("exit %d, %s", code, got)
	}
	stop()
}

func multicasts() bool {
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		addresses, _ := i.Addrs()
		if i.Flags&(net.FlagUp|net.FlagMulticast|net.FlagLoopback) == net.FlagUp|net.FlagMulticast && len(addresses) > 0 {
			return true
		}
	}
	return false
}
