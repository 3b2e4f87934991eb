package mdns

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"github.com/pion/mdns/v2"
)

// probe asks whether someone has the name: of a host that is not this one, or of
// a service, which may be on this one.
func (o Options) probe(ctx context.Context) error {
	asking, _, err := o.open()
	if err != nil {
		return err
	}
	defer asking.Close()
	ctx, cancel := context.WithTimeout(ctx, probes*probing)
	defer cancel()
	taken := make(chan *TakenError, 1)
	tell := func(name string, by netip.Addr) {
		select {
		case taken <- &TakenError{Name: name, By: by.Unmap().WithZone("").String()}:
		default: // it is told already: there is an answer for each address
		}
	}
	asking.OnServiceDiscovered(func(e mdns.ServiceEvent) {
		if strings.EqualFold(e.Instance.Instance, o.Name) {
			tell(o.Name+"."+service+"."+domain, e.Addr)
		}
	})
	if err := asking.Browse(ctx, service); err != nil {
		return err
	}
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		if _, by, err := asking.QueryAddr(ctx, o.host()); err == nil && !ours(by) {
			tell(o.host(), by)
		}
	}()
	select {
	case err := <-taken:
		cancel()
		<-asked
		return err
	case <-ctx.Done():
		<-asked
	}
	select {
	case err := <-taken:
		return err
	default:
	}
	if ctx.Err() == context.Canceled {
		return ctx.Err()
	}
	return nil
}

// ours tells whether an address is one of this machine's: another responder may
// announce its name, which is no conflict (RFC 6762 §8.2).
func ours(address netip.Addr) bool {
	own, _ := net.InterfaceAddrs()
	for _, a := range own {
		if n, ok := a.(*net.IPNet); ok && n.IP.Equal(net.IP(address.AsSlice())) {
			return true
		}
	}
	return false
}
