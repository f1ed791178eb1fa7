package shelf

import (
	"math"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/hsds"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// spot is a place of a service, and who may know where it is.
type spot struct {
	at       hsds.ServiceAtLocation
	location hsds.Location // the zero one for none
	place    code.Visibility
}

func (p spot) told() bool {
	return p.place == code.VisiblePublic || p.place == code.VisibleNetwork
}

// listing is a service of the directory with what belongs to it.
type listing struct {
	service      hsds.Service
	organization hsds.Organization
	agency       domain.Agency // the zero one for an organization that nobody registered
	spots        []spot
}

// listed is what the listing shows to a caseworker of the network: one place for
// each kind of help, country and spot. All spots that are hidden are one, for
// their number and their hours would tell them apart.
func (l listing) listed() []*match.Place {
	visibility := hsds.Strictest(l.service.Visibility(), l.organization.Visibility())
	if visibility != code.VisiblePublic && visibility != code.VisibleNetwork {
		return nil
	}
	type where struct {
		country  code.Country
		location string
	}
	spots := l.spots
	if len(spots) == 0 {
		spots = []spot{{}}
	}
	var order []where
	found := map[where]*match.Place{}
	hours := map[where]hsds.Hours{}
	for _, p := range spots {
		o := l.at(p)
		o.Visibility = visibility
		for _, c := range l.countries(p, o.Areas) {
			w := where{c, o.Location}
			hours[w] = append(hours[w], l.hours(p, c)...)
			if first, again := found[w]; again {
				first.Accessibility = slices.DeleteFunc(first.Accessibility, func(a code.Accessibility) bool { return !slices.Contains(o.Accessibility, a) })
				first.Where = hsds.Strictest(first.Where, o.Where)
				continue
			}
			one := *o
			one.Country, one.Accessibility = c, slices.Clone(o.Accessibility)
			order, found[w] = append(order, w), &one
		}
	}
	var list []*match.Place
	for _, w := range order {
		if h := hours[w]; h.Known() {
			found[w].Hours = h
		}
		for _, kind := range l.service.Kinds() {
			one := *found[w]
			one.Service, one.Status = kind, l.status(kind)
			list = append(list, &one)
		}
	}
	return list
}

// unlisted is the listing where not everybody in the network may know of it: one place for each
// kind of help and country, without where it is.
func (l listing) unlisted() (list []*match.Place) {
	switch hsds.Strictest(l.service.Visibility(), l.organization.Visibility()) {
	case code.VisiblePublic, code.VisibleNetwork:
		return nil
	}
	spots := l.spots
	if len(spots) == 0 {
		spots = []spot{{}}
	}
	var countries []code.Country
	var hours hsds.Hours
	for _, p := range spots {
		for _, c := range l.countries(p, l.service.AreaCodes()) {
			countries, hours = append(countries, c), append(hours, l.hours(p, c)...)
		}
	}
	for _, c := range unique(countries) {
		for _, kind := range l.service.Kinds() {
			o := &match.Place{
				Agency: l.organization.Agency(), Listing: l.service.ID, Service: kind, Country: c, Status: l.status(kind),
				Capacity: capacity(l.service.Capacities), Visibility: code.VisibleAssigned, Where: code.VisibleNobody,
			}
			if hours.Known() {
				o.Hours = hours
			}
			list = append(list, o)
		}
	}
	return list
}

// at is what is given at a spot, of no kind and country yet.
func (l listing) at(p spot) *match.Place {
	s := l.service
	o := &match.Place{
		Agency: l.organization.Agency(), Listing: s.ID, Areas: s.AreaCodes(), Languages: s.LanguageCodes(),
		Sexes: s.Sexes(), Situations: s.Situations(), Capacity: capacity(s.Capacities), Where: p.place,
	}
	o.MinAge, o.MaxAge = ages(s)
	for _, list := range [][]code.Accessibility{s.Accessibility(), p.at.Accessibility(), p.location.Accessibility()} {
		o.Accessibility = append(o.Accessibility, list...)
	}
	if len(o.Languages) == 0 {
		o.Languages = p.location.LanguageCodes()
	}
	if !p.told() {
		return o // neither where it is, nor what it says of the parts around it
	}
	o.Location = p.at.LocationID
	if areas := p.at.AreaCodes(); len(areas) > 0 {
		o.Areas = areas
	}
	if latitude, longitude, ok := p.location.Coordinates(); ok {
		o.Point = &match.Point{Latitude: latitude, Longitude: longitude}
	}
	return o
}

// countries are those in which a place helps: of the areas that it names, else
// where it is, else where its agency is.
func (l listing) countries(p spot, areas []string) []code.Country {
	var list []code.Country
	for _, a := range areas {
		list = append(list, code.Country(a[:2]))
	}
	if len(list) == 0 {
		list = []code.Country{p.location.Country()}
	}
	if list[0] == "" {
		list[0] = l.agency.Country
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(c code.Country) bool { return !slices.Contains(code.Countries, c) })
}

func (l listing) hours(p spot, c code.Country) hsds.Hours {
	if p.location.Country() == "" {
		p.location.Addresses = []hsds.Address{{Country: c}} // for the time zone
	}
	return l.service.Hours(p.at, p.location)
}

// status is whether the network would take a referral there: a place for which
// it would decline at once is not serving.
func (l listing) status(kind code.Service) code.AgencyStatus {
	if _, declines := l.agency.Declines(kind); declines || !l.service.Active() {
		return code.AgencySuspended
	}
	return l.agency.Status
}

// ages are in full years: a part of a year below the least age is below it.
func ages(s hsds.Service) (least, most int) {
	if s.MinimumAge != nil {
		least = int(math.Ceil(*s.MinimumAge))
	}
	if s.MaximumAge != nil {
		most = max(1, int(*s.MaximumAge)) // zero would be no end
	}
	return least, most
}

// capacity is the count that matters: of several units the one of which
// something is left, else the latest. A service is full when nothing is left of
// any unit.
func capacity(list []hsds.Capacity) match.Capacity {
	var best *hsds.Capacity
	for i := range list {
		c := &list[i]
		if best == nil || (c.Available > 0) != (best.Available > 0) && c.Available > 0 ||
			(c.Available > 0) == (best.Available > 0) && c.Updated.After(best.Updated) {
			best = c
		}
	}
	if best == nil {
		return match.Capacity{}
	}
	c := match.Capacity{Unit: best.Unit.Name, Available: int(math.Ceil(best.Available)), Updated: best.Updated}
	if best.Maximum != nil {
		c.Maximum = int(math.Ceil(*best.Maximum))
	}
	return c
}

// registered is a service of an agency of which only the country is known.
func registered(a domain.Agency, s code.Service) *match.Place {
	return &match.Place{Agency: a.Name, Service: s, Country: a.Country, Status: a.Status, Visibility: code.VisibleNetwork}
}
