package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// A consent is asked for anew when, at the age on record, another person speaks for her
// than the one who gave it (speakers). What is under way goes on. Nothing more is asked for
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

// toAsk are those of the consents that an agency was asked on that are asked for anew.
func (c Case) toAsk(on Candidate) (anew []Consent) {
	for _, k := range c.Consents {
		if (k.ID == on.Consent || slices.Contains(on.Further, k.ID)) && k.Status == code.ConsentGiven && maySpeak(c.Survivor.AgeBand, k.Evidence) != nil {
			anew = append(anew, k)
		}
	}
	return anew
}

// anew are the consents that her desk asks for anew: those on which open referrals stand.
func (c Case) anew() (all []Consent) {
	for _, f := range c.Referrals {
		asked := f.Candidates
		if f.Recipient != "" {
			asked = []Candidate{f.on(f.Recipient)}
		}
		for _, on := range asked {
			if f.open() {
				all = append(all, c.toAsk(on)...)
			}
		}
	}
	return all
}

// anewSince is since when the first of them waits: since it was given, or since what is
// on record of her was last put right.
func (c Case) anewSince(anew []Consent) time.Time {
	var right, since time.Time
	for _, a := range c.Amendments {
		if slices.Contains(a.Parts, code.PartSurvivor) {
			right = a.At
		}
	}
	for _, k := range anew {
		if since.IsZero() || k.AnsweredAt.Before(since) {
			since = k.AnsweredAt
		}
	}
	if right.After(since) {
		return right
	}
	return since
}
