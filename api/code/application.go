package code

// ApplicationStatus says how far an application to the trust fund has come.
type ApplicationStatus string

// The stages, in their order.
const (
	ApplicationDraft       ApplicationStatus = "draft"
	ApplicationSubmitted   ApplicationStatus = "submitted"
	ApplicationEligible    ApplicationStatus = "eligible"
	ApplicationNotEligible ApplicationStatus = "not_eligible"
	ApplicationAssessed    ApplicationStatus = "assessed"
	// ApplicationSelected: the manager proposes it to the trustees.
	ApplicationSelected   ApplicationStatus = "selected"
	ApplicationAwarded    ApplicationStatus = "awarded"
	ApplicationNotAwarded ApplicationStatus = "not_awarded"
)

// EligibilityRule is a rule by which the fund says who can be granted anything (guidelines of the
// fund's third grant cycle, UNODC).
type EligibilityRule string

// The rules. The first six are compared with the call; what is behind them a person judges.
const (
	RegisteredInTime   EligibilityRule = "registered_in_time"
	CountryOfCall      EligibilityRule = "country_of_call"
	AmountOfCall       EligibilityRule = "amount_of_call"
	DurationOfCall     EligibilityRule = "duration_of_call"
	DirectAssistance   EligibilityRule = "direct_assistance"
	PapersComplete     EligibilityRule = "papers_complete"
	NonProfit          EligibilityRule = "non_profit"
	OwnBankAccount     EligibilityRule = "own_bank_account"
	OwnResponsibility  EligibilityRule = "own_responsibility"
	MeasuresAgainstSEA EligibilityRule = "measures_against_sexual_exploitation"
	PapersGenuine      EligibilityRule = "papers_genuine"
)

// BudgetCategory is what a line of a budget is for.
type BudgetCategory string

// The categories. They are our own: the fund's form was found in no source.
const (
	BudgetAssistance BudgetCategory = "direct_assistance"
	BudgetStaff      BudgetCategory = "staff"
	BudgetPremises   BudgetCategory = "premises"
	BudgetEquipment  BudgetCategory = "equipment"
	BudgetTravel     BudgetCategory = "travel"
	BudgetTraining   BudgetCategory = "training"
	BudgetAudit      BudgetCategory = "audit"
	BudgetOperating  BudgetCategory = "operating"
)

// AssessorDeclaration is what an assessor says of their own interests, before they see an application.
type AssessorDeclaration string

// The two.
const (
	InterestNone     AssessorDeclaration = "no_conflict"
	InterestConflict AssessorDeclaration = "conflict"
)

// TrusteeVote is what a trustee says to an award.
type TrusteeVote string

// The votes. VoteAside: the trustee has a conflict of interest, and does not vote.
const (
	VoteFor     TrusteeVote = "for"
	VoteAgainst TrusteeVote = "against"
	VoteAbstain TrusteeVote = "abstain"
	VoteAside   TrusteeVote = "conflict"
)

// NotAwardedReason says why an application that was assessed is granted nothing.
type NotAwardedReason string

// The reasons.
const (
	// RankedBelow: others were selected before it.
	RankedBelow NotAwardedReason = "ranked_below"
	// FundsTooLow: the balance of the fund does not allow it.
	FundsTooLow NotAwardedReason = "funds_too_low"
	// TrusteesAgainst: not more trustees were for it than against it.
	TrusteesAgainst NotAwardedReason = "trustees_against"
	// NoQuorum: too few trustees voted until the day that was set.
	NoQuorum NotAwardedReason = "no_quorum"
)
