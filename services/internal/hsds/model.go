package hsds

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Organization answers for services.
type Organization struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Identifiers []Identifier `json:"organization_identifiers"`
	Attributes  Attributes   `json:"attributes"`
}

// Identifier is a name of an organization in some scheme.
type Identifier struct {
	Scheme     string `json:"identifier_scheme"`
	Identifier string `json:"identifier"`
}

// Service is help that an organization gives.
type Service struct {
	ID             string              `json:"id"`
	OrganizationID string              `json:"organization_id"`
	Name           string              `json:"name"`
	Status         string              `json:"status"`
	MinimumAge     *float64            `json:"minimum_age"`
	MaximumAge     *float64            `json:"maximum_age"`
	Languages      []Language          `json:"languages"`
	Schedules      []Schedule          `json:"schedules"`
	Areas          []ServiceArea       `json:"service_areas"`
	Capacities     []Capacity          `json:"capacities"`
	At             []ServiceAtLocation `json:"service_at_locations"`
	Attributes     Attributes          `json:"attributes"`
}

// ServiceAtLocation is a service at one of its places.
type ServiceAtLocation struct {
	ID         string        `json:"id"`
	LocationID string        `json:"location_id"`
	Schedules  []Schedule    `json:"schedules"`
	Areas      []ServiceArea `json:"service_areas"`
	Attributes Attributes    `json:"attributes"`
}

// Location is a place, in the world or not.
type Location struct {
	ID             string     `json:"id"`
	OrganizationID string     `json:"organization_id"`
	Type           string     `json:"location_type"`
	Latitude       *float64   `json:"latitude"`
	Longitude      *float64   `json:"longitude"`
	Addresses      []Address  `json:"addresses"`
	Languages      []Language `json:"languages"`
	Schedules      []Schedule `json:"schedules"`
	Attributes     Attributes `json:"attributes"`
}

// Address is where a location is.
type Address struct {
	Country code.Country `json:"country"`
}

// Language is one that is spoken.
type Language struct {
	Name string `json:"name"`
	// Code is an ISO 639 code or a BCP 47 tag.
	Code string `json:"code"`
}

// ServiceArea is where a service is given.
type ServiceArea struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Extent     string     `json:"extent"`
	ExtentType string     `json:"extent_type"`
	Attributes Attributes `json:"attributes"`
}

// Capacity is how much of something is left.
type Capacity struct {
	ID        string    `json:"id"`
	Unit      Unit      `json:"unit"`
	Available float64   `json:"available"`
	Maximum   *float64  `json:"maximum"`
	Updated   time.Time `json:"updated"`
}

// Unit is what a capacity counts: beds, places, hours.
type Unit struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Identifier string `json:"identifier"`
}

// Is says whether the unit goes by a name: its identifier in a scheme, its
// name, or its id.
func (u Unit) Is(name string) bool {
	return strings.EqualFold(name, u.ID) || strings.EqualFold(name, u.Name) || u.Identifier != "" && strings.EqualFold(name, u.Identifier)
}

// Attribute describes a row by a term of a taxonomy.
type Attribute struct {
	Value string `json:"value"`
	Term  struct {
		ID       string `json:"id"`
		Code     string `json:"code"`
		Taxonomy string `json:"taxonomy"`
	} `json:"taxonomy_term"`
}

// Attributes are those of one row.
type Attributes []Attribute

// codes are those of a taxonomy, each once.
func (a Attributes) codes(taxonomy string) []string {
	var list []string
	for _, one := range a {
		if one.Term.Taxonomy == taxonomy && !slices.Contains(list, one.Term.Code) {
			list = append(list, one.Term.Code)
		}
	}
	return list
}

// Terms are the identifiers of the terms that describe the row.
func (a Attributes) Terms() []string {
	var list []string
	for _, one := range a {
		if one.Term.ID != "" && !slices.Contains(list, one.Term.ID) {
			list = append(list, one.Term.ID)
		}
	}
	return list
}

func typed[T ~string](list []string) []T {
	out := make([]T, len(list))
	for i, s := range list {
		out[i] = T(s)
	}
	return out
}

// ParseOrganization reads a document that was taken.
func ParseOrganization(text []byte) (o Organization, err error) { return o, json.Unmarshal(text, &o) }

// ParseService reads a document that was taken.
func ParseService(text []byte) (s Service, err error) { return s, json.Unmarshal(text, &s) }

// ParseLocation reads a document that was taken.
func ParseLocation(text []byte) (l Location, err error) { return l, json.Unmarshal(text, &l) }

// Agency is the slug of the organization in this network: what it says itself,
// or one made of its whole identifier. Of a part of it, two organizations could be one
// agency, and each would see what is assigned to the other.
func (o Organization) Agency() string {
	for _, i := range o.Identifiers {
		if i.Scheme == SchemeAgency {
			return i.Identifier
		}
	}
	return "org-" + strings.ReplaceAll(o.ID, "-", "")
}

// Kinds are the kinds of help, as referrals name them.
func (s Service) Kinds() []code.Service {
	return typed[code.Service](s.Attributes.codes(TaxonomyService))
}

// Sexes are whom the service is for; none is everybody.
func (s Service) Sexes() []code.Sex { return typed[code.Sex](s.Attributes.codes(TaxonomySex)) }

// Situations are whom the service is for; none is everybody.
func (s Service) Situations() []code.Situation {
	return typed[code.Situation](s.Attributes.codes(TaxonomySituation))
}

// Accessibility is what makes the service usable for her.
func (s Service) Accessibility() []code.Accessibility {
	return typed[code.Accessibility](s.Attributes.codes(TaxonomyAccessibility))
}

// Accessibility is what makes the place usable for her.
func (l Location) Accessibility() []code.Accessibility {
	return typed[code.Accessibility](l.Attributes.codes(TaxonomyAccessibility))
}

// AreaCodes are where the service is given: countries (ISO 3166-1) and parts of
// them (ISO 3166-2). None: it does not say so in codes.
func (s Service) AreaCodes() []string { return areaCodes(s.Attributes, s.Areas) }

// AreaCodes are where the service is given from this place; none: as the service
// says.
func (p ServiceAtLocation) AreaCodes() []string { return areaCodes(p.Attributes, p.Areas) }

func areaCodes(own Attributes, areas []ServiceArea) []string {
	list := own.codes(TaxonomyArea)
	for _, a := range areas {
		list = append(list, a.Attributes.codes(TaxonomyArea)...)
	}
	return list
}

// Accessibility is what makes the service usable for her at this place.
func (p ServiceAtLocation) Accessibility() []code.Accessibility {
	return typed[code.Accessibility](p.Attributes.codes(TaxonomyAccessibility))
}

// LanguageCodes are those that are spoken at the service.
func (s Service) LanguageCodes() []string { return languageCodes(s.Languages) }

// LanguageCodes are those that are spoken at the place.
func (l Location) LanguageCodes() []string { return languageCodes(l.Languages) }

func languageCodes(languages []Language) []string {
	var list []string
	for _, l := range languages {
		if l.Code != "" && !slices.Contains(list, l.Code) {
			list = append(list, l.Code)
		}
	}
	return list
}

// Active says whether the service takes anybody.
func (s Service) Active() bool { return s.Status == "active" }

// Country is that of the first address that has one.
func (l Location) Country() code.Country {
	for _, a := range l.Addresses {
		if a.Country != "" {
			return a.Country
		}
	}
	return ""
}

// Coordinates are where the location is, if it says so.
func (l Location) Coordinates() (latitude, longitude float64, ok bool) {
	if l.Latitude == nil || l.Longitude == nil || math.Abs(*l.Latitude) > 90 || math.Abs(*l.Longitude) > 180 {
		return 0, 0, false
	}
	return *l.Latitude, *l.Longitude, true
}

// Hours are when the service is given at one of its places: the hours of the
// two together, else of the service, else of the place.
func (s Service) Hours(at ServiceAtLocation, l Location) Hours {
	for _, list := range [][]Schedule{at.Schedules, s.Schedules, l.Schedules} {
		if len(list) == 0 {
			continue
		}
		hours := make(Hours, len(list))
		for i, one := range list {
			hours[i] = one.In(l.Country())
		}
		return hours
	}
	return nil
}
