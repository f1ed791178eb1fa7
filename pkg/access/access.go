// Package access says who may do what: roles hold permissions, and an
// operation demands one. It knows nothing of records; that a person sees only
// what is their own agency's is a rule of the records themselves.
package access

import (
	"maps"
	"slices"
)

// Permission is what an operation demands, and what its contract says that a token
// must permit: `security: [{bearer: ["case:read"]}]`.
type Permission string

// Public is the permission of what everybody may ask for, without a token. No
// role holds it; in the contract such an operation says `security: []`.
const Public Permission = "public"

// Welcome is the permission of what everybody may ask for, and who proves who
// they are may be told more. Without a token the caller is anonymous; a token
// that is sent must hold, and counts. No role holds it; in the contract such an
// operation says `security: [{}, {bearer: []}]`.
const Welcome Permission = "welcome"

// The permissions of the network. A permission names a kind of record and what
// is done to it.
const (
	CaseOpen         Permission = "case:open"
	CaseRead         Permission = "case:read"
	CaseWrite        Permission = "case:write"
	CaseAssign       Permission = "case:assign"
	CaseReview       Permission = "case:review"
	CentreWrite      Permission = "centre:write"
	ConsentRecord    Permission = "consent:record"
	ServiceRequest   Permission = "service:request"
	AgencyWrite      Permission = "agency:write"
	AgencyRead       Permission = "agency:read"
	ReferralRead     Permission = "referral:read"
	ReferralAnswer   Permission = "referral:answer"
	ReferralSend     Permission = "referral:send"
	ReferralCancel   Permission = "referral:cancel"
	ReferralReview   Permission = "referral:review"
	ReferralAssign   Permission = "referral:assign"
	ReferralReport   Permission = "referral:report"
	MatterRead       Permission = "matter:read"
	MatterWrite      Permission = "matter:write"
	PlanRead         Permission = "plan:read"
	PlanWrite        Permission = "plan:write"
	ExaminationRead  Permission = "examination:read"
	ExaminationWrite Permission = "examination:write"
	CertificateIssue Permission = "certificate:issue"
	EscalationRead   Permission = "escalation:read"
	// ConflictSettle is to see the names on two sides, and to say whether a matter can be taken.
	ConflictSettle Permission = "conflict:settle"
	// CourtRead is what a court has, CourtWrite to keep it, and when the other side comes.
	CourtRead  Permission = "court:read"
	CourtWrite Permission = "court:write"
	// BookingReceive is to receive her at the court.
	BookingReceive  Permission = "booking:receive"
	AlarmRaise      Permission = "alarm:raise"
	AlarmAnswer     Permission = "alarm:answer"
	DirectoryWrite  Permission = "directory:write"
	DisclosureRead  Permission = "disclosure:read"
	WorkerRead      Permission = "worker:read"
	WorkerWrite     Permission = "worker:write"
	EssentialRead   Permission = "essential:read"
	AssessmentRead  Permission = "assessment:read"
	AssessmentWrite Permission = "assessment:write"
	// FiguresWrite is to close a period of figures and to release a table, FiguresRead to see which
	// wait for that. Released tables need neither.
	FiguresRead  Permission = "figures:read"
	FiguresWrite Permission = "figures:write"
	// FundRead is the money of a trust fund and its calls, FundWrite to keep them.
	FundRead         Permission = "fund:read"
	FundWrite        Permission = "fund:write"
	ApplicationRead  Permission = "application:read"
	ApplicationWrite Permission = "application:write"
	// ApplicationAssess is to score an application that one was asked to assess.
	ApplicationAssess Permission = "application:assess"
	// AwardVote is to vote as a trustee.
	AwardVote  Permission = "award:vote"
	GrantRead  Permission = "grant:read"
	GrantWrite Permission = "grant:write"
	// GrantReport is to report to the fund for the agency that has the grant.
	GrantReport Permission = "grant:report"
	// Operate is what an operator may do: at the admin address, and see how referrals
	// flow. It is of no record, so it names none.
	Operate Permission = "operate"
)

// Role is a function that a person has in their agency.
type Role string

// The roles of the network.
const (
	// Caseworker meets the survivor, opens the case and asks for services.
	Caseworker Role = "caseworker"
	// FocalPoint answers referrals for an agency and keeps its entry.
	FocalPoint Role = "focal_point"
	// Lawyer works on legal matters.
	Lawyer Role = "lawyer"
	// Counsellor works on support plans.
	Counsellor Role = "counsellor"
	// Examiner examines and issues certificates.
	Examiner Role = "examiner"
	// Supervisor sees which work the agency's people have, and nothing that is in it, judges proposed declines,
	// hands referrals over and keeps the register of who works there. The work itself
	// it cannot change.
	Supervisor Role = "supervisor"
	// ConflictsOfficer says whether an agency can take a matter, and acts for neither side.
	ConflictsOfficer Role = "conflicts_officer"
	// CourtRegistrar keeps the protected rooms of a court, and when the other side comes.
	CourtRegistrar Role = "court_registrar"
	// Usher receives at a court whom a code word names.
	Usher Role = "usher"
	// CourtSecurity goes to the room of an alarm.
	CourtSecurity Role = "court_security"
	// Coordinator keeps the directory of agencies and sees no case.
	Coordinator Role = "coordinator"
	// FundManager keeps the calls, the money and the grants of a trust fund: its secretariat.
	FundManager Role = "fund_manager"
	// FundApplicant asks a trust fund for an agency, and reports to it.
	FundApplicant Role = "fund_applicant"
	// FundAssessor scores applications to a trust fund.
	FundAssessor Role = "fund_assessor"
	// Trustee votes on awards of a trust fund.
	Trustee Role = "trustee"
	// Operator runs the machines, sees what is stuck, and sees nothing of any survivor.
	Operator Role = "operator"
)

// May reports whether one of the roles holds the permission. A role that is
// not known holds none.
func May(roles []string, p Permission) bool {
	for _, role := range roles {
		if slices.Contains(held[Role(role)], p) {
			return true
		}
	}
	return false
}

// Holders lists the roles that hold the permission, in alphabetical order. A
// permission without any is a mistake in an operations table.
func Holders(p Permission) (roles []Role) {
	for _, role := range Roles() {
		if slices.Contains(held[role], p) {
			roles = append(roles, role)
		}
	}
	return roles
}

// Roles lists the known roles in alphabetical order.
func Roles() []Role { return slices.Sorted(maps.Keys(held)) }
