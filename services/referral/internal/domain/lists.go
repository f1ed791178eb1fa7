package domain

import (
	"cmp"
	"net/url"

	"github.com/sanad-network/sanad/api/fact"
)

// The lists of referrals, each under the two agencies of a referral: all by
// due time; each status by due time; each case by status. Overdue referrals
// need no list of their own: they are the first of the requested ones.

// ByDue is (agency, role, due).
func ByDue(r Referral) [][]string { return r.forBoth(fact.Sortable(r.Due)) }

// ByStatus is (agency, role, status, due).
func ByStatus(r Referral) [][]string { return r.forBoth(string(r.Status), fact.Sortable(r.Due)) }

// ByCase is (agency, role, case, status, due).
func ByCase(r Referral) [][]string {
	return r.forBoth(r.Case(), string(r.Status), fact.Sortable(r.Due))
}

// forBoth puts a referral on its recipient's part of a list, and its sender's.
func (r Referral) forBoth(place ...string) [][]string {
	if !r.Exists() {
		return nil
	}
	return [][]string{
		append([]string{r.Recipient, "recipient"}, place...),
		append([]string{r.Sender, "sender"}, place...),
	}
}

// Worklist chooses the list for an agency that asks by role, status and case.
func Worklist(by fact.By, q url.Values) (list string, part []string) {
	part = []string{by.Agency, cmp.Or(q.Get("role"), "recipient")}
	switch status, ofCase := q.Get("status"), q.Get("case"); {
	case ofCase != "" && status != "":
		return "by_case", append(part, ofCase, status)
	case ofCase != "":
		return "by_case", append(part, ofCase)
	case status != "":
		return "by_status", append(part, status)
	default:
		return "by_due", part
	}
}

// ByConsent is (consent): the open referrals that stand on it.
func ByConsent(r Referral) [][]string {
	if !r.Open() {
		return nil
	}
	return [][]string{{r.Consent}}
}

// ByService is (service): the active agencies that offer it. Under no service
// stand all agencies.
func ByService(a Agency) [][]string {
	if !a.Exists() {
		return nil
	}
	keys := [][]string{{""}}
	for _, s := range a.Services {
		if _, refuses := a.Refuses(s); !refuses {
			keys = append(keys, []string{string(s)})
		}
	}
	return keys
}

// ByPlace is (country, service): all agencies that offer it there, suspended
// ones too.
func ByPlace(a Agency) [][]string {
	keys := make([][]string, 0, len(a.Services))
	for _, s := range a.Services {
		keys = append(keys, []string{string(a.Country), string(s)})
	}
	return keys
}

// Directory chooses the agencies for whoever asks by service.
func Directory(_ fact.By, q url.Values) (list string, part []string) {
	return "by_service", []string{q.Get("service")}
}
