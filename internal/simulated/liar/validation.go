package liar

import (
	"bufio"
	"io"
	"slices"
	"strings"
	"time"

	"wsprobe/internal/handshake"
)

// validation is what may be wrong with what a client makes of the response: RFC
// 6455 §4.1.
var validation = []lie{
	{"takes any status for a 101", overlooksAnswer("SRS-01", "HTTP status")},
	{"takes a 200 for a 101", takesAnswer("SRS-01", func(r handshake.Response) bool { return r.Status == 200 })},
	{"takes a 503 for a 101, and never pongs", func(p *peer) {
		takesAnswer("SRS-01", func(r handshake.Response) bool { return r.Status == 503 })(p)
		p.pong = silent
	}},
	{"takes a refusal for a 101", takesAnswer("SRS-01", func(r handshake.Response) bool { return r.Status >= 400 })},
	{"takes a response without Upgrade", overlooksAnswer("SRS-02", "no Upgrade")},
	{"takes any Upgrade", overlooksAnswer("SRS-02", "Upgrade is")},
	{"finds websocket in longer words of the response", takesAnswer("SRS-02", func(r handshake.Response) bool {
		return strings.Contains(r.Header.Get("Upgrade"), "websocket")
	})},
	{"wants websocket in lower case", trusts(func(r handshake.Response) bool { return r.Header.Get("Upgrade") == "websocket" })},
	{"takes a response without Connection", overlooksAnswer("SRS-03", "no Connection")},
	{"takes any Connection", overlooksAnswer("SRS-03", "Connection is")},
	{"finds Upgrade in longer words of the response", takesAnswer("SRS-03", func(r handshake.Response) bool {
		return strings.Contains(strings.ToLower(r.Header.Get("Connection")), "upgrade")
	})},
	{"wants Upgrade alone in Connection", trusts(func(r handshake.Response) bool {
		return strings.EqualFold(r.Header.Get("Connection"), "upgrade")
	})},
	{"takes a response without Sec-WebSocket-Accept", overlooksAnswer("SRS-04", "no ")},
	{"takes any Sec-WebSocket-Accept", overlooksAnswer("SRS-04", "Sec-WebSocket-Accept is")},
	{"compares Sec-WebSocket-Accept without regard to case", takesAccept(strings.EqualFold)},
	{"compares the beginning of Sec-WebSocket-Accept", takesAccept(strings.HasPrefix)},
	{"compares what there is of Sec-WebSocket-Accept", takesAccept(func(got, right string) bool { return strings.HasPrefix(right, got) })},
	{"does not compare the first character of Sec-WebSocket-Accept", takesAccept(func(got, right string) bool {
		return got != "" && got[1:] == right[1:]
	})},
	{"takes any Sec-WebSocket-Accept of 24 characters", takesAccept(func(got, _ string) bool { return len(got) == 24 })},
	{"does not trim Sec-WebSocket-Accept", trusts(func(r handshake.Response) bool {
		return !strings.Contains(r.Raw, "Accept:  ") && !strings.Contains(r.Raw, "Accept: \t")
	})},
	{"takes two Sec-WebSocket-Accept", overlooksAnswer("SRS-05", "")},
	{"looks at the first Sec-WebSocket-Accept", rereadsAnswer(func(head string) string {
		first, rest, _ := strings.Cut(head, "Sec-WebSocket-Accept: ")
		return first + "Sec-WebSocket-Accept: " + strings.ReplaceAll(rest, "Sec-WebSocket-Accept: ", "X-More: ")
	})},
	{"takes extensions that were not offered", overlooksAnswer("SRS-09", "")},
	{"does not read the extensions of the response", func(p *peer) {
		p.doubts = func(_ handshake.Response, v handshake.Violation) bool {
			return !slices.Contains([]string{"SRS-09", "SRS-10", "EXT-03"}, v.Row)
		}
	}},
	{"takes subprotocols that were not offered", func(p *peer) {
		p.doubts = func(_ handshake.Response, v handshake.Violation) bool {
			return !slices.Contains([]string{"SRS-06", "SRS-07", "SRS-08"}, v.Row)
		}
	}},
	{"takes an empty subprotocol", overlooksAnswer("SRS-08", "Sec-WebSocket-Protocol is empty")},
	{"takes any status line", rereadsAnswer(func(head string) string {
		_, fields, _ := strings.Cut(head, "\n")
		return "HTTP/1.1 101 Switching Protocols\r\n" + fields
	})},
	{"reads three digits of a status", rereadsAnswer(func(head string) string { return strings.Replace(head, " 1010 ", " 101 ", 1) })},
	{"takes a 101 of HTTP/1.0", overlooksAnswer("SRS-01", "HTTP version")},
	{"does not look at the grammar of the response", overlooksAnswer("SRS-01", "the response is not")},

	{"wants Upgrade before Connection", trusts(func(r handshake.Response) bool {
		upgrade, connection := strings.Index(r.Raw, "Upgrade:"), strings.Index(r.Raw, "Connection:")
		return upgrade < 0 || connection < 0 || upgrade < connection
	})},
	{"wants the names of headers as they are spelled", trusts(func(r handshake.Response) bool {
		return !strings.Contains(r.Raw, "sec-websocket-accept:")
	})},
	{"gives up headers that it does not know", trusts(func(r handshake.Response) bool { return r.Header.Get("X-Foo") == "" })},
	{"gives up headers without a value", trusts(func(r handshake.Response) bool {
		return !slices.ContainsFunc(r.Header, func(f handshake.Field) bool { return f.Value == "" && f.Name == "X-Foo" })
	})},
	{"expects the response in one read", func(p *peer) {
		p.answered = func() (handshake.Response, error) {
			if _, err := p.in.Peek(1); err != nil {
				return handshake.Response{}, err
			}
			all, _ := p.in.Peek(p.in.Buffered())
			if !strings.Contains(string(all), "\r\n\r\n") {
				return handshake.Response{}, io.ErrUnexpectedEOF
			}
			return p.readAnswer(maxAnswer)
		}
	}},
	{"gives up a response that takes a second", answersWithin(900 * time.Millisecond)},
	{"reads a response without end", func(p *peer) {
		p.answered = func() (handshake.Response, error) { return p.readAnswer(maxMessage) }
	}},
	{"loses what comes behind the response", func(p *peer) {
		p.answered = func() (handshake.Response, error) {
			response, err := p.readAnswer(maxAnswer)
			_, _ = p.in.Discard(p.in.Buffered())
			return response, err
		}
	}},
	{"loses half a frame behind the response", func(p *peer) {
		p.answered = func() (handshake.Response, error) {
			response, err := p.readAnswer(maxAnswer)
			if behind, _ := p.in.Peek(p.in.Buffered()); len(behind) > 1 && len(behind) < 2+int(behind[1]) {
				_, _ = p.in.Discard(len(behind))
			}
			return response, err
		}
	}},
	{"hangs at long heads of a response", hangsAtAnswer(func(r handshake.Response) bool { return len(r.Raw) > 1<<10 })},
	{"hangs at many headers of a response", hangsAtAnswer(func(r handshake.Response) bool { return len(r.Header) > 30 })},
	{"takes an interim response for the final one", func(p *peer) {
		p.answered = func() (handshake.Response, error) { return handshake.ReadResponse(p.in, maxAnswer) }
	}},
}

// overlooksAnswer is a lie about what a response lacks: it takes it all the same.
func overlooksAnswer(row, detail string) func(*peer) {
	return func(p *peer) {
		p.doubts = func(_ handshake.Response, v handshake.Violation) bool {
			return v.Row != row || !strings.HasPrefix(v.Detail, detail)
		}
	}
}

// takesAnswer is a lie about one row of the response.
func takesAnswer(row string, takes func(handshake.Response) bool) func(*peer) {
	return func(p *peer) {
		p.doubts = func(r handshake.Response, v handshake.Violation) bool { return v.Row != row || !takes(r) }
	}
}

// takesAccept is a lie about what is the right Sec-WebSocket-Accept.
func takesAccept(takes func(got, right string) bool) func(*peer) {
	return func(p *peer) {
		right := ""
		p.request = func(r *handshake.Request) { right = handshake.Accept(r.Header.Get("Sec-WebSocket-Key")) }
		p.doubts = func(r handshake.Response, v handshake.Violation) bool {
			return v.Row != "SRS-04" || !takes(r.Header.Get("Sec-WebSocket-Accept"), right)
		}
	}
}

// trusts is a lie about responses that are right.
func trusts(likes func(handshake.Response) bool) func(*peer) {
	return func(p *peer) { p.trusts = likes }
}

// rereadsAnswer is a lie about what stands in the response.
func rereadsAnswer(change func(head string) string) func(*peer) {
	return func(p *peer) {
		p.answered = func() (response handshake.Response, err error) {
			for range maxInterim {
				var head strings.Builder
				for head.Len() < maxAnswer && !strings.HasSuffix(head.String(), "\r\n\r\n") {
					octet, err := p.in.ReadByte()
					if err != nil {
						return handshake.Response{}, err
					}
					head.WriteByte(octet)
				}
				response, err = handshake.ReadResponse(bufio.NewReader(strings.NewReader(change(head.String()))), maxAnswer)
				if err != nil || !interim(response) {
					break
				}
			}
			return response, err
		}
	}
}

// answersWithin is another patience for the response.
func answersWithin(patience time.Duration) func(*peer) {
	return func(p *peer) {
		p.answered = func() (handshake.Response, error) {
			_ = p.conn.SetReadDeadline(time.Now().Add(patience))
			return p.readAnswer(maxAnswer)
		}
	}
}

// hangsAtAnswer is a lie about responses that do harm.
func hangsAtAnswer(at func(handshake.Response) bool) func(*peer) {
	return func(p *peer) {
		p.answered = func() (handshake.Response, error) {
			response, err := p.readAnswer(maxAnswer)
			if err == nil && at(response) {
				_ = p.conn.SetReadDeadline(time.Time{})
				p.wait()
			}
			return response, err
		}
	}
}
