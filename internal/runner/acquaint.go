package runner

import (
	"context"

	"wsprobe/internal/conformance"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Acquaintance is what the first, ordinary connection has shown.
type Acquaintance struct {
	Response handshake.Response
	Asked    string   // the text that we sent; "" if we sent none
	Said     []string // the texts and binaries that came, in order
	Instead  string   // what came then that is no message, in words; "" for nothing
}

// maxSaid bounds how many messages are listened to.
const maxSaid = 8

// Acquaint opens a connection, to know that there is a device and that it
// speaks WebSocket, and closes it. With a text to ask it sends that first and
// listens until the text comes back or nothing more comes for patience.
func Acquaint(ctx context.Context, peer Peer, o Options, ask string) (Acquaintance, *OpenError) {
	p := newPlayer(ctx, peer, o)
	var err *OpenError
	p.s, err = peer.Open(ctx, o.visit())
	if err != nil {
		return Acquaintance{}, err
	}
	defer p.s.close()
	a := Acquaintance{Response: p.s.Response, Asked: ask}
	if ask != "" {
		p.send(conformance.SendStep{Frames: []conformance.Frame{conformance.Text(ask)}})
		for len(a.Said) < maxSaid {
			got, ok := p.next(o.patience(), o.patience())
			if !ok {
				a.Instead = p.s.unfinished()
				break
			}
			if got.kind != gotMessage {
				a.Instead = got.String()
				break
			}
			a.Said = append(a.Said, string(got.payload))
			if got.opcode == wire.Text && string(got.payload) == ask {
				break
			}
		}
	}
	p.finish(conformance.CloseNormally())
	return a, nil
}
