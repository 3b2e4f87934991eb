package liar

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

var errFell = errors.New("the board fell")

// Bugs in opening handshakes.
var plantedOpenings = []bug{
	{"falls over a key of sixty octets", "hs-server", "DOWN", wire.Server,
		"request Sec-WebSocket-Key: \"{a*60}\"\nclose 1000", fallsAtRequest(func(r handshake.Request) bool {
			return len(r.Header.Get("Sec-WebSocket-Key")) >= 60
		})},
	{"falls over subprotocols of separators only", "hs-server", "DOWN", wire.Server,
		"request Sec-WebSocket-Protocol: \",\"\nclose 1000", fallsAtRequest(func(r handshake.Request) bool {
			v := r.Header.Get("Sec-WebSocket-Protocol")
			return v != "" && strings.Trim(v, ", ") == ""
		})},
	{"hangs at a head of many lines", "hs-server", "HANG", wire.Server,
		"request chop=1\nclose 1000", func(p *peer, b *Board) {
			head := p.head
			p.head = func() (handshake.Request, error) {
				r, err := head()
				if len(r.Header) > 40 {
					b.hang()
					return r, errFell
				}
				return r, err
			}
		}},
	{"opens without a key", "hs-server", "LENIENT", wire.Server,
		"request -Sec-WebSocket-Key\nclose 1000", simply(func(p *peer) {
			minds := p.minds
			p.minds = func(r handshake.Request, v handshake.Violation) bool {
				return minds(r, v) && len(r.Header.Values("Sec-WebSocket-Key")) > 0
			}
		})},
	{"reads a request only if it comes at once", "split", "DESYNC", wire.Server,
		"request cut=1\nclose 1000", simply(func(p *peer) {
			head := p.head
			p.head = func() (handshake.Request, error) {
				_, err := p.in.Peek(1)
				if come, _ := p.in.Peek(p.in.Buffered()); err != nil || !bytes.Contains(come, []byte("\r\n\r\n")) {
					return handshake.Request{}, errFell
				}
				return head()
			}
		})},
	{"takes any answer to its key", "hs-client", "LENIENT", wire.Client,
		"response Sec-WebSocket-Accept: \"\"\nclose 1000", simply(func(p *peer) {
			p.doubts = func(_ handshake.Response, v handshake.Violation) bool { return v.Row != "SRS-04" }
		})},
	{"falls over a head of a kilobyte", "hs-client", "DOWN", wire.Client,
		"response +X: \"{a*1024}\"\nclose 1000", func(p *peer, b *Board) {
			trusts := p.trusts
			p.trusts = func(r handshake.Response) bool {
				if len(r.Raw) > 1024 {
					p.fall(b)
					return false
				}
				return trusts(r)
			}
		}},
	{"loses frames that come with the response", "hs-client", "DESYNC", wire.Client,
		"together text\nclose 1000", simply(func(p *peer) {
			answered := p.answered
			p.answered = func() (handshake.Response, error) {
				r, err := answered()
				_, _ = p.in.Discard(p.in.Buffered())
				return r, err
			}
		})},
	{"follows any status", "hs-client", "LENIENT", wire.Client,
		"response start \"HTTP/1.1 200 OK\"\nclose 1000", simply(func(p *peer) {
			p.doubts = func(r handshake.Response, _ handshake.Violation) bool { return r.Status == 0 }
		})},
}

// fallsAtRequest makes a board crash at such a request.
func fallsAtRequest(at func(handshake.Request) bool) func(*peer, *Board) {
	return func(p *peer, b *Board) {
		head := p.head
		p.head = func() (handshake.Request, error) {
			r, err := head()
			if at(r) {
				p.fall(b)
				return r, errFell
			}
			return r, err
		}
	}
}

// Bugs in compression.
var plantedDeflate = []bug{
	{"falls over an empty compressed message", "pmd", "DOWN", wire.Server,
		"deflate\nsend text rsv=4 \"\\x00\"\nclose 1000", func(p *peer, b *Board) {
			compresses(func(d *deflater) {
				echo := p.echo
				p.echo = func(m message) []frame {
					if d.compressed && len(m.octets) == 1 && m.octets[0] == 0 {
						p.fall(b)
						return nil
					}
					return echo(m)
				}
			})(p)
		}},
	{"answers what does not inflate", "pmd", "LENIENT", wire.Server,
		"deflate\nsend text rsv=4 \"\\xff\"\nclose 1000", simply(compresses(func(d *deflater) {
			echo := d.p.echo
			fail := d.p.fail
			failed := false
			d.p.fail = func(wire.StatusCode) { failed = true }
			d.p.echo = func(m message) []frame {
				failed = false
				frames := echo(m)
				if failed {
					return one(m.opcode, nil)
				}
				return frames
			}
			judge := d.p.judge
			d.p.judge = func(h wire.Header) wire.StatusCode {
				if code := judge(h); code != 0 {
					d.p.fail = fail
					return code
				}
				return 0
			}
		}))},
}

// Bugs in what connections have in common.
var plantedConnections = []bug{
	{"serves nobody while a frame is not complete", "conn", "HANG", wire.Server,
		"send text length=2 \"a\"\nbeside 1 {\nclose 1000\n}\nhalf-close\ndrop", func(p *peer, b *Board) {
			due := uint64(0) // octets of a payload, until which nobody else is served
			free := func() {
				if due > 0 {
					due = 0
					<-b.busy
				}
			}
			open, header, read, end := p.open, p.header, p.read, p.end
			p.open = func() bool {
				time.Sleep(time.Millisecond) // who was here before comes first
				b.busy <- struct{}{}         // waits until nobody reads
				<-b.busy
				return open()
			}
			p.header = func() (wire.Header, error) {
				h, err := header()
				if err == nil && !h.Opcode.IsControl() && h.Length > 0 {
					b.busy <- struct{}{}
					due = h.Length
				}
				return h, err
			}
			p.read = func(octets []byte) (int, error) {
				n, err := read(octets)
				if err != nil || uint64(n) >= due {
					free()
				} else {
					due -= uint64(n)
				}
				return n, err
			}
			p.end = func() { free(); end() }
		}},
	{"loses a slot to who leaves within a frame", "conn", "HANG", wire.Server,
		"send text length=2 \"a\"\nhalf-close\ndrop", func(p *peer, _ *Board) {
			read := p.read
			p.read = func(octets []byte) (int, error) {
				n, err := read(octets)
				if err != nil {
					p.lost = true
				}
				return n, err
			}
		}},
	{"loses a slot to who leaves within the opening handshake", "conn", "HANG", wire.Server,
		"request upto=1\ndrop", func(p *peer, _ *Board) {
			head := p.head
			p.head = func() (handshake.Request, error) {
				r, err := head()
				p.lost = err != nil
				return r, err
			}
		}},
	{"tells one connection what another said", "conn", "LEAK", wire.Server,
		"send text fin=0 \"a\"\nclose 1000", func(p *peer, b *Board) {
			p.echo = func(m message) []frame {
				if earlier := b.swap(nil); earlier != nil {
					m.octets = earlier
				}
				return same(m)
			}
			closing := p.close
			p.close = func(payload []byte) {
				if p.state.Fragmented {
					b.swap(p.message.octets)
				}
				closing(payload)
			}
		}},
	{"falls when the fourth connection comes", "conn", "DOWN", wire.Server,
		"beside 3 {\nclose 1000\n}\nclose 1000", func(p *peer, b *Board) {
			inside := false
			leave := func() {
				if inside {
					inside = false
					b.enter(-1)
				}
			}
			open, header, read, end := p.open, p.header, p.read, p.end
			p.open = func() bool {
				if !open() {
					return false
				}
				if inside = true; b.enter(1) > 3 {
					p.fall(b)
					return false
				}
				return true
			}
			p.end = func() { leave(); end() }
			p.read = func(octets []byte) (int, error) {
				n, err := read(octets)
				if err != nil {
					leave()
				}
				return n, err
			}
			p.header = func() (wire.Header, error) {
				h, err := header()
				if err != nil {
					leave()
				}
				return h, err
			}
		}},
	{"takes longer after every reset of TCP", "conn", "SLOW", wire.Server,
		"reset", func(p *peer, b *Board) {
			header := p.header
			p.header = func() (wire.Header, error) {
				h, err := header()
				if err != nil {
					b.slower(2 * time.Millisecond)
				}
				return h, err
			}
		}},
}

// Bugs in what frames do to one another.
var plantedMixed = []bug{
	{"takes two frames at once, no more", "mix", "DESYNC", 0,
		"send text, text, text\nclose 1000", simply(func(p *peer) {
			at := 0
			header := p.header
			p.header = func() (wire.Header, error) {
				if p.in.Buffered() == 0 {
					at = 0
				}
				for {
					h, err := header()
					if at++; err != nil || at < 3 || h.Opcode == wire.Close || h.Opcode == wire.Continuation {
						return h, err
					}
					if _, err := p.in.Discard(int(min(h.Length, maxMessage))); err != nil {
						return h, err
					}
					if p.in.Buffered() == 0 {
						at = 0
					}
				}
			}
		})},
	{"answers a message again after a ping", "mix", "DESYNC", 0,
		"send text \"a\", ping\nclose 1000", simply(func(p *peer) {
			p.pong = func(payload []byte) []frame {
				if p.message.frames > 0 && !p.state.Fragmented {
					return append(same(p.message), pong(payload)...)
				}
				return pong(payload)
			}
		})},
	{"answers binary after text as text", "mix", "DESYNC", 0,
		"send text\nsend binary\nclose 1000", simply(func(p *peer) {
			text := false
			p.echo = func(m message) []frame {
				if text && m.opcode == wire.Binary {
					m.opcode = wire.Text
				}
				text = m.opcode == wire.Text
				return same(m)
			}
		})},
}
