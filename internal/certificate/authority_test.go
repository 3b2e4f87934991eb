package certificate_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"wsprobe/internal/certificate"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// at is a bench at its addresses, by a clock that stands at a time.
func at(now time.Time, addresses ...string) certificate.Options {
	host := certificate.Host{Name: "Bench", Addresses: []netip.Addr{}}
	for _, address := range addresses {
		host.Addresses = append(host.Addresses, netip.MustParseAddr(address))
	}
	return certificate.Options{Host: host, Now: func() time.Time { return now }}
}

func open(t *testing.T, dir string, o certificate.Options) *certificate.Authority {
	t.Helper()
	a, err := certificate.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOpenMakes(t *testing.T) {
	for _, isRSA := range []bool{false, true} {
		o := at(start, "192.0.2.7")
		o.RSA = isRSA
		a := open(t, filepath.Join(t.TempDir(), "new", "folder"), o)
		ca, leaf := a.CA(), a.Leaf()
		for _, c := range []*x509.Certificate{ca, leaf} {
			switch key := c.PublicKey.(type) {
			case *ecdsa.PublicKey:
				if isRSA || key.Curve != elliptic.P256() {
					t.Errorf("a key of %s", key.Curve.Params().Name)
				}
			case *rsa.PublicKey:
				if !isRSA || key.N.BitLen() != 2048 {
					t.Errorf("a key of %d bits of RSA", key.N.BitLen())
				}
			}
		}
		if !ca.NotAfter.Equal(start.AddDate(10, 0, 0)) || ca.NotBefore.After(start.Add(-day)) {
			t.Errorf("the CA is valid from %v to %v", ca.NotBefore, ca.NotAfter)
		}
		// Both ends count.
		if life := leaf.NotAfter.Sub(leaf.NotBefore) + time.Second; life != 825*day || leaf.NotBefore.After(start.Add(-day)) {
			t.Errorf("the leaf is valid for %v from %v", life, leaf.NotBefore)
		}
		// RFC 5246 §7.4.2: what suites without Diffie-Hellman need of an RSA key.
		if encipher := leaf.KeyUsage&x509.KeyUsageKeyEncipherment != 0; encipher != isRSA {
			t.Errorf("RSA %v, key encipherment %v", isRSA, encipher)
		}
		// Small stacks find a CA by its name alone.
		if want := fmt.Sprintf("CN=wsprobe %s CA of bench", filepath.Base(a.Folder())); leaf.Issuer.String() != want {
			t.Errorf("issued by %s, want %s", leaf.Issuer, want)
		}
		if !ca.IsCA || ca.MaxPathLen != 0 || !ca.MaxPathLenZero {
			t.Error("the CA may make CAs")
		}
		if leaf.IsCA || leaf.CheckSignatureFrom(ca) != nil {
			t.Error("the leaf is not of the CA")
		}
	}
}

func TestReopenKeeps(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, at(start, "192.0.2.7", "192.0.2.8"))
	old := at(start, "192.0.2.7")
	old.RSA = true
	open(t, dir, old)
	// An address less is no reason to change what firmware pinned.
	second := open(t, dir, at(start.Add(700*day), "192.0.2.7"))
	if !second.CA().Equal(first.CA()) || !second.Leaf().Equal(first.Leaf()) {
		t.Error("opened again, it is another")
	}
}

func TestRenewsLeafAlone(t *testing.T) {
	named := at(start, "192.0.2.7")
	named.Names = []string{"bench.example"}
	for what, c := range map[string]struct {
		o       certificate.Options
		renewed bool
	}{
		"another address":        {at(start, "192.0.2.8"), true},
		"one address more":       {at(start, "192.0.2.7", "2001:db8::1"), true},
		"another name":           {named, true},
		"soon at its end":        {at(start.Add(800*day), "192.0.2.7"), true},
		"long past its end":      {at(start.Add(2000*day), "192.0.2.7"), true},
		"a clock behind by less": {at(start.Add(-23*time.Hour), "192.0.2.7"), false},
	} {
		dir := t.TempDir()
		old := open(t, dir, at(start, "192.0.2.7"))
		kept := contents(t, old.Folder())
		a := open(t, dir, c.o)
		if renewed := !a.Leaf().Equal(old.Leaf()); renewed != c.renewed {
			t.Errorf("%s: renewed %v", what, renewed)
		}
		if !bytes.Equal(a.Leaf().RawSubjectPublicKeyInfo, old.Leaf().RawSubjectPublicKeyInfo) {
			t.Errorf("%s: another key", what)
		}
		now := contents(t, a.Folder())
		for _, file := range []string{"ca.pem", "ca.key", "host.key"} {
			if now[file] != kept[file] {
				t.Errorf("%s: %s changed", what, file)
			}
		}
		if len(now) != 4 {
			t.Errorf("%s: %d files", what, len(now))
		}
		if again := open(t, dir, c.o); !again.Leaf().Equal(a.Leaf()) {
			t.Errorf("%s: renewed twice", what)
		}
	}
}

// A leaf that was made by a clock that ran ahead is not valid yet.
func TestLeafOfTomorrow(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, at(start))
	ahead := open(t, dir, at(start.Add(800*day)))
	a := open(t, dir, at(start))
	if !ahead.Leaf().NotBefore.After(start) || a.Leaf().NotBefore.After(start) {
		t.Errorf("valid from %v", a.Leaf().NotBefore)
	}
}

// In its last years the CA gives what it can, without end-of-life fuss.
func TestLeafEndsWithCA(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, at(start))
	last := open(t, dir, at(start.AddDate(9, 6, 0)))
	if !last.Leaf().NotAfter.Equal(last.CA().NotAfter) {
		t.Errorf("a leaf until %v", last.Leaf().NotAfter)
	}
	if again := open(t, dir, at(start.AddDate(10, 0, -1))); !again.Leaf().Equal(last.Leaf()) {
		t.Error("renewed for nothing")
	}
}

// A server that runs for years shows a leaf that is valid, and the same as any
// other process.
func TestRunningServerRenews(t *testing.T) {
	var now time.Time
	o := at(start, "192.0.2.7")
	o.Now = func() time.Time { return now }
	now = start
	dir := t.TempDir()
	a := open(t, dir, o)
	config := a.TLSConfig()
	first := a.Leaf()
	now = start.Add(700 * day)
	if shown, _ := config.GetCertificate(nil); !shown.Leaf.Equal(first) {
		t.Error("renewed too early")
	}
	now = start.Add(824 * day)
	other := open(t, dir, o)
	shown, _ := config.GetCertificate(nil)
	if shown.Leaf.Equal(first) || !shown.Leaf.Equal(other.Leaf()) || !a.Leaf().Equal(shown.Leaf) {
		t.Error("not renewed, or not as the other process")
	}
	now = start.Add(1700 * day)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if kept, err := config.GetCertificate(nil); err != nil || !kept.Leaf.Equal(shown.Leaf) {
		t.Errorf("without the folder it shows another, %v", err)
	}
}

func TestOpenTogether(t *testing.T) {
	dir := t.TempDir()
	opened := make([]*certificate.Authority, 16)
	var all sync.WaitGroup
	for i := range opened {
		all.Go(func() { opened[i], _ = certificate.Open(dir, at(start, "192.0.2.7")) })
	}
	all.Wait()
	for _, a := range opened {
		if a == nil || !a.CA().Equal(opened[0].CA()) || !a.Leaf().Equal(opened[0].Leaf()) {
			t.Fatal("they do not agree")
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	// All renew at once: each has a leaf of the same CA and key, and what is kept
	// is whole.
	for i := range opened {
		all.Go(func() { opened[i], _ = certificate.Open(dir, at(start, "192.0.2.8")) })
	}
	all.Wait()
	for _, a := range opened {
		if a == nil || a.Leaf().CheckSignatureFrom(opened[0].CA()) != nil {
			t.Fatal("a renewal got in the way of another")
		}
	}
	if left := contents(t, opened[0].Folder()); len(left) != 4 {
		t.Errorf("left behind: %d files", len(left))
	}
}

func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are not kept on Windows")
	}
	dir := filepath.Join(t.TempDir(), "new")
	open(t, dir, at(start, "192.0.2.7"))
	a := open(t, dir, at(start, "192.0.2.8")) // a renewed leaf too
	for path, want := range map[string]os.FileMode{
		dir:                                   0o700,
		a.Folder():                            0o700,
		filepath.Join(a.Folder(), "ca.key"):   0o600,
		filepath.Join(a.Folder(), "host.key"): 0o600,
		filepath.Join(a.Folder(), "ca.pem"):   0o600,
		filepath.Join(a.Folder(), "host.pem"): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s is %v, want %v", path, info.Mode().Perm(), want)
		}
	}
}

func TestFolder(t *testing.T) {
	home := t.TempDir()
	for _, variable := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} {
		t.Setenv(variable, home)
	}
	config, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	if a := open(t, "", at(start)); a.Folder() != filepath.Join(config, "wsprobe", "ecdsa") {
		t.Errorf("kept in %s", a.Folder())
	}
	for _, variable := range []string{"XDG_CONFIG_HOME", "HOME", "AppData"} {
		t.Setenv(variable, "")
	}
	if _, err := certificate.Open("", at(start)); err == nil || !strings.HasPrefix(err.Error(), "no folder to keep certificates in, give one: ") {
		t.Errorf("without a home: %v", err)
	}
}

// contents are the files of a folder by name.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = string(text)
	}
	return files
}
