package code

// LegalTopic says what legal advice was about.
type LegalTopic string

// The topics of advice.
const (
	TopicProtection    LegalTopic = "protection"
	TopicCriminal      LegalTopic = "criminal_complaint"
	TopicFamily        LegalTopic = "family_law"
	TopicImmigration   LegalTopic = "immigration"
	TopicCompensation  LegalTopic = "compensation"
	TopicDocumentation LegalTopic = "documentation"
	TopicOther         LegalTopic = "other"
)

// OrderResult is a court's answer to an application for a protection order.
type OrderResult string

// The answers of a court.
const (
	OrderGranted OrderResult = "granted"
	OrderInterim OrderResult = "interim"
	OrderRefused OrderResult = "refused"
)

// OrderStanding says whether an order that a court made protects her when it is read.
type OrderStanding string

// The standings of an order.
const (
	OrderInForce OrderStanding = "in_force"
	// OrderExpiring is in force, and ends soon.
	OrderExpiring OrderStanding = "expiring"
	OrderExpired  OrderStanding = "expired"
	// OrderEnded is that a court ended it before its time.
	OrderEnded OrderStanding = "ended"
)

// Session is a kind of psychosocial session.
type Session string

// The kinds of session.
const (
	Individual Session = "individual"
	Group      Session = "group"
	FamilyWork Session = "family"
	Remote     Session = "remote"
	// ChildWork is with a child, beside her or alone.
	ChildWork Session = "child"
	Telephone Session = "telephone"
)

// Attendance says whether the survivor came.
type Attendance string

// Whether the survivor came.
const (
	Attended  Attendance = "attended"
	NoShow    Attendance = "no_show"
	Postponed Attendance = "postponed"
)

// ExhibitKind is a class of forensic exhibit.
type ExhibitKind string

// The classes of exhibit.
const (
	Swab      ExhibitKind = "swab"
	Blood     ExhibitKind = "blood"
	Urine     ExhibitKind = "urine"
	Clothing  ExhibitKind = "clothing"
	Photo     ExhibitKind = "photograph"
	Kit       ExhibitKind = "kit"
	OtherItem ExhibitKind = "other"
)

// Opinion is a degree of consistency between findings and account (Istanbul
// Protocol 2022).
type Opinion string

// The five degrees.
const (
	NotConsistent    Opinion = "not_consistent_with"
	Consistent       Opinion = "consistent_with"
	HighlyConsistent Opinion = "highly_consistent_with"
	TypicalOf        Opinion = "typical_of"
	DiagnosticOf     Opinion = "diagnostic_of"
)

// EndingAnswer is what a survivor says when her worker asks her whether the work ends,
// after she took back the consent that she gave at her desk.
type EndingAnswer string

// What she may say.
const (
	// EndWork ends the work, its dates and its duties too.
	EndWork EndingAnswer = "end"
	// KeepWork goes on with this worker, on her own word. Her desk has no part in it.
	KeepWork EndingAnswer = "keep"
)
