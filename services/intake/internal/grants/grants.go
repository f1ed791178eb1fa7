// Package grants is what intake knows of the grants of the trust fund: which agency has one, and
// when it is in force. The room of the trust fund decides that, and this is a copy. The package
// refuses to know amounts, and what a grantee reports.
package grants

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// Prefix begins the name of every record.
const Prefix = "grant"

// Grant is the copy of one grant. It lags behind by as long as the bus takes.
type Grant struct {
	intakev1.GrantNoted
	// Paused are the times for which it was suspended, as they were noted here. The last one goes on
	// while it has no end.
	Paused []Span
}

// Span is a time from an instant until another one; without an end it goes on.
type Span struct{ From, Until time.Time }

// Said is what a fact of the trust fund says of a grant. What it leaves out it does not change.
type Said struct {
	trustfundv1.Granted
	// Agreed is what an agreement says, or an extension.
	Agreed *trustfundv1.GrantAgreed
	// Suspended is nil where nothing is said of it.
	Suspended *bool
	// ClosedOn is the instant from which on the grant is closed.
	ClosedOn time.Time
}

// Agreed is what the fact says.
func Agreed(e trustfundv1.GrantAgreed) Said { return Said{Granted: e.Granted, Agreed: &e} }

// Suspended is what the fact says.
func Suspended(e trustfundv1.GrantSuspended) Said {
	return Said{Granted: e.Granted, Suspended: new(true)}
}

// Restored is what the fact says.
func Restored(e trustfundv1.GrantRestored) Said {
	return Said{Granted: e.Granted, Suspended: new(false)}
}

// Ended is what the fact says.
func Ended(e trustfundv1.GrantClosed) Said { return Said{Granted: e.Granted, ClosedOn: e.On} }

// Note notes what a fact says. A fact of an earlier turn that comes later adds what is not known yet
// and changes nothing; one that names another agency is refused (agree.Err).
func (g Grant) Note(s Said) ([]fact.Event, error) {
	if g.Exists() {
		if err := agree.Same("/agency", g.Agency, s.Agency); err != nil {
			return nil, err
		}
	}
	next, later := g.GrantNoted, s.Turn > g.Turn
	next.Grant, next.Agency, next.Turn = s.Grant, s.Agency, max(g.Turn, s.Turn)
	if s.Agreed != nil && (later || g.From.IsZero()) {
		next.Country, next.From, next.Until = s.Agreed.Country, s.Agreed.From.UTC(), s.Agreed.Until.UTC()
	}
	if s.Suspended != nil && later {
		next.Suspended = *s.Suspended
	}
	if !s.ClosedOn.IsZero() && (later || g.ClosedOn.IsZero()) {
		next.ClosedOn = s.ClosedOn.UTC()
	}
	if next == g.GrantNoted {
		return nil, nil
	}
	return fact.Of(intakev1.GrantNoted{
		Grant: next.Grant, Agency: next.Agency, Country: next.Country, From: next.From, Until: next.Until,
		Suspended: next.Suspended, ClosedOn: next.ClosedOn, Turn: next.Turn,
	}), nil
}

// Evolve is the copy after an event.
func (g Grant) Evolve(e fact.Event) Grant {
	d, ok := e.Data.(intakev1.GrantNoted)
	if !ok {
		return g
	}
	switch {
	case d.Suspended && !g.Suspended:
		g.Paused = append(slices.Clip(g.Paused), Span{From: e.At})
	case !d.Suspended && g.Suspended:
		g.Paused = slices.Clone(g.Paused)
		g.Paused[len(g.Paused)-1].Until = e.At
	}
	g.GrantNoted = d
	return g
}

// InForce says whether the grant was in force at an instant.
func (g Grant) InForce(at time.Time) bool {
	if g.From.IsZero() || at.Before(g.From) || !at.Before(g.Until) || !g.ClosedOn.IsZero() && !at.Before(g.ClosedOn) {
		return false
	}
	return !slices.ContainsFunc(g.Paused, func(s Span) bool { return !at.Before(s.From) && (s.Until.IsZero() || at.Before(s.Until)) })
}

// Held are the grants of each agency.
type Held map[string][]Grant

// Hold puts grants in an order that does not hang on how they are read: the one that began first
// counts.
func Hold(all []look.Fresh[Grant]) Held {
	held := Held{}
	for _, one := range all {
		g := one.Value()
		held[g.Agency] = append(held[g.Agency], g)
	}
	for _, of := range held {
		slices.SortFunc(of, func(a, b Grant) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Grant, b.Grant)) })
	}
	return held
}

// Of is the grant of an agency that was in force at an instant; empty where none was.
func (h Held) Of(agency string, at time.Time) string {
	if agency == "" || at.IsZero() {
		return ""
	}
	for _, g := range h[agency] {
		if g.InForce(at) {
			return g.Grant
		}
	}
	return ""
}

// Exists says whether anything is known of the grant.
func (g Grant) Exists() bool { return g.Turn > 0 }

// Case is empty: a grant belongs to no case.
func (g Grant) Case() string { return "" }

// Visible is for the network alone.
func (g Grant) Visible(by fact.By) bool { return by.System() }

// Closed is never: a period that is counted later must know it.
func (g Grant) Closed() bool { return false }

// Deadlines are none.
func (g Grant) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (g Grant) View(fact.By) any { return struct{}{} }

// ByAgency lists the grants by who has them.
var ByAgency = image.List[Grant]{Keys: func(g Grant) []string {
	if !g.Exists() {
		return nil
	}
	return []string{fact.Key(g.Agency)}
}}
