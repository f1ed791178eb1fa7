package code

// ReferralStatus says how far a referral has come (FHIR Task as closed-loop
// referrals use it; the crosswalk is in the domain note, section 4.3). That an
// answer is overdue is not a status: the referral stays requested.
type ReferralStatus string

// The statuses of a referral.
const (
	Requested ReferralStatus = "requested"
	Accepted  ReferralStatus = "accepted"
	Declined  ReferralStatus = "declined"
	InService ReferralStatus = "in_service"
	Completed ReferralStatus = "completed"
	Cancelled ReferralStatus = "cancelled"
	Withdrawn ReferralStatus = "withdrawn"
)

// ReferralStatuses lists every ReferralStatus.
var ReferralStatuses = []ReferralStatus{Requested, Accepted, Declined, InService, Completed, Cancelled, Withdrawn}

// UnmarshalText refuses a code that is not on the list.
func (c *ReferralStatus) UnmarshalText(b []byte) error {
	return parse(c, b, ReferralStatuses, "referral status")
}

// AgencyStatus says whether an agency takes new referrals.
type AgencyStatus string

// The statuses of an agency.
const (
	AgencyActive    AgencyStatus = "active"
	AgencySuspended AgencyStatus = "suspended"
)

// AgencyStatuses lists every AgencyStatus.
var AgencyStatuses = []AgencyStatus{AgencyActive, AgencySuspended}

// UnmarshalText refuses a code that is not on the list.
func (c *AgencyStatus) UnmarshalText(b []byte) error {
	return parse(c, b, AgencyStatuses, "agency status")
}
