package certificate

import (
	"bytes"
	"crypto/sha1" // nothing is secured by it but what firmware chose to
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Fingerprints are the SHA-1 and SHA-256 of the host's certificate, in upper-case
// hex with colons, as setFingerprint on an ESP8266 and browsers have it. They
// change with each renewal, as the CA does not.
func (a *Authority) Fingerprints() (sha1, sha256 string) {
	return fingerprints(a.Leaf())
}

// CAPEM is the CA in PEM, for curl --cacert, browsers and MicroPython.
func (a *Authority) CAPEM() []byte { return pemOf(a.ca) }

// CAHeader is the CA in C, to paste into a sketch or to keep as a header: as
// ca_pem, a string for Arduino's setCACert and X509List and ESP-IDF's cert_pem,
// and as ca_der, an array of octets.
func (a *Authority) CAHeader() []byte { return header(a.ca) }

func fingerprints(c *x509.Certificate) (string, string) {
	short, long := sha1.Sum(c.Raw), sha256.Sum256(c.Raw)
	return colons(short[:]), colons(long[:])
}

// colons is what %X with spaces prints, with colons: 0A:1B:2C.
func colons(octets []byte) string {
	return strings.ReplaceAll(fmt.Sprintf("% X", octets), " ", ":")
}

func pemOf(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: c.Raw})
}

func header(c *x509.Certificate) []byte {
	var out bytes.Buffer
	_, long := fingerprints(c)
	fmt.Fprintf(&out, "// CA, valid until %s\n// SHA-256 %s\n\n", c.NotAfter.UTC().Format(time.DateOnly), long)
	fmt.Fprint(&out, "const char ca_pem[] =")
	for line := range bytes.Lines(pemOf(c)) {
		fmt.Fprintf(&out, "\n    %q", line)
	}
	fmt.Fprint(&out, ";\n\nconst unsigned char ca_der[] = {\n")
	for row := range slices.Chunk(c.Raw, 12) {
		fmt.Fprint(&out, "   ")
		for _, octet := range row {
			fmt.Fprintf(&out, " 0x%02x,", octet)
		}
		fmt.Fprintln(&out)
	}
	fmt.Fprint(&out, "};\n")
	return out.Bytes()
}
