package conformance_test

import (
	"testing"
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

func TestBeyond(t *testing.T) {
	yes, no := true, false
	deflate := Case{Script: script(t, "deflate\nclose 1000")}
	beside := Case{Script: script(t, "beside 4 {\nclose 1000\n}\nclose 1000")}
	request := Case{Script: script(t, "request -Origin\nclose 1000")}
	for _, c := range []struct {
		name    string
		profile Profile
		c       Case
		want    string
	}{
		{"no limits", Profile{}, caseOf(t, "9.1.6"), ""},
		{"message at the limit", Profile{MaxMessage: 65536}, caseOf(t, "1.1.7"), ""},
		{"message above", Profile{MaxMessage: 65535}, caseOf(t, "1.1.7"), "a message of 65536 octets; the profile's maxMessage is 65535"},
		{"fragments of a message above", Profile{MaxMessage: 100}, caseOf(t, "9.3.1"), "a message of 4194304 octets; the profile's maxMessage is 100"},
		{"frame at the limit", Profile{MaxFrame: 64}, caseOf(t, "9.3.1"), ""},
		{"frame above", Profile{MaxFrame: 63}, caseOf(t, "9.3.1"), "a frame of 64 octets; the profile's maxFrame is 63"},
		{"fragments at the limit", Profile{MaxFragments: 5}, caseOf(t, "5.19"), ""},
		{"fragments above", Profile{MaxFragments: 4}, caseOf(t, "5.19"), "a message in 5 fragments; the profile's maxFragments is 4"},
		{"much that the device may fail over", Profile{MaxMessage: 125, MaxFrame: 125, MaxFragments: 8}, caseOf(t, "FRG.11.1"), ""},
		{"connections at the limit", Profile{Connections: 5}, beside, ""},
		{"connections above", Profile{Connections: 4}, beside, "5 connections at once; the profile's connections is 4"},
		{"one connection", Profile{Connections: 1}, caseOf(t, "1.1.1"), ""},
		{"deflate unknown", Profile{}, deflate, ""},
		{"deflate", Profile{Deflate: &yes}, deflate, ""},
		{"no deflate", Profile{Deflate: &no}, deflate, "compression; the profile says deflate: false"},
		{"no deflate needed", Profile{Deflate: &no}, caseOf(t, "1.1.1"), ""},
		{"a server", Profile{DeviceRole: wire.Server}, request, ""},
		{"a client", Profile{DeviceRole: wire.Client}, request, "not a case for a client"},
		{"either", Profile{}, request, ""},
	} {
		if got := c.profile.Beyond(c.c); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The lowest limits that a profile may state rule out no case on framing,
// fragmentation, control frames or closing but for its size.
func TestLowestLimits(t *testing.T) {
	lowest := Profile{MaxMessage: MinMessage, MaxFrame: MinMessage, MaxFragments: MinFragments}
	for _, c := range Catalogue() {
		switch c.ID.Group() {
		case "2", "3", "4", "5":
			if reason := lowest.Beyond(c); reason != "" {
				t.Errorf("%s: %s", c.ID, reason)
			}
		case "7":
			if reason := lowest.Beyond(c); reason != "" && c.ID != "7.1.6" { // 256 KiB
				t.Errorf("%s: %s", c.ID, reason)
			}
		}
	}
}

func TestAnswerTo(t *testing.T) {
	wrapped := Profile{Reply: AnswerTemplate, Template: "<%s|%s>"}
	for _, c := range []struct {
		name    string
		profile Profile
		message Frame
		answer  Answer
		want    Frame
	}{
		{"nothing said", Profile{}, Text("x"), AnswerEcho, Text("x")},
		{"echo", Profile{Reply: AnswerEcho}, Binary("x"), AnswerEcho, Binary("x")},
		{"template", wrapped, Text("x"), AnswerTemplate, Text("<x|%s>")},
		{"template of nothing", wrapped, Text(""), AnswerTemplate, Text("<|%s>")},
		{"template, binary not said", wrapped, Binary("x"), AnswerEcho, Binary("x")},
		{"template, binary echoed", Profile{Reply: AnswerTemplate, Template: "%s!", Binary: AnswerEcho}, Binary("x"), AnswerEcho, Binary("x")},
		{"template, binary too", Profile{Reply: AnswerTemplate, Template: "%s!", Binary: AnswerTemplate}, Binary("x"), AnswerTemplate, Text("x!")},
		{"template, no binary", Profile{Reply: AnswerTemplate, Template: "%s!", Binary: AnswerNone}, Binary("x"), AnswerNone, Binary("x")},
		{"stream", Profile{Reply: AnswerStream}, Text("x"), AnswerStream, Text("x")},
		{"none", Profile{Reply: AnswerNone}, Text("x"), AnswerNone, Text("x")},
		{"binary says nothing without a template", Profile{Binary: AnswerNone}, Binary("x"), AnswerEcho, Binary("x")},
	} {
		if answer, got := c.profile.AnswerTo(c.message); answer != c.answer || got != c.want {
			t.Errorf("%s: %s, %v, want %s, %v", c.name, answer, got, c.answer, c.want)
		}
	}
}

func TestGreets(t *testing.T) {
	p := Profile{Greeting: []string{"Connected", "Welcome, %s!", "aa%saa"}}
	for message, want := range map[string]bool{
		"Connected":            true,
		"Connected ":           false,
		"connected":            false,
		"Welcome, !":           true,
		"Welcome, you!":        true,
		"Welcome, you":         false,
		"Welcome, %s!":         true,
		"aaaa":                 true,
		"aaa":                  false, // not the same octets twice
		"":                     false,
		"Hello, Welcome, you!": false,
	} {
		if got := p.Greets([]byte(message)); got != want {
			t.Errorf("%q is a greeting: %v", message, got)
		}
	}
	if (Profile{}).Greets(nil) {
		t.Error("a device that does not greet has greeted")
	}
}

func TestPatience(t *testing.T) {
	if got := (Profile{}).PatienceOrDefault(); got != time.Second {
		t.Errorf("without a word %v", got)
	}
	if got := (Profile{Patience: time.Minute}).PatienceOrDefault(); got != time.Minute {
		t.Errorf("%v, want a minute", got)
	}
}
