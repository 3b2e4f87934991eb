package liar

import (
	"net"
	"slices"
	"strconv"
	"sync/atomic"

	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
	"wsprobe/internal/simulated"
)

// servingDeflate is what servers may do wrong when they negotiate: RFC 7692 §7.1.
var servingDeflate = []lie{
	{"takes parameters that there are none of", compresses(func(d *deflater) {
		d.fits = func(e handshake.Extension) bool {
			e.Params = slices.DeleteFunc(slices.Clone(e.Params), func(p handshake.Param) bool { return p.Name == "x" || p.Name == "server_max_window" })
			return fitting(e)
		}
	})},
	{"takes any parameters", compresses(func(d *deflater) { d.fits = func(handshake.Extension) bool { return true } })},
	{"gives back any parameters", compresses(func(d *deflater) {
		d.fits = func(handshake.Extension) bool { return true }
		d.answer = func(answer *handshake.Extension, offer handshake.Extension) { *answer = offer }
	})},
	{"takes an offer that is no grammar", compresses(func(d *deflater) {
		minds := d.p.minds
		d.p.minds = func(r handshake.Request, v handshake.Violation) bool { return v.Row != "CRQ-11" && minds(r, v) }
		respond := d.p.respond
		d.p.respond = func(r *handshake.Response, to handshake.Header) {
			if _, err := to.Extensions(); err != nil {
				to = handshake.Header{{Name: "Sec-WebSocket-Extensions", Value: "permessage-deflate"}}
			}
			respond(r, to)
		}
	})},
	{"leaves server_max_window_bits out", leavesOut("server_max_window_bits")},
	{"leaves server_no_context_takeover out", leavesOut("server_no_context_takeover")},
	{"answers a larger window than is asked for", compresses(func(d *deflater) {
		d.answer = func(answer *handshake.Extension, _ handshake.Extension) {
			for i, p := range answer.Params {
				if bits, err := strconv.Atoi(p.Value); err == nil {
					answer.Params[i].Value = strconv.Itoa(bits + 1)
				}
			}
		}
	})},
	{"answers its window with a leading zero", compresses(func(d *deflater) {
		d.answer = func(answer *handshake.Extension, _ handshake.Extension) {
			for i, p := range answer.Params {
				if p.HasValue {
					answer.Params[i].Value = "0" + p.Value
				}
			}
		}
	})},
	{"limits clients that did not offer that", compresses(func(d *deflater) {
		d.answer = func(answer *handshake.Extension, _ handshake.Extension) {
			answer.Params = append(answer.Params, handshake.Param{Name: "client_max_window_bits", Value: "10", HasValue: true})
		}
	})},
	{"declines client_max_window_bits", declines("client_max_window_bits")},
	{"declines server_no_context_takeover", declines("server_no_context_takeover")},
	{"answers every offer", compresses(func(d *deflater) {
		d.p.respond = func(r *handshake.Response, to handshake.Header) {
			d.respond(r, to)
			offers, _ := to.Extensions()
			for range offers[min(1, len(offers)):] {
				r.Header = append(r.Header, handshake.Field{Name: "Sec-WebSocket-Extensions", Value: "permessage-deflate"})
			}
		}
	})},
	{"compresses though it declines", compressesAll(func(d *deflater) {
		d.p.respond = func(*handshake.Response, handshake.Header) { d.agree(handshake.Extension{}) }
	})},
	{"takes a hint that clients forget for a promise", compresses(func(d *deflater) {
		d.hints = func(offer handshake.Extension) {
			if has(offer, "client_no_context_takeover") {
				d.in = deflate.NewInflater(deflate.Params{Window: deflate.MaxWindow})
			}
		}
	})},
	{"takes a hint of the clients' window for a promise", compresses(func(d *deflater) {
		d.hints = func(offer handshake.Extension) {
			for _, p := range offer.Params {
				if bits, err := strconv.Atoi(p.Value); err == nil && p.Name == "client_max_window_bits" {
					d.in = deflate.NewInflater(deflate.Params{Window: bits, Takeover: true})
				}
			}
		}
	})},
}

func leavesOut(name string) func(*peer) {
	return compresses(func(d *deflater) {
		d.answer = func(answer *handshake.Extension, _ handshake.Extension) {
			answer.Params = slices.DeleteFunc(answer.Params, func(p handshake.Param) bool { return p.Name == name })
		}
	})
}

func declines(name string) func(*peer) {
	return compresses(func(d *deflater) {
		d.fits = func(e handshake.Extension) bool { return fitting(e) && !has(e, name) }
	})
}

// lawfulServing are servers that differ in what they agree to.
var lawfulServing = []lie{
	{"limits all that it may", compresses(func(d *deflater) {
		d.answer = func(answer *handshake.Extension, offer handshake.Extension) {
			answer.Params = []handshake.Param{{Name: "server_no_context_takeover"}, {Name: "client_no_context_takeover"},
				{Name: "server_max_window_bits", Value: "8", HasValue: true}}
			if has(offer, "client_max_window_bits") {
				answer.Params = append(answer.Params, handshake.Param{Name: "client_max_window_bits", Value: "8", HasValue: true})
			}
		}
	})},
	{"spells its answer otherwise", compresses(func(d *deflater) {
		d.answer = func(answer *handshake.Extension, _ handshake.Extension) {
			for i, p := range answer.Params {
				answer.Params[i].Quoted = p.HasValue
			}
		}
	})},
	{"serves no limited window", declines("server_max_window_bits")},
	{"declines all compression", compresses(func(d *deflater) { d.fits = func(handshake.Extension) bool { return false } })},
}

// mortal returns a server that is gone after a message of many octets, the first
// or the fourth on one connection.
func mortal(name string, lives int) simulated.Device {
	var dead atomic.Bool
	l := lie{name, compresses(func(d *deflater) {
		unpack, left := d.unpack, lives
		d.unpack = func(payload []byte) ([]byte, error) {
			message, err := unpack(payload)
			if len(message) >= fatal {
				if left--; left == 0 {
					dead.Store(true)
					d.p.over = true
				}
			}
			return message, err
		}
	})}
	device := devices([]lie{l})[0]
	play := device.Play
	device.Play = func(conn net.Conn) {
		if !dead.Load() {
			play(conn)
		}
	}
	return device
}
