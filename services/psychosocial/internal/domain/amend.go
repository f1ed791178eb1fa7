package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Amend is the command that puts an entry right: a session or the safety plan is written
// anew, whole, or was entered in error.
type Amend struct {
	work.Entry
	Session    *RecordSession  `json:"session,omitempty"`
	SafetyPlan *MakeSafetyPlan `json:"safety_plan,omitempty"`
}

// An answer, a goal and a follow-up are entered in error and recorded anew: what was asked of
// her on a day is not written differently later.

// Amendment is the private half of PlanAmended.
type Amendment struct {
	work.Amender
	Session    *Meeting `json:"session,omitempty"`
	SafetyPlan *Made    `json:"safety_plan,omitempty"`
}

// Amend puts an entry right, also of a closed plan. A date that is left out stays as it is.
// When a session that was written as missed turns out to be the first work, the network is
// told that work has begun. Errors: those of work.MayAmend and work.Entry,
// work.ErrEntryUnknown, work.ErrEntryInError, work.ErrDate.
func (p Plan) Amend(by fact.By, cmd Amend) ([]fact.Event, error) {
	if err := p.MayAmend(); err != nil {
		return nil, err
	}
	if err := cmd.Check(cmd.Session != nil, cmd.SafetyPlan != nil); err != nil {
		return nil, err
	}
	a := Amendment{Amender: cmd.Amender(by)}
	var err error
	switch i := p.session(cmd.Entry.Entry); {
	case i >= 0:
		a.Session, err = p.Sessions[i].anew(cmd, by.At)
	case p.Safety.ID != "" && p.Safety.ID == cmd.Entry.Entry:
		a.SafetyPlan, err = p.Safety.anew(cmd)
	case p.answer(cmd.Entry.Entry) >= 0:
		err = onlyInError(cmd, p.Answers[p.answer(cmd.Entry.Entry)].InError)
	case p.goal(cmd.Entry.Entry) >= 0:
		err = onlyInError(cmd, p.Goals[p.goal(cmd.Entry.Entry)].InError)
	case p.followUp(cmd.Entry.Entry) >= 0:
		err = onlyInError(cmd, p.FollowUps[p.followUp(cmd.Entry.Entry)].InError)
	default:
		err = work.ErrEntryUnknown.At("/entry", "exists")
	}
	if err != nil {
		return nil, err
	}
	events := fact.With(psychosocialv1.PlanAmended{Work: p.Work, Entry: cmd.Entry.Entry, Reason: cmd.Reason}, a)
	if p.MustBeOpen() == nil && a.Session != nil && a.Session.Attendance == code.Attended {
		return work.Begin(p, events), nil
	}
	return events, nil
}

// onlyInError refuses to write an entry anew that can only be entered in error.
func onlyInError(cmd Amend, is bool) error {
	switch {
	case is:
		return work.ErrEntryInError.At("/entry", "not in error")
	case !cmd.InError:
		return work.ErrAmendment.At("/entered_in_error", "required")
	}
	return nil
}

// anew is the session as it is written anew; nil where it was entered in error.
func (s Session) anew(cmd Amend, now time.Time) (*Meeting, error) {
	switch {
	case s.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.Session == nil:
		return nil, work.ErrAmendment.At("/session", "required")
	}
	if err := work.Known("/session/kind", cmd.Session.Kind, code.Sessions); err != nil {
		return nil, err
	}
	if err := work.Known("/session/attendance", cmd.Session.Attendance, code.Attendances); err != nil {
		return nil, err
	}
	at, err := work.Took("/session/held_at", work.Dated(cmd.Session.HeldAt, s.At), now)
	if err != nil {
		return nil, err
	}
	// An appointment that has been since is kept as it was.
	next := Next{NextAt: cmd.Session.NextAt}
	if !next.NextAt.Equal(s.NextAt) {
		if next, err = cmd.Session.next("/session/next_at", now, ""); err != nil {
			return nil, err
		}
	}
	next.Group = ""
	if cmd.Session.Kind == code.Group {
		next.Group = cmp.Or(cmd.Session.Group, s.Group)
	}
	return &Meeting{At: at, Kind: cmd.Session.Kind, Attendance: cmd.Session.Attendance, Notes: Notes{Notes: cmd.Session.Notes}, Next: next}, nil
}

// anew is the safety plan as it is written anew; nil where it was entered in error. When it
// was last made or reviewed stays as it is: a corrected word is no review.
func (s SafetyPlan) anew(cmd Amend) (*Made, error) {
	switch {
	case s.InError:
		return nil, work.ErrEntryInError.At("/entry", "not in error")
	case cmd.InError:
		return nil, nil
	case cmd.SafetyPlan == nil:
		return nil, work.ErrAmendment.At("/safety_plan", "required")
	}
	if shared := cmd.SafetyPlan.Shared; shared != "" {
		if err := work.Known("/safety_plan/shared", shared, code.SafetyShares); err != nil {
			return nil, err
		}
	}
	return &Made{At: s.At, Safety: Safety(*cmd.SafetyPlan)}, nil
}

// amended is the plan after an amendment.
func (p Plan) amended(d psychosocialv1.PlanAmended, a Amendment, at time.Time) Plan {
	if i := p.session(d.Entry); i >= 0 {
		p.Sessions = slices.Clone(p.Sessions)
		s := &p.Sessions[i]
		s.Before = append(slices.Clip(s.Before), work.Before[Meeting]{At: at, By: a.By, Reason: d.Reason, What: s.Meeting})
		s.Meeting, s.InError = work.Anew(a.Session), a.InError
	}
	if i := p.answer(d.Entry); i >= 0 && a.InError {
		p.Answers = slices.Clone(p.Answers)
		p.Answers[i] = Answer{ID: d.Entry, InError: true}
	}
	if i := p.goal(d.Entry); i >= 0 && a.InError {
		p.Goals = slices.Clone(p.Goals)
		p.Goals[i] = Goal{ID: d.Entry, InError: true}
	}
	if i := p.followUp(d.Entry); i >= 0 && a.InError {
		p.FollowUps = slices.Clone(p.FollowUps)
		p.FollowUps[i] = FollowUp{ID: d.Entry, InError: true}
	}
	if p.Safety.ID == d.Entry {
		s := &p.Safety
		s.Before = append(slices.Clip(s.Before), work.Before[Made]{At: at, By: a.By, Reason: d.Reason, What: s.Made})
		s.Made, s.InError = work.Anew(a.SafetyPlan), a.InError
	}
	return p
}

// session is the index of a session, or -1.
func (p Plan) session(id string) int {
	return slices.IndexFunc(p.Sessions, func(s Session) bool { return s.ID == id })
}
