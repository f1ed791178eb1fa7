package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
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
	Photographs []Photograph    `json:"photographs,omitempty"`
	Files       []vault.Content `json:"files,omitempty"`
	Reviews     []Review        `json:"reviews,omitempty"`
	Holds       []LegalHold     `json:"holds,omitempty"`
	// Duties are what waits for its worker. Who knows the chains of custody adds the exhibits that have none.
	Duties  []Duty       `json:"duties,omitempty"`
	Outcome code.Outcome `json:"outcome,omitempty"`
}

// View is the frame. Visible refuses other agencies.
func (x Examination) View(fact.By) any { return View{Frame: x.Frame(x.Examination, x.Referral)} }

// Content is what is in the examination, for its worker. While it rests, and for ever, that is what is
// in custody, and which legal holds stand. A hold closes its part, and a no to photographs those.
func (x Examination) Content(by fact.By) any {
	v := View{Frame: x.Frame(x.Examination, x.Referral), Case: x.Case(), Kits: x.Kits, Holds: x.Holds, Duties: x.Duties(chained)}
	if x.Shows() != work.Everything || x.closes(code.HoldOnAll, by.At) {
		v.Exhibits = x.held()
		return v
	}
	v.Steps, v.Exhibits, v.Reviews, v.Outcome, v.Consent = x.Steps, x.Exhibits, x.Reviews, x.Outcome, x.Agreed()
	if x.legible(by.At) {
		v.Record, v.Findings, v.Draft = x.Record, x.Findings, x.Draft
		v.Certificate, v.Earlier = x.certificates()
	}
	if x.pictured(by.At) {
		v.Photographs, v.Files = x.Photographs, x.files()
	}
	return v
}

// chained takes each exhibit for one that has its chain of custody.
func chained(string) bool { return true }

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
