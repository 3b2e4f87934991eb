package witness

import (
	"errors"
	"strconv"
	"unicode/utf8"

	"wsprobe/internal/deflate"
	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// How much of a compressed message is looked into, in octets. A longer one is
// counted only; if messages refer to those before them, so are all that follow.
const (
	maxCompressed = 64 << 10
	maxInflated   = 1 << 20
	keptBuffer    = 4 << 10 // longer ones are not kept for the next message
)

// An inflating looks into the compressed messages of a device (RFC 7692).
type inflating struct {
	params   deflate.Params
	inflater *deflate.Inflater // nil before the first message, and once the window is lost
	lost     bool              // what messages refer to is not known any more
	payload  []byte            // of the message so far
	text     []byte            // inflated, to be used again
	skipped  bool              // the message is too long, or refers to what is lost
}

// agreed is what a response has agreed on for the messages of a device, nil if
// they are not compressed.
func agreed(h handshake.Header) *inflating {
	extensions, err := h.Extensions()
	if err != nil {
		return nil
	}
	for _, e := range extensions {
		if e.Name == permessageDeflate {
			params := deflate.Params{Window: deflate.MaxWindow, Takeover: true}
			for _, p := range e.Params {
				switch p.Name {
				case "client_no_context_takeover":
					params.Takeover = false
				case "client_max_window_bits":
					if bits, err := strconv.Atoi(p.Value); err == nil && bits >= deflate.MinWindow && bits <= deflate.MaxWindow {
						params.Window = bits
					}
				}
			}
			return &inflating{params: params}
		}
	}
	return nil
}

func (i *inflating) begin() {
	i.payload, i.skipped = i.payload[:0], i.lost
	if i.inflater == nil && !i.lost {
		i.inflater = deflate.NewInflater(i.params)
	}
}

// add takes octets of a frame's payload that begin at that place of it.
func (i *inflating) add(octets []byte, h wire.Header, at uint64) {
	if len(i.payload)+len(octets) > maxCompressed {
		i.skipped = true
	}
	if i.skipped {
		return
	}
	from := len(i.payload)
	i.payload = append(i.payload, octets...)
	if h.Masked {
		wire.Mask(i.payload[from:], h.Key, int(at&3))
	}
}

// end inflates the message. Row is "" if nothing is wrong with it, as far as it
// was looked into; skipped tells if it was.
func (i *inflating) end(text bool) (row, clause, detail string) {
	if i.skipped {
		i.lose()
		return "", "", ""
	}
	inflated, err := i.inflater.Append(i.text[:0], i.payload, maxInflated)
	i.text = inflated
	if cap(i.text) > keptBuffer {
		i.text = nil
	}
	if cap(i.payload) > keptBuffer {
		i.payload = nil
	}
	i.skipped = errors.Is(err, deflate.ErrTooLarge)
	if err != nil {
		i.lose()
		return deflateRule(err)
	}
	if text && !utf8.Valid(inflated) {
		return "UTF-07", "RFC 6455 §8.1", "text that is not UTF-8 when it is inflated"
	}
	return "", "", ""
}

// lose gives up the window, if there is one that lasts.
func (i *inflating) lose() {
	if i.params.Takeover {
		i.lost, i.inflater, i.text, i.payload = true, nil, nil, nil
	}
}

// deflateRule is the rule that a message breaks that cannot be inflated, none if
// it is only too long for us.
func deflateRule(err error) (row, clause, detail string) {
	var far *deflate.DistanceError
	switch {
	case errors.Is(err, deflate.ErrTooLarge):
		return "", "", ""
	case errors.As(err, &far) && far.Distance > far.Window:
		return "PMD-13", "RFC 7692 §7.1.2.2", err.Error()
	case errors.As(err, &far):
		return "PMD-10", "RFC 7692 §7.1.1.2", err.Error()
	case errors.Is(err, deflate.ErrTail), errors.Is(err, deflate.ErrTruncated):
		return "PMD-20", "RFC 7692 §7.2.1", err.Error()
	}
	return "PMD-16", "RFC 7692 §6", err.Error()
}
