package site

import (
	"net/url"
	"time"
)

// invitations are how the agencies without accounts were told of a referral, for who sent it.
type invitations struct {
	Items []invited `json:"items"`
	// Away says that nobody answers who knows.
	Away bool `json:"-"`
}

// invited is one invitation. A test holds its names against the contract.
type invited struct {
	Agency      string       `json:"agency"`
	Kind        string       `json:"kind"`
	State       string       `json:"state"`
	Expires     time.Time    `json:"expires"`
	LockedUntil time.Time    `json:"locked_until"`
	Notices     []noticeSent `json:"notices"`
}

type noticeSent struct {
	Channel string `json:"channel"`
	Outcome string `json:"outcome"`
}

// Stands says that the agency can still answer with a code.
func (i invited) Stands() bool {
	return i.State == "told" || i.State == "not_told" || i.State == "locked"
}

// Again is the form that sends new codes; empty where the person cannot.
func (i invited) Again(v *visit, r referral) string {
	if !i.Stands() || !anyOf("caseworker", "focal_point")(v) {
		return ""
	}
	query := url.Values{"/agency": {i.Agency}, backField: {v.URL.Path}}
	return sheet{Op: v.contract().Operations["inviteAgain"], ID: r.ID}.Action() + "?" + query.Encode()
}

// invitations asks for those of a referral that the person's own agency sent.
func (v *visit) invitations(r referral) (all invitations, err error) {
	if r.Sender != v.S.Agency {
		return all, nil
	}
	if _, err := v.get("listInvitations", r.ID, nil, &all); err != nil {
		all.Away = true
		if lost(err) {
			return all, err
		}
	}
	return all, nil
}
