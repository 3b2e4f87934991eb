package liar

import (
	"sync"
	"time"

	"wsprobe/internal/simulated"
	"wsprobe/internal/wire"
)

// leaving is what may be wrong with how a peer takes the end of TCP: RFC 6455
// §7.1.4, §7.2.1.
var leaving = []lie{
	{"does not notice the end of TCP", func(p *peer) {
		header := p.header
		p.header = func() (wire.Header, error) {
			h, err := header()
			if err != nil {
				time.Sleep(unnoticed)
			}
			return h, err
		}
	}},
	{"answers what the end of TCP has cut off", func(p *peer) {
		header := p.header
		p.header = func() (wire.Header, error) {
			h, err := header()
			if err != nil && p.state.Fragmented {
				p.send(p.echo(p.message)...)
			}
			return h, err
		}
		p.read = func(b []byte) (int, error) {
			n, err := p.in.Read(b)
			if err != nil {
				p.send(p.echo(p.message)...)
			}
			return n, err
		}
	}},
}

// Mixing returns a server that keeps a message which the end of TCP has cut, and
// begins with it the first message of the next connection.
func Mixing() simulated.Device {
	var mu sync.Mutex
	var kept []byte
	return devices([]lie{{"begins a message with what the end of TCP has cut off another", func(p *peer) {
		header, echo := p.header, p.echo
		p.header = func() (wire.Header, error) {
			h, err := header()
			if err != nil && p.state.Fragmented {
				mu.Lock()
				defer mu.Unlock()
				kept = p.message.octets
			}
			return h, err
		}
		p.echo = func(m message) []frame {
			mu.Lock()
			defer mu.Unlock()
			m.octets, kept = append(kept, m.octets...), nil
			return echo(m)
		}
	}}})[0]
}
