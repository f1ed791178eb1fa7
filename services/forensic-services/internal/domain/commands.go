package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/work"
)

// RecordExamination records that the survivor was examined, and by whom.
type RecordExamination struct {
	ExaminedAt         time.Time `json:"examined_at"`
	Findings           string    `json:"findings"`
	ExaminerCredential string    `json:"examiner_credential"`
}

// CollectExhibit takes an item into custody under a seal.
type CollectExhibit struct {
	Kind        code.ExhibitKind `json:"kind"`
	SealNumber  string           `json:"seal_number"`
	Description string           `json:"description"`
}

// RecordExamination records an open examination, once (ErrRecorded). Her
// consent may have run out since the acceptance, so it is checked again
// (ErrConsentExpired). Where she was asked step by step, she said yes to one at which something is
// found (ErrNoYes). No missing credential refuses it: what the examiner lacked is on record.
func (x Examination) RecordExamination(by fact.By, cmd RecordExamination, e Examiner) ([]fact.Event, error) {
	if err := x.mayRecord(); err != nil {
		return nil, err
	}
	if !x.InForce(by.At) {
		return nil, ErrConsentExpired
	}
	if err := cmd.dated("/examined_at", by.At); err != nil {
		return nil, err
	}
	if err := x.yesOnce("/examined_at", cmd.ExaminedAt, code.StepGeneral, code.StepHistory, code.StepGenitoAnal); err != nil {
		return nil, err
	}
	recorded := fact.With(forensicv1.ExaminationRecorded{Work: x.Work}, cmd.findings(e.lacks(x.Consent.Place, by.At)))
	return work.Begin(x, append(recorded, x.plan(cmd.ExaminedAt, by.At)...)), nil
}

// findings are what was found, by somebody who lacked something.
func (cmd *RecordExamination) findings(lacks []credential.Lack) Findings {
	return Findings{ExaminedAt: cmd.ExaminedAt, Findings: cmd.Findings, ExaminerCredential: cmd.ExaminerCredential, Lacks: lacks}
}

// dated judges when it took place. A clock that is some minutes fast means now.
func (cmd *RecordExamination) dated(pointer string, now time.Time) error {
	at, err := work.Took(pointer, cmd.ExaminedAt, now)
	if cmd.ExaminedAt.IsZero() || err != nil && cmd.ExaminedAt.After(now) {
		return ErrExaminedAt.At(pointer, "past")
	}
	cmd.ExaminedAt = at
	return err
}

// CollectExhibit adds an exhibit to a recorded examination (ErrNotRecorded), or to one in which she
// said yes to samples, toxicology or photographs (ErrNoYes). A seal number stands for one exhibit
// only (ErrSealUsed).
func (x Examination) CollectExhibit(by fact.By, cmd CollectExhibit) ([]fact.Event, error) {
	if err := x.mayCollect(); err != nil {
		return nil, err
	}
	if err := work.Known("/kind", cmd.Kind, code.ExhibitKinds); err != nil {
		return nil, err
	}
	if err := x.yesOnce("/kind", by.At, takes(cmd.Kind)...); err != nil {
		return nil, err
	}
	if x.numbered(cmd.SealNumber, "") {
		return nil, ErrSealUsed.At("/seal_number", "unique")
	}
	return fact.With(
		forensicv1.ExhibitCollected{Work: x.Work, Exhibit: by.ID("exh", 0), Kind: cmd.Kind},
		Label{SealNumber: cmd.SealNumber, Description: cmd.Description},
	), nil
}
