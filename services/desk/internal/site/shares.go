package site

import (
	"net/url"
	"time"

	"github.com/a-h/templ"
)

// newShare is a referral in whose share something is agreed at which nobody has looked. A test
// holds its names against the contract.
type newShare struct {
	Referral string    `json:"referral"`
	Service  string    `json:"service"`
	Since    time.Time `json:"since"`
}

// shares are the referrals of an agency with something new in what is agreed with it. What it is
// stands with the referral, because each look is recorded.
func (s *Site) shares(v *visit) (templ.Component, error) {
	var page struct {
		Items []newShare `json:"items"`
	}
	next, err := v.leaf("listShares", "", url.Values{}, &page)
	if err != nil {
		return nil, err
	}
	return sharesPage(v, page.Items, next), nil
}

// sharesNew puts on home how many there are, for who is shown what she consented to.
func (v *visit) sharesNew(to *side) error {
	if !anyOf("focal_point", "lawyer", "counsellor", "examiner")(v) {
		return nil
	}
	return to.count(v, "listShares", url.Values{}, heap{Path: "/desk/shares", Label: v.W.T("shares.title")})
}
