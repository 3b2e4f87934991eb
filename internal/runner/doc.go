// Package runner plays the cases of package conformance against a device.
//
// A [Peer] brings connections to the device, [Run] plays cases on them and
// yields a result as each case ends. It decides verdicts as the Autobahn
// testsuite does, but ends every wait by evidence: a timer only ends a wait in
// which nothing comes.
package runner
