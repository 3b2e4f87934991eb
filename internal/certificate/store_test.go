package certificate_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wsprobe/internal/certificate"
)

const (
	removeFolder = "; remove the folder to have another CA made, and give that to the devices"
	removeHost   = "; remove host.pem to have another made"
)

// Whatever is wrong is said in one line, with what to do, and is left as it is.
func TestDamage(t *testing.T) {
	foreign := contents(t, open(t, t.TempDir(), at(start)).Folder())
	whole := contents(t, open(t, t.TempDir(), at(start)).Folder())
	for _, c := range []struct {
		file, text string // what a file holds instead; "" removes it
		want       string
	}{
		{"ca.pem", "", "ca.pem is missing" + removeFolder},
		{"ca.key", "", "ca.key is missing" + removeFolder},
		{"host.key", "", "host.key is missing" + removeFolder},
		{"ca.pem", "\n", "ca.pem: no CERTIFICATE in PEM" + removeFolder},
		{"ca.pem", whole["ca.pem"][:200], "ca.pem: no CERTIFICATE in PEM" + removeFolder},
		{"ca.pem", strings.Repeat("A", 1<<20) + "\n" + whole["ca.pem"], "ca.pem: more than 1048576 octets" + removeFolder},
		{"ca.pem", whole["ca.key"], "ca.pem: no CERTIFICATE in PEM" + removeFolder},
		{"ca.pem", strings.Replace(whole["ca.pem"], "\nM", "\nN", 1), "ca.pem: x509: "},
		{"ca.pem", foreign["ca.pem"], "ca.key is not the key of ca.pem" + removeFolder},
		{"ca.key", whole["ca.pem"], "ca.key: no PRIVATE KEY in PEM" + removeFolder},
		{"ca.key", foreign["ca.key"], "ca.key is not the key of ca.pem" + removeFolder},
		{"ca.key", strings.Replace(whole["ca.key"], "\nM", "\nN", 1), "ca.key: asn1: "},
		{"host.key", "garbage", "host.key: no PRIVATE KEY in PEM" + removeFolder},
		{"host.key", foreign["host.key"], "host.pem is not of this CA and key" + removeHost},
		{"host.pem", "garbage", "host.pem: no CERTIFICATE in PEM" + removeHost},
		{"host.pem", foreign["host.pem"], "host.pem is not of this CA and key" + removeHost},
	} {
		dir := t.TempDir()
		folder := write(t, dir, whole, c.file, c.text)
		before := contents(t, folder)
		_, err := certificate.Open(dir, at(start))
		want := "certificates in " + folder + ": " + c.want
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") ||
			!strings.HasSuffix(err.Error(), removeFolder) && !strings.HasSuffix(err.Error(), removeHost) {
			t.Errorf("%s: %v\nwant %s", c.file, err, want)
		}
		if !maps.Equal(before, contents(t, folder)) {
			t.Errorf("%s: after %q the files are not as they were", c.file, c.want)
		}
	}
}

// A leaf of the right key, but of a CA that is there no longer.
func TestLeafOfAnotherCA(t *testing.T) {
	files := contents(t, open(t, t.TempDir(), at(start)).Folder())
	other := contents(t, open(t, t.TempDir(), at(start)).Folder())
	files["ca.key"] = other["ca.key"]
	dir := t.TempDir()
	write(t, dir, files, "ca.pem", other["ca.pem"])
	_, err := certificate.Open(dir, at(start))
	if err == nil || !strings.HasSuffix(err.Error(), "host.pem is not of this CA and key"+removeHost) {
		t.Error(err)
	}
}

// The advice that an error gives, helps.
func TestRemoveHost(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, at(start))
	if err := os.Remove(filepath.Join(first.Folder(), "host.pem")); err != nil {
		t.Fatal(err)
	}
	second := open(t, dir, at(start))
	if !second.CA().Equal(first.CA()) || second.Leaf().Equal(first.Leaf()) {
		t.Error("not another leaf of the same CA")
	}
}

func TestClock(t *testing.T) {
	dir := t.TempDir()
	folder := open(t, dir, at(start)).Folder()
	for _, c := range []struct {
		o    certificate.Options
		want string
	}{
		{at(start.AddDate(10, 0, 1)), "the CA was valid until 2036-11-20" + removeFolder},
		{at(start.AddDate(-50, 0, 0)), "the CA is valid from 2026-11-19 and it is 1976-11-20 here; set the clock"},
	} {
		_, err := certificate.Open(dir, c.o)
		if want := "certificates in " + folder + ": " + c.want; err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

// A certificate that may sign nothing is no CA, even with its key.
func TestNoCA(t *testing.T) {
	whole := contents(t, open(t, t.TempDir(), at(start)).Folder())
	whole["ca.key"] = whole["host.key"]
	dir := t.TempDir()
	write(t, dir, whole, "ca.pem", whole["host.pem"])
	_, err := certificate.Open(dir, at(start))
	if err == nil || !strings.HasSuffix(err.Error(), "ca.pem is no self-signed CA"+removeFolder) {
		t.Error(err)
	}
}

// What cannot be read may be in order: nobody is told to remove it.
func TestUnusable(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	inside := filepath.Join(dir, "inside")
	folder := write(t, inside, map[string]string{}, "ca.pem", "")
	if err := os.Mkdir(filepath.Join(folder, "ca.pem"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{blocked, filepath.Join(blocked, "below"), inside} {
		_, err := certificate.Open(dir, at(start))
		if err == nil || !strings.HasPrefix(err.Error(), "certificates in "+dir) || strings.Contains(err.Error(), "remove") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

// write puts files, one of them with another text, where an authority of ECDSA is
// kept, and returns the folder.
func write(t *testing.T, dir string, files map[string]string, other, text string) string {
	t.Helper()
	folder := filepath.Join(dir, "ecdsa")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	files = maps.Clone(files)
	files[other] = text
	for name, text := range files {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
