package domain

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// Her desk asks about indicators of trafficking: how somebody controls her. No indicator is
// about nationality or papers that she lacks. An indicator says nothing by itself: it presumes
// nothing, alerts nobody, sends nothing and raises nothing. A person decides what it means
// (RecordIdentification).

// AskIndicators is the command that writes down what she said about indicators.
type AskIndicators struct {
	// AskedAt is when she was asked. Zero: now.
	AskedAt    time.Time  `json:"asked_at,omitzero"`
	Indicators Indicators `json:"indicators,omitempty"`
	// Words are what she said beside, as she said it.
	Words string `json:"her_words,omitempty"`
}

// Indicators are what she said to each. One that is missing was not asked, or she did not
// want to say.
type Indicators map[code.Indicator]code.YesNo

// Indicated is what she said about indicators, one time: the private half of IndicatorsAsked.
type Indicated struct {
	// At is when it was written down.
	At time.Time `json:"at,omitzero"`
	// By is the person who asked her.
	By         string     `json:"by"`
	AskedAt    time.Time  `json:"asked_at"`
	Indicators Indicators `json:"indicators,omitempty"`
	Words      string     `json:"her_words,omitempty"`
}

// IndicatorsNoted is the private half of IndicatorsAsked.
type IndicatorsNoted struct {
	Indicated
	// SeemsChild stands in journals from before, where it was asked here as well. It is read into
	// what is known of her (thinks) and is never written.
	SeemsChild code.YesNo `json:"seems_child,omitempty"`
}

// AskIndicators writes down what she said. Errors: ErrIndicators for nothing, and for a time
// to come.
func (c Case) AskIndicators(by fact.By, cmd AskIndicators) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if len(cmd.Indicators) == 0 && cmd.Words == "" {
		return nil, ErrIndicators.At("/indicators", "at least one answer")
	}
	if cmd.AskedAt.After(by.At.Add(fastClock)) {
		return nil, ErrIndicators.At("/asked_at", "not in the future")
	}
	for _, one := range slices.Sorted(maps.Keys(cmd.Indicators)) {
		if err := cmp.Or(known("/indicators", one, code.Indicators), known("/indicators", cmd.Indicators[one], code.YesNos)); err != nil {
			return nil, err
		}
	}
	asked := cmd.AskedAt
	if asked.IsZero() || asked.After(by.At) {
		asked = by.At
	}
	return fact.With(intakev1.IndicatorsAsked{Case: c.ID}, IndicatorsNoted{Indicated: Indicated{
		By: by.Principal, AskedAt: asked, Indicators: cmd.Indicators, Words: cmd.Words,
	}}), nil
}

// indicated are all times that she was asked, the latest last. What came later on paper may
// be from before.
func (c Case) indicated() []Indicated {
	all := mapped(c.Indicated, func(n IndicatorsNoted) Indicated { return n.Indicated })
	slices.SortStableFunc(all, func(a, b Indicated) int { return a.AskedAt.Compare(b.AskedAt) })
	return all
}

// thinks is what is known of her after what an answer from before said of her age: a yes is
// that a worker thinks her a child whose age is not known, and a later no takes that back.
func (s Survivor) thinks(seems code.YesNo, before []IndicatorsNoted) Survivor {
	said := slices.ContainsFunc(before, func(n IndicatorsNoted) bool { return n.SeemsChild == code.Yes })
	switch {
	case seems == code.Yes && s.AgeBand == "" && !s.Born.known() && s.ThoughtChild == "":
		s.ThoughtChild = code.LooksChild
	case seems == code.No && said && s.ThoughtChild == code.LooksChild:
		s.ThoughtChild = ""
	}
	return s
}

// elementsMissing are the elements of the definition that lack, by what is written now. Whether she agreed to be
// exploited is asked nowhere: where a means was used it counts for nothing (article 3(b)), and
// of a child it never counts. Who is thought to be a child is presumed one (Council of Europe
// convention, article 10(3)).
func (c Case) elementsMissing() []code.TraffickingElement {
	if c.Opening.Incident == nil || c.Opening.Incident.Trafficking == nil {
		return nil
	}
	t := c.Opening.Incident.Trafficking
	var missing []code.TraffickingElement
	if len(t.Acts) == 0 {
		missing = append(missing, code.ElementAct)
	}
	if len(t.Means) == 0 && !c.Survivor.child() {
		missing = append(missing, code.ElementMeans)
	}
	if len(t.Purposes) == 0 {
		missing = append(missing, code.ElementPurpose)
	}
	return missing
}
