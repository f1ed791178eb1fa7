package work

import (
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// Key is the place of work in its agency's list: by status, the oldest first.
func (s Standing) Key(agency string) string {
	return fact.Key(agency, string(s.Now()), fact.Sortable(s.Since))
}

// Worklist chooses the part of a list by Key that a query asks for: the work of the
// caller's own agency, all of it or that of one status.
func Worklist[S any](list *image.List[S]) func(fact.By, url.Values) (image.Part[S], error) {
	return func(by fact.By, query url.Values) (image.Part[S], error) {
		if status := query.Get("status"); status != "" {
			return list.Of(by.Agency, status), nil
		}
		return list.Of(by.Agency), nil
	}
}
