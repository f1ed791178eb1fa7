package site

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/form"
)

// conference is a talk about her that was planned with her, as who has the case sees it.
type conference struct {
	lies
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Form    string    `json:"form"`
	Place   string    `json:"conference_place"`
	Topics  []string  `json:"may_be_said"`
	Invited []string  `json:"invited"`
	Status  string    `json:"status"`
	Yes     *struct {
		SheAttends string `json:"she_attends"`
		Words      string `json:"conference_words"`
	} `json:"her_yes"`
	Answers []struct {
		Referral string `json:"referral"`
		Answer   string `json:"answer"`
	} `json:"answers"`
	OutcomeDue bool `json:"outcome_due"`
	Outcome    *struct {
		Attended    []string `json:"attended"`
		SheAttended string   `json:"she_attended"`
		Word        string   `json:"conference_word"`
	} `json:"outcome"`
	Reason string `json:"reason"`
}

// shareConference is an invitation as the agency sees it.
type shareConference struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Form   string    `json:"form"`
	Place  string    `json:"conference_place"`
	Topics []string  `json:"may_be_said"`
	Status string    `json:"status"`
	Answer string    `json:"answer"`
}

// Answer is what the agency of a referral said; empty while it said nothing.
func (t conference) Answer(referral string) string {
	for _, a := range t.Answers {
		if a.Referral == referral {
			return a.Answer
		}
	}
	return ""
}

// Came says that the agency of a referral was there.
func (t conference) Came(referral string) bool {
	return t.Outcome != nil && slices.Contains(t.Outcome.Attended, referral)
}

// invited is an agency that is invited. Of a case that points to this one the page knows no
// name of it.
func (v *visit) invited(c caseShown, referral string) string {
	return cmp.Or(c.Of(referral).Recipient, v.W.Code("StepDoer", "agency"))
}

// conferenceWays are what can be done about a conference now.
func (v *visit) conferenceWays(c caseShown, t conference) (all []link) {
	ops := map[string][]string{"proposed": {"agreeConference", "callOffConference"}, "agreed": {"holdConference", "callOffConference"}}
	for _, op := range ops[t.Status] {
		all = append(all, v.way(c, op, "/conference", t.ID)...)
	}
	return all
}

// answerWays are the answers that an agency can give to an invitation. They are a form of
// their own, which asks once more.
func (v *visit) answerWays(referral string, t shareConference) []link {
	if t.Status != "agreed" {
		return nil
	}
	query := url.Values{backField: {"/desk/referrals/" + referral}, "/conference": {t.ID}}
	return []link{{Path: "/desk/do/answerConference/" + url.PathEscape(referral) + "?" + query.Encode(), Label: v.W.T("command.answerConference")}}
}

// conferencesThere are the conferences of a case in one of some statuses.
func conferencesThere(statuses ...string) func(*visit) ([]form.Option, error) {
	return func(v *visit) (all []form.Option, err error) {
		k, _, err := v.kase()
		for _, t := range k.Conferences {
			if t.Case == "" && slices.Contains(statuses, t.Status) {
				all = append(all, form.Option{Value: t.ID, Label: v.at(t.At)})
			}
		}
		return all, err
	}
}

var (
	plannedConferences = conferencesThere("proposed", "agreed")
	heldConferences    = conferencesThere("held")
)
