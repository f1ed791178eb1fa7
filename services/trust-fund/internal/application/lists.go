package application

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// ByAgency is (agency, call): what an agency applied for.
var ByAgency = image.List[Application]{Keys: func(a Application) []string {
	if !a.Exists() {
		return nil
	}
	return []string{fact.Key(a.Agency, a.Call, a.ID)}
}}

// ByStatus is (status, call, identifier): what was submitted, for the fund.
var ByStatus = image.List[Application]{Keys: func(a Application) []string {
	if a.Submitted == nil {
		return nil
	}
	return []string{fact.Key(string(a.Status()), a.Call, a.ID)}
}}

// Ranking is (call, points that are missing, instant of the receipt, identifier): the highest total
// first; of equal ones the one that was submitted first. What is not assessed has no rank.
var Ranking = image.List[Application]{Keys: func(a Application) []string {
	if a.Result == nil {
		return nil
	}
	return []string{fact.Key(a.Call, strconv.Itoa(20000-a.Result.Total), fact.Sortable(a.Submitted.At), a.ID)}
}}

// ByAssessor is (assessor, day that is set): what waits for an assessor.
var ByAssessor = image.List[Application]{Keys: func(a Application) (keys []string) {
	for _, p := range a.Places {
		if p.waits() {
			keys = append(keys, fact.Key(p.Assessor, fact.Sortable(p.Due), a.ID))
		}
	}
	return keys
}}

// ByDue is (awaited, day that is set): the places that wait for their assessor, for the managers.
var ByDue = image.List[Application]{Keys: func(a Application) (keys []string) {
	for _, p := range a.Places {
		if p.waits() {
			keys = append(keys, fact.Key("awaited", fact.Sortable(p.Due), a.ID))
		}
	}
	return keys
}}

// Own chooses what the caller's agency applied for.
func Own(by fact.By, _ url.Values) (image.Part[Application], error) {
	return ByAgency.Of(by.Agency), nil
}

// Received chooses what was submitted, by status and call, for the fund's managers.
func Received(_ fact.By, q url.Values) (image.Part[Application], error) {
	at := q.Get("status")
	if at == "" {
		at = string(code.ApplicationSubmitted)
	}
	if call := q.Get("call"); call != "" {
		return ByStatus.Of(at, call), nil
	}
	return ByStatus.Of(at), nil
}

// Ranked chooses what is assessed under a call, in its order.
func Ranked(_ fact.By, q url.Values) (image.Part[Application], error) {
	return Ranking.Of(q.Get("call")), nil
}

// Assigned chooses what waits for the caller as an assessor.
func Assigned(by fact.By, _ url.Values) (image.Part[Application], error) {
	return ByAssessor.Of(by.Principal), nil
}

// Overdue chooses what an assessor has not done by the day that was set.
func Overdue(by fact.By, _ url.Values) (image.Part[Application], error) {
	return ByDue.Of("awaited").Where(func(a Application) bool {
		return slices.ContainsFunc(a.Places, func(p Place) bool { return p.waits() && p.Due.Before(by.At) })
	}), nil
}

// ToVote chooses what waits for the vote of the caller.
func ToVote(by fact.By, _ url.Values) (image.Part[Application], error) {
	return ByStatus.Of(string(code.ApplicationSelected)).Where(func(a Application) bool { return a.mayVote(by) == nil }), nil
}

// Selected is what is proposed to the trustees and not decided, of all calls.
func Selected() image.Part[Application] { return ByStatus.Of(string(code.ApplicationSelected)) }
