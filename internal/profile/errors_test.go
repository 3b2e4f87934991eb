package profile

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// wrong are profiles, each with one thing that is wrong.
var wrong = []string{
	// YAML that is none, or no mapping
	"",
	"# only a comment\n",
	"reply echo\n",
	"- reply: echo\n",
	"reply: [echo\n",
	"reply: \"echo\n",
	"reply: echo\n\tpath: /\n",
	"reply: echo\nreply: none\n",
	"reply: echo\n---\nreply: none\n",
	"path: &a /\nsubprotocol: *a\n",
	"<<: {reply: echo}\n",
	"? [reply]\n: echo\n",
	"path: !!str /\n",
	"path: %s\n",

	// keys
	"maxmessage: 256\n",
	"reply: echo\n\n# frames\nMaxFrame: 256\n",
	"\"\\x1b[2J\\n\": 1\n",

	// kinds
	"name: 8266\n",
	"name:\n",
	"path: [/]\n",
	"deviceRole: peer\n",
	"deviceRole: 1\n",
	"maxMessage: much\n",
	"maxMessage: 1.5\n",
	"maxMessage: \"256\"\n",
	"maxMessage: 99999999999999999999\n",
	"maxMessage: 4294967296\n",
	"maxMessage: {octets: 256}\n",
	"connections: -1\n",
	"connections: -99999999999999999999\n",
	"patience: 5\n",
	"patience: soon\n",
	"patience: -1s\n",
	"settle: 11m\n",
	"deflate: maybe\n",
	"deflate: 0\n",
	"paths: [/, 7]\n",
	"greeting: {text: Connected}\n",

	// sense
	"maxMessage: 124\n",
	"maxFrame: 64\n",
	"reply: echo\nmaxFragments: 1\n",
	"path: ws\n",
	"path: \"/a b\"\n",
	"path: \"/\\r\\nHost: x\"\n",
	"path: /ü\n",
	"paths: [/, ws]\n",
	"name: \"\\x1b[2J\"\n",
	"subprotocol: \"a\\r\\nb\"\n",
	"auth: \"Basic \\0\"\n",
	"auth: \"Basic \\x7f\"\n",
	"origins: [\"http://a\\n\"]\n",
	"greeting: \"\"\n",
	"greeting: [\"%s and %s\"]\n",
	"reply: mirror\n",
	"reply: Echo\n",
	"reply: template\n",
	"reply: template\ntemplate: Hello\n",
	"reply: template\ntemplate: \"%s %s\"\n",
	"template: Reply for %s\n",
	"reply: stream\ntemplate: Reply for %s\n",
	"binary: none\n",
	"reply: template\ntemplate: Reply for %s\nbinary: stream\n",
}

func TestErrors(t *testing.T) {
	var got strings.Builder
	for _, text := range wrong {
		_, err := Read(strings.NewReader(text))
		if err == nil {
			t.Errorf("%q is taken", text)
			continue
		}
		if strings.ContainsFunc(err.Error(), isControl) {
			t.Errorf("%q: not fit for a terminal: %q", text, err)
		}
		fmt.Fprintf(&got, "%q\n\t%v\n", text, err)
	}
	compare(t, "testdata/errors.txt", got.String())
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; write it with -update and look at what changed:\n%s", file, got)
	}
}

// What is too large or too deep is refused before the parser sees it.
func TestBounds(t *testing.T) {
	for name, text := range map[string]string{
		"size":     "name: " + strings.Repeat("x", MaxSize),
		"brackets": strings.Repeat("[", MaxSize-1),
		"lists":    strings.Repeat("- ", MaxSize/2-1),
		"maps":     strings.Repeat("{a: ", MaxSize/4-1),
		"anchors":  strings.Repeat("&a ", MaxSize/3-1),
		"colons":   strings.Repeat(":", MaxSize-1),
		"keys":     strings.Repeat("reply: echo\n", MaxSize/12-1),
	} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s: taken", name)
		} else if len(err.Error()) > 500 {
			t.Errorf("%s: an error of %d octets", name, len(err.Error()))
		}
	}
}
