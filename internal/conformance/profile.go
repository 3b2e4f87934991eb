package conformance

import (
	"fmt"
	"strings"
	"time"

	"wsprobe/internal/wire"
)

// Answer is how a device replies to messages.
type Answer string

// The kinds of answer.
const (
	AnswerEcho     Answer = "echo"     // the message comes back; the default
	AnswerTemplate Answer = "template" // text comes back inside a template
	AnswerStream   Answer = "stream"   // the octets come back, in any frames
	AnswerNone     Answer = "none"     // nothing comes back
)

// Profile is what a device has, and how it replies (the PICS and PIXIT of ISO
// 9646). The zero Profile is an echo without limits.
type Profile struct {
	Name        string
	DeviceRole  wire.Role // 0: either
	Path        string    // where the device serves; "" is /
	Subprotocol string    // to offer; "" offers none
	Auth        string    // value of the Authorization field; "" sends none

	// Limits; 0 is none.
	MaxMessage   int // octets
	MaxFrame     int // octets of payload
	MaxFragments int // frames a message
	Connections  int // at once

	Patience time.Duration // for each answer; 0 is DefaultPatience
	Settle   time.Duration // pause between connections
	Deflate  *bool         // whether it speaks permessage-deflate; nil: not known

	Paths   []string // the paths that are served; others must be refused
	Origins []string // the origins that are served; others must be refused

	Greeting []string // what the device says unasked; %s in it is anything
	Reply    Answer   // "" is AnswerEcho
	Template string   // for AnswerTemplate: what comes back, with one %s for the message
	Binary   Answer   // for AnswerTemplate: what binary messages get; "" is AnswerEcho
}

// DefaultPatience is how long a device may take over an answer if neither its
// profile nor the case says otherwise.
const DefaultPatience = time.Second

// Lowest limits that a profile may state: the cases on framing, fragmentation,
// control frames and closing may be limited in size, never ruled out.
const (
	MinMessage   = 125
	MinFragments = 8
)

// PatienceOrDefault returns how long the device may take over an answer.
func (p Profile) PatienceOrDefault() time.Duration {
	if p.Patience > 0 {
		return p.Patience
	}
	return DefaultPatience
}

// Beyond says in words why a case is beyond the device, "" if it is not.
func (p Profile) Beyond(c Case) string {
	n := c.Needs()
	if c.Script.Ending().Kind == EndMayFail { // what is too much for the device it may say so
		n.Message, n.Frame, n.Fragments = 0, 0, 0
	}
	switch {
	case p.DeviceRole != 0 && !c.Fits(p.DeviceRole):
		return fmt.Sprintf("not a case for a %v", p.DeviceRole)
	case p.MaxMessage > 0 && n.Message > p.MaxMessage:
		return fmt.Sprintf("a message of %d octets; the profile's maxMessage is %d", n.Message, p.MaxMessage)
	case p.MaxFrame > 0 && n.Frame > p.MaxFrame:
		return fmt.Sprintf("a frame of %d octets; the profile's maxFrame is %d", n.Frame, p.MaxFrame)
	case p.MaxFragments > 0 && n.Fragments > p.MaxFragments:
		return fmt.Sprintf("a message in %d fragments; the profile's maxFragments is %d", n.Fragments, p.MaxFragments)
	case p.Connections > 0 && n.Connections > p.Connections:
		return fmt.Sprintf("%d connections at once; the profile's connections is %d", n.Connections, p.Connections)
	case n.Deflate && p.Deflate != nil && !*p.Deflate:
		return "compression; the profile says deflate: false"
	}
	return ""
}

// AnswerTo returns how the device answers a message of this type, and for
// AnswerEcho and AnswerTemplate the message that it answers with.
func (p Profile) AnswerTo(message Frame) (Answer, Frame) {
	answer := p.Reply
	if answer == AnswerTemplate && message.Opcode == wire.Binary {
		answer = p.Binary
	}
	switch answer {
	case AnswerTemplate:
		before, after, _ := strings.Cut(p.Template, "%s")
		return AnswerTemplate, Text(before + message.Payload.Octets() + after)
	case AnswerStream, AnswerNone:
		return answer, message
	}
	return AnswerEcho, message
}

// Greets reports whether a message is one that the device says unasked.
func (p Profile) Greets(message []byte) bool {
	for _, greeting := range p.Greeting {
		before, after, open := strings.Cut(greeting, "%s")
		said := string(message)
		if said == greeting || open && len(said) >= len(before)+len(after) &&
			strings.HasPrefix(said, before) && strings.HasSuffix(said, after) {
			return true
		}
	}
	return false
}
