package directory

import (
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/publication"
)

// Operations is what the directory answers: which agencies take referrals and which
// can help. It takes deliveries in HSDS, and shows them in HSDS to each reader who
// may see them.
func Operations(u *service.Unit, d app.Directory) {
	service.Put(u, "POST /v1/agencies", "registerAgency", access.AgencyWrite, d.Agencies, domain.Register.Name, domain.Agency.Register)
	service.Change(u, "POST /v1/agencies/{id}/suspend", "suspendAgency", access.AgencyWrite, d.Agencies, domain.Agency.Suspend)
	service.Get(u, "GET /v1/agencies/{id}", "getAgency", access.AgencyRead, d.Agencies)
	service.List(u, "GET /v1/agencies", "listAgencies", access.AgencyRead, d.Agencies, domain.Directory)

	service.Do(u, "POST /v1/matches", "matchServices", access.ReferralSend, d.Match)

	service.Do(u, "POST /v1/directory/import", "importDirectory", access.DirectoryWrite, d.Import)
	service.Do(u, "POST /v1/directory/lookup", "lookUpEntries", access.DirectoryWrite, d.Lookup)
	service.Change(u, "POST /v1/directory/services/{id}/capacity", "reportCapacity", access.AgencyWrite, d.Services, domain.Entry.ReportCapacity)

	p := publication.New(d.Shelf)
	service.Query(u, "GET /hsds", "describeDirectory", access.Welcome, p.About)
	service.Query(u, "GET /hsds/", "describeDirectoryAtItsRoot", access.Welcome, p.About)
	service.Query(u, "GET /hsds/services", "listDirectoryServices", access.Welcome, p.ListServices)
	service.Query(u, "GET /hsds/services/{id}", "getDirectoryService", access.Welcome, p.GetService)
	service.Query(u, "GET /hsds/organizations", "listDirectoryOrganizations", access.Welcome, p.ListOrganizations)
	service.Query(u, "GET /hsds/organizations/{id}", "getDirectoryOrganization", access.Welcome, p.GetOrganization)
	service.Query(u, "GET /hsds/service_at_locations", "listServicesAtLocations", access.Welcome, p.ListPlaces)
	service.Query(u, "GET /hsds/service_at_locations/{id}", "getServiceAtLocation", access.Welcome, p.GetPlace)
	service.Query(u, "GET /hsds/taxonomies", "listTaxonomies", access.Welcome, p.ListTaxonomies)
	service.Query(u, "GET /hsds/taxonomies/{id}", "getTaxonomy", access.Welcome, p.GetTaxonomy)
	service.Query(u, "GET /hsds/taxonomy_terms", "listTaxonomyTerms", access.Welcome, p.ListTerms)
	service.Query(u, "GET /hsds/taxonomy_terms/{id}", "getTaxonomyTerm", access.Welcome, p.GetTerm)
}
