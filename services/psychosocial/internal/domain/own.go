package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// AsWork is the plan as far as it is like all work.
func (p Plan) AsWork() work.Work {
	return work.Work{Ground: ground(p.Work), Service: p.serves(), Standing: p.Standing}
}

// Own is the plan's own event for what happens to all work.
func (p Plan) Own(e work.Event) fact.Event {
	w := own(e.Ground, e.Turn, p.Service)
	switch is := e.What.(type) {
	case work.Opening:
		return fact.Event{Data: psychosocialv1.PlanOpened{Work: w}, Private: is.Consent}
	case work.Reopening:
		return fact.Event{Data: psychosocialv1.PlanReopened{Work: w, Categories: is.Consent.Categories}, Private: is.Consent}
	case work.Renewal:
		return fact.Event{Data: psychosocialv1.PlanRenewed{Work: w, Replaces: is.Replaces}, Private: is.Consent}
	case work.Rest:
		return fact.Event{Data: psychosocialv1.PlanRested{Work: w}}
	case work.End:
		return fact.Event{Data: psychosocialv1.PlanEnded{Work: w, Erasure: is.Erasure}}
	case work.Assignment:
		return fact.Event{Data: psychosocialv1.PlanAssigned{Work: w, Worker: is.Worker, At: is.At}}
	case work.Question:
		return fact.Event{Data: psychosocialv1.PlanEndingAsked{Work: w}}
	case work.Reply:
		return fact.Event{Data: psychosocialv1.PlanEndingAnswered{Work: w, Answer: is.Answer}}
	case work.Start:
		return fact.Event{Data: psychosocialv1.PlanStarted{Work: w}}
	case work.Unreached:
		return fact.Event{Data: psychosocialv1.PlanContactProblem{Work: w}}
	case work.Closing:
		return fact.Event{Data: psychosocialv1.PlanClosed{Work: w, Outcome: is.Outcome}}
	case work.KeptClosing:
		return fact.Event{Data: psychosocialv1.PlanKeptClosed{Work: w, Outcome: is.Outcome}}
	}
	return fact.Event{}
}

// all is what a plan's own event says of all work; nil where it is of plans alone, or only
// tells others something.
func all(e fact.Event) (psychosocialv1.Work, work.What) {
	consent, _ := e.Private.(work.Consent)
	switch d := e.Data.(type) {
	case psychosocialv1.PlanOpened:
		return d.Work, work.Opening{Consent: consent}
	case psychosocialv1.PlanReopened:
		return d.Work, work.Reopening{Consent: consent}
	case psychosocialv1.PlanRenewed:
		return d.Work, work.Renewal{Consent: consent, Replaces: d.Replaces}
	case psychosocialv1.PlanRested:
		return d.Work, work.Rest{}
	case psychosocialv1.PlanEnded:
		return d.Work, work.End{Erasure: d.Erasure}
	case psychosocialv1.PlanAssigned:
		return d.Work, work.Assignment{Worker: d.Worker, At: d.At}
	case psychosocialv1.PlanEndingAsked:
		return d.Work, work.Question{}
	case psychosocialv1.PlanEndingAnswered:
		return d.Work, work.Reply{Answer: d.Answer}
	case psychosocialv1.PlanStarted:
		return d.Work, work.Start{}
	case psychosocialv1.PlanClosed:
		return d.Work, work.Closing{Outcome: d.Outcome}
	case psychosocialv1.PlanKeptClosed:
		return d.Work, work.KeptClosing{Outcome: d.Outcome}
	}
	return psychosocialv1.Work{}, nil
}

func ground(w psychosocialv1.Work) work.Ground {
	return work.Ground{Referral: w.Referral, Case: w.Case, Agency: w.Agency}
}

func own(g work.Ground, turn int, service code.Service) psychosocialv1.Work {
	return psychosocialv1.Work{Plan: PlanID(g.Referral), Referral: g.Referral, Case: g.Case, Agency: g.Agency, Turn: turn, Service: service}
}

// serves is what she was referred to: psychosocial support, where nothing else is said.
func (p Plan) serves() code.Service { return cmp.Or(p.Service, code.Psychosocial) }

// For is a plan that may be of a service: one of psychosocial support, or of a shelter. A plan that
// exists stays of its own, so that a fact of another service is refused.
func (p Plan) For(s code.Service) Plan {
	if p.Referral == "" && s == code.SafeHouse {
		p.Service = s
	}
	return p
}

// Hears makes a rule for a fact of the referral one for a plan of the service that the fact names.
func Hears[E interface{ OfService() code.Service }](rule func(Plan, fact.By, E) ([]fact.Event, error)) func(Plan, fact.By, E) ([]fact.Event, error) {
	return func(p Plan, by fact.By, e E) ([]fact.Event, error) { return rule(p.For(e.OfService()), by, e) }
}
