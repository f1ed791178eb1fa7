package domain

import (
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
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

// carrying are those of the consents on which open referrals stand of which something is so.
func (c Case) carrying(so func(Consent) bool) (all []Consent) {
	for _, f := range c.Referrals {
		for _, on := range f.holders() {
			if f.open() {
				all = append(all, c.among(on, so)...)
			}
		}
	}
	return all
}

// anew are the consents that her desk asks for anew, as they were judged last.
func (c Case) anew() []Consent { return c.carrying(c.judgedAnew) }

func (c Case) judgedAnew(k Consent) bool { return slices.Contains(c.Judged.Anew, k.ID) }

// anewAt are the same under the law of an instant, as the gates see them: a law that changes is
// followed at once.
func (c Case) anewAt(law programme.Consent, at time.Time) []Consent {
	return c.carrying(func(k Consent) bool { return !k.dissents() && !c.speaks(law, k, at) })
}

// mayTurn says that some consent was judged, or that a law could change who speaks for her:
// laws are about children.
func (c Case) mayTurn() bool {
	return len(c.carrying(func(k Consent) bool { return c.judgedAnew(k) || c.Survivor.child() })) > 0
}

// anewSince is since when they wait: since it was looked how old she is.
func (c Case) anewSince() time.Time {
	if c.Judged.At.IsZero() {
		return c.OpenedAt
	}
	return c.Judged.At
}

// Listed is Cases, with the cases of which a consent is asked for anew under the law of the
// instant of the request.
func Listed(rules Rules) func(fact.By, url.Values) (image.Part[Case], error) {
	return func(by fact.By, query url.Values) (image.Part[Case], error) {
		part, err := Cases(by, query)
		if query.Get("attention") == string(code.ConsentAnew) && query.Get("merged_into") == "" {
			part = part.Where(func(c Case) bool { return len(c.anewAt(rules.law(c, by.At), by.At)) > 0 })
		}
		return part, err
	}
}

// lawful has a view of the case say what is asked for anew under the law of the instant.
func (v *View) lawful(anew []Consent) {
	v.Attention = slices.DeleteFunc(slices.Clone(v.Attention), func(a code.Attention) bool { return a == code.ConsentAnew })
	v.ConsentsAnew = mapped(anew, func(k Consent) string { return k.ID })
	if len(anew) > 0 {
		v.Attention = append(v.Attention, code.ConsentAnew)
	}
	if len(v.Attention) == 0 {
		v.Attention = nil
	}
}
