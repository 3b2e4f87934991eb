package runner_test

import (
	"wsprobe/internal/conformance"
)

// difference is a verdict in which we are not Autobahn, on purpose.
type difference struct {
	library string
	cases   []conformance.ID
	got     verdicts // ours
	why     string
}

// differences are all of them. They are about peers that send back what they
// should have refused: Autobahn's own endpoint reacts to what comes back, and
// its reaction passes for the device's.
var differences = []difference{
	{"gobwas-raw", []conformance.ID{"2.1", "2.2", "2.3", "2.4", "2.6", "2.10", "2.11"},
		verdicts{conformance.Failed, conformance.OK},
		"Autobahn answers its own ping when it comes back, that pong comes back too, and counts as the device's"},
	{"gobwas-raw", []conformance.ID{"2.5", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6",
		"4.1.1", "4.1.2", "4.1.3", "4.1.4", "4.1.5", "4.2.1", "4.2.2", "4.2.3", "4.2.4", "4.2.5",
		"5.1", "5.9", "5.10", "5.11", "5.12", "5.13", "5.14", "5.15", "5.16", "5.17", "5.18"},
		verdicts{conformance.Failed, conformance.Failed},
		"the bad frame comes back; Autobahn's endpoint fails the connection over it before the case sees an answer"},
	{"gobwas-raw", []conformance.ID{"7.3.2", "7.3.6"},
		verdicts{conformance.Failed, conformance.WrongCode},
		"the bad Close frame comes back: one octet is no status, and 1000 is not 1002"},
	{"gobwas-raw", []conformance.ID{"3.7"},
		verdicts{conformance.OK, conformance.OK},
		"the Close frame comes back, and so ends the connection; that it has reserved bits is the result of FRM-14"},
	{"xnet-codec", []conformance.ID{"4.1.1", "4.1.2", "4.2.1", "4.2.2",
		"5.2", "5.9", "5.10", "5.11", "5.12", "5.13", "5.14", "5.16", "5.17"},
		verdicts{conformance.Failed, conformance.Failed},
		"the bad frame comes back, as above"},
	{"xnet-copy", []conformance.ID{"3.5"},
		verdicts{conformance.Failed, conformance.Failed},
		"the payload comes back, as text that is not UTF-8; Autobahn's endpoint fails the connection over that"},
	{"client-xnet", []conformance.ID{"4.1.1", "4.1.2", "4.2.1", "4.2.2",
		"5.2", "5.9", "5.10", "5.11", "5.12", "5.13", "5.14", "5.16", "5.17"},
		verdicts{conformance.Failed, conformance.Failed},
		"the bad frame comes back, as above"},
	{"client-xnet", []conformance.ID{"6.2.3", "6.2.4"},
		verdicts{conformance.Failed, conformance.OK},
		"fragments come back as messages that end within a character; Autobahn's endpoint drops the connection over that, though our Close frame is answered"},
}

// wanted returns Autobahn's verdicts with the differences put in.
func wanted(library string, autobahn map[conformance.ID]verdicts) map[conformance.ID]verdicts {
	want := map[conformance.ID]verdicts{}
	for id, v := range autobahn {
		want[id] = v
	}
	for _, d := range differences {
		for _, id := range d.cases {
			if d.library == library {
				want[id] = d.got
			}
		}
	}
	return want
}
