package delivery

import "github.com/sanad-network/sanad/api/code"

// Item is an entry that the directory holds, or a service at a location.
type Item struct {
	ID string `json:"id"`
	// Kind is empty for a service at a location.
	Kind     code.EntryKind `json:"kind"`
	Service  string         `json:"service"`
	Taxonomy string         `json:"taxonomy"`
	Code     string         `json:"code"`
}

// known is what the directory holds, as far as it was asked. What it was not asked is
// open, and counts as not there until it was.
type known struct {
	items map[string][]Item
	asked map[string]bool
	open  []string
}

func (k *known) get(kind code.EntryKind, id string) (Item, bool) {
	if !k.asked[id] && hsdsID(id) {
		k.asked[id] = true
		k.open = append(k.open, id)
	}
	for _, i := range k.items[id] {
		if i.Kind == kind {
			return i, true
		}
	}
	return Item{}, false
}

// hsdsID keeps from the network what it would refuse to be asked.
func hsdsID(id string) bool { return len(id) == 36 }

// Has says whether there is an entry.
func (k *known) Has(kind code.EntryKind, id string) bool {
	_, ok := k.get(kind, id)
	return ok
}

// Term is a term by its identifier.
func (k *known) Term(id string) (taxonomy, word string, ok bool) {
	i, ok := k.get(code.EntryTerm, id)
	return i.Taxonomy, i.Code, ok
}

// Taxonomy is the name of a taxonomy by its identifier.
func (k *known) Taxonomy(id string) (string, bool) {
	i, ok := k.get(code.EntryTaxonomy, id)
	return i.Taxonomy, ok
}

// ServiceOf is the service that is given at a place.
func (k *known) ServiceOf(place string) (string, bool) {
	i, ok := k.get("", place)
	return i.Service, ok
}

// At is nowhere: the network finds the places of a service in doubt itself.
func (k *known) At(string) []string { return nil }
