package app

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
	"github.com/sanad-network/sanad/services/referral/internal/hsds"
)

func TestContract(t *testing.T) {
	contract.Commands(t, "referral", contract.Bodies{"Need": Need{}, "AnswerReferrals": Answers{}})
	contract.Answers(t, "referral", contract.Bodies{
		"Escalations": Escalated{},
		"Matches":     Matches{}, "Counts": Counts{}, "Results": Results{},
		"ImportReport": Report{}, "ImportIssue": hsds.Issue{}, "HSDSAbout": About{},
	})
}
