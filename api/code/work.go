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

// LegalTopics lists every LegalTopic.
var LegalTopics = []LegalTopic{TopicProtection, TopicCriminal, TopicFamily, TopicImmigration, TopicCompensation, TopicDocumentation, TopicOther}

// UnmarshalText refuses a code that is not on the list.
func (c *LegalTopic) UnmarshalText(b []byte) error { return parse(c, b, LegalTopics, "legal topic") }

// OrderResult is a court's answer to an application for a protection order.
type OrderResult string

// The answers of a court.
const (
	OrderGranted OrderResult = "granted"
	OrderInterim OrderResult = "interim"
	OrderRefused OrderResult = "refused"
)

// OrderResults lists every OrderResult.
var OrderResults = []OrderResult{OrderGranted, OrderInterim, OrderRefused}

// UnmarshalText refuses a code that is not on the list.
func (c *OrderResult) UnmarshalText(b []byte) error { return parse(c, b, OrderResults, "order result") }

// Session is a kind of psychosocial session.
type Session string

// The kinds of session.
const (
	Individual Session = "individual"
	Group      Session = "group"
	FamilyWork Session = "family"
	Remote     Session = "remote"
)

// Sessions lists every Session.
var Sessions = []Session{Individual, Group, FamilyWork, Remote}

// UnmarshalText refuses a code that is not on the list.
func (c *Session) UnmarshalText(b []byte) error { return parse(c, b, Sessions, "session kind") }

// Attendance says whether the survivor came.
type Attendance string

// Whether the survivor came.
const (
	Attended  Attendance = "attended"
	NoShow    Attendance = "no_show"
	Postponed Attendance = "postponed"
)

// Attendances lists every Attendance.
var Attendances = []Attendance{Attended, NoShow, Postponed}

// UnmarshalText refuses a code that is not on the list.
func (c *Attendance) UnmarshalText(b []byte) error { return parse(c, b, Attendances, "attendance") }

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

// ExhibitKinds lists every ExhibitKind.
var ExhibitKinds = []ExhibitKind{Swab, Blood, Urine, Clothing, Photo, Kit, OtherItem}

// UnmarshalText refuses a code that is not on the list.
func (c *ExhibitKind) UnmarshalText(b []byte) error { return parse(c, b, ExhibitKinds, "exhibit kind") }

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

// Opinions lists every Opinion.
var Opinions = []Opinion{NotConsistent, Consistent, HighlyConsistent, TypicalOf, DiagnosticOf}

// UnmarshalText refuses a code that is not on the list.
func (c *Opinion) UnmarshalText(b []byte) error { return parse(c, b, Opinions, "opinion") }
