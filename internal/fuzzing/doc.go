// Package fuzzing looks further than the catalogue: it sends a device what no
// case thought of, and asks of it not an answer but invariants.
//
//	Input    (seed, n) → a script in the language of the cases: boundaries
//	         first, then grammar, then scripts of the catalogue, bent
//	play     runner.Meet plays it without expectations → runner.Encounter
//	Foresee  the octets that went out → what a right receiver makes of them
//	Judge    encounter and forecast → the invariants that were broken
//	Minimize a script that breaks one → the smallest that still does
//	Campaign inputs, one after another or some at once; findings come home
//
// A [Source] makes the inputs for a [Target]. Its families take turns until their
// boundaries are over: every octet of a header and of an opening handshake that a
// write, or all, may end with; every length at which an integer ends; every
// header, status and offer. Then inputs are drawn, as often of a family as it has
// shown effect on real devices, and never by what a run has seen.
//
// An input is pure in (seed, n): the same pair is the same octets. Each is
// played on a connection of its own and ends by evidence: with a Close frame
// that a device answers, or, where it has left a frame unfinished, with our FIN.
package fuzzing
