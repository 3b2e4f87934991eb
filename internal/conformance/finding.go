package conformance

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wsprobe/internal/wire"
)

// Kind is what kind of invariant a device has broken, whatever it was sent. The
// greater is the worse.
type Kind uint8

// The kinds of findings, the mildest first.
const (
	KindLenient Kind = iota + 1 // it accepts what it had to refuse
	KindSlow                    // its memory or its latency creeps
	KindIllegal                 // it sends what no endpoint may send
	KindDesync                  // what it answers is not what was sent: lost, doubled, out of order, refused though lawful
	KindSmuggle                 // it takes for a frame what is part of another
	KindLeak                    // it sends octets that it was not sent on this connection, or not now
	KindHang                    // it neither answers nor ends, holds up another connection, or loses a slot
	KindDown                    // it crashed: it is gone, or was for a while
)

var kindNames = []string{"", "LENIENT", "SLOW", "ILLEGAL", "DESYNC", "SMUGGLE", "LEAK", "HANG", "DOWN"}

// String returns the kind in capitals.
func (k Kind) String() string { return kindNames[k] }

// ParseKind reads a kind in capitals.
func ParseKind(s string) (Kind, error) {
	if i := slices.Index(kindNames, s); i > 0 {
		return Kind(i), nil
	}
	return 0, fmt.Errorf("no kind of finding %q; there are %s", s, strings.Join(kindNames[1:], ", "))
}

// TallyKinds counts findings, the worst first: 1 DOWN, 2 LENIENT.
func TallyKinds(kinds map[Kind]int) string {
	var parts []string
	for k := KindDown; k >= KindLenient; k-- {
		if kinds[k] > 0 {
			parts = append(parts, fmt.Sprintf("%d %v", kinds[k], k))
		}
	}
	if len(parts) == 0 {
		return "no findings"
	}
	return strings.Join(parts, ", ")
}

// Family is a kind of input that a fuzzer makes, after where it strikes.
type Family string

// The families of inputs.
const (
	FamilyLength   Family = "len"       // declared lengths
	FamilySplit    Family = "split"     // where writes end
	FamilyMask     Family = "mask"      // masking
	FamilyFragment Family = "frag"      // fragmentation
	FamilyControl  Family = "ctrl"      // control frames
	FamilyClose    Family = "close"     // closing
	FamilyRequest  Family = "hs-server" // our request; the device is a server
	FamilyResponse Family = "hs-client" // our response; the device is a client
	FamilyDeflate  Family = "pmd"       // permessage-deflate
	FamilyConnect  Family = "conn"      // connections beside and after one another
	FamilyText     Family = "utf"       // UTF-8
	FamilyMixed    Family = "mix"       // scripts of the catalogue, bent and spliced
)

// Families lists the families in the order in which inputs take turns.
func Families() []Family {
	return []Family{FamilyLength, FamilySplit, FamilyMask, FamilyFragment, FamilyControl, FamilyClose,
		FamilyRequest, FamilyResponse, FamilyDeflate, FamilyConnect, FamilyText, FamilyMixed}
}

// Finding is what a fuzzer brings home: an input that makes a device break an
// invariant.
type Finding struct {
	Kind   Kind
	Rule   string // what broke, in words that are the same for every input that breaks it so
	Detail string // what was seen, in words
	Device wire.Role
	Family Family
	Seed   uint64
	N      int      // of the input that found it: with Seed, the input
	Nth    int      // of the findings of that input, from 0
	Input  Script   // the input that found it
	Script Script   // the smallest that still does
	Before []Script // what must come first, each on a connection of its own; most often nothing
	Times  int      // that it was reproduced
	Tries  int      // to reproduce it
	Inputs int      // that broke it, in all
	Found  time.Time

	// Connections are those of Before, those beside that of Script, and last that
	// itself, as they went.
	Connections []Connection
	Transcript  Transcript // of Script
}

// Connection is what went over one connection, in order.
type Connection []Segment

// Segment is what one end wrote at once.
type Segment struct {
	Sent   bool // by us
	Octets []byte
}

// ID returns what the finding is called in reports: FUZZ.LEN.1234, and the next
// of the same input FUZZ.LEN.1234.1.
func (f Finding) ID() ID {
	id := fmt.Sprintf("FUZZ.%s.%d", strings.ToUpper(string(f.Family)), f.N)
	if f.Nth > 0 {
		id += fmt.Sprintf(".%d", f.Nth)
	}
	return ID(id)
}

// Holds reports whether the connections are open at the same time.
func (f Finding) Holds() bool {
	return slices.ContainsFunc(f.Script, func(s Step) bool { _, ok := s.(BesideStep); return ok })
}

// Name returns a name for files: down-len-1234, down-len-1234-1.
func (f Finding) Name() string {
	name := fmt.Sprintf("%s-%s-%d", strings.ToLower(f.Kind.String()), f.Family, f.N)
	if f.Nth > 0 {
		name += fmt.Sprintf("-%d", f.Nth)
	}
	return name
}

// Result returns the finding as the result of a case, which fails if the kind
// is as bad as failOn, and is NON-STRICT if not.
func (f *Finding) Result(failOn Kind) Result {
	r := Result{Case: f.Case(), Behavior: NonStrict, BehaviorClose: OK, Reason: f.Detail, Health: Alive, Started: f.Found,
		Transcript: f.Transcript, Finding: f}
	if f.Kind >= failOn {
		r.Behavior = Failed
	}
	return r
}

// Case returns the finding as a case.
func (f Finding) Case() Case {
	return Case{ID: f.ID(), Title: f.Kind.String() + ": " + f.Rule, Spec: fmt.Sprintf("seed %d, input %d", f.Seed, f.N), Script: f.Script}
}

// FamilyResult is the result of a family that found nothing, in so many inputs.
func FamilyResult(f Family, inputs int) Result {
	return Result{
		Case:     Case{ID: ID("FUZZ." + strings.ToUpper(string(f))), Title: FamilyTitle(f), Spec: "fuzzing"},
		Behavior: OK, BehaviorClose: OK, Health: Alive, Reason: fmt.Sprintf("%d inputs, and no finding", inputs),
	}
}
