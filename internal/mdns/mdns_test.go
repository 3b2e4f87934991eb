package mdns_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/net/ipv4"

	"wsprobe/internal/mdns"
)

// hang is when a test gives up waiting for what must come.
const hang = 10 * time.Second

func TestCheck(t *testing.T) {
	for name, want := range map[string]string{
		"bench": "", "Bench-2": "", "7": "", strings.Repeat("a", 63): "",
		"":                      "not a name of letters",
		strings.Repeat("a", 64): "not a name of letters",
		"-bench":                "not a name of letters",
		"bench-":                "not a name of letters",
		"my bench":              "not a name of letters",
		"b.c":                   "not a name of letters",
		"bench_1":               "not a name of letters",
		"größe":                 "not a name of letters",
		"a\nb":                  "not a name of letters",
		"bench.local":           ".local is added to the name, leave it out",
	} {
		err := mdns.Check(name)
		if got := fmt.Sprint(err); (err == nil) != (want == "") || !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

// An ear hears what is said by multicast, and asks.
type ear struct {
	*ipv4.PacketConn
	group *net.UDPAddr
}

// listen joins the group on an interface that can multicast, or skips the test.
func listen(t *testing.T) ear {
	t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(224, 0, 0, 0), Port: 5353})
	if err != nil {
		t.Skip("no multicast here:", err)
	}
	t.Cleanup(func() { socket.Close() })
	e := ear{ipv4.NewPacketConn(socket), &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353}}
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		addresses, _ := i.Addrs()
		if i.Flags&(net.FlagUp|net.FlagMulticast|net.FlagLoopback) != net.FlagUp|net.FlagMulticast || len(addresses) == 0 {
			continue
		}
		if e.JoinGroup(&i, e.group) == nil && e.SetMulticastInterface(&i) == nil && e.SetMulticastLoopback(true) == nil {
			return e
		}
	}
	t.Skip("no interface that can multicast")
	return e
}

// hears returns the first record that is wanted, or fails.
func (e ear) hears(t *testing.T, what string, want func(dnsmessage.Resource) bool) dnsmessage.Resource {
	t.Helper()
	_ = e.SetReadDeadline(time.Now().Add(hang))
	buffer := make([]byte, 9000)
	for {
		n, _, _, err := e.ReadFrom(buffer)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) != nil || !m.Response {
			continue
		}
		for _, r := range append(m.Answers, m.Additionals...) {
			if want(r) {
				return r
			}
		}
	}
}

func (e ear) asks(t *testing.T, name string, typ dnsmessage.Type) {
	t.Helper()
	m := dnsmessage.Message{Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName(name), Type: typ, Class: dnsmessage.ClassINET}}}
	octets, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.WriteTo(octets, nil, e.group); err != nil {
		t.Fatal(err)
	}
}

// What is there is announced, told to who asks, and taken back.
func TestAnnounce(t *testing.T) {
	e := listen(t)
	name := fmt.Sprintf("bench-%06x", rand.Uint32())
	a, err := mdns.Announce(t.Context(), mdns.Options{Name: name, Port: 9001})
	if err != nil {
		t.Fatal(err)
	}
	host, instance := name+".local.", name+"._ws._tcp.local."
	lasts := func(of string, ttl bool) func(dnsmessage.Resource) bool {
		return func(r dnsmessage.Resource) bool {
			return strings.EqualFold(r.Header.Name.String(), of) && (r.Header.TTL > 0) == ttl
		}
	}
	srv := e.hears(t, "announcement", lasts(instance, true)).Body.(*dnsmessage.SRVResource)
	if srv.Port != 9001 || srv.Target.String() != host {
		t.Errorf("port %d of %s", srv.Port, srv.Target)
	}
	e.asks(t, host, dnsmessage.TypeA)
	if _, ok := e.hears(t, "address", lasts(host, true)).Body.(*dnsmessage.AResource); !ok {
		t.Error("no address")
	}
	e.asks(t, "_ws._tcp.local.", dnsmessage.TypePTR)
	e.hears(t, "service", func(r dnsmessage.Resource) bool {
		ptr, ok := r.Body.(*dnsmessage.PTRResource)
		return ok && ptr.PTR.String() == instance
	})

	// The name is taken now, for a second server on this machine, too.
	_, err = mdns.Announce(t.Context(), mdns.Options{Name: name, Port: 9002})
	if taken := (*mdns.TakenError)(nil); !errors.As(err, &taken) || !strings.Contains(err.Error(), name) {
		t.Errorf("again: %v", err)
	}
	a.Close()
	e.hears(t, "goodbye", lasts(host, false))
}

// A name that another host has is told of, however many addresses that has.
func TestTakenByManyAddresses(t *testing.T) {
	e := listen(t)
	name := fmt.Sprintf("bench-%06x", rand.Uint32())
	go e.answers(t.Context(), name)
	taken := (*mdns.TakenError)(nil)
	failed := make(chan error, 1)
	go func() {
		_, err := mdns.Announce(t.Context(), mdns.Options{Name: name, Port: 9001})
		failed <- err
	}()
	select {
	case err := <-failed:
		if !errors.As(err, &taken) {
			t.Error(err)
		}
	case <-time.After(hang):
		t.Error("it hangs")
	}
}

// answers is a host of four addresses that has a name: it answers whatever is
// asked, again and again.
func (e ear) answers(ctx context.Context, name string) {
	instance, host := dnsmessage.MustNewName(name+"._ws._tcp.local."), dnsmessage.MustNewName(name+".local.")
	service := dnsmessage.MustNewName("_ws._tcp.local.")
	of := func(name dnsmessage.Name, typ dnsmessage.Type, body dnsmessage.ResourceBody) dnsmessage.Resource {
		return dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: name, Type: typ, Class: dnsmessage.ClassINET, TTL: 120}, Body: body}
	}
	m := dnsmessage.Message{Header: dnsmessage.Header{Response: true, Authoritative: true}, Answers: []dnsmessage.Resource{
		of(service, dnsmessage.TypePTR, &dnsmessage.PTRResource{PTR: instance}),
		of(instance, dnsmessage.TypeSRV, &dnsmessage.SRVResource{Port: 9001, Target: host}),
		of(instance, dnsmessage.TypeTXT, &dnsmessage.TXTResource{TXT: []string{""}}),
		of(host, dnsmessage.TypeA, &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}}),
	}}
	for last := range byte(3) {
		m.Answers = append(m.Answers, of(host, dnsmessage.TypeAAAA, &dnsmessage.AAAAResource{AAAA: [16]byte{0x20, 1, 0xd, 0xb8, 15: 1 + last}}))
	}
	octets, err := m.Pack()
	for err == nil && ctx.Err() == nil {
		_, err = e.WriteTo(octets, nil, e.group)
		time.Sleep(50 * time.Millisecond)
	}
}

func TestAnnounceStops(t *testing.T) {
	listen(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := mdns.Announce(ctx, mdns.Options{Name: fmt.Sprintf("bench-%06x", rand.Uint32()), Port: 9001}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
