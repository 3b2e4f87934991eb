package certificate_test

import (
	"bytes"
	"encoding/pem"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"wsprobe/internal/certificate"
)

// A C compiler reads the same CA from the string and from the array.
func TestCAHeaderHoldsCA(t *testing.T) {
	for _, isRSA := range []bool{false, true} {
		o := at(start)
		o.RSA = isRSA
		a := open(t, t.TempDir(), o)
		text, array, _ := strings.Cut(string(a.CAHeader()), "const unsigned char ca_der[] = {")
		_, text, _ = strings.Cut(text, "const char ca_pem[] =")
		var joined string
		for _, literal := range regexp.MustCompile(`".*"`).FindAllString(text, -1) {
			line, err := strconv.Unquote(literal)
			if err != nil {
				t.Fatal(err)
			}
			joined += line
		}
		if joined != string(a.CAPEM()) {
			t.Errorf("the string is %q", joined)
		}
		var octets []byte
		for _, octet := range regexp.MustCompile(`0x[0-9a-f]{2}\b`).FindAllString(array, -1) {
			n, _ := strconv.ParseUint(octet, 0, 8)
			octets = append(octets, byte(n))
		}
		block, rest := pem.Decode(a.CAPEM())
		if !bytes.Equal(octets, a.CA().Raw) || !bytes.Equal(octets, block.Bytes) || len(rest) != 0 {
			t.Errorf("the array is %x", octets)
		}
	}
}

func TestFingerprintsFollowLeaf(t *testing.T) {
	dir := t.TempDir()
	first, again := open(t, dir, at(start, "192.0.2.7")), open(t, dir, at(start, "192.0.2.7"))
	other := open(t, dir, at(start, "192.0.2.8"))
	all := map[string]bool{}
	for _, a := range []*certificate.Authority{first, again, other} {
		short, _ := a.Fingerprints()
		if !regexp.MustCompile(`^([0-9A-F]{2}:){19}[0-9A-F]{2}$`).MatchString(short) {
			t.Errorf("setFingerprint cannot read %s", short)
		}
		all[short] = true
	}
	if len(all) != 2 {
		t.Errorf("%d fingerprints of two leaves", len(all))
	}
}
