package witness

import (
	"encoding/hex"
	"encoding/json"
	"strings"
)

// MarshalJSON writes the event as an object on one line, octets as hex.
func (e Event) MarshalJSON() ([]byte, error) {
	line := struct {
		Time      string     `json:"time"`
		Event     Kind       `json:"event"`
		Address   string     `json:"address"`
		Missed    uint64     `json:"missed,omitempty"`
		Path      string     `json:"path,omitempty"`
		UserAgent string     `json:"userAgent,omitempty"`
		Frame     *Frame     `json:"frame,omitempty"`
		Violation *Violation `json:"violation,omitempty"`
		Initiator string     `json:"initiator,omitempty"`
		Status    int        `json:"status,omitempty"`
		Text      string     `json:"text"`
	}{Time: e.Time.Format("2006-01-02T15:04:05.000000Z07:00"), Event: e.Kind, Address: e.Address, Missed: e.Missed, Frame: e.Frame, Violation: e.Violation}
	if e.Device != nil {
		line.Path, line.UserAgent = e.Device.Path, e.Device.UserAgent
	}
	if e.Refusal != nil {
		line.Status = e.Refusal.Status
	}
	if e.Closing != nil {
		line.Initiator, line.Status = e.Closing.Initiator, int(e.Closing.Status)
	}
	e.Missed = 0
	_, line.Text, _ = strings.Cut(e.String(), "  ")
	return json.Marshal(line)
}

// MarshalJSON writes the violation with its octets as hex.
func (v Violation) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"row": v.Row, "clause": v.Clause, "detail": v.Detail, "octets": hex.EncodeToString(v.Octets), "more": v.More, "count": v.Count})
}

// MarshalJSON writes the frame with its octets as hex.
func (f Frame) MarshalJSON() ([]byte, error) {
	frame := map[string]any{
		"time": f.Time, "from": f.From, "opcode": f.Header.Opcode.String(), "fin": f.Header.Fin, "rsv": f.Header.RSV,
		"masked": f.Header.Masked, "length": f.Header.Length, "seen": f.Seen, "payload": hex.EncodeToString(f.Payload),
	}
	if f.Header.Masked {
		frame["key"] = hex.EncodeToString(f.Header.Key[:])
	}
	return json.Marshal(frame)
}
