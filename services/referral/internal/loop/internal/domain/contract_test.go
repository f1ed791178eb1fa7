package domain

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
)

func TestContract(t *testing.T) {
	contract.Commands(t, "referral", contract.Bodies{
		"DeclineReferral":  Decline{},
		"CompleteReferral": Complete{},
		"CancelReferral":   Cancel{},
		"Empty":            Accept{},

		"AssignReferral":        Assign{},
		"ScheduleReferral":      Schedule{},
		"RecordContact":         Contact{},
		"ReportOutcome":         Report{},
		"AcknowledgeWithdrawal": Acknowledge{},
	})
	contract.Answers(t, "referral", contract.Bodies{"Referral": ReferralView{}})
}
