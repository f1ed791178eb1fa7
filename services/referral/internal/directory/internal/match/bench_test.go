package match_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match/sample"
)

// BenchmarkMatch asks a directory of 20,000 services in 50 countries.
func BenchmarkMatch(b *testing.B) {
	now := time.Date(2026, time.March, 4, 9, 30, 0, 0, time.UTC)
	x, err := match.NewIndex(slices.Values(sample.Directory(20_000, 50, now)))
	if err != nil {
		b.Fatal(err)
	}
	needs := sample.Needs(4096, 50, now)
	limits := match.Limits{Ranked: 20, Excluded: 20}
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		lists, err := match.Match(needs[i%len(needs)], x, now, limits)
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		if len(lists) != 1 {
			b.Fatal(lists)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e3, "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100])/1e3, "p99-µs")
}
