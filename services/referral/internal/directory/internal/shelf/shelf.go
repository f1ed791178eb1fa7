// Package shelf keeps in order what depends on more than one record of the
// directory. It has the records and follows them. It refuses to decide what a reader
// is shown: publication does.
package shelf

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/hsds"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// Shelf is the records of the directory, and in order what depends on more than one
// of them: what could help, and what each tier of readers finds on which list. It
// follows every commit, at start by the replay, and puts right what the change
// touched: a service, what is at its locations, or what an agency has, and never the
// whole directory.
//
// The lists only say where to look. Publication decides again, by what is there then.
type Shelf struct {
	Agencies      *record.Records[domain.Agency]
	Organizations *record.Records[domain.Entry]
	Services      *record.Records[domain.Entry]
	Locations     *record.Records[domain.Entry]
	Taxonomies    *record.Records[domain.Entry]
	Terms         *record.Records[domain.Entry]

	// Index is the places that matching ranks. Unlisted are services of which not everybody in the
	// network may know: where they are is in none of them.
	Index, Unlisted *match.Index

	// mu makes each change see those before it, of whatever records.
	mu        sync.Mutex
	services  *image.Table[shelved]
	places    *image.Table[spotted]
	locations *image.Table[standing]
	// secrets are what the locations tell that not everybody knows; place those of which
	// it is known that something is there.
	secrets        sync.RWMutex
	words, address domain.Secrets
}

// shelved is the place of a service in the lists.
type shelved struct {
	id, tier string
	terms    []string
	// changed is when something that its readers may see of it last did.
	changed time.Time
}

func (s shelved) keys() []string {
	if s.tier == "" {
		return nil
	}
	keys := []string{fact.Key(s.tier, "", s.id)}
	for _, term := range s.terms {
		keys = append(keys, fact.Key(s.tier, term, s.id))
	}
	return keys
}

func (s shelved) change() []string {
	if s.tier == "" {
		return nil
	}
	return []string{fact.Key(s.tier, fact.Sortable(s.changed))}
}

// spotted is a service at a location in the lists.
type spotted struct {
	id    string
	tiers []string
}

func (p spotted) keys() []string {
	keys := make([]string, len(p.tiers))
	for i, tier := range p.tiers {
		keys[i] = fact.Key(tier, p.id)
	}
	return keys
}

// The lists of what is derived here: services by (tier, term, identifier) and by (tier,
// instant of change), places by (tier, identifier), and by (organization) the locations of
// which not everybody knows. Pages follow identifiers, which do not change: who turns the
// pages while entries change must not miss one.
var (
	byTier       = image.List[shelved]{Keys: shelved.keys}
	byChange     = image.List[shelved]{Keys: shelved.change, Timed: true}
	placesByTier = image.List[spotted]{Keys: spotted.keys}
	withheld     = image.List[standing]{Keys: func(l standing) []string {
		var keys []string
		if l.visibility != code.VisiblePublic {
			for _, o := range l.organizations {
				keys = append(keys, fact.Key(o))
			}
		}
		return keys
	}}
)

// standing is who may know of a location: those who see its visibility, as one
// of the agencies that answer for it or for what is given there.
type standing struct {
	visibility code.Visibility
	// settled says that it is known what is there: its publisher says who may know of
	// it, or that a service is given there.
	settled                 bool
	organizations, agencies []string
}

func (s standing) seenBy(by fact.By) bool {
	return slices.ContainsFunc(s.agencies, func(agency string) bool { return domain.Sees(by, s.visibility, agency) })
}

// New adds the records to a book, and follows them.
func New(b *record.Book) *Shelf {
	listed, _ := match.NewIndex(func(func(*match.Place) bool) {}) // of nothing, nothing is refused
	unlisted, _ := match.NewIndex(func(func(*match.Place) bool) {})
	s := &Shelf{
		Agencies:      record.New(b, "agency", &domain.ByService),
		Organizations: record.New(b, "org", &domain.ByTier, &domain.ByAgency),
		Services:      record.New(b, "svc", &domain.ByOrganization, &domain.ByLocation, &domain.ByPlace, &domain.ByKind),
		Locations:     record.New(b, "loc", &domain.ByOrganization),
		Taxonomies:    record.New(b, "tax", &domain.All),
		Terms:         record.New(b, "term", &domain.All),
		Index:         listed,
		Unlisted:      unlisted,
		services:      image.New(never, &byTier, &byChange),
		places:        image.New(never, &placesByTier),
		locations:     image.New(never, &withheld),
	}
	s.Agencies.Watch(s.onAgency)
	s.Organizations.Watch(s.onOrganization)
	s.Services.Watch(s.onService)
	s.Locations.Watch(s.onLocation)
	return s
}

// never is when a row may leave memory.
func never[S any](S) bool { return false }

// set puts a record where its state says.
func set[S any](t *image.Table[S], id string, state S) {
	t.Put(id, t.Get(id), image.Row[S]{State: state, Version: 1})
}

func (s *Shelf) onAgency(id string, was domain.Agency) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, _ := s.Agencies.Held(id)
	name := cmp.Or(a.State.Name, was.Name) // of one in quarantine nothing is held
	s.registered(name)
	for _, organization := range s.Organizations.Find(domain.ByAgency.Of(name)) {
		o, _ := s.Organizations.Held(organization)
		for _, service := range s.Services.Find(domain.ByOrganization.Of(o.State.Listed.Entry)) {
			s.service(service)
		}
	}
}

func (s *Shelf) onOrganization(id string, was domain.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, _ := s.Organizations.Held(id)
	entry := cmp.Or(now.State.Listed.Entry, was.Listed.Entry)
	places := s.Locations.Find(domain.ByOrganization.Of(entry))
	services := s.Services.Find(domain.ByOrganization.Of(entry))
	for _, service := range services {
		e, _ := s.Services.Held(service)
		places = append(places, e.State.At()...)
	}
	for _, at := range unique(places) {
		s.around(at)
	}
	for _, service := range services {
		s.service(service)
	}
	for _, e := range []domain.Entry{was, now.State} {
		if e.Organization != nil {
			s.registered(e.Organization.Agency())
		}
	}
}

func (s *Shelf) onService(id string, was domain.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, _ := s.Services.Held(id)
	if sameAround(was.Service, now.State.Service) {
		s.service(id) // a count, say, or its words
		return
	}
	if was.Service != nil {
		for _, p := range was.Service.At {
			set(s.places, p.ID, spotted{})
		}
	}
	for _, at := range unique(append(was.At(), now.State.At()...)) {
		s.around(at)
	}
	s.service(id)
	for _, e := range []domain.Entry{was, now.State} {
		if o, ok := s.Organizations.Held(e.Owner()); ok && o.State.Organization != nil {
			s.registered(o.State.Organization.Agency())
		}
	}
}

// sameAround says whether all that others depend on is as it was.
func sameAround(was, now *hsds.Service) bool {
	return was != nil && now != nil && was.OrganizationID == now.OrganizationID && was.Visibility() == now.Visibility() &&
		slices.Equal(was.Kinds(), now.Kinds()) &&
		slices.EqualFunc(was.At, now.At, func(a, b hsds.ServiceAtLocation) bool { return a.ID == b.ID && a.LocationID == b.LocationID })
}

func (s *Shelf) onLocation(id string, was domain.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, _ := s.Locations.Held(id)
	s.location(id)
	for _, e := range unique([]string{was.Listed.Entry, now.State.Listed.Entry}) {
		for _, service := range s.Services.Find(domain.ByLocation.Of(e)) {
			s.service(service)
		}
	}
}

// around puts a location right and, when others may know of it now than before,
// all that is given there.
func (s *Shelf) around(location string) {
	if s.location(location) {
		for _, service := range s.Services.Find(domain.ByLocation.Of(strings.TrimPrefix(location, "loc_"))) {
			s.service(service)
		}
	}
}

// location puts a location right, and says whether others may know of it now.
func (s *Shelf) location(id string) (moved bool) {
	id = s.Locations.Name(id)
	l, ok := s.Locations.Held(id)
	if !ok || l.State.Location == nil {
		return false // not there yet: its services are looked at when it comes
	}
	was, now := s.locations.Get(id), s.standing(l.State)
	set(s.locations, id, now)
	s.secrets.Lock()
	s.words.Put(id, l.State, now.visibility != code.VisiblePublic)
	s.address.Put(id, l.State, now.visibility != code.VisiblePublic && now.settled)
	s.secrets.Unlock()
	return was.State.visibility != now.visibility || !slices.Equal(was.State.agencies, now.agencies)
}

// standing decides on a location by what is given there now, and is never more open
// than at the listing: a safe house there may be in quarantine, or in no list.
func (s *Shelf) standing(e domain.Entry) standing {
	l := *e.Location
	var given []hsds.Service
	is := standing{organizations: []string{l.OrganizationID}}
	for _, id := range s.Services.Find(domain.ByLocation.Of(l.ID)) {
		if e, ok := s.Services.Held(id); ok && e.State.Service != nil {
			given = append(given, *e.State.Service)
			is.organizations = append(is.organizations, e.State.Service.OrganizationID)
		}
	}
	is.settled = l.Stated() != "" || len(given) > 0
	is.visibility, is.organizations = hsds.Strictest(l.Visibility(given), e.Listed.Visibility), unique(is.organizations)
	for _, id := range is.organizations {
		agency := ""
		if o, ok := s.Organizations.Held(id); ok && o.State.Organization != nil {
			agency = o.State.Organization.Agency()
		}
		is.agencies = append(is.agencies, agency)
	}
	if len(is.agencies) == 0 {
		is.agencies = []string{""} // of no agency, and yet it may be public
	}
	return is
}

// service puts a service right: on the lists of its readers, and among what
// could answer a question.
func (s *Shelf) service(id string) {
	var shelf shelved
	var places, unlisted []*match.Place
	if e, ok := s.Services.Held(id); ok && e.State.Service != nil {
		service := *e.State.Service
		if o, ok := s.Organizations.Held(service.OrganizationID); ok && o.State.Organization != nil {
			l := listing{service: service, organization: *o.State.Organization}
			agency, _ := s.Agencies.Held(l.organization.Agency())
			l.agency = agency.State
			shelf = s.shelve(&l, later(e.At, o.At))
			places, unlisted = l.listed(), l.unlisted()
		}
	}
	set(s.services, id, shelf)
	if s.Index.Replace(id, places) != nil {
		_ = s.Index.Replace(id, nil) // what cannot be listed as it is now is not listed as it was
	}
	if s.Unlisted.Replace(id, unlisted) != nil {
		_ = s.Unlisted.Replace(id, nil)
	}
}

// shelve finds the places of a listing, and puts it and them on their lists.
func (s *Shelf) shelve(l *listing, changed time.Time) shelved {
	agency := l.organization.Agency()
	visibility := hsds.Strictest(l.service.Visibility(), l.organization.Visibility())
	for _, at := range l.service.At {
		p := spot{at: at, place: at.Visibility()}
		tiers := []string{domain.Tier(hsds.Strictest(visibility, p.place), agency)}
		if at.LocationID != "" {
			e, ok := s.Locations.Held(at.LocationID)
			if !ok || e.State.Location == nil {
				p.place, tiers = code.VisibleNobody, nil
			} else {
				stands := s.standing(e.State)
				p.location = *e.State.Location
				tiers = stands.tiers(hsds.Strictest(visibility, p.place), agency)
				if p.place = hsds.Strictest(p.place, stands.visibility); p.told() {
					changed = later(changed, e.At)
				}
			}
		}
		l.spots = append(l.spots, p)
		set(s.places, at.ID, spotted{at.ID, slices.DeleteFunc(tiers, func(t string) bool { return t == "" })})
	}
	return shelved{
		id: l.service.ID, tier: domain.Tier(visibility, agency),
		terms: l.service.Attributes.Terms(), changed: changed,
	}
}

// tiers are those of a service at this location, which may have a visibility of
// its own.
func (s standing) tiers(service code.Visibility, agency string) []string {
	v := hsds.Strictest(service, s.visibility)
	if s.visibility != code.VisibleAssigned {
		return []string{domain.Tier(v, agency)}
	}
	var tiers []string
	for _, a := range s.agencies {
		if service != code.VisibleAssigned || a == agency {
			tiers = append(tiers, domain.Tier(v, a))
		}
	}
	return unique(tiers)
}

// registered puts right what an agency gives only by its registration: a kind
// of help with a listing, also a hidden one, has the place of the listing
// alone.
func (s *Shelf) registered(agency string) {
	if agency == "" {
		return
	}
	a, _ := s.Agencies.Held(agency)
	organizations := s.Organizations.Find(domain.ByAgency.Of(agency))
	var places []*match.Place
	for _, kind := range unique(slices.Clone(a.State.Services)) {
		if !slices.ContainsFunc(organizations, func(id string) bool {
			o, _ := s.Organizations.Held(id)
			entry := cmp.Or(o.State.Listed.Entry, strings.TrimPrefix(id, "org_")) // of one in quarantine nothing is held
			return s.Services.Count(domain.ByKind.Of(entry, string(kind))) > 0
		}) {
			places = append(places, registered(a.State, kind))
		}
	}
	source := s.Agencies.Name(agency)
	if s.Index.Replace(source, places) != nil {
		_ = s.Index.Replace(source, nil)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func unique[T ~string](list []T) []T {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(s T) bool { return s == "" })
}
