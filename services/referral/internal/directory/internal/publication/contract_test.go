package publication

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
)

func TestContract(t *testing.T) {
	contract.Answers(t, "referral", contract.Bodies{"HSDSAbout": About{}})
}
