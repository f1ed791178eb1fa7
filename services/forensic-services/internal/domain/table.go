package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/services/internal/work"
)

var commands = command.Table[Examination]{
	"answerExaminationStep":           {From: command.Hands, When: command.In(Examination.MustBeOpen)},
	"recordFinding":                   {From: command.Hands, When: command.In(Examination.mayFind)},
	"recordExamination":               {From: command.Hands, When: command.In(Examination.mayRecord)},
	"collectExhibit":                  {From: command.Hands, When: command.In(Examination.mayCollect)},
	"issueCertificate":                {From: command.Hands, When: legible(Examination.mayCertify)},
	"countersignCertificate":          {From: command.Hands, When: legible(Examination.mayCountersign)},
	"signCertificate":                 {From: command.Hands, When: legible(Examination.maySign)},
	"releaseCertificate":              {From: command.Hands, When: legible(Examination.mayRelease)},
	"storeExaminationFile":            {From: command.Hands, When: command.In(Examination.mayPhotograph)},
	"keepPhotograph":                  {From: command.Hands, When: command.In(Examination.mayKeepPhotograph)},
	"answerMedicalReview":             {From: command.Hands, When: command.In(Examination.MayAmend)},
	"recordMedicalReview":             {From: command.Hands, When: command.In(Examination.mayReview)},
	"holdExamination":                 {From: command.Hands, When: command.In(Examination.mayHold)},
	"liftExaminationHold":             {From: command.Hands, When: command.In(Examination.mayLiftHold)},
	"tellOfHold":                      {From: command.Hands, When: command.In(Examination.mayTellOfHold)},
	"takeKit":                         {From: command.Hands, When: command.In(Examination.MustBeOpen)},
	"annulCertificate":                {From: command.Hands, When: legible(Examination.mayAnnul)},
	"upholdCertificate":               {From: command.Hands, When: legible(Examination.mayUphold)},
	"amendExamination":                {From: command.Hands, When: command.In(Examination.MayAmend)},
	"closeExamination":                {From: command.Hands, When: command.In(Examination.MustBeOpen)},
	"reportExaminationContactProblem": {From: command.Hands, When: command.In(Examination.MayTell)},
	"answerExaminationEnding":         {From: command.Hands, When: command.In(Examination.MayAnswer)},
}

// Commands says which commands an examination takes.
func (Examination) Commands() command.Table[Examination] { return commands }

// legible is the rule of a command for which the findings are read.
func legible(rule func(Examination) error) func(Examination, fact.By) error {
	return func(x Examination, by fact.By) error { return cmp.Or(rule(x), x.unheld(code.HoldOnFindings, by.At)) }
}

// mayRecord gives ErrRecorded where it was recorded before.
func (x Examination) mayRecord() error {
	if err := x.MustBeOpen(); err != nil {
		return err
	}
	if x.written() {
		return ErrRecorded
	}
	return nil
}

// mayCollect gives ErrNotRecorded before the examination was recorded, or she was asked step by step.
func (x Examination) mayCollect() error {
	if err := x.MustBeOpen(); err != nil {
		return err
	}
	if !x.recorded() && len(x.Steps) == 0 {
		return ErrNotRecorded
	}
	return nil
}

// mayCertify gives the reason why there is no certificate to issue: the first, or a new
// version of the one that stands.
func (x Examination) mayCertify() error {
	if err := x.MustBeOpen(); err != nil && (x.present() == nil || x.MayAmend() != nil) {
		return err
	}
	if !x.recorded() {
		return ErrNotRecorded
	}
	return nil
}

// mayAnnul gives work.ErrEntryUnknown where no certificate stands.
func (x Examination) mayAnnul() error {
	if err := x.MayAmend(); err != nil {
		return err
	}
	if x.present() == nil {
		return work.ErrEntryUnknown.At("/certificate", "exists")
	}
	return nil
}

// mayUphold gives work.ErrUnchanged where nobody asks.
func (x Examination) mayUphold() error {
	if err := x.mayAnnul(); err != nil {
		return err
	}
	if !x.changed(*x.present()) {
		return work.ErrUnchanged
	}
	return nil
}
