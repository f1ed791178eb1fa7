package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// AskContact is the question of her desk: may she be contacted now, and how.
type AskContact struct {
	Purpose code.ContactPurpose `json:"purpose"`
}

// AskContactFor is the same question of an agency that has taken a referral.
type AskContactFor struct {
	Referral string              `json:"referral"`
	Purpose  code.ContactPurpose `json:"purpose"`
}

// Allowed is the answer: how she may be contacted now, and what to say. It stands for the
// instant at which it was asked for, and for nothing later than its end.
type Allowed struct {
	Purpose code.ContactPurpose `json:"purpose"`
	At      time.Time           `json:"at"`
	// Until is when her hours end, where that is within a day.
	Until    time.Time     `json:"until,omitzero"`
	Channels []SafeChannel `json:"channels"`
	CodeWord string        `json:"code_word,omitempty"`
	Language string        `json:"language,omitempty"`
	SafeNote string        `json:"safe_note,omitempty"`
}

// Allowed answers who may read how to reach her. Errors: ErrContactClosed; ErrNotSafeNow with
// the next safe time; ErrNoSafeContact; and for danger news ErrToDuty.
func (c Case) Allowed(purpose code.ContactPurpose, now time.Time) (Allowed, error) {
	if err := known("/purpose", purpose, code.ContactPurposes); err != nil {
		return Allowed{}, err
	}
	if purpose == code.DangerNews && c.News(now).Duty {
		return Allowed{}, ErrToDuty
	}
	if !c.ContactClosed.IsZero() {
		return Allowed{}, ErrContactClosed
	}
	contact, _ := c.grownContact(now)
	switch r := contact.Reach(purpose, now); {
	case len(r.Channels) > 0:
		allowed := Allowed{
			Purpose: purpose, At: now, Until: r.Until, Channels: r.Channels,
			CodeWord: contact.CodeWord, Language: contact.Language, SafeNote: contact.SafeNote,
		}
		for i := range allowed.Channels {
			if allowed.Channels[i].WhoMayAnswer == "" {
				allowed.Channels[i].WhoMayAnswer = code.OnlyHer
			}
		}
		return allowed, nil
	case !r.Next.IsZero():
		return Allowed{}, ErrNotSafeNow.Until(r.Next)
	}
	return Allowed{}, ErrNoSafeContact
}

// AskContact records that an agency asks how to reach her, as each disclosure is recorded.
// It may ask where it may be shown her contact: it has taken the referral, she consented to
// that kind of data, and the worker is the one to whom it was given. Errors: those of
// Disclose. An agency that may not know of the referral is shown nothing.
func (c Case) AskContact(by fact.By, cmd AskContactFor, h work.Hands, rules Rules) ([]fact.Event, error) {
	f, ok, err := c.mayAskContact(by, cmd, h, rules)
	if err != nil || !ok {
		return nil, err
	}
	return fact.Of(intakev1.Disclosed{
		Case: c.ID, Referral: f.ID, Recipient: by.Agency, Service: f.Service,
		Stage: code.ForContact, Categories: []code.Category{code.Contact},
	}), nil
}

// AllowedFor answers an agency, at the instant of the answer and by what holds then. It reports
// false where the agency may not know of the referral.
func (c Case) AllowedFor(by fact.By, cmd AskContactFor, h work.Hands, rules Rules) (Allowed, bool, error) {
	if _, ok, err := c.mayAskContact(by, cmd, h, rules); err != nil || !ok {
		return Allowed{}, ok, err
	}
	allowed, err := c.Allowed(cmd.Purpose, by.At)
	return allowed, true, err
}

func (c Case) mayAskContact(by fact.By, cmd AskContactFor, h work.Hands, rules Rules) (Referral, bool, error) {
	f, k, ok := c.ground(by, cmd.Referral)
	if !ok {
		return Referral{}, false, nil
	}
	if err := c.HandedTo(by, f.ID, h); err != nil {
		return Referral{}, false, err
	}
	switch {
	case f.Recipient != by.Agency || !slices.Contains(held, f.Status):
		return Referral{}, false, ErrTooEarly
	case c.halts(f.on(by.Agency), rules.law(c, by.At), by.At):
		return Referral{}, false, ErrConsentAnew
	case !slices.Contains(k.Categories, code.Contact):
		return Referral{}, false, ErrNothingToShow
	case !c.shows(code.Contact) && cmd.Purpose == code.DangerNews:
		return Referral{}, false, ErrToDuty
	case !c.shows(code.Contact):
		return Referral{}, false, ErrContactClosed
	}
	return f, true, known("/purpose", cmd.Purpose, code.ContactPurposes)
}
