package referral

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory"
)

// published is the directory: what comes in as HSDS, and goes out again as
// HSDS to whoever may see it.
func published(u *service.Unit, d app.Directory) {
	service.Do(u, "POST /v1/directory/import", "importDirectory", access.DirectoryWrite, d.Import)
	service.Change(u, "POST /v1/directory/services/{id}/capacity", "reportCapacity", access.AgencyWrite, d.Services, directory.Entry.ReportCapacity)

	service.Query(u, "GET /hsds", "describeDirectory", access.Welcome, d.About)
	service.Query(u, "GET /hsds/services", "listDirectoryServices", access.Welcome, d.ListServices)
	service.Query(u, "GET /hsds/services/{id}", "getDirectoryService", access.Welcome, d.GetService)
	service.Query(u, "GET /hsds/organizations", "listDirectoryOrganizations", access.Welcome, d.ListOrganizations)
	service.Query(u, "GET /hsds/organizations/{id}", "getDirectoryOrganization", access.Welcome, d.GetOrganization)
	service.Query(u, "GET /hsds/service_at_locations", "listServicesAtLocations", access.Welcome, d.ListPlaces)
	service.Query(u, "GET /hsds/service_at_locations/{id}", "getServiceAtLocation", access.Welcome, d.GetPlace)
	service.Query(u, "GET /hsds/taxonomies", "listTaxonomies", access.Welcome, d.ListTaxonomies)
	service.Query(u, "GET /hsds/taxonomies/{id}", "getTaxonomy", access.Welcome, d.GetTaxonomy)
	service.Query(u, "GET /hsds/taxonomy_terms", "listTaxonomyTerms", access.Welcome, d.ListTerms)
	service.Query(u, "GET /hsds/taxonomy_terms/{id}", "getTaxonomyTerm", access.Welcome, d.GetTerm)
}
