package work

import (
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
)

// ByAgency is the list of an agency's work in each room.
const ByAgency = "by_agency"

// Key is the place of work in its agency's list: by status, and there what
// stands so the longest first.
func (s Standing) Key(agency string) string {
	return fact.Key(agency, string(s.Status), fact.Sortable(s.Since))
}

// Worklist chooses the part of that list which a query asks for: the work of the
// caller's own agency, all of it or that of one status.
func Worklist(by fact.By, query url.Values) (list string, prefix []string) {
	if status := query.Get("status"); status != "" {
		return ByAgency, []string{by.Agency, status}
	}
	return ByAgency, []string{by.Agency}
}
