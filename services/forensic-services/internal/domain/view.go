package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is an examination as its agency's workers see it. Visible refuses
// everybody else.
type View struct {
	ID          string        `json:"id"`
	Referral    string        `json:"referral"`
	Case        string        `json:"case"`
	Agency      string        `json:"agency"`
	Status      work.Status   `json:"status"`
	Since       time.Time     `json:"since"`
	Consent     *work.Consent `json:"consent,omitempty"`
	Record      Record        `json:"record,omitzero"`
	Exhibits    []Exhibit     `json:"exhibits,omitempty"`
	Certificate Certificate   `json:"certificate,omitzero"`
	Outcome     code.Outcome  `json:"outcome,omitempty"`
}

// View is the answer to a worker of the examination's agency.
func (x Examination) View(fact.By) any {
	v := View{
		ID: x.Examination, Referral: x.Referral, Case: x.Case(), Agency: x.Agency, Status: x.Status, Since: x.Since,
		Record: x.Record, Exhibits: x.Exhibits, Certificate: x.Certificate, Outcome: x.Outcome,
	}
	if x.ClosedToReaders {
		v.Record, v.Certificate, v.Outcome, v.Exhibits = Record{}, Certificate{}, "", x.held()
	}
	if x.Status == work.Open {
		v.Consent = &x.Consent
	}
	return v
}

// held are the exhibits of an examination that is closed to readers. A person
// must account for what is in custody, by its seal, and need not know what it
// shows.
func (x Examination) held() []Exhibit {
	held := slices.Clone(x.Exhibits)
	for i := range held {
		held[i].Description = ""
	}
	return held
}
