package code

// GrantStatus says how a grant stands.
type GrantStatus string

// The statuses.
const (
	GrantDrafted   GrantStatus = "drafted"
	GrantInForce   GrantStatus = "in_force"
	GrantSuspended GrantStatus = "suspended"
	// GrantEnded: nothing more is paid. What was paid is still accounted for.
	GrantEnded  GrantStatus = "ended"
	GrantClosed GrantStatus = "closed"
)

// GrantPart says who signed an agreement.
type GrantPart string

// The two parts.
const (
	GranteePart GrantPart = "grantee"
	FundPart    GrantPart = "fund"
)

// GrantReportStatus says how the report on an instalment stands.
type GrantReportStatus string

// The statuses of a report.
const (
	// ReportNotExpected: its instalment is not paid yet.
	ReportNotExpected GrantReportStatus = "not_expected"
	ReportExpected    GrantReportStatus = "expected"
	ReportSubmitted   GrantReportStatus = "submitted"
	ReportSentBack    GrantReportStatus = "sent_back"
	ReportAccepted    GrantReportStatus = "accepted"
)

// GrantReportHeading is a question of a narrative report. None asks for a number of people or of
// services: what a grantee says and what the network counts are never laid side by side.
type GrantReportHeading string

// The headings, in their order.
const (
	HeadingDone    GrantReportHeading = "what_was_done"
	HeadingChanged GrantReportHeading = "what_changed"
	HeadingHard    GrantReportHeading = "what_was_difficult"
	HeadingNext    GrantReportHeading = "what_comes_next"
)

// GrantReportFault says why a report was sent back.
type GrantReportFault string

// The reasons.
const (
	NarrativeIncomplete GrantReportFault = "narrative_incomplete"
	SpendingUnclear     GrantReportFault = "spending_unclear"
	PapersMissing       GrantReportFault = "papers_missing"
	OtherReportFault    GrantReportFault = "other"
)

// GrantSuspension says for what cause a grant is suspended.
type GrantSuspension string

// The causes.
const (
	CauseReportMissing GrantSuspension = "report_missing"
	CauseMoneyMisused  GrantSuspension = "money_misused"
	CauseProtection    GrantSuspension = "protection_concern"
	CauseWorkStopped   GrantSuspension = "work_stopped"
	CauseRegistration  GrantSuspension = "registration_ended"
	CauseOther         GrantSuspension = "other"
)

// GrantEnding says why a grant ended before its time.
type GrantEnding string

// The reasons.
const (
	EndingNeverAgreed  GrantEnding = "never_agreed"
	EndingGranteeAsked GrantEnding = "grantee_asked"
	EndingCauseStands  GrantEnding = "cause_not_remedied"
	EndingImpossible   GrantEnding = "work_not_possible"
	EndingOther        GrantEnding = "other"
)

// GrantAuditResult says what an audit found.
type GrantAuditResult string

// The results.
const (
	AuditInOrder  GrantAuditResult = "in_order"
	AuditFindings GrantAuditResult = "findings"
	AuditMisuse   GrantAuditResult = "misuse"
)

// ServedState says whether any figure of a grant was released.
type ServedState string

// The two. Neither is a number: nothing released does not mean nothing done.
const (
	ServedReleased  ServedState = "released"
	NothingReleased ServedState = "nothing_released"
)
