package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/ending"
)

// renewals carry over to a new consent every referral that stands on an older one to the
// same recipient, service and purpose, and those that lapsed within the time of grace.
// While a period of reflection holds the new consent back, nothing is carried over to it.
func (c Case) renewals(by fact.By, k intakev1.ConsentGiven, fresh bool) (events []fact.Event) {
	if c.reflecting() && sheltered(k.Service, k.Purpose) && !fresh {
		return nil
	}
	for _, f := range c.Referrals {
		old, ok := c.standsOn(f, k)
		if !ok || !f.open() && (f.Status != code.Lapsed || !withinGrace(old, by.At)) {
			continue
		}
		events = append(events, fact.Event{Data: intakev1.ReferralRenewed{
			Case: c.ID, Referral: f.ID, Recipient: k.Recipient, Service: k.Service, Purpose: k.Purpose,
			Replaces: old.ID, Consent: k.Consent, Categories: k.Categories, Expires: k.Expires,
		}})
	}
	return events
}

// withinGrace says whether a new consent in the place of this one still takes up what
// lapsed with it.
func withinGrace(k Consent, at time.Time) bool { return at.Before(k.Expires.Add(ending.Grace)) }

// renewable says that a consent on which a referral stood has run out, and that a new one
// may still take the referral up.
func (c Case) renewable(f Referral, at time.Time) bool {
	return slices.ContainsFunc(c.Consents, func(k Consent) bool {
		return (k.ID == f.Consent || slices.Contains(f.Further, k.ID)) && k.at(at).Status == code.ConsentExpired && withinGrace(k, at)
	})
}

// standsOn is the consent on which a referral stands for the question of another one. What
// she took back is carried over by nothing.
func (c Case) standsOn(f Referral, k intakev1.ConsentGiven) (Consent, bool) {
	var ids []string
	switch f.Recipient {
	case k.Recipient:
		ids = append([]string{f.Consent}, f.Further...)
	case "":
		for _, to := range f.Candidates {
			if to.Recipient == k.Recipient {
				ids = append([]string{to.Consent}, to.Further...)
			}
		}
	}
	i := slices.IndexFunc(c.Consents, func(old Consent) bool {
		return slices.Contains(ids, old.ID) && old.covers(k.Recipient, k.Service, k.Purpose) && old.Status == code.ConsentGiven
	})
	if i < 0 {
		return Consent{}, false
	}
	return c.Consents[i], true
}

// renewed is the case with a referral on the new consent. The old one is renewed where it
// was in force, and stays expired where it had run out.
func (c Case) renewed(d intakev1.ReferralRenewed) Case {
	given := time.Time{}
	c.Consents = slices.Clone(c.Consents)
	for _, k := range c.Consents {
		if k.ID == d.Consent {
			given = k.AnsweredAt
		}
	}
	for i, k := range c.Consents {
		if k.ID == d.Replaces && k.InForce(given) {
			c.Consents[i].Status = code.ConsentRenewed
		}
	}
	i := find(c.Referrals, d.Referral)
	if i < 0 {
		return c
	}
	swap := func(ids []string) []string {
		ids = slices.Clone(ids)
		if j := slices.Index(ids, d.Replaces); j >= 0 {
			ids[j] = d.Consent
		}
		return ids
	}
	c.Referrals = slices.Clone(c.Referrals)
	f := &c.Referrals[i]
	if f.Consent == d.Replaces {
		f.Consent = d.Consent
	}
	f.Further = swap(f.Further)
	f.Candidates = slices.Clone(f.Candidates)
	for j, to := range f.Candidates {
		if to.Recipient == d.Recipient {
			f.Candidates[j].Consent = swap([]string{to.Consent})[0]
			f.Candidates[j].Further = swap(to.Further)
		}
	}
	f.First = append(slices.Clip(f.First), Candidate{Choice{d.Recipient, d.Consent}, nil})
	return c
}

// Resume is the command that asks the recipient again for a referral that has ended.
type Resume struct {
	Referral string `json:"referral"`
	// Consent chooses among several. Empty: the one that she gave last.
	Consent string `json:"consent,omitempty"`
}

// Resume asks the recipient again, on a consent that she gave since the end
// (ErrNewConsent), for two weeks and not after her no (ErrNotResumed). Like a first
// request it needs all that is required, and is refused where the same is asked for
// already (ErrAlreadyRequested).
func (c Case) Resume(by fact.By, cmd Resume, rules Rules) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	i := find(c.Referrals, cmd.Referral)
	if i >= 0 && c.Blocks.Agency(c.Referrals[i].Recipient) {
		return nil, ErrBlocked.At("/referral", "not whom she must not meet")
	}
	if i < 0 || !c.resumable(c.Referrals[i], by.At) || !by.At.Before(c.Referrals[i].EndedAt.Add(ending.ResumeWithin)) {
		return nil, ErrNotResumed.At("/referral", "ended, after it was taken")
	}
	f := c.Referrals[i]
	to := Choice{f.Recipient, cmp.Or(cmd.Consent, c.since(f))}
	r, need := f.again(to, nil), rules.required(c, f.Service, by.At)
	if gaps := c.gaps(r, need, by.At); len(gaps) > 0 {
		return nil, ErrConsentMissing.At("/referral", gaps[0].rule)
	}
	if c.awaits(r) {
		return nil, ErrAlreadyRequested.At("/referral", "no open referral")
	}
	k, _ := c.consentFor(need.law, f.Service, to, code.ServiceDelivery, by.At)
	if !k.saidAt().After(f.EndedAt) {
		return nil, ErrNewConsent.At("/consent", "given after the end")
	}
	return c.guarded(fact.Of(intakev1.ReferralResumed{
		Case: c.ID, Referral: f.ID, Sender: c.Agency, Recipient: f.Recipient, Service: f.Service, Consent: k.ID,
		Purpose: code.ServiceDelivery, Categories: k.Categories, ConsentExpires: k.Expires, Further: c.further(f.Service, to, requirement{r.needing(need.Requirement, to.Recipient), need.law}, by.At),
		Transfers: c.transfers(),
	})), nil
}

// since is the consent to what a referral asked for that she gave last, and after its end;
// empty when there is none.
func (c Case) since(f Referral) string {
	for _, k := range slices.Backward(c.Consents) {
		if k.covers(f.Recipient, f.Service, code.ServiceDelivery) && k.Status == code.ConsentGiven && k.saidAt().After(f.EndedAt) {
			return k.ID
		}
	}
	return ""
}

// resumable says that the recipient took the referral, that it ended, and that the
// recipient has not been told to let go of the data: by her no, which her desk recorded,
// or because the consent has ended since.
func (c Case) resumable(f Referral, at time.Time) bool {
	holds := slices.ContainsFunc(c.Consents, func(k Consent) bool {
		return k.ID == f.Consent && (k.InForce(at) || k.Status == code.ConsentRenewed && at.Before(k.Expires))
	})
	no := f.ByDesk && ending.AtOnce(f.CancelReason)
	return f.Taken && holds && !no && (f.Status == code.Completed || f.Status == code.Cancelled)
}

// resumed is the referral as it waits for its recipient again.
func resumed(referrals []Referral, d intakev1.ReferralResumed) []Referral {
	i := find(referrals, d.Referral)
	if i < 0 {
		return referrals
	}
	referrals = slices.Clone(referrals)
	f := &referrals[i]
	f.Status, f.Consent, f.Further, f.Mode, f.End = code.Requested, d.Consent, consentsOf(d.Further), code.Directed, End{}
	f.First = append(slices.Clip(f.First), Candidate{Choice{d.Recipient, d.Consent}, f.Further})
	return referrals
}
