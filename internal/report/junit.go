package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"wsprobe/internal/conformance"
)

// The elements of a JUnit report, as the common consumers read it.
type (
	junitReport struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCounts
		Suites []*junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Timestamp  string          `xml:"timestamp,attr,omitempty"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitCounts struct {
		Tests    int     `xml:"tests,attr"`
		Failures int     `xml:"failures,attr"`
		Errors   int     `xml:"errors,attr"`
		Skipped  int     `xml:"skipped,attr"`
		Time     xmlTime `xml:"time,attr"`
	}
	junitCase struct {
		ClassName  string          `xml:"classname,attr"`
		Name       string          `xml:"name,attr"`
		Time       xmlTime         `xml:"time,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Failure    *junitOutcome   `xml:"failure"`
		Error      *junitOutcome   `xml:"error"`
		Skipped    *junitOutcome   `xml:"skipped"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitOutcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",cdata"`
	}
	xmlTime time.Duration // written in seconds
)

func (t xmlTime) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%.3f", time.Duration(t).Seconds()), nil
}

// JUnit writes the runs for CI: a suite for each group of cases of an agent.
// Names are made of agent, group and ID, which do not change. What makes the
// run exit with 1 is a failure; SKIPPED and UNIMPLEMENTED are skipped;
// INCONCLUSIVE is an error; the rest passes, known verdicts among it, and has
// its verdicts as properties.
func JUnit(w io.Writer, runs ...Run) error {
	report := junitReport{Name: "wsprobe"}
	for _, run := range distinct(runs) {
		report.add(run)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (report *junitReport) add(run Run) {
	var suite *junitSuite
	rules := run.Rules()
	for _, r := range run.sorted() {
		group := r.Case.ID.Group()
		name := run.Agent + "/" + Printable(group)
		if suite == nil || suite.Name != name {
			suite = &junitSuite{Name: name, Properties: []junitProperty{
				{"title", Printable(conformance.GroupTitle(group))},
				{"tool", Printable(run.Tool)},
				{"profile", Printable(run.Profile)},
				{"seed", fmt.Sprint(run.Seed)},
			}}
			if run.Messages > 0 {
				suite.Properties = append(suite.Properties, junitProperty{"messages", fmt.Sprint(run.Messages)})
			}
			if !r.Started.IsZero() {
				suite.Timestamp = r.Started.UTC().Format("2006-01-02T15:04:05")
			}
			report.Suites = append(report.Suites, suite)
		}
		outcome := rules.Outcome(r)
		suite.Cases = append(suite.Cases, newJUnitCase(name, r, outcome))
		suite.count(r.Took, outcome)
		report.count(r.Took, outcome)
	}
}

func (c *junitCounts) count(took time.Duration, outcome conformance.Outcome) {
	c.Tests++
	c.Time += xmlTime(took)
	switch outcome {
	case conformance.Fails:
		c.Failures++
	case conformance.NotJudged:
		c.Errors++
	case conformance.NotPlayed:
		c.Skipped++
	}
}

func newJUnitCase(class string, r conformance.Result, outcome conformance.Outcome) junitCase {
	verdicts, reason := fmt.Sprintf("%v / %v", r.Behavior, r.BehaviorClose), Printable(r.Reason)
	c := junitCase{
		ClassName: class, Name: Printable(string(r.Case.ID)), Time: xmlTime(r.Took),
		Properties: []junitProperty{
			{"title", Printable(r.Case.Title)},
			{"clause", Printable(r.Case.Spec)},
			{"level", r.Case.Level.String()},
			{"behavior", r.Behavior.String()},
			{"behaviorClose", r.BehaviorClose.String()},
		},
	}
	property := func(name, value string) {
		if value != "" {
			c.Properties = append(c.Properties, junitProperty{name, value})
		}
	}
	property("health", Printable(string(r.Health)))
	for _, fact := range factsOfFinding(r.Finding) {
		property(fact.Name, fact.Value)
	}
	switch outcome {
	case conformance.Fails:
		text := fmt.Sprintf("%s\n%s\n\n%s", verdicts, reason, transcriptText(r.Transcript))
		c.Failure = &junitOutcome{reason, r.Worse().String(), text}
	case conformance.NotJudged:
		c.Error = &junitOutcome{reason, r.Worse().String(), transcriptText(r.Transcript)}
	case conformance.NotPlayed:
		c.Skipped = &junitOutcome{Message: fmt.Sprintf("%v: %s", r.Worse(), reason)}
	default:
		property("outcome", string(outcome))
		property("reason", reason)
	}
	return c
}
