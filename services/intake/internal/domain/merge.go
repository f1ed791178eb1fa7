package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
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
	work.Hands
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

// Unmerge has the case stand alone again, as it was: what was closed only with the case
// that led is open again.
func (c Case) Unmerge(_ fact.By, _ Unmerge) ([]fact.Event, error) {
	if c.Into == "" {
		return nil, nil
	}
	events := fact.Of(intakev1.CaseUnmerged{Case: c.ID, From: c.Into})
	if c.ClosedWith != "" {
		events = append(events, fact.Event{Data: intakev1.CaseReopened{Case: c.ID}})
	}
	return events, nil
}

// Led are the cases that point to one, as its end sees them.
type Led struct {
	// Hands are those on the case that leads.
	work.Hands
	Cases []look.Fresh[Case]
	Err   error
}

// CloseAll closes a case, and with it the cases that point to it: they are about the same
// person, and nobody looks at them apart. While something of one of them waits, none is
// closed (ErrOpenReferrals, ErrUnmetNeeds): no case is dropped in silence.
func (c Case) CloseAll(by fact.By, cmd Close, led Led) ([]fact.Event, error) {
	events, err := ByOwner(Case.Close)(c, by, cmd, led.Hands)
	if err != nil || led.Err != nil {
		return nil, cmp.Or(err, led.Err)
	}
	for _, f := range led.Cases {
		if f.Value().Closed() {
			continue
		}
		if err := f.Value().waits(); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// OnLeading follows the case that leads: closed with it, and open again with it. A case of
// which something began to wait meanwhile stays open, and so does one that was open when
// it was merged into a closed one: she is here again. What somebody closed by itself stays
// closed.
func (c Case) OnLeading(_ fact.By, leading look.Fresh[Case]) ([]fact.Event, error) {
	to := leading.Value()
	switch {
	case !to.Exists() || c.Into != to.ID:
		return nil, nil
	case to.CloseReason != "" && !c.Closed() && c.waits() == nil:
		return fact.Of(intakev1.CaseClosed{Case: c.ID, Reason: to.CloseReason}, intakev1.CaseClosedWith{Case: c.ID, Leading: to.ID}), nil
	case !to.Closed() && c.ClosedWith == to.ID:
		return fact.Of(intakev1.CaseReopened{Case: c.ID}), nil
	}
	return nil, nil
}

// Blocked has a case of a merge know whom she must not meet by the other one: they are about
// the same person, so that what she said in either binds both. It is written as an amendment,
// so that a later look shows who wrote it. After an unmerge it stays in both.
func (c Case) Blocked(by fact.By, all *Blocks, rules Rules) ([]fact.Event, error) {
	switch {
	case !c.Exists() || c.InError || c.Blocks.same(all):
		return nil, nil
	case all == nil:
		return c.Amend(by, Amend{Reason: code.Change, Remove: []code.CasePart{code.PartMustNotMeet}}, rules)
	}
	return c.Amend(by, Amend{Reason: code.Change, Opening: Opening{Blocks: all}}, rules)
}
