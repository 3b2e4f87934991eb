package liar

import (
	"io"
	"math/rand/v2"
	"net"
	"testing"

	"wsprobe/internal/handshake"
	"wsprobe/internal/wire"
)

// Whatever frames come, in whatever order, a liar neither crashes nor hangs.
func TestGarbage(t *testing.T) {
	for _, d := range append(All(), Lawful()...) {
		random := rand.New(rand.NewPCG(1, 2))
		for range 50 {
			host, device := net.Pipe()
			over := make(chan struct{})
			go func() {
				d.Play(device)
				device.Close()
				close(over)
			}()
			go func() { _, _ = io.Copy(io.Discard, host) }()
			sent := handshake.NewRequest("x", "/", handshake.NewKey([16]byte{})).Append(nil)
			for range 20 {
				sent = garbage(random, sent)
			}
			_, _ = host.Write(sent) // an error if the liar has enough of it
			host.Close()
			<-over
		}
	}
}

// garbage appends a frame that is lawful now and then.
func garbage(random *rand.Rand, b []byte) []byte {
	opcodes := []wire.Opcode{wire.Continuation, wire.Text, wire.Binary, wire.Close, wire.Ping, wire.Pong, 3, 11}
	lengths := []int{0, 1, 2, 125, 126, 127, 300}
	payload := make([]byte, lengths[random.IntN(len(lengths))])
	for i := range payload {
		payload[i] = byte(random.IntN(256))
	}
	h := wire.Header{
		Fin: random.IntN(2) == 0, Opcode: opcodes[random.IntN(len(opcodes))], Length: uint64(len(payload)),
		Masked: random.IntN(20) > 0, Key: [4]byte{0, 0, 0, byte(random.IntN(2))},
	}
	if random.IntN(10) == 0 {
		h.RSV = uint8(random.IntN(8))
	}
	if random.IntN(50) == 0 {
		h.Length = random.Uint64()
	}
	return append(h.Append(b), payload...)
}
