package hsds

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
)

// strictness orders the tiers: who may see a tier may see those before it.
func strictness(v code.Visibility) int { return slices.Index(code.Visibilities, v) }

// Strictest is the tier of something that lies in two.
func Strictest(a, b code.Visibility) code.Visibility {
	if strictness(b) > strictness(a) {
		return b
	}
	return a
}

// stated is the strictest visibility that a publisher states, empty for none.
func (a Attributes) stated() code.Visibility {
	var v code.Visibility
	for _, s := range a.codes(TaxonomyVisibility) {
		v = Strictest(v, code.Visibility(s))
	}
	return v
}

// Visibility is that of the organization.
func (o Organization) Visibility() code.Visibility {
	return orElse(o.Attributes.stated(), code.VisiblePublic)
}

func orElse(v, other code.Visibility) code.Visibility {
	if v == "" {
		return other
	}
	return v
}

// Shelters says whether the service is a safe house.
func (s Service) Shelters() bool { return slices.Contains(s.Kinds(), code.SafeHouse) }

// Visibility is that of the service: public, and for a safe house the network,
// unless its publisher states another.
func (s Service) Visibility() code.Visibility {
	if s.Shelters() {
		return orElse(s.Attributes.stated(), code.VisibleNetwork)
	}
	return orElse(s.Attributes.stated(), code.VisiblePublic)
}

// Visibility is that of the service at this place, which is never more open
// than the service.
func (p ServiceAtLocation) Visibility() code.Visibility {
	return orElse(p.Attributes.stated(), code.VisiblePublic)
}

// Stated is what the publisher says of the location's visibility, empty for
// nothing.
func (l Location) Stated() code.Visibility { return l.Attributes.stated() }

// Visibility is that of a location at which services are given: as its
// publisher states; else a place with a safe house is hidden, and any other is
// as open as its most open service. A location without a known service is
// hidden: the next delivery may say that it is a safe house.
func (l Location) Visibility(given []Service) code.Visibility {
	if v := l.Stated(); v != "" {
		return v
	}
	open := code.VisibleNobody
	for _, s := range given {
		if s.Shelters() {
			return code.VisibleNobody
		}
		if v := s.Visibility(); strictness(v) < strictness(open) {
			open = v
		}
	}
	return open
}
