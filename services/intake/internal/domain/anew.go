package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// A consent is asked for anew when, at the age on record, another person speaks for her
// than the one who gave it (speaks), and when she came of age. What is under way goes on. Nothing more is asked for
// or shown on it, and it waits for her desk until she has answered.

// on is what an agency was asked on: its consents to a referral.
func (f Referral) on(agency string) Candidate {
	if f.Recipient != "" {
		return Candidate{Choice{f.Recipient, f.Consent}, f.Further}
	}
	i := slices.IndexFunc(f.Candidates, func(to Candidate) bool { return to.Recipient == agency })
	if i < 0 {
		return Candidate{}
	}
	return f.Candidates[i]
}

// holders are what each agency that holds a referral, or is asked for it, was asked on.
func (f Referral) holders() []Candidate {
	if f.Recipient != "" {
		return []Candidate{f.on(f.Recipient)}
	}
	return f.Candidates
}

// toAsk are those of the consents that an agency was asked on that are asked for anew at an
// instant.
func (c Case) toAsk(on Candidate, law programme.Consent, at time.Time) (anew []Consent) {
	return c.among(on, func(k Consent) bool { return !c.speaks(law, k, at) })
}

// among are those of the given consents that an agency was asked on of which something is so.
func (c Case) among(on Candidate, so func(Consent) bool) (some []Consent) {
	for _, k := range c.Consents {
		if (k.ID == on.Consent || slices.Contains(on.Further, k.ID)) && k.Status == code.ConsentGiven && so(k) {
			some = append(some, k)
		}
	}
	return some
}

// anew are the consents that her desk asks for anew: those on which open referrals stand,
// as they were judged last.
func (c Case) anew() (all []Consent) {
	for _, f := range c.Referrals {
		for _, on := range f.holders() {
			if f.open() {
				all = append(all, c.among(on, func(k Consent) bool { return slices.Contains(c.Judged.Anew, k.ID) })...)
			}
		}
	}
	return all
}

// anewSince is since when they wait: since it was looked how old she is.
func (c Case) anewSince() time.Time { return c.Judged.At }
