package domain

import (
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// LetGo is what an agency without an account says, with a code, became of its copies.
type LetGo struct {
	Erasure code.Erasure
	// Ground is the law or the order that keeps them, and Day the last day of that.
	Ground string
	Day    time.Time
	// SheWasTold is whether she knows; nil where that is not said.
	SheWasTold *bool
}

// The limits of a ground, in bytes, and of the time for which a law keeps anything, in years:
// those of the loop. A last day ends on the clocks of its zone up to two days after its name
// begins in UTC, so the page takes no day of the last two.
const (
	maxGround = 500
	maxKept   = 100
)

// Whole says whether nothing is missing, so that the code is looked up only for what can
// be taken. What a law keeps has a ground, a last day after today, and a word on whether
// she was told.
func (l LetGo) Whole(now time.Time) bool {
	switch l.Erasure {
	case code.DataDeleted:
		return l.Ground == "" && l.Day.IsZero() && l.SheWasTold == nil
	case code.DataKeptByLaw:
		return strings.TrimSpace(l.Ground) != "" && len(l.Ground) <= maxGround && l.SheWasTold != nil &&
			!l.Day.Before(Tomorrow(now)) && l.Day.Before(now.AddDate(maxKept, 0, -2))
	}
	return false
}

// Tomorrow is the first day that is ahead everywhere, at midnight UTC.
func Tomorrow(now time.Time) time.Time { return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1) }

// Until is the end of the last day on the clocks of a zone; zero where no law keeps
// anything.
func (l LetGo) Until(zone *time.Location) time.Time {
	if l.Day.IsZero() {
		return time.Time{}
	}
	return time.Date(l.Day.Year(), l.Day.Month(), l.Day.Day()+1, 0, 0, 0, 0, zone)
}
