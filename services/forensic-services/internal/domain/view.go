package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// View is an examination. Everybody of its agency who reads examinations sees its
// frame; who has the work, or covers, sees what is in it.
type View struct {
	work.Frame
	Case        string          `json:"case,omitempty"`
	Consent     *work.Agreement `json:"consent,omitempty"`
	Steps       []Step          `json:"steps,omitempty"`
	Record      Record          `json:"record,omitzero"`
	Findings    []Finding       `json:"findings,omitempty"`
	Exhibits    []Exhibit       `json:"exhibits,omitempty"`
	Certificate *Certificate    `json:"certificate,omitempty"`
	Earlier     []Certificate   `json:"earlier_certificates,omitempty"`
	Draft       *Draft          `json:"draft,omitempty"`
	Kits        []string        `json:"kits,omitempty"`
	Outcome     code.Outcome    `json:"outcome,omitempty"`
}

// View is the frame. Visible refuses other agencies.
func (x Examination) View(fact.By) any { return View{Frame: x.Frame(x.Examination, x.Referral)} }

// Content is what is in the examination, for its worker. While it rests, and for ever,
// that is what is in custody.
func (x Examination) Content(fact.By) any {
	v := View{Frame: x.Frame(x.Examination, x.Referral), Case: x.Case()}
	switch x.Shows() {
	case work.Everything:
		v.Steps, v.Record, v.Findings, v.Exhibits, v.Outcome = x.Steps, x.Record, x.Findings, x.Exhibits, x.Outcome
		v.Certificate, v.Earlier = x.certificates()
		v.Draft, v.Kits = x.Draft, x.Kits
		v.Consent = x.Agreed()
	case work.Duties, work.Nothing:
		v.Exhibits, v.Kits = x.held(), x.Kits
	}
	return v
}

// held are the exhibits of an examination that is closed to readers. A person
// must account for what is in custody, by its seal, and need not know what it
// shows.
func (x Examination) held() []Exhibit {
	held := slices.Clone(x.Exhibits)
	for i := range held {
		held[i].Description, held[i].Before = "", nil
	}
	return held
}
