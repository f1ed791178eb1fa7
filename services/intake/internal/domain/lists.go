package domain

import (
	"net/url"

	"github.com/sanad-network/sanad/api/code"
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

// ByAttention lists the cases of an agency that wait for it, by what they wait with, the
// longest first.
var ByAttention = image.List[Case]{
	Keys: func(c Case) []string {
		var keys []string
		if unmet := c.Unmet(); len(unmet) > 0 {
			keys = append(keys, fact.Key(c.Agency, string(code.UnmetNeed), fact.Sortable(unmet[0].EndedAt)))
		}
		if !c.ContactClosed.IsZero() {
			keys = append(keys, fact.Key(c.Agency, string(code.ContactUnsafe), fact.Sortable(c.ContactClosed)))
		}
		return keys
	},
	Timed: true,
}

// ByReference finds the cases of an agency by how people name them.
var ByReference = image.List[Case]{Keys: func(c Case) []string {
	return []string{fact.Key(c.Agency, c.Reference())}
}}

// ByReferral finds the case of a referral.
var ByReferral = image.List[Case]{Keys: func(c Case) []string {
	keys := make([]string, len(c.Referrals))
	for i, f := range c.Referrals {
		keys[i] = fact.Key(f.ID)
	}
	return keys
}}

// Cases is the part of ByAgency that a request asks for: all cases of the caller's
// own agency, those of one status, or those that wait for it.
func Cases(by fact.By, query url.Values) (image.Part[Case], error) {
	if attention := query.Get("attention"); attention != "" {
		part := ByAttention.Of(by.Agency, attention)
		if status := query.Get("status"); status != "" {
			return part.And(ByAgency.Of(by.Agency, status)), nil
		}
		return part, nil
	}
	if status := query.Get("status"); status != "" {
		return ByAgency.Of(by.Agency, status), nil
	}
	return ByAgency.Of(by.Agency), nil
}
