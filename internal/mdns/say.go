package mdns

import (
	"net"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/net/ipv4"
)

// How long records live, in seconds: RFC 6762 §10, and §10.1 for those that are
// to be forgotten.
const (
	lasting = 120
	goodbye = 0
)

// flush marks records that no one else has: RFC 6762 §10.2.
const flush dnsmessage.Class = 1 << 15

// say tells the records unasked, on each interface with the addresses there. What
// cannot be sent is not: who asks is answered all the same.
func (a *Announcement) say(ttl uint32) {
	group := &net.UDPAddr{IP: net.IPv4(224, 0, 0, 251), Port: 5353}
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		addresses := a.options.addresses(i)
		if len(addresses) == 0 {
			continue
		}
		message, err := a.options.records(addresses, ttl)
		if err == nil {
			_, _ = a.socket.WriteTo(message, &ipv4.ControlMessage{IfIndex: i.Index}, group)
		}
	}
}

// addresses are those by which the server can be reached on an interface.
func (o Options) addresses(i net.Interface) (addresses []net.IP) {
	all := o.Address == nil || o.Address.IsUnspecified()
	if i.Flags&net.FlagUp == 0 || all && i.Flags&net.FlagLoopback != 0 {
		return nil
	}
	own, _ := i.Addrs()
	for _, a := range own {
		if n, ok := a.(*net.IPNet); ok && (all || n.IP.Equal(o.Address)) {
			addresses = append(addresses, n.IP)
		}
	}
	return addresses
}

// records is the message: the service (RFC 6763 §4 to §6), and the host's
// addresses.
func (o Options) records(addresses []net.IP, ttl uint32) ([]byte, error) {
	host, instance := o.host()+".", o.Name+"."+service+"."+domain+"."
	target, err := dnsmessage.NewName(host)
	if err != nil {
		return nil, err
	}
	named, err := dnsmessage.NewName(instance)
	if err != nil {
		return nil, err
	}
	var text []string
	for _, entry := range o.text() {
		text = append(text, entry.Key+"="+string(entry.Value))
	}
	of := func(name dnsmessage.Name, class dnsmessage.Class) dnsmessage.ResourceHeader {
		return dnsmessage.ResourceHeader{Name: name, Class: class, TTL: ttl}
	}
	unique := dnsmessage.ClassINET | flush
	message := dnsmessage.Message{Header: dnsmessage.Header{Response: true, Authoritative: true}, Answers: []dnsmessage.Resource{
		{Header: of(dnsmessage.MustNewName(service+"."+domain+"."), dnsmessage.ClassINET), Body: &dnsmessage.PTRResource{PTR: named}},
		{Header: of(named, unique), Body: &dnsmessage.SRVResource{Port: uint16(o.Port), Target: target}},
		{Header: of(named, unique), Body: &dnsmessage.TXTResource{TXT: text}},
	}}
	for _, address := range addresses {
		r := dnsmessage.Resource{Header: of(target, unique)}
		if four := address.To4(); four != nil {
			r.Body = &dnsmessage.AResource{A: [4]byte(four)}
		} else {
			r.Body = &dnsmessage.AAAAResource{AAAA: [16]byte(address)}
		}
		message.Answers = append(message.Answers, r)
	}
	return message.Pack()
}
