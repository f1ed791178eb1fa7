package domain

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// OnAccepted opens the matter of a legal referral, unless a later fact came first.
// A referral that her desk resumed is accepted again, on a new consent.
func (m Matter) OnAccepted(_ fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	if mine, err := m.Taken(m.ground(), e.Loop); !mine || !m.Opens(e.Loop) {
		return nil, err
	}
	if m.Granted > 0 {
		return fact.With(legalaidv1.MatterReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentOf(e)), nil
	}
	return fact.With(legalaidv1.MatterOpened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentOf(e)), nil
}

// OnCompleted ends the matter when its agency completed the referral itself. A
// closed one completed the referral, and stays closed.
func (m Matter) OnCompleted(_ fact.By, e referralv1.Completed) ([]fact.Event, error) {
	return m.end(e.Loop, e.Round)
}

// OnCancelled ends the matter with its referral.
func (m Matter) OnCancelled(_ fact.By, e referralv1.Cancelled) ([]fact.Event, error) {
	return m.end(e.Loop, e.Round)
}

// OnReopened takes the matter up again with its referral.
func (m Matter) OnReopened(_ fact.By, e referralv1.Reopened) ([]fact.Event, error) {
	if mine, err := m.Taken(m.ground(), e.Loop); !mine || !m.Opens(e.Loop) {
		return nil, err
	}
	return fact.With(legalaidv1.MatterReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentAgain(e)), nil
}

// OnLapsed lets the matter rest: its consent ran out, and nobody reads what is in it.
func (m Matter) OnLapsed(_ fact.By, e referralv1.Lapsed) ([]fact.Event, error) {
	if mine, err := m.Concerns(m.ground(), e.Loop); !mine || !m.Rests(e.Loop) {
		return nil, err
	}
	return fact.Of(legalaidv1.MatterRested{Work: about(e.Loop)}), nil
}

// OnRenewed lets the matter continue on a new consent of hers.
func (m Matter) OnRenewed(_ fact.By, e referralv1.Renewed) ([]fact.Event, error) {
	if mine, err := m.Taken(m.ground(), e.Loop); !mine || !m.Renews(e) {
		return nil, err
	}
	return fact.With(legalaidv1.MatterRenewed{Work: about(e.Loop), Replaces: e.Replaces}, work.ConsentRenewed(e)), nil
}

// OnAssigned follows who has the matter.
func (m Matter) OnAssigned(_ fact.By, e referralv1.Assigned) ([]fact.Event, error) {
	if mine, err := m.Concerns(m.ground(), e.Loop); !mine || !m.Assigns(e) {
		return nil, err
	}
	return fact.Of(legalaidv1.MatterAssigned{Work: about(e.Loop), Worker: e.Worker, At: e.At}), nil
}

// OnWithdrawn closes the matter to readers, with the consent of her desk that it stood
// on. Whether her own lawyer ends the work is for her to say: the lawyer asks her.
func (m Matter) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	events, err := m.closeToReaders(e.Loop)
	if len(events) > 0 && m.Asks() {
		events = append(events, fact.Event{Data: legalaidv1.MatterEndingAsked{Work: about(e.Loop)}})
	}
	return events, err
}

// OnRecalled closes to readers the matter of a referral that had ended, or lapsed for
// too long.
func (m Matter) OnRecalled(_ fact.By, e referralv1.Recalled) ([]fact.Event, error) {
	return m.closeToReaders(e.Loop)
}

// end also ends a matter that was never opened, so that a late acceptance
// opens nothing.
func (m Matter) end(l referralv1.Loop, round int) ([]fact.Event, error) {
	if mine, err := m.Concerns(m.ground(), l); !mine || !m.Ends(l, round) {
		return nil, err
	}
	return fact.Of(legalaidv1.MatterEnded{Work: about(l)}), nil
}

// closeToReaders lets nobody read the matter any more, and says so. That is a fact of
// this network: what became of copies, a person of the agency says.
func (m Matter) closeToReaders(l referralv1.Loop) ([]fact.Event, error) {
	if mine, err := m.Concerns(m.ground(), l); !mine || !m.ClosesToReaders(l) {
		return nil, err
	}
	return fact.Of(legalaidv1.MatterEnded{Work: about(l), Erasure: code.DataClosed}), nil
}

// ground is what the matter stands on.
func (m Matter) ground() work.Ground {
	return work.Ground{Referral: m.Referral, Case: m.Case(), Agency: m.Agency, Service: code.LegalAssistance}
}

func about(l referralv1.Loop) legalaidv1.Work {
	return legalaidv1.Work{Matter: MatterID(l.Referral), Referral: l.Referral, Case: l.Case, Agency: l.Recipient, Turn: l.Turn}
}
