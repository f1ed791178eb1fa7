package domain

import (
	"cmp"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Intake requests every referral itself, and appends the request before any other
// service gets it. So the case knows what each fact must agree with: the request,
// its service, its agencies and its consents. A fact that does not agree is
// refused, or an agency that was never asked could learn who she is.

// agrees refuses a fact about a referral that does not agree with the case.
func (c Case) agrees(l referralv1.Loop, status code.ReferralStatus) error {
	i := find(c.Referrals, l.Referral)
	if i < 0 {
		return agree.That("/referral", false)
	}
	f := c.Referrals[i]
	return cmp.Or(
		agree.Same("/case", c.ID, l.Case),
		agree.That("/sender", c.wasWith(l.Sender)),
		agree.Same("/service", f.Service, l.Service),
		agree.That("/recipient", f.names(l.Recipient, status)),
	)
}

// What a fact says of a referral to several agencies: none took it yet; one must
// have taken it; or either, at an end.
var (
	untaken = []code.ReferralStatus{code.Declined, code.Expired, code.Rerouted}
	bound   = append(slices.Clip(held), code.Completed)
	either  = []code.ReferralStatus{code.Cancelled, code.EnteredInError, code.Lapsed, code.Withdrawn}
)

// names says whether a fact names an agency that it can name. With one asked agency
// it is that one. With several it is none, until one that is still asked takes the
// referral; from then on it is that one. The opening by one may arrive after
// another took it. After an end that names no agency, none takes it.
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

// stands refuses a fact that names another consent than the agency was asked
// on. Without an agency, the consents of all asked agencies count.
func (c Case) stands(l referralv1.Loop, consent string) error {
	i := find(c.Referrals, l.Referral)
	return agree.That("/consent", i >= 0 && slices.ContainsFunc(c.Referrals[i].First, func(to Candidate) bool {
		return (to.Consent == consent || slices.Contains(to.Further, consent)) && (l.Recipient == "" || l.Recipient == to.Recipient)
	}))
}

// lets refuses the release of an agency that was never a candidate.
func (c Case) lets(e referralv1.Released) error {
	i := find(c.Referrals, e.Referral)
	if i < 0 {
		return agree.That("/referral", false)
	}
	f := c.Referrals[i]
	several := f.Mode != "" && f.Mode != code.Directed
	return cmp.Or(
		agree.That("/sender", c.wasWith(e.Sender)),
		agree.That("/agency", several && slices.ContainsFunc(f.First, func(to Candidate) bool { return to.Recipient == e.Agency })),
	)
}
