package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// An action plan is what she and who has her case agreed: what she wants to reach, who does
// what by when, and when both look at it again. Both see it whole. An agency sees the steps
// that name its own referral, and not that there are others. Nobody outside the desk is told
// of a day of review, and an agency reports nothing to the plan: how its work goes stays in
// its room, and her desk asks her.

// ActionPlan is what was planned, and how far it has come.
type ActionPlan struct {
	Goals []Goal       `json:"goals"`
	Steps []ActionStep `json:"steps,omitempty"`
	Review
}

// Review is when an action plan is gone through with her, and how it ended.
type Review struct {
	// ReviewedAt is when the desk last went through it with her, and ReviewAt when it does so
	// next.
	ReviewedAt time.Time `json:"reviewed_at,omitzero"`
	ReviewAt   time.Time `json:"review_at,omitzero"`
	// ReviewDue says that the day has come.
	ReviewDue bool               `json:"review_due,omitempty"`
	ClosedAt  time.Time          `json:"closed_at,omitzero"`
	Closed    code.ActionPlanEnd `json:"closed,omitempty"`
}

// Goal is something that she wants to reach.
type Goal struct {
	ID     string          `json:"id"`
	Area   code.GoalArea   `json:"area"`
	Words  string          `json:"goal_words,omitempty"`
	Status code.GoalStatus `json:"status"`
	// Conference is where it was agreed, if it was at one.
	Conference string `json:"conference,omitempty"`
}

// ActionStep is who does what by when.
type ActionStep struct {
	ID   string        `json:"id"`
	Goal string        `json:"goal"`
	Who  code.StepDoer `json:"who"`
	// Referral names the agency that does it, where it is one.
	Referral string          `json:"referral,omitempty"`
	What     string          `json:"step_words"`
	Until    time.Time       `json:"until,omitzero"`
	Status   code.StepStatus `json:"status"`
	Reason   code.StepReason `json:"reason,omitempty"`
	// Conference is where it was agreed, if it was at one.
	Conference string `json:"conference,omitempty"`
}

// SetGoal is the command that sets a goal with her.
type SetGoal struct {
	Area code.GoalArea `json:"area"`
	// Words are the goal as she says it. No agency is shown it.
	Words string `json:"goal_words,omitempty"`
	// Conference is one that was held, where the goal was agreed there.
	Conference string `json:"conference,omitempty"`
}

// SettleGoal is the command that says that a goal is met, or no longer wanted.
type SettleGoal struct {
	Goal   string          `json:"goal"`
	Status code.GoalStatus `json:"status"`
}

// SetStep is the command that agrees on who does what by when.
type SetStep struct {
	Goal     string        `json:"goal"`
	Who      code.StepDoer `json:"who"`
	Referral string        `json:"referral,omitempty"`
	// What is to be done. An agency that is named reads it.
	What  string    `json:"step_words"`
	Until time.Time `json:"until,omitzero"`
	// Conference is one that was held, where the step was agreed there.
	Conference string `json:"conference,omitempty"`
}

// SettleStep is the command that says what became of a step.
type SettleStep struct {
	Step   string          `json:"step"`
	Status code.StepStatus `json:"status"`
	Reason code.StepReason `json:"reason,omitempty"`
}

// ReviewActionPlan is the command that says that the desk went through the plan with her.
type ReviewActionPlan struct {
	// Next is when it does so again. Zero: no day was agreed.
	Next time.Time `json:"next,omitzero"`
}

// CloseActionPlan is the command that ends the plan. A goal that is set later begins it
// again.
type CloseActionPlan struct {
	Reason code.ActionPlanEnd `json:"reason"`
}

// ActionPlanDeadline names the day on which the desk is to go through the plan with her.
const ActionPlanDeadline = "review"

// maxPlanned is how many goals a plan has at most, and how many steps: a longer one is read
// by nobody.
const maxPlanned = 100

// SetGoal sets a goal; the first one begins the plan. Errors: ErrActionPlan for too many.
func (c Case) SetGoal(by fact.By, cmd SetGoal) ([]fact.Event, error) {
	if err := cmp.Or(c.mustBeOpen(), known("/area", cmd.Area, code.GoalAreas), c.wasAgreed(cmd.Conference)); err != nil {
		return nil, err
	}
	if len(c.ActionPlan.Goals) >= maxPlanned {
		return nil, ErrActionPlan.At("/area", "not more than a hundred")
	}
	g := Goal{ID: by.ID("goal", 0), Area: cmd.Area, Words: cmd.Words, Status: code.GoalOpen, Conference: cmd.Conference}
	return fact.With(intakev1.ActionGoalSet{Case: c.ID, Goal: g.ID}, g), nil
}

// SettleGoal settles an open goal. Said again, it changes nothing. Errors: ErrActionPlan for
// one that is not open.
func (c Case) SettleGoal(_ fact.By, cmd SettleGoal) ([]fact.Event, error) {
	if err := cmp.Or(c.mustPlan(), known("/status", cmd.Status, code.GoalStatuses)); err != nil {
		return nil, err
	}
	i := c.ActionPlan.goal(cmd.Goal)
	switch {
	case i >= 0 && c.ActionPlan.Goals[i].Status == cmd.Status && cmd.Status != code.GoalOpen:
		return nil, nil
	case i < 0 || c.ActionPlan.Goals[i].Status != code.GoalOpen:
		return nil, ErrActionPlan.At("/goal", "an open goal")
	case cmd.Status == code.GoalOpen:
		return nil, ErrActionPlan.At("/status", "met or no longer wanted")
	}
	return fact.Of(intakev1.ActionGoalSettled{Case: c.ID, Goal: cmd.Goal, Status: cmd.Status}), nil
}

// SetStep agrees on a step of an open goal. A step of an agency names a referral that is
// open, and no other step does. Errors: ErrActionPlan.
func (c Case) SetStep(by fact.By, cmd SetStep) ([]fact.Event, error) {
	if err := cmp.Or(c.mustPlan(), known("/who", cmd.Who, code.StepDoers), c.wasAgreed(cmd.Conference)); err != nil {
		return nil, err
	}
	i, r := c.ActionPlan.goal(cmd.Goal), find(c.Referrals, cmd.Referral)
	switch {
	case i < 0 || c.ActionPlan.Goals[i].Status != code.GoalOpen:
		return nil, ErrActionPlan.At("/goal", "an open goal")
	case cmd.Who == code.DoneByAgency && (r < 0 || !c.Referrals[r].open()):
		return nil, ErrActionPlan.At("/referral", "an open referral of the case")
	case cmd.Who != code.DoneByAgency && cmd.Referral != "":
		return nil, ErrActionPlan.At("/referral", "only for a step of an agency")
	case cmd.What == "":
		return nil, ErrActionPlan.At("/step_words", "required")
	case !cmd.Until.IsZero() && !cmd.Until.After(by.At):
		return nil, ErrActionPlan.At("/until", "in the future")
	case len(c.ActionPlan.Steps) >= maxPlanned:
		return nil, ErrActionPlan.At("/step_words", "not more than a hundred")
	}
	s := ActionStep{
		ID: by.ID("step", 0), Goal: cmd.Goal, Who: cmd.Who, Referral: cmd.Referral, What: cmd.What, Until: cmd.Until.UTC(),
		Status: code.StepOpen, Conference: cmd.Conference,
	}
	return fact.With(intakev1.ActionStepSet{Case: c.ID, Step: s.ID}, s), nil
}

// SettleStep says what became of an open step; why, where it was not done. Said again, it
// changes nothing. Errors: ErrActionPlan.
func (c Case) SettleStep(_ fact.By, cmd SettleStep) ([]fact.Event, error) {
	if err := cmp.Or(c.mustPlan(), known("/status", cmd.Status, code.StepStatuses)); err != nil {
		return nil, err
	}
	if cmd.Reason != "" {
		if err := known("/reason", cmd.Reason, code.StepReasons); err != nil {
			return nil, err
		}
	}
	i := slices.IndexFunc(c.ActionPlan.Steps, func(s ActionStep) bool { return s.ID == cmd.Step })
	switch {
	case i >= 0 && cmd.Status != code.StepOpen && c.ActionPlan.Steps[i].Status == cmd.Status && c.ActionPlan.Steps[i].Reason == cmd.Reason:
		return nil, nil
	case i < 0 || c.ActionPlan.Steps[i].Status != code.StepOpen:
		return nil, ErrActionPlan.At("/step", "an open step")
	case cmd.Status == code.StepOpen:
		return nil, ErrActionPlan.At("/status", "done, not done or no longer wanted")
	case (cmd.Status == code.StepNotDone) != (cmd.Reason != ""):
		return nil, ErrActionPlan.At("/reason", "where it was not done, and only there")
	}
	return fact.Of(intakev1.ActionStepSettled{Case: c.ID, Step: cmd.Step, Status: cmd.Status, Reason: cmd.Reason}), nil
}

// ReviewActionPlan says that the desk went through the plan with her, and when it does so
// next. Errors: ErrActionPlan for a day that is past, or more than a year away.
func (c Case) ReviewActionPlan(by fact.By, cmd ReviewActionPlan) ([]fact.Event, error) {
	if err := c.mustPlan(); err != nil {
		return nil, err
	}
	if !cmd.Next.IsZero() && (!cmd.Next.After(by.At) || cmd.Next.After(by.At.AddDate(1, 0, 0))) {
		return nil, ErrActionPlan.At("/next", "within a year from now")
	}
	return fact.Of(intakev1.ActionPlanReviewed{Case: c.ID, Next: cmd.Next.UTC()}), nil
}

// CloseActionPlan ends the plan: each goal is met or no longer wanted (ErrActionPlan), or
// she says so.
func (c Case) CloseActionPlan(_ fact.By, cmd CloseActionPlan) ([]fact.Event, error) {
	if err := cmp.Or(c.mustPlan(), known("/reason", cmd.Reason, code.ActionPlanEnds)); err != nil {
		return nil, err
	}
	if cmd.Reason == code.GoalsMet && slices.ContainsFunc(c.ActionPlan.Goals, func(g Goal) bool { return g.Status == code.GoalOpen }) {
		return nil, ErrActionPlan.At("/reason", "no goal is open")
	}
	return fact.Of(intakev1.ActionPlanClosed{Case: c.ID, Reason: cmd.Reason}), nil
}

// ActionPlanDue says that the day of review has come. While her contact is closed it does
// not come: nobody is pressed to reach her.
func (c Case) ActionPlanDue(by fact.By) ([]fact.Event, error) {
	at, waits := c.reviewAt()
	if due, err := come(by, at, waits); !due {
		return nil, err
	}
	return fact.Of(intakev1.ActionPlanReviewDue{Case: c.ID}, c.awaited()), nil
}

// reviewAt is when the desk is to go through the plan with her, where a clock runs for it.
func (c Case) reviewAt() (time.Time, bool) {
	p := c.ActionPlan
	return p.ReviewAt, p.open() && !p.ReviewAt.IsZero() && !p.ReviewDue && !c.Closed() && c.ContactClosed.IsZero()
}

// reviewDue says that the desk is to go through the plan with her now.
func (c Case) reviewDue() bool {
	return c.ActionPlan.open() && c.ActionPlan.ReviewDue && !c.Closed() && c.ContactClosed.IsZero()
}

func (c Case) mustPlan() error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	if !c.ActionPlan.open() {
		return ErrActionPlan.At("/goal", "a plan that is open")
	}
	return nil
}

func (p ActionPlan) open() bool { return len(p.Goals) > 0 && p.ClosedAt.IsZero() }

func (p ActionPlan) goal(id string) int {
	return slices.IndexFunc(p.Goals, func(g Goal) bool { return g.ID == id })
}

// planned is the plan after an event.
func (p ActionPlan) planned(e fact.Event) ActionPlan {
	switch d := e.Data.(type) {
	case intakev1.ActionGoalSet:
		g, _ := e.Private.(Goal)
		g.ID, g.Status = d.Goal, code.GoalOpen
		p.Goals, p.ClosedAt, p.Closed = append(slices.Clip(p.Goals), g), time.Time{}, ""
	case intakev1.ActionGoalSettled:
		p.Goals = slices.Clone(p.Goals)
		if i := p.goal(d.Goal); i >= 0 {
			p.Goals[i].Status = d.Status
		}
	case intakev1.ActionStepSet:
		s, _ := e.Private.(ActionStep)
		s.ID, s.Status = d.Step, code.StepOpen
		p.Steps = append(slices.Clip(p.Steps), s)
	case intakev1.ActionStepSettled:
		p.Steps = slices.Clone(p.Steps)
		for i := range p.Steps {
			if p.Steps[i].ID == d.Step {
				p.Steps[i].Status, p.Steps[i].Reason = d.Status, d.Reason
			}
		}
	case intakev1.ActionPlanReviewed:
		p.ReviewedAt, p.ReviewAt, p.ReviewDue = e.At, d.Next, false
	case intakev1.ActionPlanReviewDue:
		p.ReviewDue = true
	case intakev1.ActionPlanClosed:
		p.ClosedAt, p.Closed, p.ReviewAt, p.ReviewDue = e.At, d.Reason, time.Time{}, false
	}
	return p
}
