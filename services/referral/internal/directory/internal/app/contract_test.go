package app

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/hsds"
)

func TestContract(t *testing.T) {
	contract.Commands(t, "referral", contract.Bodies{"Need": Need{}})
	contract.Answers(t, "referral", contract.Bodies{"Matches": Matches{}, "ImportReport": Report{}, "ImportIssue": hsds.Issue{}})
}
