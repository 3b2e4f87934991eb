// Package inputs makes what a device is sent that no case thought of: scripts in
// the language of the cases, out of a seed and a number.
//
// A [Source] makes the inputs for a [Target]. Its families take turns until their
// boundaries are over: every octet of a header and of an opening handshake that a
// write, or all, may end with; every length at which an integer ends; every
// header, status and offer. Then inputs are drawn, as often of a family as it has
// shown effect on real devices: by its grammar, or scripts of the catalogue, bent.
//
// An input is pure in seed and number: the same pair is the same octets, whatever
// a run has seen.
package inputs
