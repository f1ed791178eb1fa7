package domain

import (
	"maps"

	"github.com/sanad-network/sanad/services/internal/hsds"
)

// Shown is what a reader may see of an entry and of what belongs to it, ready
// to be published. Its maker has left out what the reader may not see. Withheld
// is what the words of other entries must not show either.
type Shown struct {
	Entry        Entry
	Organization *Shown
	Services     []Shown
	Locations    []Entry
	Places       []ShownPlace
	Withheld     Withheld
}

// ShownPlace is a service at one of its locations.
type ShownPlace struct {
	// Document is what the service says of it.
	Document map[string]any
	Location *Entry
}

// Brief is the entry as HSDS has it in lists: what it says of itself, and the
// organization and the program that it belongs to, and nothing else that is
// nested.
func (s Shown) Brief() map[string]any {
	d := s.brief()
	s.Withheld.scrub(d)
	return d
}

func (s Shown) brief() map[string]any {
	d := hsds.Document(s.Entry.Text)
	for name, v := range d {
		switch nested := v.(type) {
		case []any:
			delete(d, name)
		case map[string]any:
			if name != "program" {
				delete(d, name)
				continue
			}
			for inner, v := range nested {
				if _, list := v.([]any); list {
					delete(nested, inner)
				}
			}
		}
	}
	if s.Organization != nil {
		d["organization"] = s.Organization.brief()
	}
	return d
}

// Full is the entry with all that belongs to it.
func (s Shown) Full() map[string]any {
	d := hsds.Document(s.Entry.Text)
	delete(d, "service_at_locations")
	if s.Organization != nil {
		d["organization"] = hsds.Document(s.Organization.Entry.Text)
	}
	if s.Entry.Service != nil && len(s.Places) > 0 {
		places := []any{}
		for _, p := range s.Places {
			places = append(places, p.nested())
		}
		d["service_at_locations"] = places
	}
	if s.Entry.Organization != nil {
		if len(s.Services) > 0 {
			services := []any{}
			for _, one := range s.Services {
				services = append(services, one.Full())
			}
			d["services"] = services
		}
		if len(s.Locations) > 0 {
			locations := []any{}
			for _, l := range s.Locations {
				locations = append(locations, hsds.Document(l.Text))
			}
			d["locations"] = locations
		}
	}
	s.Withheld.scrub(d)
	return d
}

func (p ShownPlace) nested() map[string]any {
	d := maps.Clone(p.Document)
	delete(d, "service_id")
	delete(d, "location_id")
	if p.Location != nil {
		d["location"] = hsds.Document(p.Location.Text)
	}
	return d
}

// Place is a service at a location as HSDS has it on its own: in lists with
// what service and location say of themselves, alone with all that is nested.
func (s Shown) Place(p ShownPlace, full bool) map[string]any {
	d := p.nested()
	service := s
	service.Places = nil
	d["service"] = service.Full()
	if !full {
		for name, v := range d {
			if _, list := v.([]any); list {
				delete(d, name)
			}
		}
		d["service"] = s.brief()
		if p.Location != nil {
			d["location"] = Shown{Entry: *p.Location}.brief()
		}
	}
	s.Withheld.scrub(d)
	return d
}

// Page is a page of a list in the form of HSDS.
type Page struct {
	TotalItems int              `json:"total_items"`
	TotalPages int              `json:"total_pages"`
	PageNumber int              `json:"page_number"`
	Size       int              `json:"size"`
	FirstPage  bool             `json:"first_page"`
	LastPage   bool             `json:"last_page"`
	Empty      bool             `json:"empty"`
	Contents   []map[string]any `json:"contents"`
}

// PageOf is a page with contents, of as many entries as the reader may see, rest of them
// behind it. How many pages there are is counted from this one on: where entries came or
// went meanwhile, the reader goes on until nothing is left.
func PageOf(contents []map[string]any, total, rest, number, size int) Page {
	pages := (total + size - 1) / size
	if len(contents) > 0 || rest > 0 {
		pages = number + (rest+size-1)/size
	}
	return Page{
		TotalItems: total, TotalPages: pages, PageNumber: number, Size: len(contents),
		FirstPage: number == 1, LastPage: rest == 0, Empty: len(contents) == 0, Contents: contents,
	}
}
