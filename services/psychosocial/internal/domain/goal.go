package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Goal is what she wants to reach with her counsellor.
type Goal struct {
	ID    string    `json:"id"`
	SetAt time.Time `json:"set_at,omitzero"`
	Aim
	Status  code.GoalStatus `json:"status,omitempty"`
	Reviews []Reviewed      `json:"reviews,omitempty"`
	InError bool            `json:"entered_in_error,omitempty"`
}

// Aim is the private half of GoalSet.
type Aim struct {
	Text     string    `json:"text,omitempty"`
	ReviewAt time.Time `json:"review_at,omitzero"`
}

// Review is the private half of GoalReviewed. ReviewAt is when it is reviewed again; a goal that
// is settled is not.
type Review struct {
	Status code.GoalStatus `json:"status"`
	Notes
	ReviewAt time.Time `json:"review_at,omitzero"`
}

// Reviewed is a review, as its worker sees it.
type Reviewed struct {
	At     time.Time       `json:"at"`
	Status code.GoalStatus `json:"status"`
	Notes
}

// SetGoal sets a goal. Without ReviewAt it is reviewed when the programme says.
type SetGoal struct {
	Text     string    `json:"text"`
	ReviewAt time.Time `json:"review_at,omitzero"`
}

// ReviewGoal says how far she is with a goal.
type ReviewGoal struct {
	Goal     string          `json:"goal"`
	Status   code.GoalStatus `json:"status"`
	Notes    string          `json:"notes,omitempty"`
	ReviewAt time.Time       `json:"review_at,omitzero"`
}

// SetGoal sets a goal of an open plan. Errors: ErrDay.
func (p Plan) SetGoal(by fact.By, cmd SetGoal, rule Rule) ([]fact.Event, error) {
	if err := p.MustBeOpen(); err != nil {
		return nil, err
	}
	at, err := ahead("/review_at", cmd.ReviewAt, by.At, rule.Review)
	if err != nil {
		return nil, err
	}
	return work.Begin(p, fact.With(psychosocialv1.GoalSet{Work: p.Work, Goal: by.ID("goal", 0)}, Aim{Text: cmd.Text, ReviewAt: at})), nil
}

// ReviewGoal reviews a goal of an open plan. One that is met, or that she no longer wants, stays so.
// Errors: work.ErrEntryUnknown, work.ErrEntryInError, ErrSettled, ErrDay.
func (p Plan) ReviewGoal(by fact.By, cmd ReviewGoal, rule Rule) ([]fact.Event, error) {
	if err := p.mayReview(); err != nil {
		return nil, err
	}
	i := p.goal(cmd.Goal)
	switch {
	case i < 0:
		return nil, work.ErrEntryUnknown.At("/goal", "exists")
	case p.Goals[i].InError:
		return nil, work.ErrEntryInError.At("/goal", "not in error")
	case p.Goals[i].Status != code.GoalOpen:
		return nil, ErrSettled.At("/goal", "exists")
	}
	if err := work.Known("/status", cmd.Status, code.GoalStatuses); err != nil {
		return nil, err
	}
	review := Review{Status: cmd.Status, Notes: Notes{Notes: cmd.Notes}}
	if cmd.Status == code.GoalOpen {
		var err error
		if review.ReviewAt, err = ahead("/review_at", cmd.ReviewAt, by.At, rule.Review); err != nil {
			return nil, err
		}
	}
	return fact.With(psychosocialv1.GoalReviewed{Work: p.Work, Goal: cmd.Goal}, review), nil
}

// mayReview gives ErrSettled where no goal is open.
func (p Plan) mayReview() error {
	if err := p.MustBeOpen(); err != nil {
		return err
	}
	if !slices.ContainsFunc(p.Goals, func(g Goal) bool { return g.Status == code.GoalOpen }) {
		return ErrSettled
	}
	return nil
}

func (p Plan) reviewed(id string, r Review, at time.Time) Plan {
	i := p.goal(id)
	if i < 0 {
		return p
	}
	p.Goals = slices.Clone(p.Goals)
	g := &p.Goals[i]
	g.Reviews = append(slices.Clip(g.Reviews), Reviewed{At: at, Status: r.Status, Notes: r.Notes})
	g.Status, g.ReviewAt = r.Status, r.ReviewAt
	return p
}

// goal is the index of a goal, or -1.
func (p Plan) goal(id string) int {
	return slices.IndexFunc(p.Goals, func(g Goal) bool { return g.ID == id })
}
