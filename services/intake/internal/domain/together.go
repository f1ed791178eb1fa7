package domain

import "github.com/sanad-network/sanad/api/fact"

// A case that leads shows what was planned with her, told and found in the cases that point to
// it, beside its own: they are about the same person, and she has one list of goals. Nothing
// moves. Each thing says in which case it lies, and is acted on there.

// Lies says in which case something lies; empty for the case that shows it.
type Lies struct {
	Case string `json:"case,omitempty"`
}

// ActionPlanView is an action plan with the goals and steps of the cases that point to it. The
// review, and the end, are those of the case's own plan.
type ActionPlanView struct {
	Goals []GoalView       `json:"goals"`
	Steps []ActionStepView `json:"steps,omitempty"`
	Review
}

// GoalView is a goal, and where it lies.
type GoalView struct {
	Goal
	Lies
}

// ActionStepView is a step, and where it lies.
type ActionStepView struct {
	ActionStep
	Lies
}

// TopicView is a topic, and where it was told.
type TopicView struct {
	Topic
	Lies
}

// OnwardView is an onward referral, and where it lies.
type OnwardView struct {
	OnwardReferral
	Lies
}

// DangerNewsView is news of danger, and where it lies.
type DangerNewsView struct {
	DangerNews
	Lies
}

// ConferenceView is a conference, and where it lies.
type ConferenceView struct {
	Conference
	Lies
}

// Together is what is in a case, with that of the cases that point to it. A case that does not
// point to it adds nothing.
func (c Case) Together(by fact.By, led []Case, rules Rules) View {
	v := c.content(by)
	v.lawful(c.anewAt(rules.law(c, by.At), by.At))
	v.house(by, c, rules, Lies{})
	for _, one := range led {
		if one.Into == c.ID {
			v.planned(one, Lies{one.ID})
			v.house(by, one, rules, Lies{one.ID})
		}
	}
	return v
}

// planned adds what was planned in a case.
func (v *View) planned(c Case, in Lies) {
	if len(c.ActionPlan.Goals) > 0 {
		if v.ActionPlan == nil {
			v.ActionPlan = &ActionPlanView{}
		}
		v.ActionPlan.Goals = append(v.ActionPlan.Goals, mapped(c.ActionPlan.Goals, func(g Goal) GoalView { return GoalView{g, in} })...)
		v.ActionPlan.Steps = append(v.ActionPlan.Steps, mapped(c.ActionPlan.Steps, func(s ActionStep) ActionStepView { return ActionStepView{s, in} })...)
	}
	v.Topics = append(v.Topics, mapped(c.Topics, func(t Topic) TopicView { return TopicView{t, in} })...)
	v.Onwards = append(v.Onwards, mapped(c.Onwards, func(o OnwardReferral) OnwardView { return OnwardView{o, in} })...)
	v.Brought = append(v.Brought, mapped(c.Brought, func(n DangerNews) DangerNewsView { return DangerNewsView{n, in} })...)
	v.Conferences = append(v.Conferences, mapped(c.Conferences, func(t Conference) ConferenceView { return ConferenceView{t, in} })...)
}

// house adds her visits to a centre, and the accounts that were recorded.
func (v *View) house(by fact.By, c Case, rules Rules, in Lies) {
	v.CentreVisits = append(v.CentreVisits, c.visitsShown(by, rules, in)...)
	v.Recordings = append(v.Recordings, c.recordingsShown(by, rules, in)...)
}

// mapped changes all of a list.
func mapped[A, B any](all []A, to func(A) B) (changed []B) {
	for _, one := range all {
		changed = append(changed, to(one))
	}
	return changed
}
