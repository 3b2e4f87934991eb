// Package fuzzing looks further than the catalogue: it sends a device what no
// case thought of, and asks of it not an answer but invariants.
//
//	inputs   (seed, n) → a script in the language of the cases, in a package of
//	         its own
//	Meet     of the runner plays it without expectations → runner.Encounter
//	Foresee  the octets that went out → what a right receiver makes of them
//	Judge    encounter and forecast → the invariants that were broken
//	Minimize a script that breaks one → the smallest that still does
//	Campaign inputs, one after another or some at once; findings come home
//
// An input is played on a connection of its own and ends by evidence: with a Close
// frame that a device answers, or, where it has left a frame unfinished, with our
// FIN.
package fuzzing
