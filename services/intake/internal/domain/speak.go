package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Evidence is how a consent was given: the private half of the event.
type Evidence struct {
	Method  code.ConsentMethod `json:"method,omitempty"`
	GivenBy code.GivenBy       `json:"given_by,omitempty"`
	// WithoutCaregiver says why no caregiver was asked for a child.
	WithoutCaregiver code.WithoutCaregiver `json:"without_caregiver,omitempty"`
	Witnessed        bool                  `json:"witnessed,omitempty"`
	// Caregiver is who of the caregivers it is about. Nil: nobody was named.
	Caregiver *Caregiver `json:"caregiver,omitempty"`
	// Assent is what the child said. Empty: she was not asked, or spoke herself.
	Assent code.Assent `json:"assent,omitempty"`
	// OverDissent is the danger for which a supervisor lets a request go on against her dissent.
	OverDissent code.OverDissent `json:"over_dissent,omitempty"`
	// Supervisor is who stands for it, beside the caseworker: as the token of the supervisor
	// names them where they record a danger, else as the caseworker names them.
	Supervisor string `json:"supervisor,omitempty"`
	// DuringReflection says that she was told that she is left in peace for a time, and agrees
	// all the same.
	DuringReflection bool `json:"during_reflection,omitempty"`
	// OnPaper is the paper on which her answer was written; nil where it was entered at once.
	OnPaper *OnPaper `json:"on_paper,omitempty"`
}

// Caregiver is one person who cares for a child: what they are to her and no name.
type Caregiver struct {
	Relation code.CaregiverRelation `json:"relation"`
	// MayConsent is whether the law lets them speak for her. Empty was not asked.
	MayConsent code.YesNo `json:"may_consent,omitempty"`
	// Suspected is the one who is thought to have harmed her.
	Suspected bool `json:"suspected,omitempty"`
}

// counts says whether the word of the caregiver counts.
func (k *Caregiver) counts() bool { return k == nil || !k.Suspected && k.MayConsent != code.No }

// maxSupervisor is the length of a name.
const maxSupervisor = 200

// by is the evidence as the person who commands records it: who lets a request go on against
// a dissent is who says so.
func (e Evidence) by(by fact.By) Evidence {
	if e.OverDissent != "" {
		e.Supervisor = by.Principal
	}
	return e
}

// check refuses evidence that contradicts itself, and a danger that no supervisor records
// (ErrDissent).
func (e Evidence) check(by fact.By) error {
	if k := e.Caregiver; k != nil {
		if err := known("/caregiver/relation", k.Relation, code.CaregiverRelations); err != nil {
			return err
		}
	}
	herself := e.GivenBy == code.BySurvivor || e.GivenBy == code.ByBoth
	switch {
	case e.Assent == code.Dissent && herself:
		return ErrDissent.At("/assent", "not with her own consent")
	case e.OverDissent != "" && e.Assent != code.Dissent:
		return ErrDissent.At("/over_dissent", "with a dissent")
	case e.OverDissent != "" && !slices.Contains(by.Roles, "supervisor"):
		return ErrDissent.At("/over_dissent", "a supervisor records it")
	case utf8.RuneCountInString(e.Supervisor) > maxSupervisor:
		return ErrDissent.At("/supervisor", "1 to 200 characters")
	}
	return nil
}

// suspects refuses the consent of a caregiver of a kind that was written down as the one who
// is thought to have harmed her: who records the next consent may not know of it.
func (c Case) suspects(e Evidence) error {
	if e.GivenBy != code.ByCaregiver && e.GivenBy != code.ByBoth {
		return nil
	}
	for _, k := range c.Consents {
		if relation, suspected := k.suspected(); suspected && (e.Caregiver == nil || e.Caregiver.Relation == relation) {
			return ErrCaregiverBarred.At("/caregiver", "another one than the suspected")
		}
	}
	return nil
}

// maySpeak refuses a consent from a person who may not give it for her at an instant. Where
// her age may be in one of two steps of the programme, the person may speak by each of them; but
// where no caregiver may be asked, she may by one of them: else nobody could, and she would get
// no help.
//
// Source: Caring for Child Survivors guidelines; each programme has its own steps.
func (c Case) maySpeak(law programme.Consent, service code.Service, e Evidence, at time.Time) error {
	age, known := c.age(at)
	switch {
	case !known && e.GivenBy != code.BySurvivor:
		return ErrAgeUnknown.At("/given_by", "survivor")
	case !known:
		return nil
	case age.adult():
		if e.GivenBy == code.ByBoth && !e.Caregiver.counts() {
			return ErrCaregiverBarred.At("/caregiver", "one who may consent")
		}
		if e.GivenBy == code.BySurvivor || e.GivenBy == code.ByBoth {
			return nil
		}
		return ErrSurvivorNeeded.At("/given_by", "survivor")
	}
	alone, from := law.Alone[service]
	refused, taken := error(nil), false
	for _, step := range law.Steps {
		if step.Under <= age.least || step.From > age.most {
			continue
		}
		if from && max(age.least, step.From) >= alone {
			step.By = code.BySurvivor
		}
		if err := stepOf(step).takes(law.Instead, e); err != nil {
			refused = cmp.Or(refused, err)
			continue
		}
		taken = true
	}
	switch {
	case taken && (refused == nil || e.GivenBy == code.BySurvivor && e.WithoutCaregiver != ""):
		return nil
	case refused != nil:
		return refused
	}
	return ErrSurvivorNeeded.At("/given_by", "survivor") // a programme without rules lets nobody speak for her
}

type stepOf programme.ConsentStep

// takes says whether the consent of a child is enough for one step of the law.
func (s stepOf) takes(instead []code.GivenBy, e Evidence) error {
	herself := s.By == code.BySurvivor
	switch e.GivenBy {
	case code.BySurvivor:
		if herself {
			return nil
		}
		if e.WithoutCaregiver == "" || !slices.Contains(instead, e.GivenBy) {
			return ErrCaregiverNeeded.At("/given_by", "caregiver")
		}
		return nil
	case code.ByBoth:
		if !e.Caregiver.counts() || e.WithoutCaregiver != "" {
			return ErrCaregiverBarred.At("/caregiver", "one who may consent")
		}
		return nil
	case code.ByCaregiver:
		if s.By != code.ByCaregiver {
			return ErrSurvivorNeeded.At("/given_by", "survivor")
		}
		if !e.Caregiver.counts() || e.WithoutCaregiver != "" {
			return ErrCaregiverBarred.At("/caregiver", "one who may consent")
		}
	default:
		switch {
		case herself:
			return ErrSurvivorNeeded.At("/given_by", "survivor")
		case e.WithoutCaregiver == "" || !slices.Contains(instead, e.GivenBy):
			return ErrCaregiverNeeded.At("/given_by", "caregiver")
		case e.GivenBy == code.ByCaseworker && strings.TrimSpace(e.Supervisor) == "":
			return ErrSupervisorNeeded.At("/supervisor", "required")
		}
	}
	if s.Assent && e.Assent == "" {
		return ErrAssentNeeded.At("/assent", "required")
	}
	return nil
}

// dissents says that a child said no where another person consented, and that no supervisor
// recorded a danger to her life or health. Nothing is asked or shown on such a consent.
func (k Consent) dissents() bool { return k.Assent == code.Dissent && k.OverDissent == "" }

// speaks says whether a consent counts for what is asked or shown from an instant on: who gave
// it may speak for her then, and she did not say no to it. What others consented to for a child
// is over when she comes of age.
func (c Case) speaks(law programme.Consent, k Consent, at time.Time) bool {
	return !k.dissents() && !c.outgrown(k, at) && c.maySpeak(law, k.Service, k.Evidence, at) == nil
}

// outgrown says that she came of age since others consented for her, alone or with her.
func (c Case) outgrown(k Consent, at time.Time) bool {
	day, known := c.Survivor.Born.turns(c.Zone, programme.Majority)
	return known && !at.Before(day) && k.saidAt().Before(day) && k.GivenBy != code.BySurvivor
}
