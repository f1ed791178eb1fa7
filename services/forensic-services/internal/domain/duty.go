package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Duty is something that waits for the worker of an examination.
type Duty struct {
	Kind code.ExaminationDuty `json:"kind"`
	// Entry is what it is about: a review, a hold or an exhibit.
	Entry string `json:"entry"`
	// DueAt is missing where there is no clock.
	DueAt time.Time `json:"due_at,omitzero"`
}

// Late says whether its time is over.
func (d Duty) Late(now time.Time) bool { return !d.DueAt.IsZero() && !now.Before(d.DueAt) }

// Duties are what waits, with a clock first. Chained says whether an exhibit has a chain of custody, which
// is a record of its own.
func (x Examination) Duties(chained func(exhibit string) bool) (all []Duty) {
	for _, r := range x.ahead() {
		all = append(all, Duty{Kind: code.DutyMedicalReview, Entry: string(r.Review), DueAt: r.DueAt})
	}
	for _, h := range x.Holds {
		if h.Untold {
			all = append(all, Duty{Kind: code.DutyTellOfHold, Entry: h.ID})
		}
	}
	for _, e := range x.Exhibits {
		if !e.InError && !chained(e.ID) {
			all = append(all, Duty{Kind: code.DutyOpenCustody, Entry: e.ID})
		}
	}
	return all
}
