package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// AsWork is the matter as far as it is like all work.
func (m Matter) AsWork() work.Work {
	return work.Work{Ground: ground(m.Work), Service: code.LegalAssistance, Standing: m.Standing}
}

// Own is the matter's own event for what happens to all work.
func (Matter) Own(e work.Event) fact.Event {
	w := own(e.Ground, e.Turn)
	switch is := e.What.(type) {
	case work.Opening:
		return fact.Event{Data: legalaidv1.MatterOpened{Work: w, Categories: is.Consent.Categories}, Private: is.Consent}
	case work.Reopening:
		return fact.Event{Data: legalaidv1.MatterReopened{Work: w, Categories: is.Consent.Categories}, Private: is.Consent}
	case work.Renewal:
		return fact.Event{Data: legalaidv1.MatterRenewed{Work: w, Replaces: is.Replaces}, Private: is.Consent}
	case work.Rest:
		return fact.Event{Data: legalaidv1.MatterRested{Work: w}}
	case work.End:
		return fact.Event{Data: legalaidv1.MatterEnded{Work: w, Erasure: is.Erasure}}
	case work.Assignment:
		return fact.Event{Data: legalaidv1.MatterAssigned{Work: w, Worker: is.Worker, At: is.At}}
	case work.Question:
		return fact.Event{Data: legalaidv1.MatterEndingAsked{Work: w}}
	case work.Reply:
		return fact.Event{Data: legalaidv1.MatterEndingAnswered{Work: w, Answer: is.Answer}}
	case work.Start:
		return fact.Event{Data: legalaidv1.MatterStarted{Work: w}}
	case work.Unreached:
		return fact.Event{Data: legalaidv1.MatterContactProblem{Work: w}}
	case work.Closing:
		return fact.Event{Data: legalaidv1.MatterClosed{Work: w, Outcome: is.Outcome}}
	case work.KeptClosing:
		return fact.Event{Data: legalaidv1.MatterKeptClosed{Work: w, Outcome: is.Outcome}}
	}
	return fact.Event{}
}

// all is what a matter's own event says of all work; nil where it is of matters alone, or only
// tells others something.
func all(e fact.Event) (legalaidv1.Work, work.What) {
	consent, _ := e.Private.(work.Consent)
	switch d := e.Data.(type) {
	case legalaidv1.MatterOpened:
		return d.Work, work.Opening{Consent: consent}
	case legalaidv1.MatterReopened:
		return d.Work, work.Reopening{Consent: consent}
	case legalaidv1.MatterRenewed:
		return d.Work, work.Renewal{Consent: consent, Replaces: d.Replaces}
	case legalaidv1.MatterRested:
		return d.Work, work.Rest{}
	case legalaidv1.MatterEnded:
		return d.Work, work.End{Erasure: d.Erasure}
	case legalaidv1.MatterAssigned:
		return d.Work, work.Assignment{Worker: d.Worker, At: d.At}
	case legalaidv1.MatterEndingAsked:
		return d.Work, work.Question{}
	case legalaidv1.MatterEndingAnswered:
		return d.Work, work.Reply{Answer: d.Answer}
	case legalaidv1.MatterStarted:
		return d.Work, work.Start{}
	case legalaidv1.MatterClosed:
		return d.Work, work.Closing{Outcome: d.Outcome}
	case legalaidv1.MatterKeptClosed:
		return d.Work, work.KeptClosing{Outcome: d.Outcome}
	}
	return legalaidv1.Work{}, nil
}

func ground(w legalaidv1.Work) work.Ground {
	return work.Ground{Referral: w.Referral, Case: w.Case, Agency: w.Agency}
}

func own(g work.Ground, turn int) legalaidv1.Work {
	return legalaidv1.Work{Matter: MatterID(g.Referral), Referral: g.Referral, Case: g.Case, Agency: g.Agency, Turn: turn}
}
