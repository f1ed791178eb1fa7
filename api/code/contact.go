package code

// ContactChannel is a kind of way to reach the survivor.
type ContactChannel string

// The ways to reach her.
const (
	Call         ContactChannel = "call"
	TextMessage  ContactChannel = "text_message"
	MessagingApp ContactChannel = "messaging_app"
	ByEmail      ContactChannel = "email"
	// InPerson is at a place that she named.
	InPerson ContactChannel = "in_person"
	// ThroughPerson is by somebody whom she named.
	ThroughPerson ContactChannel = "through_person"
)

// WhoMayAnswer says to whom a worker may speak who does not reach her herself.
type WhoMayAnswer string

// Who may answer. Where nobody asked her, only she may.
const (
	OnlyHer       WhoMayAnswer = "only_her"
	NamedPerson   WhoMayAnswer = "named_person"
	AnybodyInside WhoMayAnswer = "anybody_in_the_house"
)

// Device says who uses the telephone or the computer. Where nobody asked her, it is not
// known, and nobody takes it for her own.
type Device string

// Whose a device is.
const (
	HerOwn       Device = "her_own"
	SharedDevice Device = "shared"
)

// Weekday is a day of the week, as her clock shows it.
type Weekday string

// The days of the week.
const (
	Monday    Weekday = "monday"
	Tuesday   Weekday = "tuesday"
	Wednesday Weekday = "wednesday"
	Thursday  Weekday = "thursday"
	Friday    Weekday = "friday"
	Saturday  Weekday = "saturday"
	Sunday    Weekday = "sunday"
)

// ContactPurpose says what somebody wants to reach her for.
type ContactPurpose string

// The purposes. Only danger news may break her hours, and only on the channel that she
// chose for it beforehand.
const (
	OrdinaryContact ContactPurpose = "ordinary"
	ForAppointment  ContactPurpose = "appointment"
	DangerNews      ContactPurpose = "danger_news"
)
