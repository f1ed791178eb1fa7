package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Opening is the private half of a case: what was said when it was opened. No event holds it, and an agency is shown it
// by her consent (Disclose). Every part may be missing: safe comes before fast, and fast before complete. What is said
// must make sense.
type Opening struct {
	Incident *Incident `json:"incident,omitempty"`
	// Happened is apart from the incident: the windows need it, and must not
	// wait for the classification.
	Happened *Interval `json:"happened,omitempty"`
	Survivor Survivor  `json:"survivor,omitzero"`
	// Name is what she wants to be called. She may stay anonymous.
	Name      string  `json:"name,omitempty"`
	Contact   Contact `json:"contact,omitzero"`
	Narrative string  `json:"narrative,omitempty"`
	// Blocks are whom she must not meet. No agency is ever shown them.
	Blocks *Blocks `json:"must_not_meet,omitempty"`
}

// Incident is what happened, in codes: types of gender-based violence (GBVIMS),
// trafficking (Palermo Protocol), or both.
type Incident struct {
	Types       []code.GBVType `json:"types,omitempty"`
	Trafficking *Trafficking   `json:"trafficking,omitempty"`
}

// Trafficking is what is known of its three elements (Palermo Protocol, article 3(a)). It is
// suspected by any of them; which of them lack, the case shows.
type Trafficking struct {
	Acts     []code.TraffickingAct     `json:"acts,omitempty"`
	Means    []code.TraffickingMeans   `json:"means,omitempty"`
	Purposes []code.TraffickingPurpose `json:"purposes,omitempty"`
}

// Interval is when it happened, as closely as she can or wants to say. Instants
// and not days: the windows of the clinics are counted in hours.
type Interval struct {
	Earliest time.Time `json:"earliest"`
	Latest   time.Time `json:"latest"`
}

// Survivor is her disaggregation (GBVIMS intake form). An empty code was not
// asked or not answered; it means neither yes nor no.
type Survivor struct {
	Sex           code.Sex           `json:"sex,omitempty"`
	AgeBand       code.AgeBand       `json:"age_band,omitempty"`
	Displacement  code.Displacement  `json:"displacement,omitempty"`
	Disability    code.Disability    `json:"disability,omitempty"`
	MaritalStatus code.MaritalStatus `json:"marital_status,omitempty"`
	Unaccompanied code.Unaccompanied `json:"unaccompanied,omitempty"`
	// Born is never in a packet.
	Born Born `json:"born,omitzero"`
	// ThoughtChild is why a worker thinks her a child whose age is not known. She speaks herself,
	// and what protects children protects her. Who it is stands in the journal.
	ThoughtChild code.ThoughtChild `json:"thought_child,omitempty"`
}

// check refuses an opening that contradicts itself, never one that lacks
// something: ErrUnclassified, ErrNonGBV, ErrTrafficking,
// ErrBorn, ErrInterval.
func (o Opening) check(now time.Time) error {
	if i := o.Incident; i != nil {
		switch {
		case len(i.Types) == 0 && i.Trafficking == nil:
			return ErrUnclassified.At("/incident", "required")
		case len(i.Types) > 1 && slices.Contains(i.Types, code.NonGBV):
			return ErrNonGBV.At("/incident/types", "exclusive")
		}
		if err := i.Trafficking.check(); err != nil {
			return err
		}
	}
	if err := o.Survivor.check(now); err != nil {
		return err
	}
	return o.Happened.check(now)
}

// asOf is the opening as it can be true at an instant: it did not happen after she
// told of it.
func (o Opening) asOf(now time.Time) Opening {
	o.Happened = o.Happened.asOf(now)
	return o
}

func (i *Interval) asOf(now time.Time) *Interval {
	if i == nil || !i.Latest.After(now) {
		return i
	}
	return &Interval{Earliest: earlier(i.Earliest, now), Latest: now}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// check refuses trafficking of which nothing is known. Anything else may be written down: what
// she could not tell yet delays nothing.
func (t *Trafficking) check() error {
	if t != nil && len(t.Acts) == 0 && len(t.Means) == 0 && len(t.Purposes) == 0 {
		return ErrTrafficking.At("/incident/trafficking", "at least one element")
	}
	return nil
}

func (i *Interval) check(now time.Time) error {
	switch {
	case i == nil:
		return nil
	case i.Earliest.IsZero():
		return ErrInterval.At("/happened/earliest", "required")
	case i.Latest.Before(i.Earliest):
		return ErrInterval.At("/happened/latest", "not before earliest")
	case i.Earliest.After(now.Add(fastClock)):
		return ErrInterval.At("/happened/earliest", "not in the future")
	case i.Latest.After(now.Add(fastClock)) && i.Latest.After(endOfDay(now.In(i.Latest.Location()))):
		return ErrInterval.At("/happened/latest", "not after today")
	}
	return nil
}

// fastClock is how far the clock of a desk may be ahead of ours: nobody sets the
// clocks of phones and old computers, and a case must not wait for that.
const fastClock = 15 * time.Minute

// endOfDay is the midnight that ends a day where it is written. A desk that was told
// "today" writes the whole day of her country, with its offset.
func endOfDay(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, t.Location())
}
