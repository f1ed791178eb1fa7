package domain

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// The lists of referrals, each under the agencies of a referral: all by due
// time; each status, and each worklist, by due time; each case by status.

// ByDue is (agency, role, due).
var ByDue = image.List[Referral]{
	Keys: func(r Referral) []string {
		return r.forEach(fact.Sortable(r.Policy.RespondBy))
	},
	Timed: true,
}

// ByStatus is (agency, role, phase, status, due).
var ByStatus = image.List[Referral]{
	Keys: func(r Referral) []string {
		return r.forEach(phase(r.Status), string(r.Status), fact.Sortable(r.Policy.RespondBy))
	},
	Timed: true,
}

// toAnswer is the phase of the referrals that await an answer.
const toAnswer = "to_answer"

func phase(s code.ReferralStatus) string {
	if slices.Contains(awaiting, s) {
		return toAnswer
	}
	return ""
}

// ByCase is (agency, role, case, status, due). A recipient finds a referral
// under its case while it serves: before and after, it does not know the case.
var ByCase = image.List[Referral]{
	Keys: func(r Referral) []string {
		if !r.Exists() {
			return nil
		}
		due := fact.Sortable(r.Policy.RespondBy)
		keys := []string{fact.Key(r.Sender, "sender", r.Case(), string(r.Status), due)}
		if r.taken() {
			keys = append(keys, fact.Key(r.Recipient, "recipient", r.Case(), string(r.Status), due))
		}
		return keys
	},
	Timed: true,
}

// ByView is (agency, role, worklist, due). A referral is on one worklist of an
// agency at most, and changes it by an event, never by the clock.
var ByView = image.List[Referral]{
	Keys: func(r Referral) []string {
		view, due := r.worklist()
		if view == "" {
			return nil
		}
		return r.forEach(string(view), fact.Sortable(due))
	},
	Timed:   true,
	Counted: 3,
}

// ByWorker is (agency, worker, worklist, due): what a person looks after. Who
// that is stays with the recipient.
var ByWorker = image.List[Referral]{
	Keys: func(r Referral) []string {
		view, due := r.worklist()
		n := len(r.Hands)
		if view == "" || n == 0 || r.Recipient == "" {
			return nil
		}
		return []string{fact.Key(r.Recipient, r.Hands[n-1].Worker, string(view), fact.Sortable(due))}
	},
	Timed: true,
}

// Lacking is (recipient): the open referrals whose worker lacked a credential when they were
// assigned. A supervisor looks after these.
var Lacking = image.List[Referral]{
	Keys: func(r Referral) []string {
		if r.Recipient == "" || !r.Open() || len(r.hand().Lacks) == 0 {
			return nil
		}
		return []string{fact.Key(r.Recipient, fact.Sortable(r.Policy.RespondBy))}
	},
	Timed: true,
}

// worklist is the list on which a referral waits, and by when something is due
// there.
func (r Referral) worklist() (code.Worklist, time.Time) {
	switch {
	case r.mustAcknowledge():
		return code.ToAcknowledge, r.RecalledAt
	case r.awaitsAnswer():
		switch {
		case !r.OverdueAt.IsZero():
			return code.OverdueWork, r.Policy.RespondBy
		case r.Mode == code.Queue:
			return code.QueuedWork, r.Policy.RespondBy
		case r.Reminded > 0:
			return code.DueSoon, r.Policy.RespondBy
		}
		return code.NewWork, r.Policy.RespondBy
	case r.Open() && !r.contactClosed().IsZero():
		return code.ContactClosed, r.contactClosed()
	case r.Open() && r.Warned:
		return code.ConsentEnding, r.consentUntil()
	case r.Status == code.Lapsed && r.Holds():
		return code.ConsentEnding, r.graceUntil()
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

// forEach puts a referral on the part of each agency that is asked or took it,
// and of its sender.
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

// Worklist chooses the part that an agency asks for by role, worklist, own worker,
// status and case, by one of them or several. The first gives the order.
func Worklist(by fact.By, q url.Values) (image.Part[Referral], error) {
	role, view, status, ofCase := cmp.Or(q.Get("role"), "recipient"), q.Get("view"), q.Get("status"), q.Get("case")
	mine, lacking := q.Get("worker") != "", q.Get("lacking") == "true"
	if lacking && role != "recipient" {
		return image.Part[Referral]{}, ErrFilters.At("lacking", "with role recipient only")
	}
	if mine && role != "recipient" {
		return image.Part[Referral]{}, ErrFilters.At("worker", "with role recipient only")
	}
	var parts []image.Part[Referral]
	switch {
	case mine && view != "":
		parts = append(parts, ByWorker.Of(by.Agency, by.Principal, view))
	case mine:
		parts = append(parts, ByWorker.Of(by.Agency, by.Principal))
	case view != "":
		parts = append(parts, ByView.Of(by.Agency, role, view))
	}
	switch {
	case ofCase != "" && status != "":
		parts = append(parts, ByCase.Of(by.Agency, role, ofCase, status))
	case ofCase != "":
		parts = append(parts, ByCase.Of(by.Agency, role, ofCase))
	case status != "":
		parts = append(parts, ByStatus.Of(by.Agency, role, phase(code.ReferralStatus(status)), status))
	}
	if lacking {
		parts = append(parts, Lacking.Of(by.Agency))
	}
	if len(parts) == 0 {
		return ByDue.Of(by.Agency, role), nil
	}
	return parts[0].And(parts[1:]...), nil
}

// Asked is the part of ByStatus with the referrals that await an agency's
// answer, whatever their status: one walk finds them all.
func Asked(agency string) image.Part[Referral] { return ByStatus.Of(agency, "recipient", toAnswer) }

// ToLetGo is the part of ByView with the referrals of whose data an agency is to say what
// became of them.
func ToLetGo(agency string) image.Part[Referral] {
	return ByView.Of(agency, "recipient", string(code.ToAcknowledge))
}

// ByConsent is (consent): the referrals that stand on it. An ended one is there
// while its recipient holds the survivor's data.
var ByConsent = image.List[Referral]{Keys: func(r Referral) []string {
	if !r.Open() && !r.Holds() {
		return nil
	}
	keys := make([]string, 0, 1+len(r.Candidates))
	for _, s := range r.stands() {
		for _, consent := range s.consents() {
			keys = append(keys, fact.Key(consent))
		}
	}
	return keys
}}
