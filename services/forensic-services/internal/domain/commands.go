package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
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

// Close ends the agency's work on the examination.
type Close struct {
	Outcome code.Outcome `json:"outcome"`
}

// RecordExamination records an open examination, once (ErrRecorded). Her
// consent may have run out since the acceptance, so it is checked again
// (ErrConsentExpired).
func (x Examination) RecordExamination(by fact.By, cmd RecordExamination) ([]fact.Event, error) {
	if err := x.MustBeOpen(); err != nil {
		return nil, err
	}
	if x.recorded() {
		return nil, ErrRecorded
	}
	if !x.InForce(by.At) {
		return nil, ErrConsentExpired
	}
	if err := cmd.dated("/examined_at", by.At); err != nil {
		return nil, err
	}
	return x.begins(fact.With(forensicv1.ExaminationRecorded{Work: x.Work}, Findings(cmd))), nil
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

// CollectExhibit adds an exhibit to a recorded examination (ErrNotRecorded). A
// seal number stands for one exhibit only (ErrSealUsed).
func (x Examination) CollectExhibit(by fact.By, cmd CollectExhibit) ([]fact.Event, error) {
	if err := x.MustBeOpen(); err != nil {
		return nil, err
	}
	if !x.recorded() {
		return nil, ErrNotRecorded
	}
	if err := work.Known("/kind", cmd.Kind, code.ExhibitKinds); err != nil {
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

// Close ends the work on an open examination. No certificate is needed: she may
// not want one, or no examination at all.
func (x Examination) Close(_ fact.By, cmd Close) ([]fact.Event, error) {
	if err := x.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/outcome", cmd.Outcome, code.Outcomes); err != nil {
		return nil, err
	}
	if x.Kept() {
		return fact.Of(forensicv1.ExaminationKeptClosed{Work: x.Work, Outcome: cmd.Outcome}), nil
	}
	return fact.Of(forensicv1.ExaminationClosed{Work: x.Work, Outcome: cmd.Outcome}), nil
}

// ContactProblem says that the worker could not reach her. It takes nothing more: how
// it was tried stays with the worker.
type ContactProblem struct{}

// ContactProblem tells the network that she was not reached, and nothing else. Of work
// that continues on her own word nobody is told (work.ErrKept).
func (x Examination) ContactProblem(_ fact.By, _ ContactProblem) ([]fact.Event, error) {
	if err := x.MayTell(); err != nil {
		return nil, err
	}
	return fact.Of(forensicv1.ExaminationContactProblem{Work: x.Work}), nil
}

// AnswerEnding records what she said to her examiner, after she took back the consent
// that she gave at her desk.
type AnswerEnding struct {
	Answer code.EndingAnswer `json:"answer"`
}

// AnswerEnding ends the examination, its dates and duties too, or continues on her own word.
// Errors: work.ErrNotAsked.
func (x Examination) AnswerEnding(_ fact.By, cmd AnswerEnding) ([]fact.Event, error) {
	if err := x.MayAnswer(); err != nil {
		return nil, err
	}
	if err := work.Known("/answer", cmd.Answer, code.EndingAnswers); err != nil {
		return nil, err
	}
	return fact.Of(forensicv1.ExaminationEndingAnswered{Work: x.Work, Answer: cmd.Answer}), nil
}

// begins has the network told, before the first work of a round, that it has begun.
// That is all that it is told of the work. Of what continues on her own word it is told
// nothing.
func (x Examination) begins(events []fact.Event) []fact.Event {
	if x.Started || x.Kept() {
		return events
	}
	return append(fact.Of(forensicv1.ExaminationStarted{Work: x.Work}), events...)
}
