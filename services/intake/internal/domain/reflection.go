package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// From reasonable grounds on she is left in peace for a time that her programme sets (Council
// of Europe convention, article 13). In it this network sends nothing to law enforcement and
// arranges no return, unless she agreed to just that in this period. Its end triggers nothing:
// nothing leaves the room, nobody is asked and nobody is reminded.
//
// A period goes on until its end is on record, and not until a clock says so. So a clock that
// is wrong, or a process that was away, lets nothing out too early.

// Reflection is one period.
type Reflection struct {
	From time.Time `json:"from"`
	// Until is its end, written in the zone of the programme.
	Until time.Time `json:"until"`
	// Zone is that zone, as the programme names it.
	Zone string `json:"zone"`
	// Ended is when the end was put on record; zero while the period goes on.
	Ended time.Time `json:"ended_at,omitzero"`
}

// Lengthened is the private half of ReflectionLengthened.
type Lengthened struct {
	Until time.Time `json:"until"`
}

// ReflectionDeadline names the end of a period. The name is on the bus, so it does not say of
// what: that would tell what happened to her.
const ReflectionDeadline = "period"

// leastReflection is what holds where no programme says: the least of the convention.
const leastReflection = 30 * 24 * time.Hour

// reflection is a period that begins now.
func (r Rules) reflection(c Case, now time.Time) *Reflection {
	p := r.of(c, now)
	length, zone := p.Reflection, p.Zone
	if length <= 0 {
		length = leastReflection
	}
	if zone == nil {
		zone = time.UTC
	}
	return &Reflection{From: now.UTC(), Until: now.Add(length).In(zone), Zone: zone.String()}
}

// reflecting says that a period goes on.
func (c Case) reflecting() bool { return c.Reflection != nil && c.Reflection.Ended.IsZero() }

// sheltered says whether a period holds back what a consent would allow: what goes to law
// enforcement, and what brings her back to another country or to her family.
func sheltered(service code.Service, purpose code.Purpose) bool {
	return service == code.Police || service == code.FamilyReunion ||
		purpose == code.Prosecution || purpose == code.ProgrammeCrossing
}

// fresh says that she gave a consent in the period that goes on, and for it.
func (c Case) fresh(k Consent) bool {
	return k.DuringReflection && !k.saidAt().Before(c.Reflection.From)
}

// heldBack says that the period holds a consent back: nothing stands on it meanwhile.
func (c Case) heldBack(k Consent) bool {
	return c.reflecting() && sheltered(k.Service, k.Purpose) && !c.fresh(k)
}

// rests says that nothing more is shown on what an agency was asked on, because the period
// holds one of these consents back.
func (c Case) rests(on Candidate) bool {
	for _, k := range c.Consents {
		if c.heldBack(k) && (k.ID == on.Consent || slices.Contains(on.Further, k.ID)) {
			return true
		}
	}
	return false
}

// halts says that nothing is shown now on what an agency was asked on, though the referral
// goes on. The agency is told the same for either cause.
func (c Case) halts(on Candidate, law programme.Consent, at time.Time) bool {
	return len(c.toAsk(on, law, at)) > 0 || c.rests(on)
}

// ReflectionDue puts the end of a period on record, and nothing else. Where a programme says
// a longer time by then, the period goes on; a shorter one changes nothing. Errors: ErrNotDue.
func (c Case) ReflectionDue(by fact.By, rules Rules) ([]fact.Event, error) {
	if !c.reflecting() {
		return nil, nil
	}
	if by.At.Before(c.Reflection.Until) {
		return nil, ErrNotDue
	}
	zone := c.Reflection.Until.Location()
	if longer := c.Reflection.From.Add(rules.of(c, by.At).Reflection).In(zone); longer.After(c.Reflection.Until) {
		return fact.With(intakev1.ReflectionLengthened{Case: c.ID}, Lengthened{Until: longer}), nil
	}
	return fact.Of(intakev1.ReflectionEnded{Case: c.ID}), nil
}

// reflectionOver says that a period has ended, and that who has the case has written nothing
// on it since. It stands on their own list, and nobody is pressed by it.
func (c Case) reflectionOver() bool {
	if c.Reflection == nil || c.Reflection.Ended.IsZero() || c.Closed() {
		return false
	}
	n := len(c.Identifications)
	return n == 0 || c.Identifications[n-1].At.Before(c.Reflection.Ended)
}

// identified is the case after an event about trafficking or smuggling.
func (c Case) identified(e fact.Event) Case {
	switch e.Data.(type) {
	case intakev1.IndicatorsAsked:
		said, _ := e.Private.(IndicatorsNoted)
		said.At = e.At
		c.Survivor = c.Survivor.thinks(said.SeemsChild, c.Indicated)
		c.Indicated = append(slices.Clip(c.Indicated), said)
	case intakev1.IdentificationRecorded:
		said, _ := e.Private.(Identification)
		said.At = e.At
		c.Identifications = append(slices.Clip(c.Identifications), said)
		if said.Opens != nil {
			c.Reflection = said.Opens
		}
	case intakev1.PassageRecorded:
		said, _ := e.Private.(Passage)
		said.At = e.At
		c.Passages = append(slices.Clip(c.Passages), said)
	case intakev1.ReflectionLengthened:
		said, _ := e.Private.(Lengthened)
		c = c.period(func(r *Reflection) {
			if said.Until.After(r.Until) {
				r.Until = said.Until
			}
		})
	case intakev1.ReflectionEnded:
		c = c.period(func(r *Reflection) { r.Ended = e.At })
	default:
		c = c.owned(e)
	}
	return c
}

func (c Case) period(change func(*Reflection)) Case {
	if c.Reflection != nil {
		r := *c.Reflection
		change(&r)
		c.Reflection = &r
	}
	return c
}
