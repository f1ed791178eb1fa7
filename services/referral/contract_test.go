package referral

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
)

func TestContract(t *testing.T) {
	contract.Room(t, New,
		// The directory answers as HSDS has it; what its documents hold is in package hsds.
		"listDirectoryServices", "getDirectoryService", "listDirectoryOrganizations", "getDirectoryOrganization",
		"listServicesAtLocations", "getServiceAtLocation", "listTaxonomies", "getTaxonomy", "listTaxonomyTerms", "getTaxonomyTerm",
	)
}
