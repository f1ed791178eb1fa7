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
	// SeemsChild is whether there is reason to think that she is a child, where nobody knows
	// her age: she is then presumed one (Council of Europe convention, article 10(3)).
	SeemsChild code.YesNo `json:"seems_child,omitempty"`
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
	SeemsChild code.YesNo `json:"seems_child,omitempty"`
	Words      string     `json:"her_words,omitempty"`
}

// AskIndicators writes down what she said. Errors: ErrIndicators for nothing, and for a time
// to come.
func (c Case) AskIndicators(by fact.By, cmd AskIndicators) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if len(cmd.Indicators) == 0 && cmd.SeemsChild == "" && cmd.Words == "" {
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
	if cmd.SeemsChild != "" {
		if err := known("/seems_child", cmd.SeemsChild, code.YesNos); err != nil {
			return nil, err
		}
	}
	asked := cmd.AskedAt
	if asked.IsZero() || asked.After(by.At) {
		asked = by.At
	}
	return fact.With(intakev1.IndicatorsAsked{Case: c.ID}, Indicated{
		By: by.Principal, AskedAt: asked, Indicators: cmd.Indicators, SeemsChild: cmd.SeemsChild, Words: cmd.Words,
	}), nil
}

// indicated are all times that she was asked, the latest last. What came later on paper may
// be from before.
func (c Case) indicated() []Indicated {
	all := slices.Clone(c.Indicated)
	slices.SortStableFunc(all, func(a, b Indicated) int { return a.AskedAt.Compare(b.AskedAt) })
	return all
}

// countsAsChild says whether no means are needed: she is under 18, or nobody knows her age and
// there is reason to think her a child, by a worker or by the last answer.
func (c Case) countsAsChild() bool {
	if c.Survivor.AgeBand != "" || c.Survivor.child() {
		return c.Survivor.child()
	}
	said := code.No
	for _, one := range c.indicated() {
		said = cmp.Or(one.SeemsChild, said)
	}
	return said == code.Yes
}

// elementsMissing are the elements of the definition that lack, by what is written now. Whether she agreed to be
// exploited is asked nowhere: where a means was used it counts for nothing (article 3(b)), and
// of a child it never counts.
func (c Case) elementsMissing() []code.TraffickingElement {
	if c.Opening.Incident == nil || c.Opening.Incident.Trafficking == nil {
		return nil
	}
	t := c.Opening.Incident.Trafficking
	var missing []code.TraffickingElement
	if len(t.Acts) == 0 {
		missing = append(missing, code.ElementAct)
	}
	if len(t.Means) == 0 && !c.countsAsChild() {
		missing = append(missing, code.ElementMeans)
	}
	if len(t.Purposes) == 0 {
		missing = append(missing, code.ElementPurpose)
	}
	return missing
}
