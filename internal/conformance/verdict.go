package conformance

import "fmt"

// Verdict is what came of a case, in the words of the Autobahn testsuite. The
// zero Verdict means that there is none yet.
type Verdict uint8

// The verdicts, from good to bad, so that max gives the worse; the last two
// are not about the device and not Autobahn's.
const (
	OK Verdict = iota + 1
	Informational
	Unimplemented
	NonStrict
	FailedByClient // we had to drop TCP, although the device is the server
	WrongCode      // the device closed with a status that the case does not list
	Unclean        // the closing handshake was not completed
	Failed

	Skipped      // beyond what the profile says of the device
	Inconclusive // our network or clock, or a device that was gone before
)

var verdictNames = [...]string{
	OK:             "OK",
	Informational:  "INFORMATIONAL",
	Unimplemented:  "UNIMPLEMENTED",
	NonStrict:      "NON-STRICT",
	FailedByClient: "FAILED BY CLIENT",
	WrongCode:      "WRONG CODE",
	Unclean:        "UNCLEAN",
	Failed:         "FAILED",
	Skipped:        "SKIPPED",
	Inconclusive:   "INCONCLUSIVE",
}

func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return fmt.Sprintf("verdict%d", uint8(v))
}

// Verdicts returns every verdict, from good to bad.
func Verdicts() []Verdict {
	var all []Verdict
	for v := OK; int(v) < len(verdictNames); v++ {
		all = append(all, v)
	}
	return all
}

// ParseVerdict reads a verdict as String writes it.
func ParseVerdict(s string) (Verdict, error) {
	for v, name := range verdictNames {
		if name == s && s != "" {
			return Verdict(v), nil
		}
	}
	return 0, fmt.Errorf("no verdict is called %s", quoted(s))
}

// Judged reports whether v says something about the device, as SKIPPED and
// INCONCLUSIVE do not.
func (v Verdict) Judged() bool { return v >= OK && v <= Failed }

// MarshalText writes v as String does.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (v *Verdict) UnmarshalText(b []byte) (err error) {
	*v, err = ParseVerdict(string(b))
	return err
}
