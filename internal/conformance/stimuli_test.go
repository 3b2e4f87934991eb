package conformance_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	. "wsprobe/internal/conformance"
	"wsprobe/internal/wire"
)

// A stimulus is a case as the Autobahn testsuite plays it, read from its source
// and compared with what it puts on the wire.
type stimulus struct {
	ID       ID
	Stimulus []op
	Expect   map[string]json.RawMessage
	Close    struct {
		InitiatedBy  string
		Codes        []wire.StatusCode
		RequireClean bool
	}
}

// An op is one call of Autobahn's into its WebSocket library.
type op struct {
	Op           string
	Opcode       wire.Opcode
	Fin          bool
	RSV          uint8
	Payload      octets
	ChopSize     int
	Sync         bool // in a write of its own
	Seconds      float64
	Code         wire.StatusCode
	Reason       octets
	Binary       bool
	FragmentSize int
	FrameLength  int
}

type octets struct {
	Length    int
	Hex       string
	RepeatHex string
}

// An event is what Autobahn waits for.
type event struct {
	Event   string
	Binary  bool
	Payload octets
}

func stimuli(t *testing.T) (all []stimulus) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/autobahn/stimuli.json")
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (o octets) payload() Payload {
	if o.RepeatHex != "" {
		unit, _ := hex.DecodeString(o.RepeatHex)
		return Repeated(string(unit), o.Length)
	}
	written, _ := hex.DecodeString(o.Hex)
	return Literal(string(written))
}

// An act is what goes over the wire, or a pause.
type act struct {
	frame  Frame
	joined bool // in the same write, or the same chopping, as the frame before
	chop   int  // octets a write
	times  int  // when the last was answered; 0 for once
	pause  time.Duration
}

func (a act) String() string {
	switch {
	case a.pause > 0:
		return fmt.Sprintf("pause %v", a.pause)
	case a.joined:
		return fmt.Sprintf("chop %d, times %d, %v, joined", a.chop, a.times, a.frame)
	}
	return fmt.Sprintf("chop %d, times %d, %v", a.chop, a.times, a.frame)
}

// acts derives what goes over the wire from Autobahn's calls. The library hands
// all frames of one turn to TCP together, but for those that are synced.
func (s stimulus) acts() (acts []act) {
	joined, closed := false, false
	var begun Frame // a frame that is sent in parts
	put := func(o op, f Frame) {
		acts = append(acts, act{frame: f, joined: joined && !o.Sync, chop: o.ChopSize})
		joined, closed = !o.Sync, closed || f.Opcode == wire.Close
	}
	for i, o := range s.Stimulus {
		switch o.Op {
		case "frame":
			put(o, Frame{Opcode: o.Opcode, Payload: o.Payload.payload(), NotFin: !o.Fin, Bits: o.RSV})
		case "message":
			for _, f := range s.fragments(o) {
				put(o, f)
			}
		case "close":
			put(o, Close(o.Code, o.Reason.payload().Octets()))
		case "closeFrameRaw":
			put(o, RawClose(o.Payload.payload()))
		case "wait":
			acts, joined = append(acts, act{pause: time.Duration(o.Seconds * float64(time.Second))}), false
		case "beginFrame": // never has FIN: the library cannot know what comes
			begun = Text(s.dataAfter(i)).NoFin()
		case "frameData":
			begun = begun.Part(begun.Octets[1], begun.Octets[1]+o.Payload.Length)
			put(o, begun)
		case "endMessage":
			put(o, Continuation(""))
		}
	}
	if !closed && s.Close.InitiatedBy == "fuzzer" { // when it has got what it expects
		joined = false
		put(op{}, Close(1000))
	}
	if group := s.ID.Group() + "." + strings.Split(string(s.ID), ".")[1]; group == "9.7" || group == "9.8" {
		acts[0].times = 1000
	}
	return acts
}

// fragments cuts a message as Autobahn's library does: it finds the end only
// when it runs past it, so if the fragments come out even an empty one is last.
func (s stimulus) fragments(o op) (fragments []Frame) {
	opcode, payload := wire.Text, o.Payload.payload()
	if o.Binary {
		opcode = wire.Binary
	}
	if o.FragmentSize == 0 || payload.Len() <= o.FragmentSize {
		return []Frame{{Opcode: opcode, Payload: payload}}
	}
	whole := payload.Octets()
	for i, done := 0, false; !done; i += o.FragmentSize {
		j := i + o.FragmentSize
		if j > len(whole) {
			j, done = len(whole), true
		}
		fragments = append(fragments, Frame{Opcode: opcode, Payload: Literal(whole[i:j]), NotFin: !done})
		opcode = wire.Continuation
	}
	return fragments
}

// dataAfter joins the data of the frame that op i begins.
func (s stimulus) dataAfter(i int) (data string) {
	for _, o := range s.Stimulus[i:] {
		if o.Op == "frameData" {
			data += o.Payload.payload().Octets()
		}
	}
	return data
}

// ownClose are cases in which Autobahn's Close frame follows in the same write
// and ours, which is the script's ending, in one of its own: the closing
// handshake is ours to begin either way.
var ownClose = []ID{"2.7", "2.8"}

func TestStimuliAreAutobahns(t *testing.T) {
	cases := Catalogue()
	for i, s := range stimuli(t) {
		got, want := actsOf(cases[i].Script), s.acts()
		if slices.Contains(ownClose, s.ID) {
			want[len(want)-1].joined = false
		}
		for j := range max(len(got), len(want)) {
			if j >= len(got) || j >= len(want) || got[j] != want[j] {
				t.Errorf("%s: act %d is\n%v, want\n%v", s.ID, j, got[j:min(j+1, len(got))], want[j:min(j+1, len(want))])
				break
			}
		}
	}
}

// actsOf derives what goes over the wire from a script.
func actsOf(s Script) (acts []act) {
	for _, step := range s {
		switch step := step.(type) {
		case SendStep:
			for i, f := range sent(step) {
				acts = append(acts, act{frame: f, joined: i > 0, chop: step.Chop})
			}
		case RallyStep:
			acts = append(acts, act{frame: step.Message, times: step.Count})
		case QuietStep:
			acts = append(acts, act{pause: step.For})
		case FailFastStep:
			acts = append(acts, act{pause: step.Within})
		case Ending:
			if step.Kind == EndClose {
				acts = append(acts, act{frame: Close(step.Codes[0])})
			}
		}
	}
	return acts
}

// What Autobahn expects is what the script awaits, in the same order. Where it
// lists the empty answer as NON-STRICT, the script says "may".
func TestExpectationsAreAutobahns(t *testing.T) {
	cases := Catalogue()
	for i, s := range stimuli(t) {
		got := awaited(cases[i].Script)
		want := s.awaited(t)
		if s.ID == "7.1.6" { // Autobahn expects anything; we show what the device should answer
			want = awaits{messages: []Frame{s.acts()[0].frame, s.acts()[1].frame}, inform: true}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s awaits\n%+v, want\n%+v", s.ID, got, want)
		}
	}
}

// awaits is what a case waits for.
type awaits struct {
	messages []Frame
	optional bool // a peer that fails first is NON-STRICT
	failFast bool // likewise one that fails late
	inform   bool
}

func awaited(s Script) (a awaits) {
	for _, step := range s {
		switch step := step.(type) {
		case AwaitStep:
			a.messages = append(a.messages, step.Frames...)
			a.optional = a.optional || step.Optional
		case ReplyStep:
			a.messages = append(a.messages, step.Messages...)
			a.optional = a.optional || step.Optional
		case RallyStep:
			a.messages = append(a.messages, step.Message)
		case FailFastStep:
			a.failFast = true
		case InformStep:
			a.inform = true
		}
	}
	return a
}

func (s stimulus) awaited(t *testing.T) (a awaits) {
	t.Helper()
	var events []event
	if ok, judged := s.Expect["OK"]; judged {
		if err := json.Unmarshal(ok, &events); err != nil {
			t.Fatal(s.ID, err)
		}
	}
	for _, e := range events {
		switch e.Event {
		case "message":
			f := Text(e.Payload.payload())
			if e.Binary {
				f.Opcode = wire.Binary
			}
			a.messages = append(a.messages, f)
		case "pong":
			a.messages = append(a.messages, Pong(e.Payload.payload()))
		case "stillOpenAfterWait":
			a.failFast = true
		case "seeRule": // the message comes back
			a.messages = append(a.messages, s.message())
		default:
			t.Errorf("%s: unknown event %q", s.ID, e.Event)
		}
	}
	a.optional = string(s.Expect["NON-STRICT"]) == "[]"
	_, a.inform = s.Expect["INFORMATIONAL"]
	return a
}

// message returns the only message that a case of group 9 sends.
func (s stimulus) message() Frame {
	for _, o := range s.Stimulus {
		if o.Op == "frame" {
			return Frame{Opcode: o.Opcode, Payload: o.Payload.payload()}
		}
		if o.Op == "message" && o.Binary {
			return Binary(o.Payload.payload())
		}
		if o.Op == "message" {
			return Text(o.Payload.payload())
		}
	}
	return Frame{}
}

func TestEndingsAreAutobahns(t *testing.T) {
	cases := Catalogue()
	for i, s := range stimuli(t) {
		e := cases[i].Script.Ending()
		if e.PeerBegins() != (s.Close.InitiatedBy == "peer") {
			t.Errorf("%s: the peer begins: %v, but Autobahn wants the %s to", s.ID, e.PeerBegins(), s.Close.InitiatedBy)
		}
		if e.Clean() != s.Close.RequireClean {
			t.Errorf("%s: a clean close is required: %v, want %v", s.ID, e.Clean(), s.Close.RequireClean)
		}
		if got, want := set(e.Codes), set(s.Close.Codes); !slices.Equal(got, want) {
			t.Errorf("%s takes %v, want %v", s.ID, got, want)
		}
	}
}

func set(codes []wire.StatusCode) []wire.StatusCode {
	return slices.Compact(slices.Sorted(slices.Values(codes)))
}

// A device has as long for an answer as Autobahn gives it for the case, if that
// is more than a few seconds; those are for its profile to say. A rally has
// Autobahn's shortest limit for each answer where Autobahn has one for all.
func TestLimitsAreAutobahns(t *testing.T) {
	cases := Catalogue()
	for i, s := range stimuli(t) {
		var limit, want time.Duration
		rally := false
		for _, step := range cases[i].Script {
			switch step := step.(type) {
			case WithinStep:
				limit = step.Limit
			case RallyStep:
				rally = true
			}
		}
		for _, o := range s.Stimulus {
			if o.Op == "failAfter" || o.Op == "closeAfter" {
				want = time.Duration(o.Seconds * float64(time.Second))
			}
		}
		switch {
		case want < 10*time.Second && limit == 0:
		case rally && limit == 60*time.Second:
		case !rally && want >= 10*time.Second && limit >= want:
		default:
			t.Errorf("%s: %v for an answer, Autobahn has %v", s.ID, limit, want)
		}
	}
}
