package report

import (
	"io"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// Capture writes a finding as pcapng. IP and TCP are made up around the octets
// that went over the wire, and so are the times: Wireshark then dissects the
// opening handshake and the frames.
func Capture(w io.Writer, f conformance.Finding) error {
	out, err := pcapgo.NewNgWriter(w, layers.LinkTypeRaw)
	if err != nil {
		return err
	}
	c := &capture{out: out, at: time.Unix(0, 0).UTC()}
	for i, connection := range f.Connections {
		c.connection(layers.TCPPort(50000+i%10000), f.Device, connection)
	}
	if c.err != nil {
		return c.err
	}
	return out.Flush()
}

// webSocketPort is one that Wireshark takes for HTTP.
const webSocketPort = 80

// maxSegment is how many octets go into one packet.
const maxSegment = 1400

// capture writes packets.
type capture struct {
	out  *pcapgo.NgWriter
	at   time.Time
	ends [2]end // the client's, the server's
	err  error
}

// end is one end of a TCP connection.
type end struct {
	ip   []byte
	port layers.TCPPort
	seq  uint32 // of the next octet
}

// connection writes a connection from its SYN to its FIN.
func (c *capture) connection(port layers.TCPPort, device wire.Role, segments conformance.Connection) {
	c.ends = [2]end{
		{[]byte{192, 0, 2, 1}, port, 1000}, // addresses for documentation (RFC 5737)
		{[]byte{192, 0, 2, 2}, webSocketPort, 2000},
	}
	c.packet(0, layers.TCP{SYN: true}, nil)
	c.packet(1, layers.TCP{SYN: true, ACK: true}, nil)
	c.packet(0, layers.TCP{ACK: true}, nil)
	for _, s := range segments {
		from := 0
		if s.Sent == (device == wire.Client) { // we are the server
			from = 1
		}
		for rest := s.Octets; len(rest) > 0; {
			n := min(len(rest), maxSegment)
			c.packet(from, layers.TCP{ACK: true, PSH: true}, rest[:n])
			rest = rest[n:]
		}
	}
	c.packet(1, layers.TCP{ACK: true, FIN: true}, nil)
	c.packet(0, layers.TCP{ACK: true, FIN: true}, nil)
	c.packet(1, layers.TCP{ACK: true}, nil)
}

// packet writes one packet from an end to the other.
func (c *capture) packet(from int, tcp layers.TCP, payload []byte) {
	if c.err != nil {
		return
	}
	src, dst := &c.ends[from], &c.ends[1-from]
	ip := layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: src.ip, DstIP: dst.ip}
	tcp.SrcPort, tcp.DstPort, tcp.Seq, tcp.Window = src.port, dst.port, src.seq, 65535
	if tcp.ACK {
		tcp.Ack = dst.seq
	}
	if src.seq += uint32(len(payload)); tcp.SYN || tcp.FIN {
		src.seq++
	}
	if c.err = tcp.SetNetworkLayerForChecksum(&ip); c.err != nil {
		return
	}
	packet := gopacket.NewSerializeBuffer()
	options := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if c.err = gopacket.SerializeLayers(packet, options, &ip, &tcp, gopacket.Payload(payload)); c.err != nil {
		return
	}
	octets := packet.Bytes()
	c.at = c.at.Add(time.Millisecond)
	c.err = c.out.WritePacket(gopacket.CaptureInfo{Timestamp: c.at, CaptureLength: len(octets), Length: len(octets)}, octets)
}
