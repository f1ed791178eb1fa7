package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// A complaint and a prosecution are followed on her word alone. After her no nothing new is
// written of them, but dates, and what her safety asks for.

// AnswerFollowing records whether her lawyer follows the complaint and the prosecution.
type AnswerFollowing struct {
	Answer code.YesNo `json:"follow"`
	// SaidAt is when she said so. Zero: now.
	SaidAt time.Time `json:"said_at,omitzero"`
}

// OpenProceeding records a complaint or a prosecution.
type OpenProceeding struct {
	// Authority is before whom it is, and Reference its number there.
	Authority string `json:"authority"`
	Reference string `json:"docket_number,omitempty"`
}

// RecordProceedingStep records how far it has come.
type RecordProceedingStep struct {
	Proceeding string              `json:"proceeding"`
	Step       code.ProceedingStep `json:"step"`
	// SteppedAt is when. Zero: now.
	SteppedAt time.Time `json:"stepped_at,omitzero"`
	Notes     string    `json:"notes,omitempty"`
}

// FollowingSaid is the private half of FollowingAnswered.
type FollowingSaid struct {
	By     string    `json:"by"`
	SaidAt time.Time `json:"said_at"`
}

// DocketOpened is the private half of ProceedingOpened.
type DocketOpened struct {
	By string `json:"by"`
	Docket
}

// StepTaken is the private half of ProceedingStepped. TellBy is from when it is late to have her
// told that the accused is free.
type StepTaken struct {
	By        string    `json:"by"`
	SteppedAt time.Time `json:"stepped_at"`
	Notes     string    `json:"notes,omitempty"`
	TellBy    time.Time `json:"tell_by,omitzero"`
}

// Following is what she said to whether it is followed. The last one counts.
type Following struct {
	Answer code.YesNo `json:"follow"`
	SaidAt time.Time  `json:"said_at"`
}

// Proceeding is a complaint or a prosecution.
type Proceeding struct {
	ID string `json:"id"`
	Docket
	InError bool                  `json:"entered_in_error,omitempty"`
	Before  []work.Before[Docket] `json:"before,omitempty"`
}

// Docket is where it is. It is empty where the proceeding was entered in error.
type Docket struct {
	Authority string `json:"authority,omitempty"`
	Reference string `json:"docket_number,omitempty"`
}

// Step is one step of a proceeding.
type Step struct {
	ID         string `json:"id"`
	Proceeding string `json:"proceeding"`
	Stepped
	InError bool                   `json:"entered_in_error,omitempty"`
	Before  []work.Before[Stepped] `json:"before,omitempty"`
}

// Stepped is what it was, and when. It is empty where the step was entered in error.
type Stepped struct {
	Step      code.ProceedingStep `json:"step,omitempty"`
	SteppedAt time.Time           `json:"stepped_at,omitzero"`
	Notes     string              `json:"notes,omitempty"`
}

// AnswerFollowing records what she said. Her no is recorded at any time, also at rest; her yes
// on an open matter. Errors: work.ErrUnknownCode, work.ErrDate.
func (m Matter) AnswerFollowing(by fact.By, cmd AnswerFollowing) ([]fact.Event, error) {
	may := m.MustBeOpen
	if cmd.Answer == code.No {
		may = m.MayDoDuties
	}
	if err := may(); err != nil {
		return nil, err
	}
	if err := work.Known("/follow", cmd.Answer, code.YesNos); err != nil {
		return nil, err
	}
	at, err := work.Took("/said_at", cmd.SaidAt, by.At)
	if err != nil {
		return nil, err
	}
	return fact.With(legalaidv1.FollowingAnswered{Work: m.Work, Answer: cmd.Answer}, FollowingSaid{By: by.Principal, SaidAt: at}), nil
}

// OpenProceeding records one more proceeding, while it is followed. Errors: ErrNotFollowed.
func (m Matter) OpenProceeding(by fact.By, cmd OpenProceeding) ([]fact.Event, error) {
	if err := m.mayFollow(); err != nil {
		return nil, err
	}
	return m.done(fact.With(
		legalaidv1.ProceedingOpened{Work: m.Work, Proceeding: by.ID("proc", 0)}, DocketOpened{By: by.Principal, Docket: Docket(cmd)},
	)), nil
}

// RecordProceedingStep records a step of a proceeding, while it is followed. That the accused is
// free is recorded also after her no, and at rest, without a word: it is a duty to have her
// told. Errors: ErrNotFollowed, work.ErrEntryUnknown, work.ErrEntryInError, work.ErrUnknownCode,
// work.ErrDate.
func (m Matter) RecordProceedingStep(by fact.By, cmd RecordProceedingStep, rules Rules) ([]fact.Event, error) {
	if err := m.MayDoDuties(); err != nil {
		return nil, err
	}
	if err := m.mayFollow(); err != nil && (cmd.Step != code.StepReleased || cmd.Notes != "") {
		return nil, err
	}
	if err := work.Known("/step", cmd.Step, code.ProceedingSteps); err != nil {
		return nil, err
	}
	if err := m.proceeds("/proceeding", cmd.Proceeding); err != nil {
		return nil, err
	}
	at, err := work.Took("/stepped_at", cmd.SteppedAt, by.At)
	if err != nil {
		return nil, err
	}
	step := legalaidv1.ProceedingStepped{Work: m.Work, Proceeding: cmd.Proceeding, Entry: by.ID("step", 0), Step: cmd.Step}
	half := StepTaken{By: by.Principal, SteppedAt: at, Notes: cmd.Notes}
	if cmd.Step == code.StepReleased {
		step.Duty, half.TellBy = by.ID("duty", 0), after(by.At, rules.of(m, by.At).Warn)
	}
	return m.done(fact.With(step, half)), nil
}

// follows says whether she wants it followed.
func (m Matter) follows() bool {
	return len(m.Following) > 0 && m.Following[len(m.Following)-1].Answer == code.Yes
}

// mayFollow gives the reason why nothing new is written of a proceeding.
func (m Matter) mayFollow() error {
	if err := m.MustBeOpen(); err != nil {
		return err
	}
	if !m.follows() {
		return ErrNotFollowed
	}
	return nil
}

// mayStep gives the reason why no step can be recorded: after her no, that the accused is free
// still can.
func (m Matter) mayStep() error {
	if err := m.MayDoDuties(); err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Proceedings, func(p Proceeding) bool { return !p.InError }) {
		return work.ErrEntryUnknown.At("/proceeding", "exists")
	}
	return nil
}

// proceeds refuses what is no proceeding of the matter.
func (m Matter) proceeds(pointer, id string) error {
	i := slices.IndexFunc(m.Proceedings, func(p Proceeding) bool { return p.ID == id })
	switch {
	case i < 0:
		return work.ErrEntryUnknown.At(pointer, "exists")
	case m.Proceedings[i].InError:
		return work.ErrEntryInError.At(pointer, "not in error")
	}
	return nil
}

// proceeded is the matter after an event about a proceeding.
func (m Matter) proceeded(e fact.Event) Matter {
	switch d := e.Data.(type) {
	case legalaidv1.FollowingAnswered:
		said, _ := e.Private.(FollowingSaid)
		m.Following = append(slices.Clip(m.Following), Following{Answer: d.Answer, SaidAt: work.Dated(said.SaidAt, e.At)})
	case legalaidv1.ProceedingOpened:
		opened, _ := e.Private.(DocketOpened)
		m.Proceedings = append(slices.Clip(m.Proceedings), Proceeding{ID: d.Proceeding, Docket: opened.Docket})
	case legalaidv1.ProceedingStepped:
		taken, _ := e.Private.(StepTaken)
		m.Steps = append(slices.Clip(m.Steps), Step{
			ID: d.Entry, Proceeding: d.Proceeding, Stepped: Stepped{Step: d.Step, SteppedAt: taken.SteppedAt, Notes: taken.Notes},
		})
		if d.Duty != "" {
			m = m.bound(Duty{ID: d.Duty, Kind: code.TellOfRelease, About: d.Proceeding, Since: e.At, Until: taken.TellBy})
		}
	}
	return m
}
