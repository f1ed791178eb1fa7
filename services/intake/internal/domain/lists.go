package domain

import (
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// ByAgency lists the cases of an agency by status, and there the one that was
// opened first.
var ByAgency = image.List[Case]{
	Keys: func(c Case) []string {
		return []string{fact.Key(c.Agency, string(c.Status()), fact.Sortable(c.OpenedAt))}
	},
	Timed: true,
}

// ByReferral finds the case of a referral.
var ByReferral = image.List[Case]{Keys: func(c Case) []string {
	keys := make([]string, len(c.Referrals))
	for i, f := range c.Referrals {
		keys[i] = fact.Key(f.ID)
	}
	return keys
}}

// Cases is the part of ByAgency that a request asks for: all cases of the caller's
// own agency, or those of one status.
func Cases(by fact.By, query url.Values) (image.Part[Case], error) {
	if status := query.Get("status"); status != "" {
		return ByAgency.Of(by.Agency, status), nil
	}
	return ByAgency.Of(by.Agency), nil
}
