package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/work"
)

// OnAccepted opens the matter of a legal referral, unless its end came first.
func (m Matter) OnAccepted(_ fact.By, e referralv1.Accepted) ([]fact.Event, error) {
	if mine, err := m.Taken(m.ground(), e.Loop); !mine || !m.Opens() {
		return nil, err
	}
	opened := legalaidv1.MatterOpened{Work: about(e.Loop), Categories: e.Categories}
	return fact.With(opened, work.ConsentOf(e)), nil
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
	if mine, err := m.Taken(m.ground(), e.Loop); !mine || !m.Reopens(e.Loop) {
		return nil, err
	}
	return fact.With(legalaidv1.MatterReopened{Work: about(e.Loop), Categories: e.Categories}, work.ConsentAgain(e)), nil
}

// OnWithdrawn ends the matter with the consent it stood on, and closes it to readers.
func (m Matter) OnWithdrawn(_ fact.By, e referralv1.Withdrawn) ([]fact.Event, error) {
	return m.closeToReaders(e.Loop)
}

// OnRecalled closes to readers the matter of a referral that had ended before its
// consent did.
func (m Matter) OnRecalled(_ fact.By, e referralv1.Recalled) ([]fact.Event, error) {
	return m.closeToReaders(e.Loop)
}

// end also ends a matter that was never opened, so that a late acceptance opens
// nothing.
func (m Matter) end(l referralv1.Loop, round int) ([]fact.Event, error) {
	if mine, err := m.Concerns(m.ground(), l); !mine || !m.Ends(l, round) {
		return nil, err
	}
	return fact.Of(legalaidv1.MatterEnded{Work: about(l)}), nil
}

// closeToReaders lets nobody read the matter any more, and says so: this
// acknowledges a withdrawal for an agency that works here.
func (m Matter) closeToReaders(l referralv1.Loop) ([]fact.Event, error) {
	if mine, err := m.Concerns(m.ground(), l); !mine || !m.ClosesToReaders() {
		return nil, err
	}
	return fact.Of(legalaidv1.MatterEnded{Work: about(l), Erasure: code.DataClosed}), nil
}

// OnCertificate notes a certificate of the case, when the consent behind the
// matter covers forensic certificates and is still in force.
func (m Matter) OnCertificate(by fact.By, e legalaidv1.CertificateFiled) ([]fact.Event, error) {
	if m.Status != work.Open || e.Case != m.Case() || slices.Contains(m.Certificates, e.Certificate) ||
		!m.Consent.Covers(code.ForensicCertificate, by.At) {
		return nil, nil
	}
	return fact.Of(legalaidv1.CertificateNoted{Work: m.Work, Certificate: e.Certificate}), nil
}

// ground is what the matter stands on.
func (m Matter) ground() work.Ground {
	return work.Ground{Referral: m.Referral, Case: m.Case(), Agency: m.Agency, Service: code.LegalAssistance}
}

func about(l referralv1.Loop) legalaidv1.Work {
	return legalaidv1.Work{Matter: MatterID(l.Referral), Referral: l.Referral, Case: l.Case, Agency: l.Recipient, Turn: l.Turn}
}
