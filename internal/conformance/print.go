package conformance

import (
	"fmt"
	"strings"
	"time"
)

// String returns the case in textual form: a line of ID, title and clause, and
// the script, a step a line.
func (c Case) String() string {
	head := fmt.Sprintf("%s  %s  %s", c.ID, c.Title, c.Spec)
	if c.Level != LevelMust {
		head += "  " + c.Level.String()
	}
	return head + "\n" + c.Script.String()
}

// String returns the script in textual form, a step a line.
func (s Script) String() string {
	var b strings.Builder
	for _, step := range s {
		b.WriteString(step.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// MarshalText writes the script as String does.
func (s Script) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (s SendStep) String() string {
	line := "send" + s.Pace.String()
	if s.Fragment > 0 {
		line += fmt.Sprintf(" fragment=%d", s.Fragment)
	}
	return line + " " + framesString(s.Frames)
}

func (s AwaitStep) String() string {
	if s.Optional {
		return "should " + framesString(s.Frames)
	}
	return "must " + framesString(s.Frames)
}

func (s ReplyStep) String() string {
	if s.Optional {
		return "may reply " + framesString(s.Messages)
	}
	return "reply " + framesString(s.Messages)
}

func (s QuietStep) String() string { return "quiet " + durationString(s.For) }

func (s FailFastStep) String() string {
	return fmt.Sprintf("should fail %d within %s", s.Code, durationString(s.Within))
}

func (s RallyStep) String() string {
	line := fmt.Sprintf("rally %d %v", s.Count, s.Message)
	if s.Slice != (Slice{}) {
		line += " " + s.Slice.String()
	}
	if s.Fragment > 0 {
		line += fmt.Sprintf(" fragment=%d", s.Fragment)
	}
	if s.Blocks != AnyBlocks {
		line += fmt.Sprintf(" blocks=%v", s.Blocks)
	}
	return line
}

func (s WithinStep) String() string { return "within " + durationString(s.Limit) }
func (s InformStep) String() string { return "informational" }
func (s StallStep) String() string  { return "stall " + durationString(s.For) }

func (s BesideStep) String() string {
	indented := strings.ReplaceAll(strings.TrimSuffix(s.Script.String(), "\n"), "\n", "\n\t")
	return fmt.Sprintf("beside %d {\n\t%s\n}", s.Count, indented)
}

func (s RequestStep) String() string  { return editsString("request", s.Pace, s.Edits) }
func (s ResponseStep) String() string { return editsString("response", s.Pace, s.Edits) }
func (s TogetherStep) String() string { return "together " + framesString(s.Frames) }

func (s DeflateStep) String() string {
	if len(s.Offers) == 1 && s.Offers[0] == "" {
		return "deflate"
	}
	line := "deflate"
	for i, offer := range s.Offers {
		if i > 0 {
			line += ","
		}
		if offer == "" {
			offer = plainOffer
		}
		line += " " + offer
	}
	return line
}

// plainOffer stands for no parameters where there are other lists of them.
const plainOffer = "plain"

func (e Ending) String() string {
	line := [...]string{
		EndClose: "close", EndAnswer: "must answer", EndReject: "must reject",
		EndFail: "must fail", EndRefuse: "must refuse", EndDrop: "drop",
		EndRefuseVersion: "must refuse version", EndLetGo: "must let go", EndMayRefuse: "may refuse",
		EndMayFail: "may fail", EndShouldNotFail: "should not fail",
		EndReset: "reset",
	}[e.Kind]
	for _, code := range e.Codes {
		line += fmt.Sprintf(" %d", code)
	}
	return line
}

func editsString(half string, pace Pace, edits []Edit) string {
	half += pace.String()
	for i, e := range edits {
		if i > 0 {
			half += ","
		}
		half += " " + e.String()
	}
	return half
}

// String returns the textual form: `Sec-WebSocket-Version: "12"` sets a field,
// `+Name: "x"` adds a line, `-Name` removes it.
func (e Edit) String() string {
	switch e.Op {
	case EditSet:
		return fmt.Sprintf("%s: %v", e.Name, e.Value)
	case EditAdd:
		return fmt.Sprintf("+%s: %v", e.Name, e.Value)
	case EditRemove:
		return "-" + e.Name
	case EditRename:
		return fmt.Sprintf("%s as %v", e.Name, e.Value)
	case EditStart:
		return fmt.Sprintf("start %v", e.Value)
	case EditRaw:
		return fmt.Sprintf("line %v", e.Value)
	case EditReverse:
		return "reverse"
	}
	return fmt.Sprintf("end %v", e.Value)
}

// durationString writes whole seconds as such, 100s and not 1m40s.
func durationString(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%ds", d/time.Second)
	}
	return d.String()
}
