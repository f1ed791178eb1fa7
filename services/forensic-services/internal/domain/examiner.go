package domain

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Examiner is what a decision knows of who examines or certifies: whether they act for who has
// the examination, and what they learned and may do.
type Examiner struct {
	work.Hands
	Is look.Fresh[worker.Copy]
	// Requires is what a role requires; nil where nothing is required.
	Requires credential.Requires
}

// lacks is what the examiner lacks at an instant of what the programme of the case requires. Of
// a referral that does not say of which programme it is, the base of the network counts. What
// bars somebody from acting limits what they certify, too.
func (e Examiner) lacks(of referralv1.Place, at time.Time) []credential.Lack {
	if e.Requires == nil {
		return nil
	}
	return e.Requires(credential.Place{Country: of.Country, Programme: of.Programme, At: at}, credential.Doing(code.ForensicExam)).Missing(e.Is.Value().Credentials, at)
}

// ByExaminer is a rule for who has the examination, and who covers, alone (work.ByWorker), which
// hangs on what they learned and may do.
func ByExaminer[C any](decide func(Examination, fact.By, C, Examiner) ([]fact.Event, error)) func(Examination, fact.By, C, Examiner) ([]fact.Event, error) {
	return func(x Examination, by fact.By, cmd C, e Examiner) ([]fact.Event, error) {
		if err := x.Handled(e.Hands); err != nil {
			return nil, err
		}
		return decide(x, by, cmd, e)
	}
}
