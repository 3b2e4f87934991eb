package engineio

import (
	"encoding/json"
	"errors"
	"strings"
)

// The packets of Socket.IO, by their first octet within an Engine.IO message.
const (
	typeConnect     = '0'
	typeDisconnect  = '1'
	typeEvent       = '2'
	typeAck         = '3'
	typeError       = '4'
	typeBinaryEvent = '5'
	typeBinaryAck   = '6'
)

// A Packet is one of Socket.IO: 2/greet,7["message","x"].
type Packet struct {
	Type        byte   // '0' to '6'
	Attachments string // their number; only where the type is binary
	Namespace   string // "/" if none is named
	ID          string // of the acknowledgement that is asked for or given; "" for none
	Data        string // JSON, or nothing
}

// maxID is how long an ID may be, in digits.
const maxID = 20

// ParsePacket reads a packet from an Engine.IO message. The error says what is
// not as it should be.
func ParsePacket(message string) (Packet, error) {
	if message == "" || message[0] < typeConnect || message[0] > typeBinaryAck {
		return Packet{}, errors.New("type of the packet is not 0 to 6")
	}
	p := Packet{Type: message[0], Namespace: "/"}
	rest := message[1:]
	if p.binary() {
		var found bool
		if p.Attachments, rest, found = strings.Cut(rest, "-"); !found || !isNumber(p.Attachments) {
			return Packet{}, errors.New("binary packet without a number of attachments")
		}
	}
	if strings.HasPrefix(rest, "/") {
		p.Namespace, rest, _ = strings.Cut(rest, ",")
	}
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	p.ID, p.Data = rest[:digits], rest[digits:]
	switch {
	case digits > maxID:
		return Packet{}, errors.New("id of more than 20 digits")
	case p.Data != "" && !json.Valid([]byte(p.Data)):
		return Packet{}, errors.New("data is not JSON")
	}
	return p, nil
}

func (p Packet) binary() bool { return p.Type == typeBinaryEvent || p.Type == typeBinaryAck }

func isNumber(s string) bool {
	return s != "" && len(s) <= maxID && strings.Trim(s, "0123456789") == ""
}

// String is the packet as it goes into an Engine.IO message.
func (p Packet) String() string {
	var b strings.Builder
	b.WriteByte(p.Type)
	if p.binary() {
		b.WriteString(p.Attachments + "-")
	}
	if p.Namespace != "/" {
		b.WriteString(p.Namespace + ",")
	}
	b.WriteString(p.ID)
	b.WriteString(p.Data)
	return b.String()
}
