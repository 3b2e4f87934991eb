package engineio

import (
	"context"
	"fmt"
	"strings"
)

// A Fault is what a client said that no session survives.
type Fault string

func (f Fault) Error() string { return string(f) }

// receive takes a packet that came, and queues what it is answered with. An
// error is the end of the session.
func (s *session) receive(ctx context.Context, packet string) error {
	s.heard()
	if packet == "" {
		return Fault("packet without a type")
	}
	switch data := packet[1:]; packet[0] {
	case packetClose:
		return errOver
	case packetPing:
		return s.send(ctx, string(packetPong)+data)
	case packetMessage:
		if s.endpoint.plain {
			return s.send(ctx, packet)
		}
		return s.message(ctx, data)
	case packetUpgrade:
		return s.send(ctx, string(packetNoop)) // again, or after a session of long ago
	case packetPong, packetNoop, packetBinary:
		return nil
	default:
		return Fault(fmt.Sprintf("packet of type %q", packet[0]))
	}
}

// message takes an Engine.IO message that is to hold a Socket.IO packet.
func (s *session) message(ctx context.Context, message string) error {
	p, err := ParsePacket(message)
	if err != nil {
		return s.refuse(ctx, "/", err.Error())
	}
	switch p.Type {
	case typeConnect:
		return s.join(ctx, p.Namespace)
	case typeDisconnect:
		s.change(func() { delete(s.joined, p.Namespace) })
		return nil
	case typeEvent:
		return s.event(ctx, p)
	case typeBinaryEvent, typeBinaryAck:
		return s.refuse(ctx, p.Namespace, "binary attachments are not echoed")
	default: // nothing that goes out asks to be acknowledged
		return nil
	}
}

// join connects the client to a namespace. A query may stand behind its name.
func (s *session) join(ctx context.Context, namespace string) error {
	name, _, _ := strings.Cut(namespace, "?")
	if name != "/" && name != greetNamespace {
		return s.refuse(ctx, name, "Invalid namespace")
	}
	return s.send(ctx, s.connect(name)...)
}

// unasked is what a client of revision 3 hears at once: it is connected to "/"
// without a word.
func (s *session) unasked() []string {
	if s.revision == 4 || s.endpoint.plain {
		return nil
	}
	return s.connect("/")
}

// connect lets the client's events in, and is the packets that say so; where
// there are greetings, with one for a client that only listens.
func (s *session) connect(namespace string) []string {
	s.change(func() { s.joined[namespace] = true })
	connected := Packet{Type: typeConnect, Namespace: namespace}
	if s.revision == 4 {
		connected.Data = fmt.Sprintf(`{"sid":%q}`, s.sid)
	}
	packets := []string{string(packetMessage) + connected.String()}
	if s.greets(namespace) {
		alert := Packet{Type: typeEvent, Namespace: namespace, Data: `["alert","hello from host"]`}
		packets = append(packets, string(packetMessage)+alert.String())
	}
	return packets
}

// greets tells whether a namespace is one for greetings.
func (s *session) greets(namespace string) bool {
	return s.endpoint.greets || namespace == greetNamespace
}

// event answers an event with an event, and an acknowledgement if it wants one.
func (s *session) event(ctx context.Context, p Packet) error {
	s.mu.Lock()
	joined := s.joined[p.Namespace]
	s.mu.Unlock()
	if !joined {
		return s.refuse(ctx, p.Namespace, "event before the connect packet 40")
	}
	e, err := parseEvent(p.Data)
	if err != nil {
		return s.refuse(ctx, p.Namespace, err.Error())
	}
	answer := Packet{Type: typeEvent, Namespace: p.Namespace, Data: p.Data}
	if e.name == "message" && e.first != "" && s.greets(p.Namespace) {
		answer.Data = e.greeting()
	}
	packets := []string{string(packetMessage) + answer.String()}
	if p.ID != "" {
		ack := Packet{Type: typeAck, Namespace: p.Namespace, ID: p.ID, Data: e.rest}
		packets = append(packets, string(packetMessage)+ack.String())
	}
	return s.send(ctx, packets...)
}

// refuse says why something is not answered as it might be. In revision 4 the
// client takes that for the end of the namespace.
func (s *session) refuse(ctx context.Context, namespace, why string) error {
	data := quote(why)
	if s.revision == 4 {
		data = `{"message":` + data + `}`
		s.change(func() { delete(s.joined, namespace) })
	}
	refusal := Packet{Type: typeError, Namespace: namespace, Data: data}
	return s.send(ctx, string(packetMessage)+refusal.String())
}
