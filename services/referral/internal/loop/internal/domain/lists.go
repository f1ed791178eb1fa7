package domain

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// The lists of referrals, each under the agencies of a referral: all by due
// time; each status, and each worklist, by due time; each case by status.

// ByDue is (agency, role, due).
func ByDue(r Referral) []string { return r.forEach(fact.Sortable(r.Due)) }

// ByStatus is (agency, role, phase, status, due).
func ByStatus(r Referral) []string {
	return r.forEach(phase(r.Status), string(r.Status), fact.Sortable(r.Due))
}

// toAnswer is the phase of the referrals that await an answer.
const toAnswer = "to_answer"

func phase(s code.ReferralStatus) string {
	if slices.Contains(awaiting, s) {
		return toAnswer
	}
	return ""
}

// ByCase is (agency, role, case, status, due). A recipient has a referral under
// its case while it serves: before and after, the case is not its to know.
func ByCase(r Referral) []string {
	if !r.Exists() {
		return nil
	}
	due := fact.Sortable(r.Due)
	keys := []string{fact.Key(r.Sender, "sender", r.Case(), string(r.Status), due)}
	if !r.AcceptedAt.IsZero() && r.Open() {
		keys = append(keys, fact.Key(r.Recipient, "recipient", r.Case(), string(r.Status), due))
	}
	return keys
}

// ByView is (agency, role, worklist, due). A referral is on one worklist of an
// agency at most, and changes it by an event, never by the clock.
func ByView(r Referral) []string {
	view, due := r.worklist()
	if view == "" {
		return nil
	}
	return r.forEach(string(view), fact.Sortable(due))
}

// ByWorker is (agency, worker, worklist, due): what is in somebody's hands. Who
// that is stays with the recipient.
func ByWorker(r Referral) []string {
	view, due := r.worklist()
	n := len(r.Hands)
	if view == "" || n == 0 || r.Recipient == "" {
		return nil
	}
	return []string{fact.Key(r.Recipient, r.Hands[n-1].Worker, string(view), fact.Sortable(due))}
}

// worklist is the list on which a referral waits for somebody, and by when
// something is due there.
func (r Referral) worklist() (code.Worklist, time.Time) {
	switch {
	case r.mustAcknowledge():
		return code.ToAcknowledge, r.RecalledAt
	case r.awaitsAnswer():
		switch {
		case !r.OverdueAt.IsZero():
			return code.OverdueWork, r.Due
		case r.Mode == code.Queue:
			return code.QueuedWork, r.Due
		case r.Reminded > 0:
			return code.DueSoon, r.Due
		}
		return code.NewWork, r.Due
	case r.Open():
		if late := cmp.Or(r.ContactOverdueAt, r.ServiceOverdueAt); r.unserved() && !late.IsZero() {
			return code.OverdueWork, late
		}
		return code.WorkInService, cmp.Or(r.Appointment, r.contactBy(), r.serviceBy(), r.AcceptedAt)
	case r.Status == code.Completed && r.SurvivorOutcome == "" && r.RecalledAt.IsZero():
		return code.WaitingForOutcome, r.EndedAt
	}
	return "", time.Time{}
}

// forEach puts a referral on the part of a list of each agency that is asked,
// or has it, and of its sender.
func (r Referral) forEach(place ...string) []string {
	if !r.Exists() {
		return nil
	}
	rest := strings.Join(place, fact.Part)
	keys := append(make([]string, 0, 2+len(r.Candidates)), fact.Key(r.Sender, "sender", rest))
	if r.Recipient != "" {
		keys = append(keys, fact.Key(r.Recipient, "recipient", rest))
	}
	for _, c := range r.Candidates {
		keys = append(keys, fact.Key(c.Agency, "recipient", rest))
	}
	return keys
}

// Worklist chooses the list for an agency that asks by role: by worklist, her
// own hands or both, or by status and case. It refuses what no list answers,
// rather than to leave out a part of the question.
func Worklist(by fact.By, q url.Values) (list string, part []string, err error) {
	role, view, status, ofCase := cmp.Or(q.Get("role"), "recipient"), q.Get("view"), q.Get("status"), q.Get("case")
	mine := q.Get("worker") != ""
	switch {
	case mine && role != "recipient":
		return "", nil, ErrFilters.At("worker", "with role recipient only")
	case (mine || view != "") && status != "":
		return "", nil, ErrFilters.At("status", "without view and worker")
	case (mine || view != "") && ofCase != "":
		return "", nil, ErrFilters.At("case", "without view and worker")
	case mine && view != "":
		return "by_worker", []string{by.Agency, by.Principal, view}, nil
	case mine:
		return "by_worker", []string{by.Agency, by.Principal}, nil
	}
	part = []string{by.Agency, role}
	switch {
	case view != "":
		return "by_view", append(part, view), nil
	case ofCase != "" && status != "":
		return "by_case", append(part, ofCase, status), nil
	case ofCase != "":
		return "by_case", append(part, ofCase), nil
	case status != "":
		return "by_status", append(part, phase(code.ReferralStatus(status)), status), nil
	default:
		return "by_due", part, nil
	}
}

// Asked is the part of ByStatus where the referrals are that await an agency's
// answer, whatever their status: one walk finds them all, while they move on.
func Asked(agency string) (list string, part []string) {
	return "by_status", []string{agency, "recipient", toAnswer}
}

// ByConsent is (consent): the referrals that stand on it. One that has ended
// does while its recipient holds the survivor's data.
func ByConsent(r Referral) []string {
	if !r.Open() && !r.Holds() {
		return nil
	}
	keys := make([]string, 0, 1+len(r.Candidates))
	if r.Consent != "" {
		keys = append(keys, fact.Key(r.Consent))
	}
	for _, c := range r.Candidates {
		keys = append(keys, fact.Key(c.Consent))
	}
	return keys
}
