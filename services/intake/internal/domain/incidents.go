package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// A case has several incidents, each with an identifier of its own and an account of its own.
// What was told when the case was opened is the first: its types and its time are parts of
// the opening, and stay there.

// RecordIncident is the command that writes down one more incident.
type RecordIncident struct {
	Account
	OnPaper *OnPaper `json:"on_paper,omitempty"`
}

// AmendIncident is the command that writes parts of an incident anew. What it does not name
// stays as it was.
type AmendIncident struct {
	Incident string           `json:"incident"`
	Reason   code.AmendReason `json:"reason"`
	Account
	// Remove names parts that are left without anything.
	Remove []code.IncidentPart `json:"remove,omitempty"`
}

// EnterIncidentInError is the command that says that an incident should never have been
// written down.
type EnterIncidentInError struct {
	Incident string `json:"incident"`
}

// Recorded is the private half of IncidentRecorded and of IncidentAmended.
type Recorded struct {
	// By is the person who wrote it.
	By string `json:"by"`
	Account
	OnPaper *OnPaper `json:"on_paper,omitempty"`
}

// Told is an incident as the case keeps it.
type Told struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	By string    `json:"by,omitempty"`
	Account
	OnPaper *OnPaper `json:"on_paper,omitempty"`
	InError bool     `json:"entered_in_error,omitempty"`
	// Before are the accounts that were written anew. No agency is ever shown them.
	Before []Former `json:"before,omitempty"`
}

// Former is an account that was written anew: when, by whom and why.
type Former struct {
	At     time.Time        `json:"at"`
	By     string           `json:"by"`
	Reason code.AmendReason `json:"reason"`
	Before Account          `json:"before"`
}

// RecordIncident writes down one more incident. From paper she told of it when the paper was
// written, where nothing else is said.
func (c Case) RecordIncident(by fact.By, cmd RecordIncident) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if err := cmp.Or(cmd.check(by.At), cmd.OnPaper.check(by.At, time.Time{}), cmd.OnPaper.tells(cmd.Happened), cmd.early()); err != nil {
		return nil, err
	}
	cmd.OnPaper = cmd.OnPaper.utc()
	if cmd.OnPaper != nil && cmd.TakenAt.IsZero() {
		cmd.TakenAt = cmd.OnPaper.At
	}
	return fact.With(
		intakev1.IncidentRecorded{Case: c.ID, Incident: by.ID("inc", 0)},
		Recorded{By: by.Principal, Account: cmd.asOf(cmd.OnPaper.or(by.At)), OnPaper: cmd.OnPaper},
	), nil
}

// AmendIncident writes an incident anew, also of a closed case, and also the one that was
// told when the case was opened.
func (c Case) AmendIncident(by fact.By, cmd AmendIncident) ([]fact.Event, error) {
	if err := c.mayAmendIncident(); err != nil {
		return nil, err
	}
	if err := known("/reason", cmd.Reason, code.AmendReasons); err != nil {
		return nil, err
	}
	t, ok := c.stood(cmd.Incident)
	if !ok {
		return nil, ErrIncidentUnknown.At("/incident", "exists")
	}
	if !cmd.says() && len(cmd.Remove) == 0 {
		return nil, ErrAmend.At("", "at least one part")
	}
	anew, err := t.with(cmd.Account, cmd.Remove)
	if err != nil {
		return nil, err
	}
	if err := anew.check(by.At); err != nil {
		return nil, err
	}
	return fact.With(
		intakev1.IncidentAmended{Case: c.ID, Incident: cmd.Incident, Reason: cmd.Reason}, Recorded{By: by.Principal, Account: anew.asOf(by.At)},
	), nil
}

// EnterIncidentInError takes an incident back. It stays on record, and no agency is shown it.
func (c Case) EnterIncidentInError(_ fact.By, cmd EnterIncidentInError) ([]fact.Event, error) {
	if err := c.mayAmendIncident(); err != nil {
		return nil, err
	}
	if _, ok := c.stood(cmd.Incident); !ok {
		return nil, ErrIncidentUnknown.At("/incident", "exists")
	}
	return fact.Of(intakev1.IncidentEnteredInError{Case: c.ID, Incident: cmd.Incident}), nil
}

// mayAmendIncident gives ErrIncidentUnknown where no incident stands.
func (c Case) mayAmendIncident() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if len(c.standing()) == 0 {
		return ErrIncidentUnknown.At("/incident", "exists")
	}
	return nil
}

// stood is an incident that was not entered in error.
func (c Case) stood(id string) (Told, bool) {
	standing := c.standing()
	i := slices.IndexFunc(standing, func(t Told) bool { return t.ID == id })
	if i < 0 {
		return Told{}, false
	}
	return standing[i], true
}

// first is the identifier of the incident that was told when the case was opened.
func (c Case) first() string { return fact.ID("inc", c.ID) }

// incidents are all of the case, the one of the opening first. A case of which nothing was
// told at the opening has no such one, unless something was said of it since.
func (c Case) incidents() []Told {
	all := slices.Clone(c.Told)
	i := slices.IndexFunc(all, func(t Told) bool { return t.ID == c.first() })
	opened := c.Opening.Incident != nil || c.Opening.Happened != nil
	switch {
	case i < 0 && !opened:
		return all
	case i < 0:
		i, all = 0, slices.Insert(all, 0, Told{ID: c.first(), At: c.OpenedAt})
	}
	all[i].Happened = c.Opening.Happened
	if !opened && !all[i].says() && !all[i].InError && len(all[i].Before) == 0 {
		return slices.Delete(all, i, i+1)
	}
	return all
}

// standing are the incidents that were not entered in error.
func (c Case) standing() []Told {
	return slices.DeleteFunc(c.incidents(), func(t Told) bool { return t.InError })
}

// typeOf is the type of an incident. What was said when the case was opened are types and no
// answers: until she was asked, it is the first of them in the order of the tool.
func (c Case) typeOf(t Told) code.GBVType {
	is := t.Answers.Type()
	if is != "" || t.ID != c.first() || c.Opening.Incident == nil {
		return is
	}
	for _, one := range code.GBVTypes {
		if slices.Contains(c.Opening.Incident.Types, one) {
			return one
		}
	}
	return ""
}

// recorded is the case after an event about an incident.
func (c Case) recorded(e fact.Event) Case {
	said, _ := e.Private.(Recorded)
	switch d := e.Data.(type) {
	case intakev1.IncidentRecorded:
		c.Told = append(slices.Clip(c.Told), Told{ID: d.Incident, At: e.At, By: said.By, Account: said.Account, OnPaper: said.OnPaper})
	case intakev1.IncidentAmended:
		c = c.anewTold(d.Incident, func(t *Told) {
			t.Before = append(slices.Clip(t.Before), Former{At: e.At, By: said.By, Reason: d.Reason, Before: t.Account})
			t.Account = said.Account
		})
	case intakev1.IncidentEnteredInError:
		c = c.anewTold(d.Incident, func(t *Told) { t.InError = true })
	}
	return c
}

// anewTold changes one incident. The time of the first one is a part of the opening.
func (c Case) anewTold(id string, change func(*Told)) Case {
	all := c.incidents()
	i := slices.IndexFunc(all, func(t Told) bool { return t.ID == id })
	if i < 0 {
		return c
	}
	change(&all[i])
	if id == c.first() {
		c.Opening.Happened = all[i].Happened
	}
	c.Told = all
	return c
}

// IncidentView is an incident for who has the case.
type IncidentView struct {
	Told
	Type     code.GBVType       `json:"type,omitempty"`
	Contexts []code.CaseContext `json:"contexts,omitempty"`
}

func (c Case) incidentsShown() []IncidentView {
	var shown []IncidentView
	for _, t := range c.incidents() {
		is := c.typeOf(t)
		shown = append(shown, IncidentView{Told: t, Type: is, Contexts: t.contexts(is, c.Survivor.child())})
	}
	return shown
}

// IncidentShown is an incident for an agency: what it was, when and where, and who did it. Its
// contexts are not shown: one of them says that she is a child, which is of another category.
type IncidentShown struct {
	Type     code.GBVType `json:"type,omitempty"`
	Happened *Interval    `json:"happened,omitempty"`
	Circumstances
}

// incidentsFor are the incidents that an agency may be shown: those that stand, as they are
// written now.
func (c Case) incidentsFor() []IncidentShown {
	var shown []IncidentShown
	for _, t := range c.standing() {
		shown = append(shown, IncidentShown{Type: c.typeOf(t), Happened: t.Happened, Circumstances: t.Circumstances})
	}
	return shown
}
