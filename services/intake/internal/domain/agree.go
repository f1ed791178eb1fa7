package domain

import (
	"cmp"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Intake makes every referral itself, and appends that it did before anybody can
// hear of it. So the case knows of each fact what it must agree with: that it
// asked, for what, and whom, on which consent of hers. A fact that does not agree
// is refused, or an agency that was never asked could be shown who she is.

// agrees refuses a fact about a referral of which the case knows otherwise.
func (c Case) agrees(l referralv1.Loop, status code.ReferralStatus) error {
	i := find(c.Referrals, l.Referral)
	if i < 0 {
		return agree.That("/referral", false)
	}
	f := c.Referrals[i]
	return cmp.Or(
		agree.Same("/case", c.ID, l.Case),
		agree.Same("/sender", c.Agency, l.Sender),
		agree.Same("/service", f.Service, l.Service),
		agree.That("/recipient", f.names(l.Recipient, status)),
	)
}

// What a fact says of a referral to several agencies: none has it yet; one must
// have it; or that depends on whether one took it before its end.
var (
	untaken = []code.ReferralStatus{code.Declined, code.Expired, code.Rerouted}
	bound   = append(slices.Clip(held), code.Completed)
	either  = []code.ReferralStatus{code.Cancelled, code.EnteredInError, code.Withdrawn}
)

// names says whether a fact names whom it can name. Of one agency that is asked it
// is that one. Of several it is nobody, until one takes the referral, which is
// still asked; and then it is that one for good. That one of them has opened the
// referral may be heard after another took it. After an end that names nobody,
// nobody takes it.
func (f Referral) names(recipient string, status code.ReferralStatus) bool {
	switch {
	case f.Mode == "" || f.Mode == code.Directed:
		return recipient == f.Recipient
	case recipient == "":
		return status == code.Received ||
			f.Recipient == "" && (slices.Contains(untaken, status) || slices.Contains(either, status))
	case !slices.Contains(bound, status) && !slices.Contains(either, status):
		return false
	case f.Recipient != "":
		return recipient == f.Recipient
	default:
		return f.open() && f.asks(recipient)
	}
}

// stands refuses a fact that names another consent than the one on which the
// agency was asked; where it names no agency, than those of all that were.
func (c Case) stands(l referralv1.Loop, consent string) error {
	i := find(c.Referrals, l.Referral)
	return agree.That("/consent", i >= 0 && slices.ContainsFunc(c.Referrals[i].First, func(to Candidate) bool {
		return (to.Consent == consent || slices.Contains(to.Further, consent)) && (l.Recipient == "" || l.Recipient == to.Recipient)
	}))
}

// lets refuses that an agency is let go which was never one of several that were
// asked.
func (c Case) lets(e referralv1.Released) error {
	i := find(c.Referrals, e.Referral)
	if i < 0 {
		return agree.That("/referral", false)
	}
	f := c.Referrals[i]
	several := f.Mode != "" && f.Mode != code.Directed
	return cmp.Or(
		agree.Same("/sender", c.Agency, e.Sender),
		agree.That("/agency", several && slices.ContainsFunc(f.First, func(to Candidate) bool { return to.Recipient == e.Agency })),
	)
}
