package domain

import (
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// A recipient without an account says by code what became of its copies: of the recall for
// which it got the code, until a person said it, and for 21 days. Its word is its own, and
// is not one that was told by telephone.
func TestACodeIsForOneRecall(t *testing.T) {
	accepted := fold(requested(t), later, first(t)(requested(t).Accept(answered, Accept{ByCode: true}, unended)))
	recalled := fold(accepted, later, first(t)(accepted.ConsentEnds("cons_1")))
	said := Acknowledge{Erasure: code.DataDeleted}
	kept := Acknowledge{Erasure: code.DataKeptByLaw, Kept: Kept{Ground: "a law", Until: later.AddDate(1, 0, 0)}}
	keeps := fold(recalled, later, first(t)(recalled.Acknowledge(answered, kept)))
	again := keeps.keptUntil()
	anew := fold(keeps, again, first(t)(keeps.KeptDue(system(again))))
	withAccount := in(t, code.Withdrawn)
	for name, c := range map[string]struct {
		r        Referral
		by       fact.By
		recalled time.Time
		want     error
	}{
		"at once":                    {recalled, at(counsel, later), later, nil},
		"on the last day":            {recalled, at(counsel, later.Add(21*day-1)), later, nil},
		"after it":                   {recalled, at(counsel, later.Add(21*day)), later, ErrNothingToAcknowledge},
		"before anything ended":      {accepted, at(counsel, later), later, ErrNothingToAcknowledge},
		"said before":                {keeps, at(counsel, later), later, ErrNothingToAcknowledge},
		"of the recall before":       {anew, at(counsel, again), later, ErrNothingToAcknowledge},
		"of the recall that is now":  {anew, at(counsel, again), again, nil},
		"of an agency with accounts": {withAccount, at(counsel, later), withAccount.RecalledAt, ErrNothingToAcknowledge},
		"by another agency":          {recalled, at(stranger, later), later, ErrNotFound},
	} {
		events, err := c.r.AcknowledgeByCode(c.by, said, c.recalled)
		if !errors.Is(err, c.want) || (len(events) > 0) != (c.want == nil) {
			t.Errorf("%s: %v, %v, want %v", name, events, err, c.want)
			continue
		}
		if c.want != nil {
			continue
		}
		if r := fold(c.r, c.by.At, events); r.Erasure != code.DataDeleted || r.mustAcknowledge() || bool(c.r.told(c.by)) {
			t.Errorf("%s: %+v", name, events)
		}
		if !c.r.LetGo().Recalled.Equal(c.recalled) || !c.by.At.Before(c.r.LetGo().Until) {
			t.Errorf("%s: asked %+v", name, c.r.LetGo())
		}
	}
}
