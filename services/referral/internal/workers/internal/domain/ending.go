package domain

import (
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/image"
)

// Soon are the days within which the end of a credential is near: in which a course can be
// found, and in which one is late.
const (
	soonDays = 60
	lateDays = 30
)

// Ending is a credential that ends soon.
type Ending struct {
	Worker     string      `json:"worker"`
	Subject    string      `json:"subject"`
	Credential string      `json:"credential"`
	Course     code.Course `json:"course"`
	ValidUntil time.Time   `json:"valid_until"`
}

// ByEnd is (agency, end): a place for each credential that counts and has an end, of a worker
// who has not left. It does not grow with what ended: Span begins at an instant.
var ByEnd = image.List[Worker]{
	Keys: func(w Worker) []string {
		if w.Left || !w.Exists() {
			return nil
		}
		var keys []string
		for _, c := range w.Present.Credentials {
			if w.ends(c) {
				keys = append(keys, fact.Key(w.Agency, fact.Sortable(c.ValidUntil)))
			}
		}
		return keys
	},
	Timed: true,
}

// ends says whether a credential has an end that somebody must know of.
func (w Worker) ends(c staff.Credential) bool {
	return !c.ValidUntil.IsZero() && c.Revoked.IsZero() && !w.Present.Credentials.Corrected(c.ID)
}

// Soon is the time within which a query asks for ends: 60 days, or 30 with within=30.
func Soon(q url.Values) time.Duration {
	days := soonDays
	if q.Get("within") == "30" {
		days = lateDays
	}
	return time.Duration(days) * 24 * time.Hour
}

// Ending are the credentials of a worker that end from an instant on, and before another one.
func (w Worker) Ending(from, before time.Time) []Ending {
	var all []Ending
	for _, c := range w.Present.Credentials {
		if w.ends(c) && !c.ValidUntil.Before(from) && c.ValidUntil.Before(before) {
			all = append(all, Ending{Worker: w.ID, Subject: w.Subject, Credential: c.ID, Course: c.Course, ValidUntil: c.ValidUntil})
		}
	}
	return all
}
