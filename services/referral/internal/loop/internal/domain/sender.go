package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Moved is how often the case of a referral went to another office, and which offices were
// its senders until then.
type Moved struct {
	// Number is that of the last transfer of the case that is known here.
	Number int
	// Was are the senders before the present one, the latest last.
	Was []string
}

func (r Referral) moved() Moved {
	if r.Moved == nil {
		return Moved{}
	}
	return *r.Moved
}

// asking is a referral after so many transfers of its case, when it was asked for.
func asking(transfers int) *Moved {
	if transfers == 0 {
		return nil // nearly always
	}
	return &Moved{Number: transfers}
}

// saidBy refuses what a desk says of the referral, unless it is the sender, or was when it
// said it: after so many transfers of the case. What was said after a transfer that is not
// known here is to come again (ErrUnknownYet).
func (r Referral) saidBy(desk string, transfers int) error {
	m := r.moved()
	back := m.Number - transfers
	switch {
	case back < 0:
		return ErrUnknownYet
	case back == 0:
		return agree.Same("/sender", r.Sender, desk)
	case back > len(m.Was):
		return agree.That("/sender", false)
	}
	return agree.Same("/sender", m.Was[len(m.Was)-back], desk)
}

// wasSentBy says whether an agency is the sender, or was before a transfer.
func (r Referral) wasSentBy(agency string) bool {
	return agency == r.Sender || slices.Contains(r.moved().Was, agency)
}

// OnCaseTransferred makes the office that took the case over the sender, in the order of
// the transfers: a later one that comes first is to come again (ErrUnknownYet).
func (r Referral) OnCaseTransferred(_ fact.By, e intakev1.CaseTransferred) ([]fact.Event, error) {
	switch {
	case !r.Exists() || e.Number > r.moved().Number+1:
		return nil, ErrUnknownYet
	case r.Case() != e.Case:
		return nil, agree.Same("/case", r.Case(), e.Case)
	case e.Number <= r.moved().Number:
		return nil, r.saidBy(e.To, e.Number)
	}
	if err := agree.Same("/from", r.Sender, e.From); err != nil {
		return nil, err
	}
	loop := r.Loop
	loop.Sender = e.To
	return fact.Of(referralv1.SenderChanged{Loop: loop, From: e.From, Number: e.Number, Going: !r.Closed()}), nil
}

// senderChanged is the referral after that.
func (r Referral) senderChanged(d referralv1.SenderChanged) Referral {
	r.Moved = &Moved{Number: d.Number, Was: append(slices.Clip(r.moved().Was), shared(d.From))}
	r.Sender = shared(d.Sender)
	return r
}
