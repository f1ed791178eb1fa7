package domain

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
)

func TestContract(t *testing.T) {
	contract.Commands(t, "referral", contract.Bodies{"AgencyChannels": SetChannels{}})
	contract.Answers(t, "referral", contract.Bodies{"AgencyChannels": ChannelsView{}, "Offer": Offer{}})
}
