// Package measure lets the bench see how fast the pure parts of the referral
// service are. It holds made-up directories and a measure of time, and no rule.
package measure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match/sample"
)

// Matches asks a directory of made-up places one question after another for a
// while, and gives how long each took.
func Matches(places, countries int, d time.Duration) ([]time.Duration, error) {
	now := time.Date(2026, time.March, 4, 9, 30, 0, 0, time.UTC)
	x, err := match.NewIndex(slices.Values(sample.Directory(places, countries, now)))
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	needs := sample.Needs(4096, countries, now)
	limits := match.Limits{Ranked: 20, Excluded: 50}
	var took []time.Duration
	for began := time.Now(); time.Since(began) < d; {
		start := time.Now()
		if _, err := match.Match(needs[len(took)%len(needs)], x, now, limits); err != nil {
			return nil, fmt.Errorf("match: %w", err)
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}

// Pages reads a page of /hsds/services from the middle of a made-up directory
// again and again for a while, and tells how long each took.
func Pages(ctx context.Context, services int, d time.Duration) ([]time.Duration, error) {
	listed, err := directoryOf(ctx, &recordtest.Journal{}, services)
	if err != nil {
		return nil, err
	}
	var took []time.Duration
	for began := time.Now(); time.Since(began) < d; {
		start := time.Now()
		if _, err := middle(ctx, listed, services); err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}
