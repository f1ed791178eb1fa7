package domain

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
)

func TestContract(t *testing.T) {
	contract.Commands(t, "intake", contract.Bodies{
		"OpenCase":        Open{},
		"GiveConsent":     GiveConsent{},
		"RefuseConsent":   RefuseConsent{},
		"WithdrawConsent": WithdrawConsent{},
		"RequestServices": RequestServices{},
		"RerouteReferral": Reroute{},
		"CloseCase":       Close{},
		"Disclose":        Disclose{},
	})
	contract.Answers(t, "intake", contract.Bodies{"Case": View{}, "Plan": Plan{}, "Shown": Shown{}, "Disclosure": Disclosure{}})
}
