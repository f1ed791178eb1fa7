package domain

import (
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Merge is the command that has a case point to another one, which leads: both are about
// the same person. Nothing moves: each keeps its history, its consents and its referrals,
// so that a consent reaches no further than she gave it.
type Merge struct {
	Into string `json:"into"`
}

// Unmerge is the command that undoes a merge.
type Unmerge struct{}

// Pair is two cases as a merge sees them.
type Pair struct {
	// Hands are those of who commands, on the case that is to point.
	Hands work.Hands
	// Leading is the case that is to lead, and Over the hands on it.
	Leading look.Fresh[Case]
	Over    work.Hands
	// Leads says that a case points to the one that is to point.
	Leads look.Fresh[bool]
	Err   error
}

// Merge is for who has both cases, or covers for who has them (ErrNotTheOwner). The older
// one leads, so that two merges at once make no ring; a case that leads points to none; and one
// that was entered in error neither leads nor points, because nobody goes on with it
// (ErrMerge).
func (c Case) Merge(by fact.By, _ Merge, p Pair) ([]fact.Event, error) {
	if err := c.Handled(p.Hands); err != nil {
		return nil, err
	}
	if p.Err != nil {
		return nil, p.Err
	}
	to := p.Leading.Value()
	_, asked := c.transferOpen()
	_, leadingAsked := to.transferOpen()
	switch {
	// Whether there is another case is not told to who may not see it.
	case !to.Exists() || !to.Visible(by) || to.Handled(p.Over) != nil:
		return nil, ErrNotTheOwner.At("/into", "a case that one has")
	case c.Into == to.ID:
		return nil, nil
	case asked || leadingAsked:
		return nil, ErrTransferOpen
	case c.InError || to.InError || c.Into != "" || to.Into != "" || p.Leads.Value() || !to.older(c):
		return nil, ErrMerge.At("/into", "an older case, and neither of them merged")
	}
	return fact.Of(intakev1.CaseMerged{Case: c.ID, Into: to.ID}), nil
}

// Unmerge has the case stand alone again, as it was.
func (c Case) Unmerge(_ fact.By, _ Unmerge) ([]fact.Event, error) {
	if c.Into == "" {
		return nil, nil
	}
	return fact.Of(intakev1.CaseUnmerged{Case: c.ID, From: c.Into}), nil
}
