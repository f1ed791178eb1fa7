// Package measure lets the bench see how fast the pure parts of intake are. It holds made-up cases and
// a measure of time, and no rule.
package measure

import (
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/figures"
)

// Figures counts made-up cases by the finest cells of a catalogue and makes the tables of their period, and
// beside it sums the same cases into a map by one key. It gives how long each took, and how many
// rows were published.
func Figures(f programme.Figures, cases int) (tables, sums time.Duration, rows int, err error) {
	c := figures.New(f, time.UTC)
	p := c.Period(time.Date(2026, time.November, 2, 0, 0, 0, 0, time.UTC))
	all := make([]figures.Contribution, 0, cases)
	for one := range madeUp(p, cases) {
		all = append(all, one)
	}
	each := func(yield func(figures.Contribution) bool) {
		for i := range all {
			if !yield(all[i]) {
				return
			}
		}
	}
	began := time.Now()
	published, err := c.Publish(p, c.Count(each))
	if err != nil {
		return 0, 0, 0, fmt.Errorf("figures: %w", err)
	}
	tables = time.Since(began)
	for _, t := range published {
		rows += len(t.Rows)
	}
	began = time.Now()
	byType := map[code.GBVType]int{}
	for one := range each {
		byType[one.Type]++
	}
	return tables, time.Since(began), rows, nil
}

// madeUp are cases of a period, in an order that says nothing.
func madeUp(p figures.Period, cases int) iter.Seq[figures.Contribution] {
	days := uint64(p.To.Sub(p.From) / (24 * time.Hour))
	return func(yield func(figures.Contribution) bool) {
		state := uint64(1)
		one := func(n int) int {
			state = state*6364136223846793005 + 1442695040888963407
			return int(state >> 33 % uint64(n)) //nolint:gosec // less than n
		}
		for range cases {
			c := figures.Contribution{
				Opened:       p.From.Add(24 * time.Hour * time.Duration(one(int(days)))), //nolint:gosec // days of a quarter
				Type:         code.GBVTypes[one(len(code.GBVTypes))],
				Sex:          code.Sexes[one(len(code.Sexes))],
				Age:          code.AgeBands[one(len(code.AgeBands))],
				Displacement: code.Displacements[one(len(code.Displacements))],
				Disability:   code.Disabilities[one(len(code.Disabilities))],
				Area:         "GT-" + strconv.Itoa(10+one(22)),
			}
			if one(2) == 0 {
				c.Service = code.Services[one(len(code.Services))]
			}
			if one(3) == 0 {
				c.Grant = "grant_" + strconv.Itoa(one(60))
			}
			if !yield(c) {
				return
			}
		}
	}
}
