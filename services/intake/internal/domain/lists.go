package domain

import (
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
)

// ByAgency lists the cases of an agency by status, and there the one that was
// opened first.
func ByAgency(c Case) []string {
	return []string{fact.Key(c.Agency, string(c.Status()), fact.Sortable(c.OpenedAt))}
}

// ByReferral finds the case of a referral.
func ByReferral(c Case) []string {
	keys := make([]string, len(c.Referrals))
	for i, f := range c.Referrals {
		keys[i] = fact.Key(f.ID)
	}
	return keys
}

// Cases is the part of that list that a request asks for: all cases of the
// caller's own agency, or those of one status.
func Cases(by fact.By, query url.Values) (list string, prefix []string) {
	if status := query.Get("status"); status != "" {
		return "by_agency", []string{by.Agency, status}
	}
	return "by_agency", []string{by.Agency}
}
