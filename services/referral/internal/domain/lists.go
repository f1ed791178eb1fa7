package domain

import (
	"cmp"
	"net/url"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// The lists of referrals, each under the two agencies of a referral: each
// status by due time; each case by status. All by due time is the first without
// the status. Overdue referrals need no list of their own: they are the first of
// the requested ones.

// ByStatus is (agency, role, status, due).
func ByStatus(r Referral) [][]string {
	if !r.Exists() {
		return nil
	}
	due := fact.Sortable(r.Due)
	return [][]string{
		{r.Recipient, "recipient", string(r.Status), due},
		{r.Sender, "sender", string(r.Status), due},
	}
}

// Statuses are the values of that status.
func Statuses() []string {
	texts := make([]string, len(code.ReferralStatuses))
	for i, s := range code.ReferralStatuses {
		texts[i] = string(s)
	}
	return texts
}

// ByCase is (case, agency, role, status, due).
func ByCase(r Referral) [][]string {
	if !r.Exists() {
		return nil
	}
	due := fact.Sortable(r.Due)
	return [][]string{
		{r.Case(), r.Recipient, "recipient", string(r.Status), due},
		{r.Case(), r.Sender, "sender", string(r.Status), due},
	}
}

// Worklist chooses the list for an agency that asks by role, status and case.
func Worklist(by fact.By, q url.Values) (list string, part []string) {
	role := cmp.Or(q.Get("role"), "recipient")
	switch status, ofCase := q.Get("status"), q.Get("case"); {
	case ofCase != "" && status != "":
		return "by_case", []string{ofCase, by.Agency, role, status}
	case ofCase != "":
		return "by_case", []string{ofCase, by.Agency, role}
	case status != "":
		return "by_status", []string{by.Agency, role, status}
	default:
		return "by_due", []string{by.Agency, role}
	}
}

// StandsOn says whether the referral is open on the ground of a consent.
func (r Referral) StandsOn(consent string) bool { return r.Open() && r.Consent == consent }

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
