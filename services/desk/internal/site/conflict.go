package site

import (
	"net/url"

	"github.com/a-h/templ"
)

// conflictAsked is a matter about which an officer is asked, and conflictSides the names on both
// sides. A test holds their names against the contract.
type (
	conflictAsked struct {
		Matter string `json:"matter"`
		Check  string `json:"check"`
		Result string `json:"result"`
	}
	conflictNames struct {
		Client    []string `json:"client"`
		Opponents []string `json:"opponents"`
	}
	conflictSides struct {
		conflictAsked
		conflictNames
		Others []conflictNames `json:"others"`
		Unread bool            `json:"unread"`
	}
)

// conflicts are the matters about which an officer is asked: that they are there.
func (s *Site) conflicts(v *visit) (templ.Component, error) {
	var page struct {
		Items []conflictAsked `json:"items"`
	}
	if _, err := v.get("listConflicts", "", nil, &page); err != nil {
		return nil, err
	}
	return conflictsPage(v, page.Items), nil
}

// oneConflict is the names on both sides, for who acts for neither. The service records the look.
func (s *Site) oneConflict(v *visit) (templ.Component, error) {
	var c conflictSides
	if _, err := v.get("getConflict", v.PathValue("id"), nil, &c); err != nil {
		return nil, err
	}
	return conflictPage(v, c), nil
}

// settleConflict is where the officer answers, about the names that the page shows.
func (v *visit) settleConflict(c conflictSides) string {
	return "/desk/do/" + v.contract().Operations["settleConflict"].ID + "/" + url.PathEscape(c.Matter) + "?" + url.Values{
		backField: {"/desk/conflicts"}, "/check": {c.Check},
	}.Encode()
}

// prefillSettle keeps to the names that were shown: an answer about others is refused.
func prefillSettle(v *visit) (p prefill, err error) {
	p.Values = url.Values{}
	if v.Form.Get("/check") != "" {
		p.Fixed = []string{"check"}
	}
	return p, nil
}
