// Package mdns announces a server on its network, so that a device finds it by
// name: Multicast DNS (RFC 6762) for its addresses, DNS-SD (RFC 6763) for the
// service.
//
// Questions are answered by github.com/pion/mdns. What it leaves out is done
// here: to ask first whether the name is taken, to announce what is there without
// being asked, and to say goodbye.
package mdns

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/pion/logging"
	"github.com/pion/mdns/v2"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// Times of RFC 6762: how long to listen for who has the name (§8.1, three probes
// 250 ms apart), and between two announcements (§8.3).
const (
	probing = 250 * time.Millisecond
	probes  = 3
	again   = time.Second
)

// Options say what is announced.
type Options struct {
	Name    string // what Check passes: the host is NAME.local
	Port    int    // of the server
	Address net.IP // of the server; nil or unspecified for all of this machine's
	Secured bool   // it speaks TLS
}

// An Announcement lasts until it is closed.
type Announcement struct {
	options   Options
	responder *mdns.Conn
	socket    *ipv4.PacketConn // that of the responder, to say things unasked
	stop      context.CancelFunc
	announced chan struct{} // closed when nothing more is said of its own accord
}

// A TakenError is that someone else has the name.
type TakenError struct {
	Name string // as it is on the network
	By   string // an address
}

func (e *TakenError) Error() string { return fmt.Sprintf("%s belongs to %s already", e.Name, e.By) }

// Announce asks for about a second whether the name is free, and then announces
// it. The error is a *[TakenError], that ctx has ended, or why this machine
// cannot do multicast.
func Announce(ctx context.Context, o Options) (*Announcement, error) {
	if err := Check(o.Name); err != nil {
		return nil, err
	}
	if err := o.probe(ctx); err != nil {
		return nil, err
	}
	responder, socket, err := o.open(
		mdns.WithLocalNames(o.host()),
		mdns.WithService(mdns.ServiceInstance{
			Instance: o.Name, Service: service, Domain: domain, Host: o.host() + ".", Port: uint16(o.Port), Text: o.text(),
		}))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	a := &Announcement{options: o, responder: responder, socket: socket, stop: stop, announced: make(chan struct{})}
	go a.announce(ctx)
	return a, nil
}

// announce says what is there, twice: what is sent once may be lost.
func (a *Announcement) announce(ctx context.Context) {
	defer close(a.announced)
	a.say(lasting)
	select {
	case <-ctx.Done():
	case <-time.After(again):
		a.say(lasting)
	}
}

// Close says goodbye and ends the announcement.
func (a *Announcement) Close() {
	a.stop()
	<-a.announced
	a.say(goodbye)
	_ = a.responder.Close()
}

func (o Options) host() string { return o.Name + "." + domain }

func (o Options) text() []mdns.TXTEntry {
	text := []mdns.TXTEntry{{Key: "path", Value: []byte("/")}}
	if o.Secured {
		text = append(text, mdns.TXTEntry{Key: "tls", Value: []byte("1")})
	}
	return text
}

// open listens on the port of Multicast DNS, beside who else does.
func (o Options) open(more ...mdns.ServerOption) (*mdns.Conn, *ipv4.PacketConn, error) {
	listen := func(network, address string) (*net.UDPConn, error) {
		addr, err := net.ResolveUDPAddr(network, address)
		if err != nil {
			return nil, err
		}
		return net.ListenUDP(network, addr)
	}
	four, err := listen("udp4", mdns.DefaultAddressIPv4)
	if err != nil {
		return nil, nil, fmt.Errorf("multicast: %w", err)
	}
	socket := ipv4.NewPacketConn(four)
	var socket6 *ipv6.PacketConn
	six, err := listen("udp6", mdns.DefaultAddressIPv6)
	if err == nil { // a machine may be without
		socket6 = ipv6.NewPacketConn(six)
	}
	quiet := logging.NewDefaultLoggerFactory()
	quiet.Writer = io.Discard
	options := append(more, mdns.WithLoggerFactory(quiet), mdns.WithQueryInterval(probing))
	if o.Address != nil && !o.Address.IsUnspecified() {
		options = append(options, mdns.WithLocalAddress(o.Address), mdns.WithIncludeLoopback(o.Address.IsLoopback()))
	}
	responder, err := mdns.NewServer(socket, socket6, options...)
	if err != nil {
		_ = four.Close()
		if six != nil {
			_ = six.Close()
		}
		return nil, nil, fmt.Errorf("multicast: %w", errors.New(strings.TrimPrefix(err.Error(), "mDNS: ")))
	}
	return responder, socket, nil
}
