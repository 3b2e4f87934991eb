package engineio

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// An event is the data of a packet of that type: ["name",1,{"two":2}].
type event struct {
	name  string
	first string // of the values, as JSON; "" if there are none
	rest  string // the values as a JSON array
}

var errEvent = errors.New("event is not a JSON array that begins with a name")

// parseEvent reads the data of a packet, which is JSON. What comes behind the
// name is kept as it was written, octet for octet.
func parseEvent(data string) (event, error) {
	d := json.NewDecoder(strings.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return event{}, errEvent
	}
	name, err := d.Token()
	if _, ok := name.(string); err != nil || !ok {
		return event{}, errEvent
	}
	e := event{name: name.(string)}
	e.rest = strings.TrimLeft(data[d.InputOffset():], ", \t\r\n")
	e.rest = "[" + strings.TrimRight(e.rest, " \t\r\n")
	if d.More() {
		var first json.RawMessage
		if err := d.Decode(&first); err != nil {
			return event{}, errEvent
		}
		e.first = string(first)
	}
	return e, nil
}

// greeting is the data of the event that answers "message" with a value.
func (e event) greeting() string {
	name := e.first
	var text string
	if json.Unmarshal([]byte(e.first), &text) == nil {
		name = text
	}
	return `["message",` + quote("Hello "+name+"!") + `]`
}

// quote is s as JSON.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always can be
	return strings.TrimSuffix(b.String(), "\n")
}
