package site

import (
	"net/url"
	"time"

	"github.com/a-h/templ"
)

// coordinates is who sees what nobody answered, for their country and programme.
var coordinates = anyOf("coordinator")

func (s *Site) escalationPages() {
	s.page("GET /desk/escalations", s.escalations)
}

// escalated is a referral that nobody answered up to the last step of its ladder. It says
// whom to call, and nothing of her. A test holds its names against the contract.
type escalated struct {
	ID      string    `json:"id"`
	Sender  string    `json:"sender"`
	Asked   []string  `json:"asked"`
	Service string    `json:"service"`
	Urgency string    `json:"urgency"`
	Due     time.Time `json:"due"`
	Awaited string    `json:"awaited"`
	Steps   []climbed `json:"steps"`
}

// climbed is a step of the ladder.
type climbed struct {
	Step string    `json:"step"`
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
}

func (s *Site) escalations(v *visit) (templ.Component, error) {
	var page struct {
		Items []escalated `json:"items"`
	}
	next, err := v.leaf("listEscalations", "", nil, &page)
	if err != nil {
		return nil, err
	}
	return escalationsPage(v, page.Items, next), nil
}

// escalationSide is the part of home for who coordinates.
func (v *visit) escalationSide() ([]side, error) {
	if !coordinates(v) {
		return nil, nil
	}
	one := side{Title: v.W.T("escalation.title")}
	waiting := heap{Path: "/desk/escalations", Label: v.W.T("escalation.waiting"), Pressing: true}
	if err := one.count(v, "listEscalations", url.Values{}, waiting); err != nil {
		return nil, err
	}
	return []side{one}, nil
}
