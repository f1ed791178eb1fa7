package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// AsWork is the examination as far as it is like all work.
func (x Examination) AsWork() work.Work {
	return work.Work{Ground: ground(x.Work), Service: code.ForensicExam, Standing: x.Standing}
}

// Own is the examination's own event for what happens to all work.
func (Examination) Own(e work.Event) fact.Event {
	w := own(e.Ground, e.Turn)
	switch is := e.What.(type) {
	case work.Opening:
		return fact.Event{Data: forensicv1.ExaminationOpened{Work: w}, Private: is.Consent}
	case work.Reopening:
		return fact.Event{Data: forensicv1.ExaminationReopened{Work: w, Categories: is.Consent.Categories}, Private: is.Consent}
	case work.Renewal:
		return fact.Event{Data: forensicv1.ExaminationRenewed{Work: w, Replaces: is.Replaces}, Private: is.Consent}
	case work.Rest:
		return fact.Event{Data: forensicv1.ExaminationRested{Work: w}}
	case work.End:
		return fact.Event{Data: forensicv1.ExaminationEnded{Work: w, Erasure: is.Erasure}}
	case work.Assignment:
		return fact.Event{Data: forensicv1.ExaminationAssigned{Work: w, Worker: is.Worker, At: is.At}}
	case work.Question:
		return fact.Event{Data: forensicv1.ExaminationEndingAsked{Work: w}}
	case work.Reply:
		return fact.Event{Data: forensicv1.ExaminationEndingAnswered{Work: w, Answer: is.Answer}}
	case work.Start:
		return fact.Event{Data: forensicv1.ExaminationStarted{Work: w}}
	case work.Unreached:
		return fact.Event{Data: forensicv1.ExaminationContactProblem{Work: w}}
	case work.Closing:
		return fact.Event{Data: forensicv1.ExaminationClosed{Work: w, Outcome: is.Outcome}}
	case work.KeptClosing:
		return fact.Event{Data: forensicv1.ExaminationKeptClosed{Work: w, Outcome: is.Outcome}}
	}
	return fact.Event{}
}

// all is what an examination's own event says of all work; nil where it is of examinations alone, or only
// tells others something.
func all(e fact.Event) (forensicv1.Work, work.What) {
	consent, _ := e.Private.(work.Consent)
	switch d := e.Data.(type) {
	case forensicv1.ExaminationOpened:
		return d.Work, work.Opening{Consent: consent}
	case forensicv1.ExaminationReopened:
		return d.Work, work.Reopening{Consent: consent}
	case forensicv1.ExaminationRenewed:
		return d.Work, work.Renewal{Consent: consent, Replaces: d.Replaces}
	case forensicv1.ExaminationRested:
		return d.Work, work.Rest{}
	case forensicv1.ExaminationEnded:
		return d.Work, work.End{Erasure: d.Erasure}
	case forensicv1.ExaminationAssigned:
		return d.Work, work.Assignment{Worker: d.Worker, At: d.At}
	case forensicv1.ExaminationEndingAsked:
		return d.Work, work.Question{}
	case forensicv1.ExaminationEndingAnswered:
		return d.Work, work.Reply{Answer: d.Answer}
	case forensicv1.ExaminationStarted:
		return d.Work, work.Start{}
	case forensicv1.ExaminationClosed:
		return d.Work, work.Closing{Outcome: d.Outcome}
	case forensicv1.ExaminationKeptClosed:
		return d.Work, work.KeptClosing{Outcome: d.Outcome}
	}
	return forensicv1.Work{}, nil
}

func ground(w forensicv1.Work) work.Ground {
	return work.Ground{Referral: w.Referral, Case: w.Case, Agency: w.Agency}
}

func own(g work.Ground, turn int) forensicv1.Work {
	return forensicv1.Work{Examination: ExaminationID(g.Referral), Referral: g.Referral, Case: g.Case, Agency: g.Agency, Turn: turn}
}
