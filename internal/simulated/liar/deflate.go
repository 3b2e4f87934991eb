package liar

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
	"wsprobe/internal/simulated"
	"wsprobe/internal/wire"
)

// deflater is what a peer that compresses remembers of its connection.
type deflater struct {
	p          *peer
	server     deflate.Params
	in         *deflate.Inflater
	out        *deflate.Compressor
	compressed bool // the message that comes is

	fits  func(handshake.Extension) bool // whether an offer is taken
	valid func([]byte) bool              // whether a text is
}

// compresses makes a lie of one that a peer tells which compresses.
func compresses(tell func(*deflater)) func(*peer) {
	return func(p *peer) {
		full := deflate.Params{Window: deflate.MaxWindow, Takeover: true}
		d := &deflater{p: p, server: full, in: deflate.NewInflater(full), fits: fitting, valid: utf8.Valid}
		p.respond = d.negotiate
		p.hear = func(h *wire.Header) bool {
			if !h.Opcode.IsControl() && h.Opcode != wire.Continuation {
				d.compressed = h.RSV == 4 && p.state.RSV == 4
			}
			return true
		}
		p.check = func(op wire.Opcode) checker {
			if d.compressed {
				return unchecked{}
			}
			return checked(op)
		}
		p.echo = d.echo
		tell(d)
	}
}

// negotiate answers the first offer that fits.
func (d *deflater) negotiate(r *handshake.Response, to handshake.Header) {
	offers, err := to.Extensions()
	i := slices.IndexFunc(offers, func(e handshake.Extension) bool { return e.Name == "permessage-deflate" && d.fits(e) })
	if i < 0 || err != nil {
		return
	}
	answer := handshake.Extension{Name: offers[i].Name}
	for _, p := range offers[i].Params {
		switch p.Name {
		case "server_no_context_takeover":
			d.server.Takeover = false
		case "server_max_window_bits":
			bits, _ := strconv.Atoi(p.Value)
			d.server.Window = min(max(bits, deflate.MinWindow), deflate.MaxWindow) // a liar takes others too
		default:
			continue
		}
		answer.Params = append(answer.Params, p)
	}
	r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: answer.String()})
	d.out = deflate.NewCompressor(d.server)
	d.p.state.RSV = 4
}

// fitting tells the offers of RFC 7692 §7.1 that need not be declined.
func fitting(e handshake.Extension) bool {
	for i, p := range e.Params {
		bits, _ := strconv.Atoi(p.Value)
		window := 8 <= bits && bits <= 15 && p.Value == strconv.Itoa(bits)
		known := map[string]bool{
			"server_no_context_takeover": !p.HasValue, "client_no_context_takeover": !p.HasValue,
			"server_max_window_bits": window, "client_max_window_bits": window || !p.HasValue,
		}
		if !known[p.Name] || slices.ContainsFunc(e.Params[:i], func(o handshake.Param) bool { return o.Name == p.Name }) {
			return false
		}
	}
	return true
}

// echo inflates a message that is compressed, and compresses the answer.
func (d *deflater) echo(m message) []frame {
	if !d.compressed {
		return same(m)
	}
	inflated, err := d.in.Append(nil, m.octets, maxMessage)
	if err != nil || m.opcode == wire.Text && !d.valid(inflated) {
		d.p.fail(wire.InvalidPayload)
		return nil
	}
	answer := one(m.opcode, d.out.Append(nil, inflated))
	answer[0].RSV = 4
	return answer
}

// compressing is what peers may do wrong that compress: RFC 7692.
var compressing = []lie{
	{"takes parameters that there are none of", compresses(func(d *deflater) {
		d.fits = func(e handshake.Extension) bool {
			e.Params = slices.DeleteFunc(slices.Clone(e.Params), func(p handshake.Param) bool { return p.Name == "x" || p.Name == "server_max_window" })
			return fitting(e)
		}
	})},
	{"does not look at compressed text", compresses(func(d *deflater) { d.valid = func([]byte) bool { return true } })},
	{"forgets what was sent before", compresses(func(d *deflater) {
		full := deflate.Params{Window: deflate.MaxWindow}
		d.p.echo = func(m message) []frame {
			d.in = deflate.NewInflater(full)
			return d.echo(m)
		}
	})},
	{"puts up with RSV1 anywhere", compresses(func(d *deflater) {
		d.p.judge = func(h wire.Header) wire.StatusCode {
			h.RSV &^= 4
			return d.p.lawful(h)
		}
	})},
	{"takes any parameters", compresses(func(d *deflater) { d.fits = func(handshake.Extension) bool { return true } })},
	{"inflates in a window of 8 bits", compresses(func(d *deflater) {
		d.in = deflate.NewInflater(deflate.Params{Window: deflate.MinWindow, Takeover: true})
	})},
	{"gives back what does not inflate", compresses(func(d *deflater) {
		d.p.echo = func(m message) []frame {
			if _, err := deflate.NewInflater(deflate.Params{Window: deflate.MaxWindow}).Append(nil, m.octets, maxMessage); d.compressed && err != nil {
				return same(m)
			}
			return d.echo(m)
		}
	})},
	{"reads no stored blocks", refusesMessages(func(_ *deflater, m message) bool { return len(m.octets) > 0 && m.octets[0]&6 == 0 })},
	{"reads no final blocks", refusesMessages(func(_ *deflater, m message) bool { return len(m.octets) > 0 && m.octets[0]&1 == 1 })},
	{"reads no compressed fragments", refusesMessages(func(d *deflater, m message) bool { return d.compressed && m.frames > 1 })},
	{"reads no uncompressed messages", refusesMessages(func(d *deflater, _ message) bool { return !d.compressed })},
	{"puts up with RSV2 and RSV3", compresses(func(d *deflater) {
		d.p.judge = func(h wire.Header) wire.StatusCode {
			h.RSV &= 4
			return d.p.lawful(h)
		}
	})},
}

// refusesMessages is a lie that fails the connection over lawful messages.
func refusesMessages(refused func(*deflater, message) bool) func(*peer) {
	return compresses(func(d *deflater) {
		d.p.echo = func(m message) []frame {
			if refused(d, m) {
				d.p.fail(wire.ProtocolError)
				return nil
			}
			return d.echo(m)
		}
	})
}

// Compressing returns liars that compress.
func Compressing() []simulated.Device { return devices(compressing) }

// LawfulCompressing returns the peer that compresses and keeps every rule.
func LawfulCompressing() []simulated.Device {
	return devices([]lie{{"compresses", compresses(func(*deflater) {})}})
}
