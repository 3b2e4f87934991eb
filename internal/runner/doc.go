// Package runner plays the cases of package conformance against a device.
//
// A [Peer] brings connections to the device, [Run] plays cases on them and
// yields a result as each case ends. It decides verdicts as the Autobahn
// testsuite does, but ends every wait by evidence: a timer only ends a wait in
// which nothing comes.
//
// [Meet] plays a script without expectations, and tells what went over the wire
// and how it ended. A [Watch] looks after the device meanwhile: it asks whether
// it is well, waits for it, resets it, and holds a connection open beside.
package runner
