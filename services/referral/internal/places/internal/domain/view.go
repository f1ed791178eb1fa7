package domain

import (
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// View is a place as somebody sees it. Its own agency sees the counts, who holds and for
// which referral one is taken. Others see whom it takes, whether one is free, and what they
// hold themselves: no count of a shelter leaves its agency.
type View struct {
	Place  string           `json:"place"`
	Agency string           `json:"agency"`
	Unit   code.PlaceUnit   `json:"unit"`
	Takes  referralv1.Takes `json:"takes"`
	// HasFree says that at least one is free.
	HasFree bool       `json:"has_free"`
	Holds   []HoldView `json:"holds"`
	Counts  *Counts    `json:"counts,omitempty"`
	Stays   []StayView `json:"stays,omitempty"`
}

// Counts are what the agency sees of its own place.
type Counts struct {
	Maximum int64 `json:"maximum"`
	Free    int64 `json:"free"`
	Held    int64 `json:"held"`
	Taken   int64 `json:"taken"`
	// Over is by how many these are more than there are, and Uncounted how many were
	// accepted while none was free.
	Over      int64     `json:"over,omitempty"`
	Uncounted int64     `json:"uncounted,omitempty"`
	CountedAt time.Time `json:"counted_at"`
}

// HoldView is a hold as its desk and the place's agency see it.
type HoldView struct {
	Hold     string    `json:"hold"`
	Agency   string    `json:"agency"`
	Until    time.Time `json:"until"`
	Renewed  bool      `json:"renewed,omitempty"`
	Adults   int64     `json:"adults"`
	Children int64     `json:"children,omitempty"`
	Referral string    `json:"referral,omitempty"`
}

// StayView is who has a unit, as the agency sees it.
type StayView struct {
	Referral  string    `json:"referral"`
	Since     time.Time `json:"since"`
	Uncounted bool      `json:"uncounted,omitempty"`
	// EndedAt is when the referral ended, while nobody said that she left.
	EndedAt time.Time `json:"ended_at,omitzero"`
	Asked   bool      `json:"asked,omitempty"`
}

// View is the place as this actor may see it.
func (p Place) View(by fact.By) any {
	own := by.Agency == p.Agency
	v := View{Place: p.ID, Agency: p.Agency, Unit: p.Unit, Takes: p.Takes, HasFree: p.Free > 0, Holds: []HoldView{}}
	for _, h := range p.Holds {
		if !own && h.Agency != by.Agency {
			continue
		}
		v.Holds = append(v.Holds, HoldView{
			Hold: h.ID, Agency: h.Agency, Until: h.Until, Renewed: h.Renewed, Adults: h.Adults, Children: h.Children, Referral: h.Referral,
		})
	}
	if !own {
		return v
	}
	v.Counts = &Counts{
		Maximum: p.Maximum, Free: p.Free, Held: int64(len(p.Holds)), Taken: p.Taken(), Over: p.Over(),
		Uncounted: int64(len(p.Stays)) - p.Taken(), CountedAt: p.CountedAt,
	}
	for _, s := range p.Stays {
		v.Stays = append(v.Stays, StayView{Referral: s.Referral, Since: s.Since, Uncounted: s.Uncounted, EndedAt: s.EndedAt, Asked: s.Asked})
	}
	return v
}

// ByAgency is ("own", agency) and ("held", agency): the places that it has, and those at
// which it holds one.
var ByAgency = image.List[Place]{Keys: func(p Place) []string {
	if !p.Exists() {
		return nil
	}
	keys := []string{fact.Key("own", p.Agency)}
	seen := map[string]bool{}
	for _, h := range p.Holds {
		if !seen[h.Agency] {
			seen[h.Agency] = true
			keys = append(keys, fact.Key("held", h.Agency))
		}
	}
	return keys
}}

// ByReferral is (referral): where one is held for it, or taken by it.
var ByReferral = image.List[Place]{Keys: func(p Place) []string {
	keys := p.Referrals()
	for i, id := range keys {
		keys[i] = fact.Key(id)
	}
	return keys
}}

// Places chooses the places of the caller's agency, or with held=true those at which it
// holds one.
func Places(by fact.By, q url.Values) (image.Part[Place], error) {
	if q.Get("held") == "true" {
		return ByAgency.Of("held", by.Agency), nil
	}
	return ByAgency.Of("own", by.Agency), nil
}
