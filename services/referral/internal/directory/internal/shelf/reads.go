package shelf

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
)

// Kind is the records of a kind of entry.
func (s *Shelf) Kind(k code.EntryKind) *record.Records[domain.Entry] {
	switch k {
	case code.EntryOrganization:
		return s.Organizations
	case code.EntryService:
		return s.Services
	case code.EntryLocation:
		return s.Locations
	case code.EntryTaxonomy:
		return s.Taxonomies
	default:
		return s.Terms
	}
}

// SpanServices gives, of the services of a tier, those that a term describes, or all
// without a term, in the order of their identifiers; see image.Table.Span.
func (s *Shelf) SpanServices(tier, term, from string, offset, limit int) (ids []string, total int) {
	return s.services.Span(byTier.Of(tier, term), from, offset, limit)
}

// SpanPlaces gives the services at locations of a tier in the order of their identifiers.
func (s *Shelf) SpanPlaces(tier, from string, offset, limit int) (ids []string, total int) {
	return s.places.Span(placesByTier.Of(tier), from, offset, limit)
}

// SpanOrganizations gives the organizations of a tier in the order of their identifiers.
func (s *Shelf) SpanOrganizations(tier, from string, offset, limit int) (ids []string, total int) {
	return s.Organizations.Span(domain.ByTier.Of(tier), from, offset, limit)
}

// ChangedAfter gives the services of a tier that changed at an instant or after it.
func (s *Shelf) ChangedAfter(tier string, at time.Time) []string {
	from := fact.Sortable(at)
	_, total := s.services.Span(byChange.Of(tier), from, 0, 0)
	ids, _ := s.services.Span(byChange.Of(tier), from, 0, total)
	return ids
}

// Changed is when something that its readers may see of a service last did, and in
// which tier they are.
func (s *Shelf) Changed(service string) (entry, tier string, at time.Time) {
	is := s.services.Get(service).State
	return is.id, is.tier, is.changed
}

// Withheld are the locations of an organization that not everybody may know.
func (s *Shelf) Withheld(organization string) []string {
	return s.locations.Find(withheld.Of(organization))
}

// Knows says whether a reader may know of a location, by what is there now.
func (s *Shelf) Knows(by fact.By, location domain.Entry) bool {
	return s.standing(location).seenBy(by)
}

// Tells says whether a text tells where a location is, or how it is reached, that a reader
// must not know, of whichever organization. In the address of a location that is shown,
// only what is settled counts.
func (s *Shelf) Tells(by fact.By, text string, address bool) bool {
	s.secrets.RLock()
	told := s.words.Tell
	if address {
		told = s.address.Tell
	}
	locations := told(text)
	s.secrets.RUnlock()
	return s.unknownTo(by, locations)
}

// TellsAt says the same of coordinates of a location that is shown.
func (s *Shelf) TellsAt(by fact.By, latitude, longitude float64) bool {
	s.secrets.RLock()
	locations := s.address.At(latitude, longitude)
	s.secrets.RUnlock()
	return s.unknownTo(by, locations)
}

// unknownTo says whether a reader must not know one of some locations. One in quarantine
// tells what it told, and nobody knows it.
func (s *Shelf) unknownTo(by fact.By, locations []string) bool {
	return slices.ContainsFunc(locations, func(id string) bool {
		l, ok := s.Locations.Held(id)
		return !ok || !s.Knows(by, l.State)
	})
}
