package domain

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/psychosocial/internal/instrument"
)

// View is a plan. Everybody of its agency who reads plans sees its frame; who has the
// work, or covers, sees what is in it.
type View struct {
	work.Frame
	Case       string          `json:"case,omitempty"`
	Service    code.Service    `json:"service,omitempty"`
	Consent    *work.Agreement `json:"consent,omitempty"`
	Duties     []DutyView      `json:"duties,omitempty"`
	Sessions   []Session       `json:"sessions,omitempty"`
	SafetyPlan SafetyView      `json:"safety_plan,omitzero"`
	Answers    []AnswerView    `json:"answers,omitempty"`
	Goals      []Goal          `json:"goals,omitempty"`
	FollowUps  []FollowUp      `json:"follow_ups,omitempty"`
	Outcome    code.Outcome    `json:"outcome,omitempty"`
}

// DutyView is a duty as the worker of the plan sees it.
type DutyView struct {
	Duty
	Late bool `json:"late,omitempty"`
}

// SafetyView is the safety plan with its number and those before it.
type SafetyView struct {
	SafetyPlan
	Version int             `json:"version,omitempty"`
	Earlier []SafetyVersion `json:"former_plans,omitempty"`
}

// SafetyVersion is a safety plan that another one replaced.
type SafetyVersion struct {
	Version int `json:"version"`
	Made
	InError bool `json:"entered_in_error,omitempty"`
}

// AnswerView is an instrument as she answered it once. Without an answer to each item there is no
// score. What is not there says nothing: no property says that she is at no risk.
type AnswerView struct {
	ID         string          `json:"id"`
	InError    bool            `json:"entered_in_error,omitempty"`
	Instrument code.Instrument `json:"instrument,omitempty"`
	At         time.Time       `json:"at,omitzero"`
	Items      map[string]int  `json:"items,omitempty"`
	// Missing is how many items she did not answer.
	Missing int                 `json:"missing,omitempty"`
	Score   *int                `json:"score,omitempty"`
	Band    code.InstrumentBand `json:"band,omitempty"`
	// Assess says that the instrument asks for an assessment, and Provisional that the answers to
	// PCL-5 have the symptoms of each cluster.
	Assess      bool `json:"assess,omitempty"`
	Provisional bool `json:"provisional,omitempty"`
	// SinceFirst and SinceLast compare the score with the first one and the one before, by the
	// change that counts for the programme.
	SinceFirst code.InstrumentChange `json:"since_first,omitempty"`
	SinceLast  code.InstrumentChange `json:"since_last,omitempty"`
	Risk       code.RiskTask         `json:"risk,omitempty"`
	TakeBy     time.Time             `json:"take_by,omitzero"`
	Steps      []RiskDone            `json:"steps,omitempty"`
}

// View is the frame. Visible refuses other agencies.
func (p Plan) View(fact.By) any { return View{Frame: p.Frame(p.Plan, p.Referral)} }

// Content is what is in the plan, for its worker, without what only a programme can say.
func (p Plan) Content(by fact.By) any { return p.Shown(by, Rule{}) }

// Shown is what is in the plan, for its worker, under the rule of its programme. While it rests, that
// is what is due, and when the safety plan was last reviewed: a review that nobody makes is a
// danger to her. What is in it would say where to wait for her.
func (p Plan) Shown(by fact.By, rule Rule) View {
	v := View{Frame: p.Frame(p.Plan, p.Referral), Case: p.Case()}
	for _, d := range p.Duties() {
		v.Duties = append(v.Duties, DutyView{Duty: d, Late: d.Late(by.At)})
	}
	switch p.Shows() {
	case work.Everything:
		v.Sessions, v.Goals, v.FollowUps, v.Outcome = p.Sessions, p.Goals, p.FollowUps, p.Outcome
		v.SafetyPlan, v.Answers = p.safety(), p.answers(rule.Instruments)
		v.Service, v.Consent = p.Service, p.Agreed()
	case work.Duties:
		v.SafetyPlan = SafetyView{SafetyPlan: SafetyPlan{Made: Made{At: p.Safety.At}}}
	case work.Nothing:
	}
	return v
}

func (p Plan) safety() (v SafetyView) {
	if v.SafetyPlan = p.Safety; p.Safety.ID != "" {
		v.Version = len(p.Earlier) + 1
	}
	for i, s := range p.Earlier {
		v.Earlier = append(v.Earlier, SafetyVersion{Version: i + 1, Made: s.Made, InError: s.InError})
	}
	return v
}

// answers are what she answered, in the order in which she did, also where it was written down
// later. Each is compared with those before it that have a score.
func (p Plan) answers(rule instrument.Rule) []AnswerView {
	var all []AnswerView
	first, last := map[code.Instrument]int{}, map[code.Instrument]int{}
	asked := slices.SortedStableFunc(slices.Values(p.Answers), func(a, b Answer) int { return a.At.Compare(b.At) })
	for _, a := range asked {
		v := AnswerView{ID: a.ID, InError: a.InError}
		k, known := instrument.Of(a.Instrument)
		if a.InError || !known {
			all = append(all, v)
			continue
		}
		v.Instrument, v.At, v.Items = a.Instrument, a.At, map[string]int{}
		for i, n := range a.Items {
			if n == instrument.Missing {
				v.Missing++
				continue
			}
			v.Items[itemPrefix+strconv.Itoa(i+1)] = n
		}
		v.Provisional = k.Provisional(a.Items)
		if v.Risk = a.task(); v.Risk != "" {
			v.TakeBy, v.Steps = a.TakeBy, a.Steps
		}
		if score, ok := k.Score(a.Items); ok {
			v.Score, v.Band, v.Assess = &score, k.Band(score), k.Screens(score, rule)
			v.SinceFirst, v.SinceLast = code.ChangeNoEarlier, code.ChangeNoEarlier
			if was, ok := first[k.ID]; ok {
				v.SinceFirst, v.SinceLast = k.Change(was, score, rule), k.Change(last[k.ID], score, rule)
			} else {
				first[k.ID] = score
			}
			last[k.ID] = score
		}
		v.Assess = v.Assess || v.Risk != ""
		all = append(all, v)
	}
	return all
}
