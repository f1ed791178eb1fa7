package app

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
)

func TestContract(t *testing.T) {
	contract.Commands(t, "referral", contract.Bodies{"AnswerReferrals": Answers{}})
	contract.Answers(t, "referral", contract.Bodies{"Escalations": Escalated{}, "Counts": Counts{}, "Results": Results{}})
}
