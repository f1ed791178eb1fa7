package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// She tells once. A recorded account serves who would ask her the same again: the case keeps that it was
// recorded, when, by whom, and where the recording is. What she said is not in this network. Who may hear it
// again she decides agency by agency, in consents for the purpose hear_account, which she refuses, lets run
// out and withdraws as every other one. Each time that somebody hears it is written down.

// RecordAccount is the command that says that an account was recorded.
type RecordAccount struct {
	AccountTaken
}

// AccountTaken is when, by whom and how it was, and where the recording is: the private half of AccountRecorded.
type AccountTaken struct {
	RecordedAt time.Time          `json:"recorded_at,omitzero"`
	Form       code.RecordingForm `json:"recording_form"`
	By         string             `json:"recorded_by"`
	// Kept is by what the recording is found where it is kept. It is no content.
	Kept string `json:"recording_kept"`
}

// HearAccount is the command that says that an agency heard it again.
type HearAccount struct {
	Recording string `json:"recording"`
	Hearer
}

// Hearer is which agency hears it, and for which of its services: the private half of AccountHeard.
type Hearer struct {
	Agency  string       `json:"agency"`
	Service code.Service `json:"service"`
}

// Recording is a recorded account.
type Recording struct {
	ID string `json:"id"`
	AccountTaken
	Heard []Heard `json:"heard,omitempty"`
}

// Heard is one time that it was heard again.
type Heard struct {
	Hearer
	At time.Time `json:"at"`
}

// RecordingView is a recorded account, and who may hear it again now.
type RecordingView struct {
	Recording
	MayHear []MayHear `json:"may_hear,omitempty"`
	Lies
}

// MayHear is who may hear it again, and until when.
type MayHear struct {
	Hearer
	Until time.Time `json:"until,omitzero"`
}

// maxRecordings is how many there are at most: a second one is a mistake or a need, a tenth is neither.
const maxRecordings = 10

// RecordAccount says that an account of hers was recorded. Errors: ErrRecording.
func (c Case) RecordAccount(by fact.By, cmd RecordAccount) ([]fact.Event, error) {
	if err := cmp.Or(c.mayRecord(), known("/recording_form", cmd.Form, code.RecordingForms)); err != nil {
		return nil, err
	}
	switch {
	case cmd.RecordedAt.After(by.At.Add(fastClock)):
		return nil, ErrRecording.At("/recorded_at", "not in the future")
	case strings.TrimSpace(cmd.By) == "":
		return nil, ErrRecording.At("/recorded_by", "required")
	case strings.TrimSpace(cmd.Kept) == "":
		return nil, ErrRecording.At("/recording_kept", "required")
	}
	if cmd.RecordedAt.IsZero() {
		cmd.RecordedAt = by.At
	}
	cmd.RecordedAt = cmd.RecordedAt.UTC()
	return fact.With(intakev1.AccountRecorded{Case: c.ID, Recording: by.ID("recording", 0)}, cmd.AccountTaken), nil
}

// HearAccount says that an agency hears it again now, on her consent in force to exactly that. Errors:
// ErrRecording, ErrBlocked, ErrConsentMissing.
func (c Case) HearAccount(by fact.By, cmd HearAccount, rules Rules) ([]fact.Event, error) {
	if err := cmp.Or(c.mayHear(), slug("/agency", cmd.Agency), known("/service", cmd.Service, code.Services)); err != nil {
		return nil, err
	}
	switch {
	case !slices.ContainsFunc(c.Recordings, func(r Recording) bool { return r.ID == cmd.Recording }):
		return nil, ErrRecording.At("/recording", "one of the case")
	case c.Blocks.Agency(cmd.Agency):
		return nil, ErrBlocked.At("/agency", "not whom she must not meet")
	}
	if _, ok := c.consentFor(rules.law(c, by.At), cmd.Service, Choice{Recipient: cmd.Agency}, code.HearAccount, by.At); !ok {
		return nil, ErrConsentMissing.At("/agency", "consent to hear her account again")
	}
	return fact.With(intakev1.AccountHeard{Case: c.ID, Recording: cmd.Recording}, cmd.Hearer), nil
}

func (c Case) mayRecord() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if len(c.Recordings) >= maxRecordings {
		return ErrRecording.At("/recording_form", "not more than ten")
	}
	return nil
}

// mayHear gives ErrRecording where nothing was recorded.
func (c Case) mayHear() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if len(c.Recordings) == 0 {
		return ErrRecording.At("/recording", "one of the case")
	}
	return nil
}

// recordings is the case after an event about a recorded account.
func (c Case) recordings(e fact.Event) Case {
	switch d := e.Data.(type) {
	case intakev1.AccountRecorded:
		recorded, _ := e.Private.(AccountTaken)
		c.Recordings = append(slices.Clip(c.Recordings), Recording{ID: d.Recording, AccountTaken: recorded})
	case intakev1.AccountHeard:
		hearer, _ := e.Private.(Hearer)
		c.Recordings = slices.Clone(c.Recordings)
		for i, r := range c.Recordings {
			if r.ID == d.Recording {
				c.Recordings[i].Heard = append(slices.Clip(r.Heard), Heard{hearer, e.At})
			}
		}
	}
	return c
}

// recordingsShown are the recorded accounts, and who may hear them now.
func (c Case) recordingsShown(by fact.By, rules Rules, in Lies) (all []RecordingView) {
	var may []MayHear
	law := rules.law(c, by.At)
	for _, k := range c.Consents {
		if k.Purpose != code.HearAccount || c.Blocks.Agency(k.Recipient) {
			continue
		}
		best, ok := c.consentFor(law, k.Service, Choice{Recipient: k.Recipient}, code.HearAccount, by.At)
		if ok && best.ID == k.ID {
			may = append(may, MayHear{Hearer{k.Recipient, k.Service}, k.Expires})
		}
	}
	for _, r := range c.Recordings {
		all = append(all, RecordingView{Recording: r, MayHear: may, Lies: in})
	}
	return all
}
