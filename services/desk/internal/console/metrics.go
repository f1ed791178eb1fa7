package console

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Metrics are those of one process, by name.
type Metrics map[string]*dto.MetricFamily

// Label is one that a series must have, with one of the values.
type Label struct {
	Name string
	Any  []string
}

// ReadMetrics reads the text of /metrics.
func ReadMetrics(text []byte) (Metrics, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read the metrics: %w", err)
	}
	return families, nil
}

// each gives the series of a metric that have the labels.
func (m Metrics) each(name string, labels []Label, do func(series *dto.Metric, value float64)) {
	family := m[name]
	if family == nil {
		return
	}
	for _, series := range family.GetMetric() {
		if v := value(series); has(series, labels) && !math.IsNaN(v) {
			do(series, v)
		}
	}
}

// Sum adds up the series of a metric that have the labels. It is false where there are none.
func (m Metrics) Sum(name string, labels ...Label) (sum float64, known bool) {
	m.each(name, labels, func(_ *dto.Metric, v float64) { sum, known = sum+v, true })
	return sum, known
}

// Most is the greatest of the series. It is false where there are none.
func (m Metrics) Most(name string, labels ...Label) (most float64, known bool) {
	m.each(name, labels, func(_ *dto.Metric, v float64) {
		if !known || v > most {
			most, known = v, true
		}
	})
	return most, known
}

func has(series *dto.Metric, labels []Label) bool {
	for _, l := range labels {
		if !slices.Contains(l.Any, label(series, l.Name)) {
			return false
		}
	}
	return true
}

func label(series *dto.Metric, name string) string {
	for _, p := range series.GetLabel() {
		if p.GetName() == name {
			return p.GetValue()
		}
	}
	return ""
}

// value is that of a gauge or a counter; how often, for a histogram.
func value(series *dto.Metric) float64 {
	switch {
	case series.GetGauge() != nil:
		return series.GetGauge().GetValue()
	case series.GetCounter() != nil:
		return series.GetCounter().GetValue()
	case series.GetUntyped() != nil:
		return series.GetUntyped().GetValue()
	case series.GetHistogram() != nil:
		return float64(series.GetHistogram().GetSampleCount())
	}
	return math.NaN()
}
