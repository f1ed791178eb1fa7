package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// Consent is one answer of the survivor to one question: may this recipient
// have this data for this service and purpose? The question may be on record before
// its answer. The terms of an answer never change. What was refused, was ended or has
// expired is never in force again; to ask her again makes a new record.
type Consent struct {
	ID         string          `json:"id"`
	Recipient  string          `json:"recipient,omitempty"`
	Service    code.Service    `json:"service,omitempty"`
	Purpose    code.Purpose    `json:"purpose,omitempty"`
	Categories []code.Category `json:"categories,omitempty"`
	Expires    time.Time       `json:"expires,omitzero"`
	Evidence
	Status     code.ConsentStatus `json:"status"`
	AskedAt    time.Time          `json:"asked_at,omitzero"`
	AnsweredAt time.Time          `json:"answered_at,omitzero"`
	// WithdrawnAt is when it was withdrawn, revoked or invalidated.
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
	// EndOnPaper is the paper on which she took it back, as of its entry at WithdrawnAt.
	EndOnPaper *OnPaper `json:"end_on_paper,omitempty"`
	// EndGround is why it was revoked or invalidated.
	EndGround code.ConsentEndGround `json:"end_ground,omitempty"`
	// EndRelation is the caregiver who is thought to have harmed her, where it ended for that.
	EndRelation code.CaregiverRelation `json:"suspected_caregiver,omitempty"`
	// Receipt is when she was last offered a receipt, and what she said.
	Receipt *Receipt `json:"receipt,omitempty"`
}

// GiveConsent is the command that records her yes.
type GiveConsent struct {
	Recipient  string          `json:"recipient"`
	Service    code.Service    `json:"service"`
	Purpose    code.Purpose    `json:"purpose"`
	Categories []code.Category `json:"categories"`
	Expires    time.Time       `json:"expires"`
	Evidence
}

// RefuseConsent is the command that records her no. It costs her no service.
type RefuseConsent struct {
	Recipient string       `json:"recipient"`
	Service   code.Service `json:"service"`
	Purpose   code.Purpose `json:"purpose"`
	OnPaper   *OnPaper     `json:"on_paper,omitempty"`
}

// WithdrawConsent is the command that takes a consent back. It names the consent, or what
// she says at the counter: the agency and the service. Somebody who does not see the case
// takes her no as well.
type WithdrawConsent struct {
	Consent   string       `json:"consent,omitempty"`
	Recipient string       `json:"recipient,omitempty"`
	Service   code.Service `json:"service,omitempty"`
	OnPaper   *OnPaper     `json:"on_paper,omitempty"`
}

// GiveConsent records a consent with an end (ErrTerm), given by a person who may speak for her
// by the programme's rules at this instant (maySpeak). Its terms never change. From paper it is given
// when the paper was written, and its longest time counts from then (OnPaper).
func (c Case) GiveConsent(by fact.By, cmd GiveConsent, rules Rules) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	p := rules.of(c, by.At)
	law := p.Consent
	cmd.Evidence = cmd.by(by)
	cmd.OnPaper = cmd.OnPaper.utc()
	said := cmd.OnPaper.or(by.At)
	if err := cmp.Or(
		question(cmd.Recipient, cmd.Service, cmd.Purpose),
		known("/method", cmd.Method, code.ConsentMethods),
		known("/given_by", cmd.GivenBy, code.GivenByList),
		cmd.Evidence.check(by),
		c.suspects(cmd.Evidence),
		cmd.OnPaper.check(by.At, c.began()),
		c.noSince(cmd),
		c.spoke(law, cmd, by.At),
	); err != nil {
		return nil, err
	}
	if len(cmd.Categories) == 0 {
		return nil, ErrCategories.At("/categories", "required")
	}
	if !cmd.Expires.After(by.At) || cmd.Expires.After(law.Longest.Ends(said, p.Zone)) {
		return nil, ErrTerm.At("/expires", "within the longest time of the programme")
	}
	if cmd.DuringReflection && (!c.reflecting() || said.Before(c.Reflection.From)) {
		return nil, ErrReflection.At("/during_reflection", "only in a period of reflection")
	}
	given := intakev1.ConsentGiven{
		Case: c.ID, Consent: c.answered(by, cmd.Recipient, cmd.Service, cmd.Purpose), Recipient: cmd.Recipient, Service: cmd.Service,
		Purpose: cmd.Purpose, Categories: cmd.Categories, Expires: cmd.Expires.UTC(),
	}
	return append(fact.With(given, cmd.Evidence), c.renewals(by, given, cmd.DuringReflection)...), nil
}

// RefuseConsent records that she said no, also on a closed case: her no waits for nothing.
// Her last answer counts: it also withdraws a consent in force to the same question. From paper it
// acts when it is entered, and never waits for what is older or newer.
func (c Case) RefuseConsent(by fact.By, cmd RefuseConsent) ([]fact.Event, error) {
	if err := c.mustHold(); err != nil {
		return nil, err
	}
	if err := cmp.Or(question(cmd.Recipient, cmd.Service, cmd.Purpose), cmd.OnPaper.check(by.At, time.Time{})); err != nil {
		return nil, err
	}
	paper := cmd.OnPaper.utc()
	events := []fact.Event{c.refusal(c.answered(by, cmd.Recipient, cmd.Service, cmd.Purpose), cmd.Recipient, cmd.Service, cmd.Purpose, paper)}
	return append(events, c.takeBack(paper, cmd.Recipient, cmd.Service, cmd.Purpose)...), nil
}

// WithdrawConsent takes a consent back, also on a closed case, and also one that
// has expired: an agency that still acts on it must be told. With it go all that she
// gave to the same question, a renewal too: her no is to the question. A second
// withdrawal changes nothing. From paper it acts when it is entered; the record shows when she
// said it.
func (c Case) WithdrawConsent(by fact.By, cmd WithdrawConsent) ([]fact.Event, error) {
	if !c.Exists() {
		return nil, ErrNotOpen
	}
	if err := cmd.OnPaper.check(by.At, time.Time{}); err != nil {
		return nil, err
	}
	cmd.OnPaper = cmd.OnPaper.utc()
	if cmd.Consent == "" {
		return c.takeBackAll(cmd)
	}
	i := slices.IndexFunc(c.Consents, func(k Consent) bool { return k.ID == cmd.Consent })
	if i < 0 || cmd.Recipient != "" || cmd.Service != "" {
		return nil, ErrConsentUnknown.At("/consent", "exists")
	}
	if !c.Consents[i].given() {
		return nil, ErrConsentRefused.At("/consent", "given")
	}
	k := c.Consents[i]
	return append(c.takeBack(cmd.OnPaper, k.Recipient, k.Service, k.Purpose), c.saysNo(cmd.OnPaper, k.Recipient, k.Service, k.Purpose)...), nil
}

// takeBackAll withdraws all that she gave to an agency for a service, for every purpose.
func (c Case) takeBackAll(cmd WithdrawConsent) ([]fact.Event, error) {
	given := slices.ContainsFunc(c.Consents, func(k Consent) bool {
		return k.Recipient == cmd.Recipient && k.Service == cmd.Service && k.given()
	})
	if !given {
		return nil, ErrConsentUnknown.At("/recipient", "exists")
	}
	return append(c.takeBack(cmd.OnPaper, cmd.Recipient, cmd.Service, code.Purposes...), c.saysNo(cmd.OnPaper, cmd.Recipient, cmd.Service, code.Purposes...)...), nil
}

// takeBack withdraws every consent that she gave to one question.
func (c Case) takeBack(paper *OnPaper, recipient string, service code.Service, purposes ...code.Purpose) (events []fact.Event) {
	for _, k := range c.Consents {
		if k.stands() && k.Recipient == recipient && k.Service == service && slices.Contains(purposes, k.Purpose) {
			events = append(events, c.withdrawal(k, paper))
		}
	}
	return events
}

// Doubt ends every consent that she gave before a commit of the case was found
// unreadable, and her yes to be counted: she may have taken it back there. Her yes can be asked for again, and
// her no must not be lost.
func (c Case) Doubt(at time.Time) (events []fact.Event) {
	for _, k := range c.Consents {
		if k.stands() && k.saidAt().Before(at) {
			events = append(events, c.withdrawal(k, nil))
		}
	}
	return append(events, c.uncounted(at)...)
}

func (c Case) withdrawal(k Consent, paper *OnPaper) fact.Event {
	w := intakev1.ConsentWithdrawn{Case: c.ID, Consent: k.ID, Recipient: k.Recipient, Service: k.Service}
	if paper == nil {
		return fact.Event{Data: w}
	}
	return fact.Event{Data: w, Private: Ended{OnPaper: paper}}
}

func (c Case) refusal(id, recipient string, service code.Service, purpose code.Purpose, paper *OnPaper) fact.Event {
	no := intakev1.ConsentRefused{Case: c.ID, Consent: id, Recipient: recipient, Service: service, Purpose: purpose}
	if paper == nil {
		return fact.Event{Data: no}
	}
	return fact.Event{Data: no, Private: Declined{OnPaper: paper}}
}

// stands says whether something may still stand on the consent. One that she renewed is
// stood on by what had ended before: its recipient has her data, and no new consent takes
// that over.
func (k Consent) stands() bool {
	return k.Status == code.ConsentGiven || k.Status == code.ConsentRenewed
}

// InForce reports whether the consent holds at an instant.
func (k Consent) InForce(at time.Time) bool { return k.at(at).Status == code.ConsentGiven }

// at is the consent as it stands at an instant.
func (k Consent) at(at time.Time) Consent {
	if k.Status == code.ConsentGiven && !at.Before(k.Expires) {
		k.Status = code.ConsentExpired
	}
	return k
}

// covers reports whether the consent answers exactly this question.
func (k Consent) covers(recipient string, service code.Service, purpose code.Purpose) bool {
	return k.Recipient == recipient && k.Service == service && k.Purpose == purpose
}

func question(recipient string, service code.Service, purpose code.Purpose) error {
	return cmp.Or(
		slug("/recipient", recipient),
		known("/service", service, code.Services),
		known("/purpose", purpose, code.Purposes),
	)
}

// given says whether it was a yes once.
func (k Consent) given() bool {
	return k.Status != code.ConsentRefused && k.Status != code.ConsentRequested && !k.AnsweredAt.IsZero()
}

func withdrawn(consents []Consent, id string, why Ended, at time.Time) []Consent {
	consents = slices.Clone(consents)
	for i, k := range consents {
		if k.ID == id {
			consents[i].Status, consents[i].WithdrawnAt, consents[i].EndGround = why.Ground.Status(), at, why.Ground
			consents[i].EndRelation, consents[i].EndOnPaper = why.Relation, why.OnPaper
		}
	}
	return consents
}
