package profile

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

func TestNamesAreTheFiles(t *testing.T) {
	files, err := filepath.Glob("builtin/*")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range files {
		want = append(want, strings.TrimSuffix(filepath.Base(f), ".yaml"))
	}
	if got := Names(); !slices.Equal(got, want) {
		t.Errorf("got %q, the folder has %q", got, want)
	}
}

func TestBuiltin(t *testing.T) {
	for _, name := range Names() {
		p, err := Load(name)
		switch {
		case err != nil:
			t.Error(err)
		case p.Name != name:
			t.Errorf("%s calls itself %q", name, p.Name)
		case p.DeviceRole != wire.Server:
			t.Errorf("%s is a %v", name, p.DeviceRole)
		}
	}
}

// The profiles of the simulated devices are what their tests stand on.
func TestBuiltinLimits(t *testing.T) {
	no := false
	for _, want := range []conformance.Profile{
		{Name: "host", Reply: "echo"},
		{Name: "arduino-esp8266", Reply: "echo", Greeting: []string{"Connected"}, MaxFrame: 15360, MaxMessage: 15360, Connections: 5, Deflate: &no},
		{Name: "microwebsrv", Reply: "template", Template: "Reply for %s", Binary: "none", MaxFrame: 256, MaxMessage: 256, Connections: 1, Deflate: &no},
		{Name: "micropython", Reply: "stream", MaxFrame: 65535, MaxMessage: 65535, Connections: 1, Deflate: &no},
		{Name: "simple-websockets", Reply: "template", Template: "Pong: %s", Binary: "none", Deflate: &no},
	} {
		want.DeviceRole = wire.Server
		if got, err := Load(want.Name); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v, error %v\nwant %+v", got, err, want)
		}
	}
}

func TestLoadFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "kitchen.yml")
	if err := os.WriteFile(file, []byte("path: /ws\npatience: 2s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := conformance.Profile{Name: "kitchen", Path: "/ws", Patience: 2 * time.Second}
	if got, err := Load(file); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, error %v", got, err)
	}
	t.Chdir(dir)
	if _, err := Load("kitchen.yml"); err != nil {
		t.Error(err)
	}
}

func TestLoadRefuses(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("reply: echo\nmaxmessage: 256\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"arduino":     `no profile is called "arduino"; there are arduino-esp8266, `,
		"":            `no profile is called ""; there are `,
		"../nowhere":  `no such file`,
		"none.yaml":   `no such file`,
		"builtin/":    `is a directory`,
		bad:           bad + `: line 2: no key is called "maxmessage"`,
		"/dev/zero":   `profile /dev/zero: more than 65536 octets`,
		"builtin/../": `is a directory`,
	} {
		_, err := Load(name)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Load(%q): got %v, want one line with %q", name, err, want)
		}
	}
}

func TestReadEveryKey(t *testing.T) {
	text := `
name: my device
deviceRole: client
path: /chat?room=1
subprotocol: "arduino"
auth: 'Basic dXNlcjpQYXNzd29yZA=='
maxMessage: 125
maxFrame: 0x100
maxFragments: 8
connections: 0
patience: 10m
settle: 500ms
deflate: true
paths: [/, /ws]
origins:
  - http://a
  - null://
greeting: |-
  two
  lines %s
reply: template
template: "%s"
binary: template
`
	yes := true
	want := conformance.Profile{
		Name: "my device", DeviceRole: wire.Client, Path: "/chat?room=1", Subprotocol: "arduino", Auth: "Basic dXNlcjpQYXNzd29yZA==",
		MaxMessage: 125, MaxFrame: 256, MaxFragments: 8, Patience: 10 * time.Minute, Settle: 500 * time.Millisecond, Deflate: &yes,
		Paths: []string{"/", "/ws"}, Origins: []string{"http://a", "null://"}, Greeting: []string{"two\nlines %s"},
		Reply: conformance.AnswerTemplate, Template: "%s", Binary: conformance.AnswerTemplate,
	}
	got, err := Read(strings.NewReader(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, error %v\nwant %+v", got, err, want)
	}
	var p conformance.Profile
	for key := range keys(&p) {
		if !strings.Contains(text, "\n"+key+":") {
			t.Errorf("the test has no %s", key)
		}
	}
	if fields := reflect.TypeFor[conformance.Profile]().NumField(); fields != len(keys(&p)) {
		t.Errorf("a profile has %d fields and %d keys", fields, len(keys(&p)))
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, fmt.Errorf("out of paper") }

func TestReadPassesErrorsOn(t *testing.T) {
	if _, err := Read(broken{}); err == nil || err.Error() != "out of paper" {
		t.Errorf("got %v", err)
	}
}
