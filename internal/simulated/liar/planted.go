package liar

import (
	"net"
	"slices"

	"wsprobe/internal/wire"
)

// Planted is a bug such as no case of the suite asks for, for a fuzzer to find.
type Planted struct {
	Name   string
	Family string    // of the inputs that find it: "len"
	Kind   string    // of the finding: "DOWN"
	Device wire.Role // that has it
	// Trigger is the smallest script that shows it, in the language of the suite;
	// where it takes several connections, that of one of them.
	Trigger string
	// Board makes a device with this bug.
	Board func() *Board
}

// bug is a deviation of a board's.
type bug struct {
	name, family, kind string
	device             wire.Role // 0 for either
	trigger            string
	plant              func(*peer, *Board)
}

// AllPlanted returns the bugs, those of servers first.
func AllPlanted() (all []Planted) {
	bugs := slices.Concat(plantedLengths, plantedSplits, plantedMasks, plantedFragments, plantedControls,
		plantedCloses, plantedOpenings, plantedDeflate, plantedConnections, plantedTexts, plantedMixed)
	for _, role := range []wire.Role{wire.Server, wire.Client} {
		for _, b := range bugs {
			if b.device == 0 || b.device == role {
				all = append(all, b.planted(role))
			}
		}
	}
	return all
}

func (b bug) planted(role wire.Role) Planted {
	return Planted{b.name, b.family, b.kind, role, b.trigger, func() *Board {
		return newBoard(func(conn net.Conn, board *Board, connection int) *peer {
			p := newPeer(conn, role, connection)
			b.plant(p, board)
			return p
		})
	}}
}

// falls makes a board crash at a frame with such a header.
func falls(at func(wire.Header) bool) func(*peer, *Board) {
	return func(p *peer, b *Board) {
		judge := p.judge
		p.judge = func(h wire.Header) wire.StatusCode {
			if at(h) {
				p.fall(b)
			}
			return judge(h)
		}
	}
}

// stalls makes a connection hang at a frame with such a header.
func stalls(at func(wire.Header) bool) func(*peer, *Board) {
	return func(p *peer, b *Board) {
		judge := p.judge
		p.judge = func(h wire.Header) wire.StatusCode {
			if at(h) {
				b.hang()
				p.over = true
			}
			return judge(h)
		}
	}
}

// fall is the crash of the board, of which nothing is left to do here.
func (p *peer) fall(b *Board) {
	b.crash()
	p.over, p.lost = true, true
}

// simply plants a lie that has nothing to do with the board.
func simply(tell func(*peer)) func(*peer, *Board) { return func(p *peer, _ *Board) { tell(p) } }
