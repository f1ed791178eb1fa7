// Package instrument scores the questionnaires that counsellors ask: PHQ-9, GAD-7, WHO-5 and
// PCL-5. It knows item numbers, scoring, bands and what a screen says. It refuses to hold the
// texts of items, which a programme installs, to guess an answer that is missing, and to say
// that somebody is at no risk.
package instrument

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
)

// Missing is an item that she did not answer.
const Missing = -1

// Answers are one for each item, in the order of the instrument, or Missing.
type Answers []int

// Rule is what a programme says of instruments.
type Rule struct {
	// PCL5Cut is the score from which PCL-5 screens: 31 to 33 are published.
	PCL5Cut int
	// PHQ9Percent is the change that counts of PHQ-9, in percent of the first score (Kounali
	// 2020); GAD7, WHO5 and PCL5 are those of the others, in points (Toussaint 2020; Topp 2015;
	// Blanchard 2023, Marx 2022).
	PHQ9Percent, GAD7, WHO5, PCL5 int
}

// Kind is one instrument.
type Kind struct {
	ID code.Instrument
	// Items is how many there are, and Most the highest answer to one; the lowest is 0.
	Items, Most int
	// Times is what the sum is multiplied with.
	Times int
	// bands begin at a score, the lowest first.
	bands []band
	// Higher says that a higher score is the better one.
	Higher bool
}

type band struct {
	from int
	is   code.InstrumentBand
}

// Kinds are the instruments of the network. The Danger Assessment is none of them: it is scored
// by certified persons only.
var Kinds = []Kind{
	{ID: code.PHQ9, Items: 9, Most: 3, Times: 1, bands: []band{
		{0, code.BandMinimal},
		{5, code.BandMild},
		{10, code.BandModerate},
		{15, code.BandModeratelySevere},
		{20, code.BandSevere},
	}},
	{ID: code.GAD7, Items: 7, Most: 3, Times: 1, bands: []band{
		{0, code.BandMinimal},
		{5, code.BandMild},
		{10, code.BandModerate},
		{15, code.BandSevere},
	}},
	{ID: code.WHO5, Items: 5, Most: 5, Times: 4, Higher: true, bands: []band{{0, code.BandLow}, {lowWellbeing + 1, ""}}},
	{ID: code.PCL5, Items: 20, Most: 4, Times: 1},
}

const (
	// screen is the score from which PHQ-9 and GAD-7 screen.
	screen = 10
	// lowWellbeing is the highest score of WHO-5 that is low.
	lowWellbeing = 50
	// selfHarm is the item of PHQ-9 about death and self-harm, counted from 0.
	selfHarm = 8
	// symptom is from which answer a symptom of PCL-5 counts.
	symptom = 2
)

// clusters are the items of PCL-5 by the criteria B to E of DSM-5, counted from 0, and how many
// symptoms each needs.
var clusters = []struct{ from, under, needs int }{{0, 5, 1}, {5, 7, 1}, {7, 14, 2}, {14, 20, 2}}

// Of is an instrument by its code.
func Of(id code.Instrument) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.ID == id })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// Fits says whether there is one answer for each item, each in its range or Missing.
func (k Kind) Fits(a Answers) bool {
	return len(a) == k.Items && !slices.ContainsFunc(a, func(n int) bool { return n < Missing || n > k.Most })
}

// Score is the score; false where an answer is missing: no score is made up.
func (k Kind) Score(a Answers) (score int, ok bool) {
	if slices.Contains(a, Missing) {
		return 0, false
	}
	for _, n := range a {
		score += n
	}
	return score * k.Times, true
}

// Band is the reading of a score; empty where the instrument has none.
func (k Kind) Band(score int) (is code.InstrumentBand) {
	for _, b := range k.bands {
		if score >= b.from {
			is = b.is
		}
	}
	return is
}

// Screens says whether a score asks for an assessment: at 10 of PHQ-9 and GAD-7, at 50 or less
// of WHO-5, and from the cut-point of the programme of PCL-5. That it does not screen says
// nothing about her.
func (k Kind) Screens(score int, rule Rule) bool {
	switch k.ID {
	case code.WHO5:
		return score <= lowWellbeing
	case code.PCL5:
		return score >= rule.PCL5Cut
	}
	return score >= screen
}

// Provisional says whether the answers to PCL-5 have the symptoms of each cluster: 1 of B, 1 of
// C, 2 of D and 2 of E at 2 or more. It is provisional, and no diagnosis. Missing is no symptom.
func (k Kind) Provisional(a Answers) bool {
	if k.ID != code.PCL5 || !k.Fits(a) {
		return false
	}
	for _, c := range clusters {
		n := 0
		for _, answer := range a[c.from:c.under] {
			if answer >= symptom {
				n++
			}
		}
		if n < c.needs {
			return false
		}
	}
	return true
}

// AsksNow says whether an answer asks for an assessment now, whatever the score is: item 9 of
// PHQ-9 at 1 or more. Its sensitivity is 0.69, so that the answer 0, or none, never means that
// there is no risk: there is no opposite of this.
func (k Kind) AsksNow(a Answers) bool {
	return k.ID == code.PHQ9 && len(a) > selfHarm && a[selfHarm] >= 1
}

// Change compares a score with an earlier one. Of PHQ-9 the change that counts hangs on the
// earlier one, and is one point at least.
func (k Kind) Change(was, is int, rule Rule) code.InstrumentChange {
	by := is - was
	size, better := max(by, -by), by < 0 != k.Higher
	counts := false
	switch k.ID {
	case code.PHQ9:
		counts = size >= 1 && size*100 >= was*rule.PHQ9Percent
	case code.GAD7:
		counts = size >= rule.GAD7
	case code.WHO5:
		counts = size >= rule.WHO5
	case code.PCL5:
		counts = size >= rule.PCL5
	}
	switch {
	case !counts || size == 0:
		return code.ChangeTooSmall
	case better:
		return code.ChangeImproved
	}
	return code.ChangeWorsened
}
