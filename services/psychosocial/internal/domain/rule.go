package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/psychosocial/internal/instrument"
)

// What the rules refuse, and why.
var (
	// ErrAnswers refuses answers that the instrument does not have.
	ErrAnswers = fault.New(fault.Invalid, "answers_impossible", "The instrument has no such item or no such answer, or nothing was answered.")
	// ErrDay refuses a day that something cannot wait for.
	ErrDay = fault.New(fault.Invalid, "day_not_ahead", "What is planned lies ahead, and not more than 5 years.")
	// ErrSettled refuses to go on with what is settled.
	ErrSettled = fault.New(fault.Conflict, "entry_settled", "This entry is settled. Record what is new as a new one.")
	// ErrNoTask refuses a step of a task that no answer opened, or that was taken already.
	ErrNoTask = fault.New(fault.Conflict, "risk_not_waiting", "No task of this answer waits for this step.")
	// ErrNotASupervisor refuses the list of what nobody has to who does not lead the agency.
	ErrNotASupervisor = fault.New(fault.Forbidden, "lead_needed", "A supervisor or a focal point of the agency sees this.")
)

// planAhead is how far ahead something is planned at most. What is later is a mistyped year.
const planAhead = 5

// Rule is what the programme of the case says.
type Rule struct {
	// RiskAnswer is for somebody to take the task that an answer opened.
	RiskAnswer time.Duration
	// FollowUp and Review are when something is due of which nobody names the day.
	FollowUp, Review time.Duration
	Instruments      instrument.Rule
	// Texts are those of the items, which the programme installed.
	Texts map[code.Instrument][]programme.Words
}

// Rules give the rule of a plan at an instant.
type Rules func(p Plan, now time.Time) Rule

// Under are the rules of the programmes. A plan of which nothing is known, and one whose programme
// is not installed, are judged by the base.
func Under(all programme.Set) Rules {
	return func(p Plan, now time.Time) Rule {
		s := all.For(p.Place.Programme, code.Country(p.Place.Country), p.Opened, now).Support
		return Rule{
			RiskAnswer: s.RiskAnswer, FollowUp: s.FollowUp, Review: s.Review,
			Instruments: instrument.Rule{PCL5Cut: s.PCL5Cut, PHQ9Percent: s.PHQ9Percent, GAD7: s.GAD7Change, WHO5: s.WHO5Change, PCL5: s.PCL5Change},
			Texts:       s.Texts,
		}
	}
}

// ahead is a day that lies ahead: the one that is given, or a time from now where none is.
// Errors: ErrDay, with the pointer.
func ahead(pointer string, given, now time.Time, from time.Duration) (time.Time, error) {
	switch {
	case given.IsZero():
		return now.Add(from), nil
	case !given.After(now):
		return time.Time{}, ErrDay.At(pointer, "in the future")
	case given.After(now.AddDate(planAhead, 0, 0)):
		return time.Time{}, ErrDay.At(pointer, "not more than 5 years ahead")
	}
	return given, nil
}
