package domain

import (
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/hsds"
)

// The lists of entries. Publication decides for each entry what a reader may
// see.

// All is every entry, by its identifier.
var All = image.List[Entry]{Keys: func(e Entry) []string {
	if !e.Exists() {
		return nil
	}
	return []string{fact.Key("")}
}}

// ByOrganization is (organization): the one that answers for the entry.
var ByOrganization = image.List[Entry]{Keys: func(e Entry) []string {
	if owner := e.Owner(); owner != "" {
		return []string{fact.Key(owner)}
	}
	return nil
}}

// ByLocation is (location): where the service is given.
var ByLocation = image.List[Entry]{Keys: func(e Entry) []string {
	var keys []string
	for _, id := range e.At() {
		keys = append(keys, fact.Key(id))
	}
	return keys
}}

// ByPlace is (service at location).
var ByPlace = image.List[Entry]{Keys: func(e Entry) []string {
	if e.Service == nil {
		return nil
	}
	var keys []string
	for _, p := range e.Service.At {
		keys = append(keys, fact.Key(p.ID))
	}
	return keys
}}

// ByKind is (organization, kind of help).
var ByKind = image.List[Entry]{
	Keys: func(e Entry) []string {
		if e.Service == nil {
			return nil
		}
		var keys []string
		for _, kind := range e.Service.Kinds() {
			keys = append(keys, fact.Key(e.Service.OrganizationID, string(kind)))
		}
		return keys
	},
	Counted: 2,
}

// ByAgency is (agency): the organizations that go by its slug.
var ByAgency = image.List[Entry]{Keys: func(e Entry) []string {
	if e.Organization == nil {
		return nil
	}
	return []string{fact.Key(e.Organization.Agency())}
}}

// ByTier is (tier, identifier): the organizations that its readers see.
var ByTier = image.List[Entry]{Keys: func(e Entry) []string {
	if e.Organization == nil {
		return nil
	}
	if tier := Tier(e.Organization.Visibility(), e.Organization.Agency()); tier != "" {
		return []string{fact.Key(tier, e.Organization.ID)}
	}
	return nil
}}

// At are the locations at which a service is given.
func (e Entry) At() []string {
	if e.Service == nil {
		return nil
	}
	var ids []string
	for _, p := range e.Service.At {
		if p.LocationID != "" {
			ids = append(ids, p.LocationID)
		}
	}
	return ids
}

// Country is that of a location.
func (e Entry) Country() string {
	if e.Location == nil {
		return ""
	}
	return string(e.Location.Country())
}

// Term is the taxonomy and the code of a term.
func (e Entry) Term() (taxonomy, word string) {
	d := hsds.Document(e.Text)
	taxonomy, _ = d["taxonomy"].(string)
	if detail, ok := d["taxonomy_detail"].(map[string]any); ok && taxonomy == "" {
		taxonomy, _ = detail["name"].(string)
	}
	word, _ = d["code"].(string)
	return taxonomy, word
}

// Owner is the organization that answers for the entry.
func (e Entry) Owner() string {
	switch {
	case e.Service != nil:
		return e.Service.OrganizationID
	case e.Location != nil:
		return e.Location.OrganizationID
	}
	return ""
}

// Places are the documents of a service at its locations, in the order of
// Service.At.
func (e Entry) Places() []map[string]any {
	places := list(hsds.Document(e.Text)["service_at_locations"])
	return places[:min(len(places), len(e.Service.At))]
}
