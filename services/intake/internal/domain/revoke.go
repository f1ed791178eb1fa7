package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// A consent ends otherwise than by her word in two ways: it is revoked, by another person who may
// speak for her or by law; or it is invalidated, because it was never good. To an agency both
// are a withdrawal, told by the same event. Why it ended stays in the private half.
//
// Source: PublicSchema, consent-status (revoked, invalidated).

// EndConsent is the command that revokes or invalidates a consent: its ground says which.
type EndConsent struct {
	Consent string                `json:"consent"`
	Ground  code.ConsentEndGround `json:"ground"`
	// Relation is who the suspected caregiver is, where the consent does not say it.
	Relation code.CaregiverRelation `json:"relation,omitempty"`
}

// Ended is the private half of the end of a consent. Without a ground she took it back.
type Ended struct {
	Ground code.ConsentEndGround `json:"ground,omitempty"`
	By     string                `json:"by,omitempty"`
	// Relation is the caregiver who is thought to have harmed her.
	Relation code.CaregiverRelation `json:"relation,omitempty"`
	// OnPaper is the paper on which she took it back.
	OnPaper *OnPaper `json:"on_paper,omitempty"`
}

// EndConsent ends one consent, also on a closed case and also one that has expired: an agency
// that still acts on it must be told. What she gave herself is not another person's to take back
// (ErrConsentEnd). With the consent of a suspected caregiver go all that this caregiver gave. A
// question that was put in error is ended, too; nobody learns of it. A second end changes
// nothing.
func (c Case) EndConsent(by fact.By, cmd EndConsent) ([]fact.Event, error) {
	if !c.Exists() {
		return nil, ErrNotOpen
	}
	i := slices.IndexFunc(c.Consents, func(k Consent) bool { return k.ID == cmd.Consent })
	if i < 0 {
		return nil, ErrConsentUnknown.At("/consent", "exists")
	}
	if err := known("/ground", cmd.Ground, code.ConsentEndGrounds); err != nil {
		return nil, err
	}
	k := c.Consents[i]
	if err := k.mayEnd(cmd); err != nil {
		return nil, err
	}
	why := Ended{Ground: cmd.Ground, By: by.Principal}
	switch {
	case k.Status == code.ConsentRequested:
		return fact.With(intakev1.ConsentQuestionEnded{Case: c.ID, Consent: k.ID, Status: cmd.Ground.Status()}, why), nil
	case cmd.Ground == code.SuspectedCaregiver:
		why.Relation = k.relation(cmd.Relation)
		return c.endAll(why, func(other Consent) bool {
			return other.ID == k.ID || other.byCaregiver() && other.relation("") == why.Relation
		}), nil
	}
	return c.endAll(why, func(other Consent) bool { return other.ID == k.ID }), nil
}

func (k Consent) mayEnd(cmd EndConsent) error {
	revokes := cmd.Ground.Status() == code.ConsentRevoked
	another := cmd.Ground == code.ConsenterTookBack || cmd.Ground == code.LegalRepresentative
	switch {
	case k.Status == code.ConsentRefused:
		return ErrConsentRefused.At("/consent", "given")
	case k.Status == code.ConsentRequested && (revokes || cmd.Ground == code.SuspectedCaregiver):
		return ErrConsentEnd.At("/ground", "a consent that was given")
	case another && k.GivenBy == code.BySurvivor:
		return ErrConsentEnd.At("/ground", "not what she gave herself")
	case cmd.Ground != code.SuspectedCaregiver && cmd.Relation != "":
		return ErrConsentEnd.At("/relation", "only of a suspected caregiver")
	case cmd.Ground == code.SuspectedCaregiver && !k.byCaregiver():
		return ErrConsentEnd.At("/ground", "a consent of a caregiver")
	case cmd.Ground == code.SuspectedCaregiver && k.relation(cmd.Relation) == "":
		return ErrConsentEnd.At("/relation", "required")
	case cmd.Relation != "" && k.relation("") != "" && k.relation("") != cmd.Relation:
		return ErrConsentEnd.At("/relation", "the caregiver of the consent")
	}
	return nil
}

func (c Case) endAll(why Ended, so func(Consent) bool) (events []fact.Event) {
	for _, k := range c.Consents {
		if k.stands() && so(k) {
			events = append(events, fact.With(intakev1.ConsentWithdrawn{Case: c.ID, Consent: k.ID, Recipient: k.Recipient, Service: k.Service}, why)...)
		}
	}
	return events
}

func (k Consent) byCaregiver() bool {
	return k.GivenBy == code.ByCaregiver || k.GivenBy == code.ByBoth
}

// relation is who the caregiver of a consent is, or who somebody says it is.
func (k Consent) relation(said code.CaregiverRelation) code.CaregiverRelation {
	if k.Caregiver != nil {
		return k.Caregiver.Relation
	}
	return said
}

// suspected is the caregiver who is thought to have harmed her, as the consent or its end says.
func (k Consent) suspected() (code.CaregiverRelation, bool) {
	if k.Caregiver != nil && k.Caregiver.Suspected {
		return k.Caregiver.Relation, true
	}
	return k.EndRelation, k.EndRelation != ""
}

// othersEnded says that a consent on which an agency was asked ended otherwise than by her word,
// and was about her: she may still need what was asked for.
func (c Case) othersEnded(f Referral) bool {
	return slices.ContainsFunc(c.Consents, func(k Consent) bool {
		on := f.on(k.Recipient)
		return (k.ID == on.Consent || slices.Contains(on.Further, k.ID)) && k.EndGround != "" &&
			k.EndGround != code.WrongPerson && k.EndGround != code.ConsentInError
	})
}
