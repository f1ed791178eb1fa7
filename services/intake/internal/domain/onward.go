package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/work"
)

// An agency that helps her may find with her that she needs something more: the lawyer, that
// she needs a doctor. It does not refer her. It tells her desk, on her yes; her desk asks
// her, and asks an agency as for any request, or says why it does not. The agency that asked
// learns that it was passed on or not, and nothing of who helps her then. Nothing moves by
// itself: when nobody answers, more people of her desk learn that something waits.

// AskOnward is the command of an agency that has a referral.
type AskOnward struct {
	Service code.Service `json:"service"`
	Urgency code.Urgency `json:"urgency"`
	// Agreed is how she said yes to telling her desk.
	Agreed code.ConsentMethod `json:"agreed_by"`
	// Words are what she said. Her desk alone reads them.
	Words string `json:"onward_words,omitempty"`
}

// AnswerOnward is the command of her desk. It names the referral by which the service was
// asked for, or why nobody was asked.
type AnswerOnward struct {
	Onward   string             `json:"onward"`
	Referral string             `json:"referral,omitempty"`
	Reason   code.OnwardRefusal `json:"reason,omitempty"`
}

// OnwardNeed is what was asked with her: the private half of OnwardAsked.
type OnwardNeed struct {
	// By is the person who asked her.
	By      string             `json:"by"`
	Agency  string             `json:"agency"`
	Service code.Service       `json:"service"`
	Urgency code.Urgency       `json:"urgency"`
	Agreed  code.ConsentMethod `json:"agreed_by"`
	Words   string             `json:"onward_words,omitempty"`
	// Until is when others of the desk learn of it, by the rule of that day.
	Until time.Time `json:"answer_until"`
}

// OnwardReferral is one time that an agency asked, as her desk sees it.
type OnwardReferral struct {
	ID       string `json:"id"`
	Referral string `json:"referral"`
	OnwardNeed
	AskedAt time.Time         `json:"asked_at"`
	Status  code.OnwardStatus `json:"status"`
	// PassedOn is the referral by which the service was asked for.
	PassedOn string             `json:"passed_on,omitempty"`
	Reason   code.OnwardRefusal `json:"reason,omitempty"`
	// Overdue says that nobody answered in time.
	Overdue bool `json:"overdue,omitempty"`
}

// onwardTerm is how long who has the case has for an answer, before the whole desk learns that
// an agency asked: what the programme says, by the urgency that the agency gives.
func onwardTerm(a programme.Answers, u code.Urgency) time.Duration {
	if u == code.Emergency {
		return a.OnwardEmergency
	}
	return a.Onward
}

// OnwardDeadline names the end of the time for an answer.
const OnwardDeadline = "onward"

// maxOnward is how many of them one referral has open at most.
const maxOnward = 10

// AskOnward tells her desk, for the worker who has a referral. While the same is asked
// already nothing changes. Errors: those of Share; ErrOnward for too many.
func (c Case) AskOnward(by fact.By, referral string, cmd AskOnward, h work.Hands, rules Rules) ([]fact.Event, error) {
	f, ok, err := c.holds(by, referral, h, rules)
	if err != nil || !ok {
		return nil, err
	}
	if err := cmp.Or(
		known("/service", cmd.Service, code.Services),
		known("/urgency", cmd.Urgency, code.Urgencies),
		known("/agreed_by", cmd.Agreed, code.ConsentMethods),
	); err != nil {
		return nil, err
	}
	open := 0
	for _, o := range c.Onwards {
		if o.Referral != f.ID || o.Status != code.OnwardAsked {
			continue
		}
		if open++; o.Service == cmd.Service {
			return nil, nil
		}
	}
	if open >= maxOnward {
		return nil, ErrOnward.At("/referral", "not more than ten unanswered")
	}
	return fact.With(intakev1.OnwardAsked{Case: c.ID, Onward: by.ID("onward", 0), Referral: f.ID}, OnwardNeed{
		By: by.Principal, Agency: by.Agency, Service: cmd.Service, Urgency: cmd.Urgency, Agreed: cmd.Agreed, Words: cmd.Words,
		Until: by.At.Add(onwardTerm(rules.of(c, by.At).Answers, cmd.Urgency)).UTC(),
	}), nil
}

// AnswerOnward answers it. What was passed on was asked for since, for the same service.
// Said again, it changes nothing. Errors: ErrOnward.
func (c Case) AnswerOnward(_ fact.By, cmd AnswerOnward) ([]fact.Event, error) {
	if err := c.mustHold(); err != nil {
		return nil, err
	}
	if cmd.Reason != "" {
		if err := known("/reason", cmd.Reason, code.OnwardRefusals); err != nil {
			return nil, err
		}
	}
	i := slices.IndexFunc(c.Onwards, func(o OnwardReferral) bool { return o.ID == cmd.Onward })
	if i < 0 {
		return nil, ErrOnward.At("/onward", "an unanswered one of the case")
	}
	o, r := c.Onwards[i], find(c.Referrals, cmd.Referral)
	switch {
	case o.Status != code.OnwardAsked && o.PassedOn == cmd.Referral && o.Reason == cmd.Reason:
		return nil, nil
	case o.Status != code.OnwardAsked:
		return nil, ErrOnward.At("/onward", "an unanswered one of the case")
	case (cmd.Referral == "") == (cmd.Reason == ""):
		return nil, ErrOnward.At("/reason", "a referral or a reason, and not both")
	case cmd.Referral != "" && (r < 0 || c.Referrals[r].Service != o.Service || c.Referrals[r].RequestedAt.Before(o.AskedAt)):
		return nil, ErrOnward.At("/referral", "asked for since, for the same service")
	}
	return fact.Of(intakev1.OnwardAnswered{Case: c.ID, Onward: o.ID, By: cmd.Referral, Reason: cmd.Reason}), nil
}

// OnwardDue says of each that was not answered in time that the whole desk is to know.
func (c Case) OnwardDue(by fact.By) ([]fact.Event, error) {
	at, waits := c.onwardUntil()
	if come, err := come(by, at, waits); !come {
		return nil, err
	}
	var due []fact.Event
	for _, o := range c.Onwards {
		if o.waits() && !by.At.Before(o.Until) {
			due = append(due, fact.Event{Data: intakev1.OnwardOverdue{Case: c.ID, Onward: o.ID}})
		}
	}
	if len(due) > 0 {
		due = append(due, fact.Event{Data: c.awaited()})
	}
	return due, nil
}

// onwardUntil is the first end of the time for an answer, where a clock runs.
func (c Case) onwardUntil() (first time.Time, waits bool) {
	for _, o := range c.Onwards {
		if o.waits() && (!waits || o.Until.Before(first)) {
			first, waits = o.Until, true
		}
	}
	return first, waits && !c.InError
}

func (o OnwardReferral) waits() bool { return o.Status == code.OnwardAsked && !o.Overdue }

// unanswered are those that wait for the desk. Nothing waits for a case that was entered in
// error.
func (c Case) unanswered() (all, overdue []OnwardReferral) {
	for _, o := range c.Onwards {
		if o.Status == code.OnwardAsked && !c.InError {
			all = append(all, o)
			if o.Overdue {
				overdue = append(overdue, o)
			}
		}
	}
	return all, overdue
}

// mustAnswer gives ErrOnward where no agency waits for an answer.
func (c Case) mustAnswer() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if all, _ := c.unanswered(); len(all) == 0 {
		return ErrOnward.At("/onward", "an unanswered one of the case")
	}
	return nil
}

// onward is the case after an event about an onward referral.
func (c Case) onward(e fact.Event) Case {
	change := func(id string, change func(*OnwardReferral)) {
		c.Onwards = slices.Clone(c.Onwards)
		for i := range c.Onwards {
			if c.Onwards[i].ID == id {
				change(&c.Onwards[i])
			}
		}
	}
	switch d := e.Data.(type) {
	case intakev1.OnwardAsked:
		need, _ := e.Private.(OnwardNeed)
		c.Onwards = append(slices.Clip(c.Onwards), OnwardReferral{
			ID: d.Onward, Referral: d.Referral, OnwardNeed: need, AskedAt: e.At, Status: code.OnwardAsked,
		})
	case intakev1.OnwardAnswered:
		change(d.Onward, func(o *OnwardReferral) {
			o.Status, o.PassedOn, o.Reason = code.OnwardNotDone, d.By, d.Reason
			if d.By != "" {
				o.Status = code.OnwardPassedOn
			}
		})
	case intakev1.OnwardOverdue:
		change(d.Onward, func(o *OnwardReferral) { o.Overdue = true })
	}
	return c
}
