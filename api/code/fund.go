package code

// DonorKind says who gives to the trust fund.
type DonorKind string

// The kinds of donors (General Assembly resolution 64/293, paragraph 38: States and all others).
const (
	DonorState        DonorKind = "state"
	DonorCompany      DonorKind = "company"
	DonorOrganisation DonorKind = "organisation"
	DonorPerson       DonorKind = "person"
)

// SubProgramme is one of the two windows of the trust fund.
type SubProgramme string

// The windows (calls of the trust fund, 2024 and 2026).
const (
	ShortTerm  SubProgramme = "short_term"
	MediumTerm SubProgramme = "medium_term"
)

// FundPriority is for whom a call asks first.
type FundPriority string

// The priorities of the calls.
const (
	ForConflict      FundPriority = "armed_conflict"
	ForMigration     FundPriority = "refugee_and_migration_flows"
	ForWomenAndGirls FundPriority = "women_and_girls"
	ForChildren      FundPriority = "children"
)

// FundPaper is a paper that an application must hold.
type FundPaper string

// The papers (guidelines of the third grant cycle).
const (
	PaperProposal           FundPaper = "proposal"
	PaperBudget             FundPaper = "budget"
	PaperPartnerDeclaration FundPaper = "partner_declaration"
	PaperReferenceLetter1   FundPaper = "reference_letter_1"
	PaperReferenceLetter2   FundPaper = "reference_letter_2"
	PaperRegistration       FundPaper = "registration_certificate"
	PaperStatements         FundPaper = "audited_statements"
	PaperPartnerIdentity    FundPaper = "partner_identity"
)

// CallStatus is how far a call has come.
type CallStatus string

// A published call is open between two instants; its status does not change with the clock.
const (
	CallDraft     CallStatus = "draft"
	CallPublished CallStatus = "published"
	CallRevoked   CallStatus = "revoked"
)

// DonationCorrection is why a donation is corrected.
type DonationCorrection string

// The reasons.
const (
	PledgeWithdrawn DonationCorrection = "pledge_withdrawn"
	PledgeChanged   DonationCorrection = "pledge_changed"
	EnteredWrongly  DonationCorrection = "entered_in_error"
)
