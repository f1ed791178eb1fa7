package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/writing"
)

// Amend is the command that writes parts of a case anew. Nothing is lost: the case shows
// the present, and its amendments what was written before, by whom and why.
type Amend struct {
	Reason code.AmendReason `json:"reason"`
	// Since is from when what is written now was true, where that is known.
	Since time.Time `json:"since,omitzero"`
	// Opening holds the parts that are written anew, each of them whole.
	Opening
	// Remove names parts that are left without anything.
	Remove []code.CasePart `json:"remove,omitempty"`
}

// Amendment is the private half of CaseAmended.
type Amendment struct {
	Since time.Time `json:"since,omitzero"`
	// By is the person who wrote it.
	By string `json:"by"`
	Opening
	// Zone is where her birthdays begin.
	Zone string `json:"zone,omitempty"`
	// Judged is which consents count no more, where her age was written anew.
	Judged Judged `json:"judged,omitzero"`
}

// Amended is one amendment as the case keeps it.
type Amended struct {
	At     time.Time        `json:"at"`
	Since  time.Time        `json:"since,omitzero"`
	By     string           `json:"by"`
	Reason code.AmendReason `json:"reason"`
	Parts  []code.CasePart  `json:"parts"`
	// Before is what these parts held. No agency is ever shown it.
	Before Opening `json:"before"`
	// Agency is the office that had the case then.
	Agency string `json:"-"`
}

// amendmentsShown are the amendments for the office that has the case. How she could be reached
// before is for the office that wrote it alone: another one that took the case over needs the
// present, and an old address leads to somebody else.
func (c Case) amendmentsShown() []Amended {
	wrote := c.Agency
	for _, t := range slices.Backward(c.Transfers) {
		if t.Status == code.TransferAccepted {
			wrote = t.From
		}
	}
	return mapped(c.Amendments, func(a Amended) Amended {
		if slices.Contains(a.Parts, code.PartContact) {
			if wrote != c.Agency {
				a.Before.Contact = Contact{}
			}
			wrote = a.Agency
		}
		return a
	})
}

// parts are those of an opening: whether one holds anything, and how it is taken over.
var parts = map[code.CasePart]struct {
	told func(Opening) bool
	take func(to *Opening, from Opening)
}{
	code.PartIncident:    {func(o Opening) bool { return o.Incident != nil }, func(to *Opening, from Opening) { to.Incident = from.Incident }},
	code.PartHappened:    {func(o Opening) bool { return o.Happened != nil }, func(to *Opening, from Opening) { to.Happened = from.Happened }},
	code.PartSurvivor:    {func(o Opening) bool { return o.Survivor != Survivor{} }, func(to *Opening, from Opening) { to.Survivor = from.Survivor }},
	code.PartName:        {func(o Opening) bool { return o.Name != "" }, func(to *Opening, from Opening) { to.Name = from.Name }},
	code.PartContact:     {func(o Opening) bool { return o.Contact.told() }, func(to *Opening, from Opening) { to.Contact = from.Contact }},
	code.PartNarrative:   {func(o Opening) bool { return o.Narrative != "" }, func(to *Opening, from Opening) { to.Narrative = from.Narrative }},
	code.PartMustNotMeet: {func(o Opening) bool { return o.Blocks != nil }, func(to *Opening, from Opening) { to.Blocks = from.Blocks }},
}

// only is the opening with nothing but some of its parts.
func (o Opening) only(these []code.CasePart) Opening {
	var some Opening
	for _, p := range these {
		parts[p].take(&some, o)
	}
	return some
}

// with is the opening with some parts of another one.
func (o Opening) with(these []code.CasePart, from Opening) Opening {
	for _, p := range these {
		parts[p].take(&o, from)
	}
	return o
}

// Amend writes parts of a case anew, also of a closed one: a wrong telephone is not wrong
// for life. What is then written must make sense as at an opening. Agencies that hold her
// contact are told that it changed. Whom she must not meet from now on loses her consents
// with it.
func (c Case) Amend(by fact.By, cmd Amend, rules Rules) ([]fact.Event, error) {
	if err := c.mustHold(); err != nil {
		return nil, err
	}
	if err := known("/reason", cmd.Reason, code.AmendReasons); err != nil {
		return nil, err
	}
	if cmd.Since.After(by.At) {
		return nil, ErrSince.At("/since", "not in the future")
	}
	var changed []code.CasePart
	for _, p := range code.CaseParts {
		removed := slices.Contains(cmd.Remove, p)
		switch {
		case removed && parts[p].told(cmd.Opening):
			return nil, ErrAmend.At("/remove", "not a part that is written anew")
		case removed || parts[p].told(cmd.Opening):
			changed = append(changed, p)
		}
	}
	if len(changed) == 0 {
		return nil, ErrAmend.At("", "at least one part")
	}
	after := c.Opening.with(changed, cmd.Opening)
	if err := cmp.Or(after.check(by.At), cmd.Contact.check(code.Country(c.Country)), cmd.Blocks.check(c.Agency)); err != nil {
		return nil, err
	}
	amendment := Amendment{Since: cmd.Since, By: by.Principal, Opening: cmd.only(changed).asOf(by.At)}
	if slices.Contains(changed, code.PartSurvivor) {
		p := rules.of(c, by.At)
		amendment.Survivor = amendment.Survivor.in(birthplace(p), by.At)
		c := c // as it is then
		c.Survivor = amendment.Survivor
		c.Zone = birthplace(p)
		amendment.Zone = c.Zone
		amendment.Judged = c.judge(p.Consent, by.At)
	}
	events := fact.With(intakev1.CaseAmended{Case: c.ID, Reason: cmd.Reason, Parts: changed}, amendment)
	if slices.Contains(changed, code.PartContact) {
		events = append(events, fact.Event{Data: intakev1.ContactChanged{Case: c.ID, Referrals: c.openOnes()}})
	}
	if slices.Contains(changed, code.PartMustNotMeet) {
		// First, as in a withdrawal: the place of an event in its commit is on the bus.
		events = append(c.parted(cmd.Blocks), events...)
	}
	return events, nil
}

// amended is the case after an amendment.
func (c Case) amended(d intakev1.CaseAmended, a Amendment, at time.Time) Case {
	c.Amendments = append(slices.Clip(c.Amendments), Amended{
		At: at, Since: a.Since, By: a.By, Reason: d.Reason, Parts: d.Parts, Before: c.Opening.only(d.Parts), Agency: c.Agency,
	})
	if slices.Contains(d.Parts, code.PartSurvivor) {
		c.Zone = a.Zone
	}
	c = c.turned(a.Judged)
	was := c.Blocks
	c.Opening = c.Opening.with(d.Parts, a.Opening)
	if slices.Contains(d.Parts, code.PartMustNotMeet) {
		c.Referrals = c.displacing(was)
	}
	// An incident that was taken back, and is told again, stands again: its windows count.
	if a.Incident != nil || a.Happened != nil {
		c = c.anewTold(c.first(), func(t *Told) { t.InError = false })
	}
	return c
}

// EnterInError is the command that says that a case should never have been opened.
type EnterInError struct{}

// EnterInError takes back a case in which nothing is open. It stays on record; nobody goes on
// with it, and every consent in it ends.
func (c Case) EnterInError(_ fact.By, _ EnterInError) ([]fact.Event, error) {
	if err := c.mayEnterInError(); err != nil {
		return nil, err
	}
	events := fact.Of(intakev1.CaseEnteredInError{Case: c.ID})
	for _, k := range c.Consents {
		if k.stands() {
			events = append(events, c.withdrawal(k, nil))
		}
	}
	return events, nil
}

// Reference is how people name a case on the telephone: eight characters, of the case's
// identifier alone. It identifies and never authorises. Two cases of a large network may
// share one.
func (c Case) Reference() string { return reference(c.ID) }

func reference(id string) string {
	_, digits, _ := strings.Cut(fact.ID("spoken", id), "_")
	digits = strings.ToUpper(digits[:8])
	return digits[:4] + "-" + digits[4:]
}

// ReadReference reads a reference as people write it: in small letters or capitals, with a
// dash or a space of any kind or none, with digits of any script, with the letters that are
// taken for digits. Anything else is "".
func ReadReference(s string) string {
	s = strings.NewReplacer("-", "", " ", "", "I", "1", "L", "1", "O", "0").Replace(strings.ToUpper(writing.Plain(s)))
	if len(s) != 8 || strings.Trim(s, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		return ""
	}
	return s[:4] + "-" + s[4:]
}
