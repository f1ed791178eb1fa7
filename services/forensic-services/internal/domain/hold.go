package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/forensic-services/internal/hold"
	"github.com/sanad-network/sanad/services/internal/work"
)

var (
	// ErrClosedByHold refuses to read, and to change, what a legal hold closes.
	ErrClosedByHold = fault.New(fault.Conflict, "examination_held", "A legal hold closes this part to readers. It is kept as it is.")
	// ErrTold refuses to say that she was told of what she is not to be told.
	ErrTold = fault.New(fault.Conflict, "hold_told", "Nothing of this legal hold waits to be told to her.")
)

// LegalHold is a legal hold on a part of an examination. The part is closed to all readers, and is not
// erased. What is new is still recorded: a hold delays no care.
type LegalHold struct {
	hold.Hold
	Part code.HoldPart `json:"part"`
	// Untold says that she is to be told of it, or of its end: by a worker who may reach her, or by her
	// desk. It has no clock: nobody is pressed to reach her.
	Untold bool `json:"untold,omitempty"`
	// Told is what came of telling her, the last one counts.
	Told []Telling `json:"told,omitempty"`
}

// Telling is what somebody said came of telling her.
type Telling struct {
	At     time.Time            `json:"at"`
	By     string               `json:"by"`
	Result code.LegalDutyResult `json:"result"`
}

// Speaker is the private half of what somebody says, and which holds nothing else.
type Speaker struct {
	By string `json:"by"`
}

// HoldExamination is the command that puts a legal hold on a part of an examination.
type HoldExamination struct {
	Part code.HoldPart `json:"part"`
	hold.Order
}

// TellOfHold is the command that says what came of telling her.
type TellOfHold struct {
	Hold   string               `json:"hold"`
	Result code.LegalDutyResult `json:"result"`
}

// HoldExamination puts a legal hold on a part of it, also after it is over or closed to readers: what is
// to be kept is kept. Errors: work.ErrUnknownCode, hold.ErrHold.
func (x Examination) HoldExamination(by fact.By, cmd HoldExamination) ([]fact.Event, error) {
	if err := x.mayHold(); err != nil {
		return nil, err
	}
	if err := work.Known("/part", cmd.Part, code.HoldParts); err != nil {
		return nil, err
	}
	if err := cmd.Check(by.At); err != nil {
		return nil, err
	}
	return fact.With(
		forensicv1.ExaminationHeld{Work: x.Work, Hold: by.ID("hold", 0), Part: cmd.Part, Ground: cmd.Ground, Until: cmd.Until}, cmd.Ordered(by),
	), nil
}

func (x Examination) mayHold() error {
	if !x.Exists() {
		return work.ErrNotOpen
	}
	return nil
}

// LiftHold ends a legal hold. Errors: work.ErrEntryUnknown for one that nobody placed, or somebody lifted.
func (x Examination) LiftHold(by fact.By, cmd hold.Lift) ([]fact.Event, error) {
	if cmd.Hold == "" || hold.Unlifted(x.Holds, cmd.Hold) < 0 {
		return nil, work.ErrEntryUnknown.At("/hold", "exists")
	}
	return fact.With(forensicv1.ExaminationHoldLifted{Work: x.Work, Hold: cmd.Hold}, cmd.Lifting(by)), nil
}

func (x Examination) mayLiftHold() error {
	if hold.Unlifted(x.Holds, "") < 0 {
		return work.ErrEntryUnknown.At("/hold", "exists")
	}
	return nil
}

// TellOfHold says what came of telling her: the room holds no contact, so that who may reach her safely
// tells her, or it is brought to her desk, which has the way that she chose. Errors: ErrTold,
// work.ErrUnknownCode.
func (x Examination) TellOfHold(by fact.By, cmd TellOfHold) ([]fact.Event, error) {
	if err := work.Known("/result", cmd.Result, code.LegalDutyResults); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(x.Holds, func(h LegalHold) bool { return h.ID == cmd.Hold && h.Untold }) {
		return nil, ErrTold.At("/hold", "one that waits")
	}
	return fact.With(forensicv1.HoldTold{Work: x.Work, Hold: cmd.Hold, Result: cmd.Result}, Speaker{By: by.Principal}), nil
}

func (x Examination) mayTellOfHold() error {
	if !slices.ContainsFunc(x.Holds, func(h LegalHold) bool { return h.Untold }) {
		return ErrTold
	}
	return nil
}

// Held reports whether a legal hold stands on anything of the examination at an instant.
func (x Examination) Held(at time.Time) bool {
	return slices.ContainsFunc(x.Holds, func(h LegalHold) bool { return h.Stands(at) })
}

// closes reports whether a hold closes a part at an instant.
func (x Examination) closes(part code.HoldPart, at time.Time) bool {
	return slices.ContainsFunc(x.Holds, func(h LegalHold) bool { return (h.Part == part || h.Part == code.HoldOnAll) && h.Stands(at) })
}

// unheld gives ErrClosedByHold while a hold closes a part.
func (x Examination) unheld(part code.HoldPart, at time.Time) error {
	if x.closes(part, at) {
		return ErrClosedByHold
	}
	return nil
}

// afterHold is the examination after something was said of its holds.
func (x Examination) afterHold(e fact.Event) Examination {
	switch d := e.Data.(type) {
	case forensicv1.ExaminationHeld:
		ordered, _ := e.Private.(hold.Ordered)
		x.Holds = append(slices.Clip(x.Holds), LegalHold{
			Hold: hold.Hold{ID: d.Hold, At: e.At, Ground: d.Ground, Until: d.Until, Ordered: ordered}, Part: d.Part, Untold: true,
		})
	case forensicv1.ExaminationHoldLifted:
		lifting, _ := e.Private.(hold.Lifting)
		x = x.hold(d.Hold, func(h *LegalHold) {
			h.Lifted, h.Untold = &lifting, h.knows()
		})
	case forensicv1.HoldTold:
		speaker, _ := e.Private.(Speaker)
		x = x.hold(d.Hold, func(h *LegalHold) {
			h.Untold, h.Told = false, append(slices.Clip(h.Told), Telling{At: e.At, By: speaker.By, Result: d.Result})
		})
	}
	return x
}

// knows says that she heard of it, so that she is to hear of its end.
func (h LegalHold) knows() bool {
	return len(h.Told) > 0 && slices.Contains([]code.LegalDutyResult{code.DutyTold, code.DutyBrought, code.DutyKnown}, h.Told[len(h.Told)-1].Result)
}

func (x Examination) hold(id string, change func(*LegalHold)) Examination {
	x.Holds = slices.Clone(x.Holds)
	for i := range x.Holds {
		if x.Holds[i].ID == id {
			change(&x.Holds[i])
		}
	}
	return x
}
