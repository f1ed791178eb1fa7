package domain

import "github.com/sanad-network/sanad/pkg/command"

var commands = command.Table[Examination]{
	"recordExamination":               {From: command.Hands, When: command.In(Examination.mayRecord)},
	"collectExhibit":                  {From: command.Hands, When: command.In(Examination.mayCollect)},
	"issueCertificate":                {From: command.Hands, When: command.In(Examination.mayCertify)},
	"amendExamination":                {From: command.Hands, When: command.In(Examination.MayAmend)},
	"closeExamination":                {From: command.Hands, When: command.In(Examination.MustBeOpen)},
	"reportExaminationContactProblem": {From: command.Hands, When: command.In(Examination.MayTell)},
	"answerExaminationEnding":         {From: command.Hands, When: command.In(Examination.MayAnswer)},
}

// Commands says which commands an examination takes.
func (Examination) Commands() command.Table[Examination] { return commands }

// mayRecord gives ErrRecorded where it was recorded before.
func (x Examination) mayRecord() error {
	if err := x.MustBeOpen(); err != nil {
		return err
	}
	if x.recorded() {
		return ErrRecorded
	}
	return nil
}

// mayCollect gives ErrNotRecorded before the examination was recorded.
func (x Examination) mayCollect() error {
	if err := x.MustBeOpen(); err != nil {
		return err
	}
	if !x.recorded() {
		return ErrNotRecorded
	}
	return nil
}

// mayCertify gives ErrCertified where there is a certificate: a court must not find two
// opinions.
func (x Examination) mayCertify() error {
	if err := x.mayCollect(); err != nil {
		return err
	}
	if x.certified() {
		return ErrCertified
	}
	return nil
}
