package domain

import (
	"cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/hsds"
)

// ServiceListed is what the network knows of a service. The type has no name, so that its
// user need not know the directory.
type ServiceListed = struct {
	// Agency is the one that gives it; empty for an entry that is no service, or nobody's.
	Agency     string
	Country    code.Country
	Services   []code.Service
	Visibility code.Visibility
	// Suspended says that the agency takes no new referrals.
	Suspended bool
}

// ListedBy is what the network knows of a service that an organization gives, which is this
// agency.
func (e Entry) ListedBy(o Entry, a Agency) ServiceListed {
	if e.Service == nil || o.Organization == nil {
		return ServiceListed{}
	}
	return ServiceListed{
		Agency:     o.Organization.Agency(),
		Country:    cmp.Or(e.Listed.Country, a.Country),
		Services:   e.Service.Kinds(),
		Visibility: hsds.Strictest(e.Service.Visibility(), o.Organization.Visibility()),
		Suspended:  a.Status != code.AgencyActive || !e.Service.Active(),
	}
}
