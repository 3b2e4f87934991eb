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

// deflater is what a peer that compresses remembers of its connection. Each func
// is a rule.
type deflater struct {
	p          *peer
	ours       deflate.Params // as agreed on
	theirs     deflate.Params
	in         *deflate.Inflater
	out        *deflate.Compressor
	compressed bool // the message that comes is

	// The opening handshake: of a server, of a client, and what either makes of it.
	fits   func(handshake.Extension) bool // whether an offer is taken
	answer func(answer *handshake.Extension, offer handshake.Extension)
	offer  string                          // parameters
	keeps  func(ours *deflate.Params)      // may change what it compresses within
	reads  func(theirs *deflate.Params)    // and what it inflates within
	hints  func(offer handshake.Extension) // does what an offer says and nothing agrees on

	// Messages.
	unpack func(payload []byte) ([]byte, error)
	valid  func([]byte) bool // whether a text is
	pack   func(message []byte) []byte
	frames func(op wire.Opcode, payload []byte) []frame
	plain  func(message) []frame // the answer to what is not compressed, where it might be
}

// compresses makes a lie of one that a peer tells which compresses.
func compresses(tell func(*deflater)) func(*peer) {
	return func(p *peer) {
		full := deflate.Params{Window: deflate.MaxWindow, Takeover: true}
		d := &deflater{p: p, ours: full, theirs: full, fits: fitting, valid: utf8.Valid, offer: "; client_max_window_bits"}
		d.answer = func(*handshake.Extension, handshake.Extension) {}
		d.keeps, d.reads = func(*deflate.Params) {}, func(*deflate.Params) {}
		d.hints = func(handshake.Extension) {}
		d.unpack = func(payload []byte) ([]byte, error) { return d.in.Append(nil, payload, maxMessage) }
		d.pack = func(message []byte) []byte { return d.out.Append(nil, message) }
		d.frames = marked
		d.plain = same
		p.respond = d.respond
		p.hear = d.hear
		p.check = d.check
		p.echo = d.echo
		if p.role == wire.Client {
			d.keepClientRules()
		}
		tell(d)
	}
}

// agree puts into effect what the answer says.
func (d *deflater) agree(answer handshake.Extension) {
	client, server := &d.ours, &d.theirs
	if d.p.role == wire.Server {
		client, server = server, client
	}
	for _, p := range answer.Params {
		bits, _ := strconv.Atoi(p.Value)
		bits = min(max(bits, deflate.MinWindow), deflate.MaxWindow) // a liar takes others too
		switch p.Name {
		case "server_no_context_takeover":
			server.Takeover = false
		case "client_no_context_takeover":
			client.Takeover = false
		case "server_max_window_bits":
			server.Window = bits
		case "client_max_window_bits":
			client.Window = bits
		}
	}
	d.keeps(&d.ours)
	d.reads(&d.theirs)
	d.out, d.in = deflate.NewCompressor(d.ours), deflate.NewInflater(d.theirs)
	d.p.state.RSV = 4
}

// hear notes whether the message that begins is compressed.
func (d *deflater) hear(h *wire.Header) bool {
	if !h.Opcode.IsControl() && h.Opcode != wire.Continuation {
		d.compressed = h.RSV&4 != 0 && d.p.state.RSV == 4
	}
	return true
}

// check leaves text alone that is not yet inflated.
func (d *deflater) check(op wire.Opcode) checker {
	if d.compressed {
		return unchecked{}
	}
	return checked(op)
}

// echo inflates a message that is compressed, and compresses the answer.
func (d *deflater) echo(m message) []frame {
	switch {
	case d.out == nil: // nothing is agreed on
		return same(m)
	case !d.compressed:
		return d.plain(m)
	}
	inflated, err := d.unpack(m.octets)
	switch {
	case d.p.over: // the connection has been failed
		return nil
	case err != nil || m.opcode == wire.Text && !d.valid(inflated):
		d.p.fail(wire.InvalidPayload)
		return nil
	}
	return d.frames(m.opcode, d.pack(inflated))
}

// marked is a compressed message in one frame: RSV1 says so (RFC 7692 §6).
func marked(op wire.Opcode, payload []byte) []frame {
	f := one(op, payload)
	f[0].RSV = 4
	return f
}

// respond answers the first offer that fits, with what it asks of a server.
func (d *deflater) respond(r *handshake.Response, to handshake.Header) {
	offers, err := to.Extensions()
	i := slices.IndexFunc(offers, func(e handshake.Extension) bool { return e.Name == "permessage-deflate" && d.fits(e) })
	if i < 0 || err != nil {
		return
	}
	answer := handshake.Extension{Name: offers[i].Name}
	for _, p := range offers[i].Params {
		if p.Name == "server_no_context_takeover" || p.Name == "server_max_window_bits" {
			answer.Params = append(answer.Params, p)
		}
	}
	d.answer(&answer, offers[i])
	r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: answer.String()})
	d.agree(answer)
	d.hints(offers[i])
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

// has reports whether a parameter is there.
func has(e handshake.Extension, name string) bool {
	return slices.ContainsFunc(e.Params, func(p handshake.Param) bool { return p.Name == name })
}

// Compressing returns the liars that compress and are servers.
func Compressing() []simulated.Device {
	return devices(slices.Concat(servingDeflate, inflating, deflating))
}

// Mortal returns servers that are gone after a message of many octets, of the
// first and of the fourth, and never come back.
func Mortal() []simulated.Device {
	return []simulated.Device{mortal("dies of a bomb", 1), mortal("dies of several bombs", 4)}
}

// LawfulCompressing returns servers that compress, or decline to, in one of the
// lawful ways; first the plainest.
func LawfulCompressing() []simulated.Device {
	return devices(slices.Concat(lawfulCompressing, lawfulServing))
}

// CompressingClients returns the liars that compress and are clients.
func CompressingClients() []Client {
	return clients(slices.Concat(askingDeflate, inflating, deflating))
}

// LawfulCompressingClients returns clients that compress in one of the lawful
// ways; first the plainest.
func LawfulCompressingClients() []Client {
	return clients(slices.Concat(lawfulCompressing, lawfulAsking))
}
