package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Deadlines are when the first hold falls back, and when the agency is first asked whether
// somebody left.
func (p Place) Deadlines() []fact.Deadline {
	var list []fact.Deadline
	if at := p.holdDue(); !at.IsZero() {
		list = append(list, fact.Deadline{Name: "hold", At: at})
	}
	if at := p.stayDue(); !at.IsZero() {
		list = append(list, fact.Deadline{Name: "stay", At: at})
	}
	return list
}

func (p Place) holdDue() (first time.Time) {
	for _, h := range p.Holds {
		if first.IsZero() || h.Until.Before(first) {
			first = h.Until
		}
	}
	return first
}

func (p Place) stayDue() (first time.Time) {
	for _, s := range p.Stays {
		if !s.AskAt.IsZero() && !s.Asked && (first.IsZero() || s.AskAt.Before(first)) {
			first = s.AskAt
		}
	}
	return first
}

// pending says whether a deadline has come: false when there is none, and ErrNotDue while
// it is yet to come.
func pending(by fact.By, at time.Time) (bool, error) {
	switch {
	case at.IsZero():
		return false, nil
	case by.At.Before(at):
		return false, ErrNotDue
	}
	return true, nil
}

// Took says by whom the referrals are taken now that a place has to do with.
type Took struct {
	By  map[string]string
	Err error
}

// HoldDue lets each hold fall back whose time is over. One whose referral this agency took
// meanwhile becomes a placement: what was accepted in time is not lost to the deadline.
func (p Place) HoldDue(by fact.By, took Took) ([]fact.Event, error) {
	if ok, err := pending(by, p.holdDue()); !ok {
		return nil, err
	}
	if took.Err != nil {
		return nil, took.Err
	}
	var events []fact.Event
	for _, h := range p.Holds {
		if by.At.Before(h.Until) {
			continue
		}
		if h.Referral != "" && took.By[h.Referral] == p.Agency {
			taken, err := p.Take(by, h.Referral)
			if err != nil {
				return nil, err
			}
			events = append(events, taken...)
			continue
		}
		events = append(events, fact.Event{Data: referralv1.HoldEnded{Place: p.ID, Hold: h.ID, Reason: code.HoldExpired}})
	}
	return events, nil
}

// StayDue asks the agency's own people whether somebody left whose referral ended days ago.
// Where the referral was taken up again meanwhile nobody is asked.
func (p Place) StayDue(by fact.By, took Took) ([]fact.Event, error) {
	if ok, err := pending(by, p.stayDue()); !ok {
		return nil, err
	}
	if took.Err != nil {
		return nil, took.Err
	}
	var events []fact.Event
	for _, s := range p.Stays {
		switch {
		case s.AskAt.IsZero() || s.Asked || by.At.Before(s.AskAt):
		case took.By[s.Referral] == p.Agency:
			events = append(events, fact.Event{Data: referralv1.PlacementBegun{Place: p.ID, Referral: s.Referral}})
		default:
			events = append(events, fact.Event{Data: referralv1.PlacementOutlived{Place: p.ID, Referral: s.Referral, AskAt: s.AskAt, Asked: true}})
		}
	}
	return events, nil
}
