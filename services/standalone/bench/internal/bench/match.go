package bench

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/sanad-network/sanad/services/referral/measure"
)

// Match is how long the referral service thinks about which places could help.
type Match struct {
	Services  int     `json:"services"`
	Countries int     `json:"countries"`
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

// measureMatch asks a directory of 20,000 services in 50 countries, one
// question after another.
func measureMatch(d time.Duration) (*Match, error) {
	m := &Match{Services: 20_000, Countries: 50}
	took, err := measure.Matches(m.Services, m.Countries, d)
	if err != nil {
		return nil, fmt.Errorf("match: %w", err)
	}
	var sum time.Duration
	for _, t := range took {
		sum += t
	}
	slices.Sort(took)
	m.PerSecond = float64(len(took)) / sum.Seconds()
	m.P50, m.P99 = milliseconds(quantile(took, 0.5)), milliseconds(quantile(took, 0.99))
	return m, nil
}

func (m Match) print(out io.Writer) {
	fmt.Fprintf(out, "match over %d services in %d countries: %.0f a second, p50 %.3f ms, p99 %.3f ms\n",
		m.Services, m.Countries, m.PerSecond, m.P50, m.P99)
}
