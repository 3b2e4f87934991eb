package report

import (
	"io"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"wsprobe/internal/conformance"
)

// Prometheus writes the runs for the textfile collector of node_exporter.
// Verdicts are the worse of a case's two.
func Prometheus(w io.Writer, runs ...Run) error {
	registry := prometheus.NewRegistry()
	metrics := newMetrics(registry)
	for _, run := range distinct(runs) {
		metrics.add(run)
	}
	families, err := registry.Gather()
	if err != nil {
		return err
	}
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
			return err
		}
	}
	return nil
}

type metrics struct {
	info, started, limit, cases, failing *prometheus.GaugeVec // of a run
	findings                             *prometheus.GaugeVec // of a campaign
	verdict, duration                    *prometheus.GaugeVec // of a case
}

func newMetrics(registry *prometheus.Registry) metrics {
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		vec := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "wsprobe", Name: name, Help: help},
			append([]string{"agent"}, labels...))
		registry.MustRegister(vec)
		return vec
	}
	return metrics{
		info:     gauge("run_info", "The run that the other metrics are of; always 1.", "device_role", "profile", "tool"),
		started:  gauge("run_started_timestamp_seconds", "When the run began."),
		limit:    gauge("run_messages_limit", "How many messages of each case that has 1000 were played; not there for all."),
		cases:    gauge("run_cases", "Cases of the run by verdict, the worse of the two.", "verdict"),
		failing:  gauge("run_failing_cases", "Cases whose verdict fails the run: worse than allowed, and not known."),
		findings: gauge("campaign_findings", "How many findings of the kind a campaign of the fuzzer has.", "kind"),
		verdict:  gauge("case_verdict", "What the case came to, the worse of its two verdicts; always 1.", "case", "verdict"),
		duration: gauge("case_duration_seconds", "How long the case took.", "case"),
	}
}

func (m metrics) add(run Run) {
	agent, role := run.Agent, ""
	if run.DeviceRole != 0 {
		role = run.DeviceRole.String()
	}
	m.info.WithLabelValues(agent, role, Printable(run.Profile), Printable(run.Tool)).Set(1)
	m.started.WithLabelValues(agent).Set(float64(run.Started.UnixMilli()) / 1e3)
	if run.Messages > 0 {
		m.limit.WithLabelValues(agent).Set(float64(run.Messages))
	}
	m.failing.WithLabelValues(agent).Set(float64(run.Outcomes()[conformance.Fails]))
	counts := run.Counts()
	for _, v := range conformance.Verdicts() {
		m.cases.WithLabelValues(agent, v.String()).Set(float64(counts[v])) // zeros too, so that an alert sees 0 and not a gap
	}
	if run.campaign() {
		kinds := run.kinds()
		for k := conformance.KindLenient; k <= conformance.KindDown; k++ {
			m.findings.WithLabelValues(agent, k.String()).Set(float64(kinds[k]))
		}
	}
	for _, r := range run.Results {
		id := Printable(string(r.Case.ID))
		m.verdict.WithLabelValues(agent, id, r.Worse().String()).Set(1)
		if r.Worse().Judged() {
			m.duration.WithLabelValues(agent, id).Set(r.Took.Seconds())
		}
	}
}
