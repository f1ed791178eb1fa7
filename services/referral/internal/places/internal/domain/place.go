package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Place is what an agency has at one service of the directory, counted in one unit. It is
// the service and not one of its locations: how many hidden houses there are is not the
// network's to know, and HSDS counts at the service as well.
type Place struct {
	ID         string
	Agency     string
	Country    code.Country
	Services   []code.Service
	Visibility code.Visibility
	Unit       code.PlaceUnit
	Takes      referralv1.Takes
	// Maximum and Free are the agency's own count, and Free what was held, taken and given
	// back since. What is neither free nor here is taken by others, or out of use.
	Maximum, Free int64
	CountedAt     time.Time

	Holds []Hold
	Stays []Stay
}

// Hold is one unit that is kept free for a desk.
type Hold struct {
	ID       string
	Agency   string
	Until    time.Time
	Renewed  bool
	Referral string
	Kept
}

// Kept is the private half of PlaceHeld: how many come, and the programme that asked. Neither
// sex nor age is kept, for with a service they are one person.
type Kept struct {
	Adults   int64 `json:"adults"`
	Children int64 `json:"children,omitempty"`
	// Programme is whose rule says how long; empty for that of the base of the network.
	Programme string `json:"programme,omitempty"`
}

// Stay is one unit that the acceptance of a referral took.
type Stay struct {
	Referral string
	Since    time.Time
	// Uncounted says that none was free by the count.
	Uncounted bool
	// EndedAt is when the referral ended; AskAt when the agency's people are asked whether
	// she left, and Asked that they were.
	EndedAt, AskAt time.Time
	Asked          bool
	// Told says that the shelter keeps a record of the stay, which says when it ends: nobody is
	// asked then.
	Told bool
}

// Rule is what a programme says of holds.
type Rule struct {
	// Hold is how long a place is held, and again when the hold is renewed.
	Hold time.Duration
	// Ask is how long after the end of a referral the agency's people are asked whether she
	// left.
	Ask time.Duration
}

// AskAfter is Rule.Ask in every programme.
const AskAfter = 7 * 24 * time.Hour

// Exists says whether the place was ever described.
func (p Place) Exists() bool { return p.ID != "" }

// Case is empty: a place belongs to no case.
func (p Place) Case() string { return "" }

// Visible lets its agency know of the place, and others where they may know of the
// service.
func (p Place) Visible(by fact.By) bool {
	return by.System() || p.Exists() && by.Agency != "" && (by.Agency == p.Agency || open(p.Visibility) || p.holds(by.Agency))
}

func open(v code.Visibility) bool { return v == code.VisiblePublic || v == code.VisibleNetwork }

// Closed is never.
func (p Place) Closed() bool { return false }

// Taken is how many units are taken by acceptances.
func (p Place) Taken() (n int64) {
	for _, s := range p.Stays {
		if !s.Uncounted {
			n++
		}
	}
	return n
}

// Over is by how many what is free, held and taken is more than there is. It is above zero
// only where the agency counted so.
func (p Place) Over() int64 {
	return max(0, p.Free+int64(len(p.Holds))+p.Taken()-p.Maximum)
}

func (p Place) holds(agency string) bool {
	return slices.ContainsFunc(p.Holds, func(h Hold) bool { return h.Agency == agency })
}

// held finds a hold.
func (p Place) held(id string) int {
	return slices.IndexFunc(p.Holds, func(h Hold) bool { return h.ID == id })
}

// heldFor finds the hold for a referral.
func (p Place) heldFor(referral string) int {
	return slices.IndexFunc(p.Holds, func(h Hold) bool { return h.Referral == referral && referral != "" })
}

// stay finds who has a unit for a referral.
func (p Place) stay(referral string) int {
	return slices.IndexFunc(p.Stays, func(s Stay) bool { return s.Referral == referral })
}

// Referrals are those for which one is held or taken.
func (p Place) Referrals() (ids []string) {
	for _, h := range p.Holds {
		if h.Referral != "" {
			ids = append(ids, h.Referral)
		}
	}
	for _, s := range p.Stays {
		ids = append(ids, s.Referral)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Evolve is the place after an event.
func (p Place) Evolve(e fact.Event) Place {
	switch d := e.Data.(type) {
	case referralv1.PlaceDescribed:
		p.ID, p.Agency, p.Country, p.Services, p.Visibility = d.Place, d.Agency, d.Country, d.Services, d.Visibility
		p.Unit, p.Takes, p.Maximum, p.Free, p.CountedAt = d.Unit, d.Takes, d.Maximum, d.Free, e.At
		p.Stays = slices.Clone(p.Stays)
		for i := range p.Stays {
			p.Stays[i].Uncounted = false // who counts again sees who is there
		}
	case referralv1.PlaceHeld:
		kept, _ := e.Private.(Kept)
		h := Hold{ID: d.Hold, Agency: d.Agency, Until: d.Until, Renewed: d.Renewed, Referral: d.Referral, Kept: kept}
		p.Holds = slices.Clone(p.Holds)
		if i := p.held(d.Hold); i >= 0 {
			p.Holds[i] = h
			break
		}
		p.Holds = append(p.Holds, h)
		p.Free--
	case referralv1.HoldEnded:
		i := p.held(d.Hold)
		if i < 0 {
			break
		}
		p.Holds = slices.Delete(slices.Clone(p.Holds), i, i+1)
		if d.Reason != code.HoldTaken { // a stay follows
			p = p.back()
		}
	case referralv1.PlacementBegun:
		p = p.begun(d, e.At)
	case referralv1.PlacementOutlived:
		if i := p.stay(d.Referral); i >= 0 {
			p.Stays = slices.Clone(p.Stays)
			s := &p.Stays[i]
			if s.AskAt, s.Asked = d.AskAt, d.Asked; s.EndedAt.IsZero() {
				s.EndedAt = e.At
			}
		}
	case referralv1.PlacementEnded:
		i := p.stay(d.Referral)
		if i < 0 {
			break
		}
		s := p.Stays[i]
		p.Stays = slices.Delete(slices.Clone(p.Stays), i, i+1)
		if !s.Uncounted {
			p = p.back()
		}
	}
	return p
}

func (p Place) begun(d referralv1.PlacementBegun, at time.Time) Place {
	p.Stays = slices.Clone(p.Stays)
	if i := p.stay(d.Referral); i >= 0 {
		s := &p.Stays[i]
		s.EndedAt, s.AskAt, s.Asked, s.Told = time.Time{}, time.Time{}, false, s.Told || d.Told
		return p
	}
	p.Stays = append(p.Stays, Stay{Referral: d.Referral, Since: at, Uncounted: d.Uncounted, Told: d.Told})
	if d.Hold == "" && !d.Uncounted {
		p.Free--
	}
	return p
}

// back gives one unit back. Where the agency counted it as free already, or as no more
// there, its word stands.
func (p Place) back() Place {
	if p.Free+int64(len(p.Holds))+p.Taken() < p.Maximum {
		p.Free++
	}
	return p
}
