package witness

import (
	"slices"
	"strings"
	"testing"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// unseen are the rows that bind clients and that nobody can judge from beside a
// server that is right, and why.
var unseen = map[string]string{
	"URI-01 URI-02 URI-04 URI-05":        "takes the URI that the device was given",
	"URI-07 REG-02 EXT-05":               "nothing is wrong, whatever is sent",
	"CON-01":                             "devices behind one address, and a device's connections, cannot be told apart while they are opened",
	"CON-02 CON-03 CON-08":               "is about other connections than those that come here",
	"CON-04":                             "what is no TLS does not come through the TLS that the witness stands within; the server tells of it",
	"CON-05":                             "takes a bad certificate",
	"CON-07":                             "a device that comes without TLS may have it",
	"CRQ-16 FAI-05 FAI-06 FAI-07 FAI-08": "when a device comes back, or leaves, is also its user's doing",
	"CRV-02 CRV-03 CRV-04 CRV-05 CRV-06 CRV-07 CRV-08 CRV-09 CRV-10 CRV-11 CRV-12 CRV-13 CRV-14 CRV-15 CRV-16 CRV-17 CRV-18 CRV-19 CRV-20 CRV-21 CRV-22": "takes a server whose answers are wrong, or odd",
	"FRM-01 FRM-02 FRM-03 FRM-04 FRM-05 FRM-06 FRM-07 FRM-08 LEN-01 LEN-03 LEN-04 LEN-05 LEN-06 LEN-08 MSK-03 FRG-06 FRG-07 FRG-11 CTL-01 CTL-02 CTL-03 CTL-11 CLS-05 CLS-07 COD-01 COD-03 COD-04 COD-06 COD-08 UTF-02 UTF-04 UTF-05 FAI-01 FAI-02 FAI-03 EXT-03 SEC-01 SEC-02 SEC-03 PMD-05 PMD-06 PMD-07 PMD-08 PMD-17 PMD-18 PMD-21 PMD-27 PMD-28 PMD-30 PMD-31 PMD-33 PMD-35 PMD-36 REG-01": "is about what a device makes of faults, and the server has none",
	"FRM-09 FRM-10 FRM-11 FRM-13 LEN-07 FRG-01 FRG-02 FRG-03 FRG-04 FRG-05 FRG-08 FRG-09 FRG-12 UTF-01 UTF-03 UTF-06 UTF-08 MSG-02 MSG-05 CLS-04 CLS-06 COD-05 COD-07 COD-14 CTL-09 PMD-19 PMD-22 PMD-23 PMD-24 PMD-25 PMD-26 PMD-34":                                                                                                                                                           "is about what a device makes of what it is sent, and a device need not tell",
	"CTL-06 CTL-07 CLS-02": "how soon is soon depends on the network",
	"CTL-08 CTL-10 CTL-12 CLS-03 CLS-13 CLS-16 CLS-17 CLS-19 CLS-20 FAI-04 FAI-09 MSG-06 PMD-29": "leaves it to the device, or happens within it",
	"CLS-09 CLS-14 CLS-11":        "both sides may have been under way; what a device sends after its own close is CLS-08",
	"CLS-15":                      "an end of TCP without a close frame is shown as such; the device may have lost its power",
	"CLS-18":                      "browsers leave the alert out",
	"COD-09 COD-10 COD-11 COD-12": "what a device complains of is not known",
	"MSK-05":                      "is MSK-04, which is named under TLS, too",
	"MSG-01":                      "is CRQ-15 before the connection is open, and CLS-08 after a close",
	"MSG-03 MSG-04":               "is FRG-10: a message that is not ended, or torn apart, shows in the next one",
	"EXT-06":                      "is FRM-14 and EXT-02",
}

// Each row that binds clients is named, or there is a reason why not.
func TestEveryRowOfClients(t *testing.T) {
	why := map[string]string{}
	for ids, reason := range unseen {
		for _, id := range strings.Fields(ids) {
			why[id] = reason
		}
	}
	known := map[string]bool{}
	for _, row := range conformance.Rows() {
		known[row.ID] = true
		if !row.Binds(wire.Client) {
			continue
		}
		if named := slices.Contains(rows, row.ID); named == (why[row.ID] != "") {
			t.Errorf("%s is named: %v, and not seen for this reason: %q", row.ID, named, why[row.ID])
		}
	}
	for _, id := range append(rows, strings.Fields(strings.Join(keys(unseen), " "))...) {
		if !known[id] {
			t.Errorf("there is no row %s", id)
		}
	}
}

func keys(m map[string]string) (keys []string) {
	for key := range m {
		keys = append(keys, key)
	}
	return keys
}
