package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Step is one step of the examination, with all that she said to it. What she says to one step
// says nothing of another.
type Step struct {
	Step code.ExaminationStep `json:"step"`
	Said
	// Before is what she said earlier, the latest last.
	Before []Said `json:"before,omitempty"`
}

// Said is what she said to a step, and since when it holds.
type Said struct {
	Answer code.StepAnswer `json:"answer"`
	Heard
}

// Heard is the private half of StepAnswered: when she said it, and to whom.
type Heard struct {
	At time.Time `json:"at"`
	By string    `json:"by"`
}

// AnswerStep is the command that records what she said to a step.
type AnswerStep struct {
	Step   code.ExaminationStep `json:"step"`
	Answer code.StepAnswer      `json:"answer"`
	// At is when she said it; now where it is left out.
	At time.Time `json:"at,omitzero"`
}

// AnswerStep records a yes, a no, or that she stopped half-way, in any order and at any time. A yes
// needs her consent to the work (ErrConsentExpired); a no needs nothing. What she stops she said yes
// to before (ErrNoYes), and what she said already is not said again (ErrSaid).
// Errors: work.ErrDate where it is before what she said last, work.ErrUnknownCode.
func (x Examination) AnswerStep(by fact.By, cmd AnswerStep) ([]fact.Event, error) {
	if err := x.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := cmp.Or(work.Known("/step", cmd.Step, code.ExaminationSteps), work.Known("/answer", cmd.Answer, code.StepAnswers)); err != nil {
		return nil, err
	}
	at, err := work.Took("/at", cmd.At, by.At)
	if err != nil {
		return nil, err
	}
	last := x.step(cmd.Step)
	switch {
	case at.Before(last.At):
		return nil, work.ErrDate.At("/at", "not before the last one")
	case last.Answer == cmd.Answer:
		return nil, ErrSaid.At("/answer", "another one")
	case cmd.Answer == code.StepStopped && last.Answer != code.StepConsented:
		return nil, ErrNoYes.At("/answer", "her yes to the step")
	case cmd.Answer == code.StepConsented && !x.InForce(by.At):
		return nil, ErrConsentExpired
	}
	said := fact.With(forensicv1.StepAnswered{Work: x.Work, Step: cmd.Step, Answer: cmd.Answer}, Heard{At: at, By: by.Principal})
	if cmd.Answer == code.StepConsented {
		return work.Begin(x, said), nil
	}
	return said, nil
}

// step is a step as it stands; the zero value is one to which she said nothing.
func (x Examination) step(s code.ExaminationStep) Step {
	i := slices.IndexFunc(x.Steps, func(o Step) bool { return o.Step == s })
	if i < 0 {
		return Step{Step: s}
	}
	return x.Steps[i]
}

// Agrees reports whether she had said yes to a step at an instant, and not no since.
func (x Examination) Agrees(s code.ExaminationStep, at time.Time) bool {
	is := x.step(s)
	for _, said := range slices.Backward(append(slices.Clip(is.Before), is.Said)) {
		if said.Answer != "" && !said.At.After(at) {
			return said.Answer == code.StepConsented
		}
	}
	return false
}

// yes gives ErrNoYes, unless she had said yes to one of some steps at an instant.
func (x Examination) yes(pointer string, at time.Time, steps ...code.ExaminationStep) error {
	if slices.ContainsFunc(steps, func(s code.ExaminationStep) bool { return x.Agrees(s, at) }) {
		return nil
	}
	return ErrNoYes.At(pointer, "her yes to the step")
}

// yesOnce is yes for what was done before there were steps: where she was asked for none of them,
// the consent to the whole counts, as it did.
func (x Examination) yesOnce(pointer string, at time.Time, steps ...code.ExaminationStep) error {
	if len(x.Steps) == 0 {
		return nil
	}
	return x.yes(pointer, at, steps...)
}

// takes are the steps under which an exhibit of a kind is collected.
func takes(k code.ExhibitKind) []code.ExaminationStep {
	switch k {
	case code.Photo:
		return []code.ExaminationStep{code.StepPhotographs}
	case code.Blood, code.Urine:
		return []code.ExaminationStep{code.StepSamples, code.StepToxicology}
	default:
		return []code.ExaminationStep{code.StepSamples}
	}
}

// answered is the examination after she answered a step.
func (x Examination) answered(d forensicv1.StepAnswered, heard Heard) Examination {
	said := Said{Answer: d.Answer, Heard: heard}
	x.Steps = slices.Clone(x.Steps)
	i := slices.IndexFunc(x.Steps, func(o Step) bool { return o.Step == d.Step })
	if i < 0 {
		x.Steps = append(x.Steps, Step{Step: d.Step, Said: said})
		return x
	}
	x.Steps[i].Before = append(slices.Clip(x.Steps[i].Before), x.Steps[i].Said)
	x.Steps[i].Said = said
	return x
}
