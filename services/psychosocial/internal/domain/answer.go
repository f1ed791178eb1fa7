package domain

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/psychosocial/internal/instrument"
)

// Answer is an instrument as she answered it once.
type Answer struct {
	ID string
	Answered
	// Task is how far somebody is with what the answer asks for; empty where it asks for nothing.
	Task code.RiskTask
	// Steps are what was done about it.
	Steps   []RiskDone
	InError bool
}

// Answered is the private half of InstrumentAnswered.
type Answered struct {
	Instrument code.Instrument `json:"instrument"`
	At         time.Time       `json:"at"`
	// Items are her answers in the order of the instrument; one that is missing is
	// instrument.Missing.
	Items []int `json:"items"`
	// TakeBy is until when somebody takes the task that an answer opened, by the rule of that
	// day. Zero: it opened none.
	TakeBy time.Time `json:"take_by,omitzero"`
}

// Handled is the private half of RiskHandled.
type Handled struct {
	Step code.RiskStep `json:"step"`
	By   string        `json:"by"`
	Notes
}

// RiskDone is a step of the task, as its worker sees it.
type RiskDone struct {
	At time.Time `json:"at"`
	Handled
}

// AnswerInstrument records the answers to an instrument. Items are by their numbers, as "item_9";
// what is left out she did not answer.
type AnswerInstrument struct {
	Instrument code.Instrument `json:"instrument"`
	Items      map[string]int  `json:"items"`
	// TakenAt is when she answered. Zero: now.
	TakenAt time.Time `json:"taken_at,omitzero"`
}

// HandleRisk takes the task that an answer opened, or says that her risk was assessed.
type HandleRisk struct {
	Answer string        `json:"answer"`
	Step   code.RiskStep `json:"step"`
	Notes  string        `json:"notes,omitempty"`
}

// itemPrefix begins the name of an item.
const itemPrefix = "item_"

// AnswerInstrument records what she answered. An answer about death or self-harm opens a task
// for her counsellor and who covers, with the programme's clock; nobody else is told. Errors:
// work.ErrUnknownCode, work.ErrDate, ErrAnswers.
func (p Plan) AnswerInstrument(by fact.By, cmd AnswerInstrument, rule Rule) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	if err := work.Known("/instrument", cmd.Instrument, code.Instruments); err != nil {
		return nil, err
	}
	k, _ := instrument.Of(cmd.Instrument)
	items, err := cmd.items(k)
	if err != nil {
		return nil, err
	}
	at, err := work.Took("/taken_at", cmd.TakenAt, by.At)
	if err != nil {
		return nil, err
	}
	answered := Answered{Instrument: cmd.Instrument, At: at, Items: items}
	if k.AsksNow(items) {
		answered.TakeBy = by.At.Add(rule.RiskAnswer)
	}
	return work.Begin(p, fact.With(psychosocialv1.InstrumentAnswered{Work: p.Work, Answer: by.ID("ans", 0)}, answered)), nil
}

func (cmd AnswerInstrument) items(k instrument.Kind) (instrument.Answers, error) {
	items := slices.Repeat(instrument.Answers{instrument.Missing}, k.Items)
	for _, name := range slices.Sorted(maps.Keys(cmd.Items)) {
		n, err := strconv.Atoi(strings.TrimPrefix(name, itemPrefix))
		switch answer := cmd.Items[name]; {
		case err != nil || n < 1 || n > k.Items:
			return nil, ErrAnswers.At("/items/"+name, "exists")
		case answer < 0 || answer > k.Most:
			return nil, ErrAnswers.At("/items/"+name, "at most "+strconv.Itoa(k.Most))
		default:
			items[n-1] = answer
		}
	}
	if len(cmd.Items) == 0 {
		return nil, ErrAnswers.At("/items", "at least one")
	}
	return items, nil
}

// HandleRisk takes the task, or says that her risk was assessed. Who assesses without having taken
// it takes it with that. It is a duty: also while the work rests, is asked about, or is closed.
// Errors: work.ErrEntryUnknown, ErrNoTask.
func (p Plan) HandleRisk(by fact.By, cmd HandleRisk) ([]fact.Event, error) {
	if err := p.mayHandle(); err != nil {
		return nil, err
	}
	i := p.answer(cmd.Answer)
	if i < 0 {
		return nil, work.ErrEntryUnknown.At("/answer", "exists")
	}
	if err := work.Known("/step", cmd.Step, code.RiskSteps); err != nil {
		return nil, err
	}
	if task := p.Answers[i].task(); task == "" || task == code.RiskAssessed || task == code.RiskTaken && cmd.Step == code.TakeRisk {
		return nil, ErrNoTask.At("/step", "exists")
	}
	return fact.With(psychosocialv1.RiskHandled{Work: p.Work, Answer: cmd.Answer}, Handled{Step: cmd.Step, By: by.Principal, Notes: Notes{Notes: cmd.Notes}}), nil
}

// mayHandle gives the reason why no task can be worked on: there is none, or nobody reads
// anything of the plan.
func (p Plan) mayHandle() error {
	switch {
	case !p.Exists() || p.Shows() == work.Nothing:
		return work.ErrEnded
	case !p.AtRisk():
		return ErrNoTask
	}
	return nil
}

// task is how the task of an answer stands; empty where it opened none. There is no state that
// says that she is at no risk.
func (a Answer) task() code.RiskTask {
	switch {
	case a.InError || a.TakeBy.IsZero():
		return ""
	case a.Task == "":
		return code.RiskWaiting
	}
	return a.Task
}

// AtRisk says whether the task of an answer is open.
func (p Plan) AtRisk() bool {
	return slices.ContainsFunc(p.Answers, func(a Answer) bool { return a.task() == code.RiskWaiting || a.task() == code.RiskTaken })
}

// Acts says whether somebody acts for who has the plan. While the task of an answer is open, who
// covers acts beside the counsellor, also where she is at work and did not look.
func (p Plan) Acts(by fact.By, me, them worker.Present) bool {
	return p.Has() != "" && (me.ActsFor(them, by.At) ||
		p.AtRisk() && me.Works(by.At) && me.Agency == them.Agency && them.Cover == me.ID)
}

func (p Plan) handled(id string, h Handled, at time.Time) Plan {
	i := p.answer(id)
	if i < 0 {
		return p
	}
	p.Answers = slices.Clone(p.Answers)
	a := &p.Answers[i]
	a.Steps = append(slices.Clip(a.Steps), RiskDone{At: at, Handled: h})
	if a.Task = code.RiskTaken; h.Step == code.AssessRisk {
		a.Task = code.RiskAssessed
	}
	return p
}

// answer is the index of an answer, or -1.
func (p Plan) answer(id string) int {
	return slices.IndexFunc(p.Answers, func(a Answer) bool { return a.ID == id })
}
