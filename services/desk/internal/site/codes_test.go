package site

import (
	"slices"
	"testing"

	"github.com/sanad-network/sanad/api"
	client "github.com/sanad-network/sanad/services/desk/internal/api"
)

// A page that looks for a code that the contract does not have finds nothing, and nobody sees
// why.
func TestPagesLookForCodesOfTheContract(t *testing.T) {
	contract, err := client.ReadContract(api.Files)
	if err != nil {
		t.Fatal(err)
	}
	status := contract.Operations["getReferral"].Answer.Property("status").Enum
	band := contract.Operations["getFlow"].Answer.Property("items").Items.Property("asked").Enum
	for name, one := range map[string]struct{ looked, known []string }{
		"held":         {held, status},
		"workStatuses": {workStatuses, contract.Operations["getMatter"].Answer.Property("status").Enum},
		"caseStatuses": {caseStatuses, contract.Operations["getCase"].Answer.Property("status").Enum},
		"bands":        {bands, band},
	} {
		for _, code := range one.looked {
			if !slices.Contains(one.known, code) {
				t.Errorf("%s has %s, which is none of %v", name, code, one.known)
			}
		}
	}
	if len(bands) != len(band) {
		t.Errorf("the contract has %d bands, the page %d", len(band), len(bands))
	}
}

// What waits for her desk is counted at home, except what waits for another office.
func TestHomeCountsAllThatWaits(t *testing.T) {
	contract, err := client.ReadContract(api.Files)
	if err != nil {
		t.Fatal(err)
	}
	var counted []string
	for _, one := range caseAttentions {
		counted = append(counted, one.name)
	}
	for _, code := range contract.Operations["getCase"].Answer.Property("attention").Items.Enum {
		if code != "transfer_open" && !slices.Contains(counted, code) {
			t.Errorf("%s waits, and home does not say so", code)
		}
	}
}
