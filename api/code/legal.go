package code

// OrderChange is what became of an order of protection after the court made it.
type OrderChange string

// The changes.
const (
	OrderExtended OrderChange = "extended"
	OrderVaried   OrderChange = "varied"
	// OrderBreached is that the order was broken. It stays in force.
	OrderBreached OrderChange = "breached"
	// OrderLifted is that a court ended it before its time.
	OrderLifted OrderChange = "ended"
)

// Unwarned is why an order was served before she was warned of it.
type Unwarned string

// The reasons.
const (
	CourtDidNotWait Unwarned = "court_did_not_wait"
	// ServiceNotKnown is that the agency heard of the service when it had taken place.
	ServiceNotKnown Unwarned = "not_known_before"
	// NoSafeWay is that nobody could reach her without putting her in danger.
	NoSafeWay Unwarned = "not_reached_safely"
	// WithHerDesk is that her desk was told to warn her, and nobody here knows whether it did.
	WithHerDesk Unwarned = "with_her_desk"
)

// LegalDuty is what somebody of the agency must see to for her safety.
type LegalDuty string

// The duties.
const (
	// WarnOfService is to warn her before an order is served on him.
	WarnOfService LegalDuty = "warn_of_service"
	// TellOfRelease is to have her told that the accused is free, or is to be.
	TellOfRelease LegalDuty = "tell_of_release"
)

// LegalDutyResult is what came of a duty.
type LegalDutyResult string

// The results.
const (
	DutyTold LegalDutyResult = "told_her"
	// DutyBrought is that it was brought to her desk as news of danger.
	DutyBrought LegalDutyResult = "brought_to_her_desk"
	DutyKnown   LegalDutyResult = "she_knew"
	// DutyNotWanted is that she said beforehand that she wants no such news.
	DutyNotWanted LegalDutyResult = "she_wants_no_news"
	// DutyNotNeeded is that it did not take place, or was entered in error.
	DutyNotNeeded LegalDutyResult = "not_needed"
)

// LegalReminder is what the clock says of a matter.
type LegalReminder string

// What comes due.
const (
	OrderNotServed LegalReminder = "order_not_served"
	OrderEndsSoon  LegalReminder = "order_expiring"
	OrderOver      LegalReminder = "order_over"
	DutyLate       LegalReminder = "duty_late"
	HearingSoon    LegalReminder = "hearing_soon"
	// HearingPast is that the time of a hearing passed, and nobody said what became of it.
	HearingPast LegalReminder = "hearing_past"
)

// LegalDate is a kind of date on the list of a worker of legal aid.
type LegalDate string

// The kinds of date.
const (
	DateHearing  LegalDate = "hearing"
	DateServe    LegalDate = "serve_order"
	DateOrderEnd LegalDate = "order_ends"
	DateDuty     LegalDate = "duty"
)

// ProceedingStep is how far a complaint or a prosecution has come.
type ProceedingStep string

// The steps, in the order in which they mostly come.
const (
	StepReported     ProceedingStep = "reported"
	StepInvestigated ProceedingStep = "investigated"
	StepCharged      ProceedingStep = "charged"
	StepHeard        ProceedingStep = "hearing"
	StepJudged       ProceedingStep = "judgement"
	StepAppealed     ProceedingStep = "appeal"
	StepSentenced    ProceedingStep = "sentence"
	// StepReleased is that the accused is free, or is to be.
	StepReleased     ProceedingStep = "accused_released"
	StepDiscontinued ProceedingStep = "discontinued"
)

// HearingKind is what a hearing is for.
type HearingKind string

// The kinds.
const (
	HearingFirst     HearingKind = "first_hearing"
	HearingTestimony HearingKind = "testimony"
	HearingTrial     HearingKind = "trial"
	HearingJudgement HearingKind = "judgement"
	HearingAppeal    HearingKind = "appeal"
	HearingOther     HearingKind = "other"
)

// HearingResult is what became of a hearing.
type HearingResult string

// The results.
const (
	HearingHeld HearingResult = "held"
	// HearingPutOff is that it was not held, and there is no new time yet.
	HearingPutOff    HearingResult = "put_off"
	HearingCalledOff HearingResult = "called_off"
)

// LegalOption is a way that the law leaves her.
type LegalOption string

// The options.
const (
	OptionOrder        LegalOption = "protection_order"
	OptionComplaint    LegalOption = "criminal_complaint"
	OptionFamily       LegalOption = "family_case"
	OptionCompensation LegalOption = "compensation_claim"
	OptionImmigration  LegalOption = "immigration_case"
	OptionPapers       LegalOption = "identity_papers"
	// OptionNothing is to do nothing now. It is a choice like the others.
	OptionNothing LegalOption = "nothing_now"
)

// AidGround is why a programme gives somebody legal aid.
type AidGround string

// The grounds.
const (
	AidViolence    AidGround = "survivor_of_violence"
	AidChild       AidGround = "child"
	AidTrafficking AidGround = "trafficked_person"
	AidNoMeans     AidGround = "without_means"
)

// AidMeans is what was found of what she can pay.
type AidMeans string

// What can be found.
const (
	// MeansNotAsked is that the ground asks for no look at her means.
	MeansNotAsked AidMeans = "not_needed"
	MeansBelow    AidMeans = "below_the_limit"
	MeansAbove    AidMeans = "above_the_limit"
)

// LegalDocument is a kind of paper in a matter.
type LegalDocument string

// The kinds.
const (
	PaperMandate     LegalDocument = "power_of_attorney"
	PaperCourt       LegalDocument = "court_document"
	PaperComplaint   LegalDocument = "complaint"
	PaperIdentity    LegalDocument = "identity_document"
	PaperCertificate LegalDocument = "certificate"
	PaperEvidence    LegalDocument = "evidence"
	PaperOther       LegalDocument = "other"
)
