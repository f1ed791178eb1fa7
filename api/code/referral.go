package code

// ReferralStatus says how far a referral has come (the README of the referral
// service maps it to other systems). An overdue answer is not a status. A
// reopened referral is accepted again.
type ReferralStatus string

// The statuses of a referral.
const (
	Requested             ReferralStatus = "requested"
	Received              ReferralStatus = "received"
	DenialPending         ReferralStatus = "denial_pending"
	Accepted              ReferralStatus = "accepted"
	Declined              ReferralStatus = "declined"
	Scheduled             ReferralStatus = "scheduled"
	Missed                ReferralStatus = "no_show"
	InService             ReferralStatus = "in_service"
	Completed             ReferralStatus = "completed"
	CancellationRequested ReferralStatus = "cancellation_requested"
	Cancelled             ReferralStatus = "cancelled"
	Withdrawn             ReferralStatus = "withdrawn"
	// Lapsed is one whose consent ran out. She took nothing back: a new consent of hers
	// takes it up within the time of grace.
	Lapsed         ReferralStatus = "lapsed"
	Expired        ReferralStatus = "expired"
	Rerouted       ReferralStatus = "rerouted"
	EnteredInError ReferralStatus = "entered_in_error"
)

// AgencyStatus says whether an agency takes new referrals.
type AgencyStatus string

// The statuses of an agency.
const (
	AgencyActive    AgencyStatus = "active"
	AgencySuspended AgencyStatus = "suspended"
)

// ReferralMode says how a referral finds the agency that takes it.
type ReferralMode string

// The modes of a referral.
const (
	// Directed asks one agency.
	Directed ReferralMode = "directed"
	// Broadcast asks several at once; the first acceptance wins.
	Broadcast ReferralMode = "broadcast"
	// Queue sends no offer: agencies find the referral and take it.
	Queue ReferralMode = "queue"
)

// SurvivorOutcome says how a service ended as the survivor sees it.
type SurvivorOutcome string

// The outcomes that a survivor may report.
const (
	Helped            SurvivorOutcome = "helped"
	PartlyHelped      SurvivorOutcome = "partly_helped"
	NotHelped         SurvivorOutcome = "not_helped"
	DeclinedToSay     SurvivorOutcome = "declined_to_say"
	CouldNotBeReached SurvivorOutcome = "could_not_be_reached"
	// NotAskedUnsafe says that to ask her would put her in danger. Nobody asks again for that.
	NotAskedUnsafe SurvivorOutcome = "not_asked_unsafe"
)

// ContactResult says what came of an attempt to reach the survivor.
type ContactResult string

// The results of an attempt.
const (
	Reached       ContactResult = "reached"
	NotReached    ContactResult = "not_reached"
	UnsafeToReach ContactResult = "unsafe_to_reach"
)

// EscalationStep says who is told next that a referral has no answer.
type EscalationStep string

// The rungs of the ladder, from the bottom.
const (
	ToFocalPoint EscalationStep = "focal_point"
	ToSupervisor EscalationStep = "supervisor"
	ToReferring  EscalationStep = "referring_agency"
	ToNetwork    EscalationStep = "network_coordinator"
)

// DeadlineKind says what was not done in time.
type DeadlineKind string

// What a recipient is to do in time.
const (
	ToRespond DeadlineKind = "response"
	ToContact DeadlineKind = "contact"
	ToServe   DeadlineKind = "service"
	// ToLetGo is to say what became of the copies of the data.
	ToLetGo DeadlineKind = "acknowledgement"
)

// ReleaseReason says why an agency is no longer asked.
type ReleaseReason string

// Why a candidate is released.
const (
	ReleasedTaken        ReleaseReason = "taken"
	ReleasedDeclined     ReleaseReason = "declined"
	ReleasedConsentEnded ReleaseReason = "consent_ended"
	ReleasedEnded        ReleaseReason = "ended"
)

// Erasure says what a recipient did with a survivor's data when it had to let
// go of them.
type Erasure string

// What a recipient may do. DataClosed is what this network does by itself; the others
// are what a person of the agency says of its copies.
const (
	// DataDeleted says that the copies were destroyed.
	DataDeleted Erasure = "deleted"
	DataClosed  Erasure = "sealed"
	// DataKeptByLaw says that a law or an order forbids to destroy them.
	DataKeptByLaw Erasure = "kept_by_law"
	// DataKeptByHerWish says that she goes on with the agency herself, and wants it to
	// keep them.
	DataKeptByHerWish Erasure = "kept_by_her_wish"
)

// Worklist names what an agency must do or wait for.
type Worklist string

// The worklists.
const (
	NewWork           Worklist = "new"
	QueuedWork        Worklist = "queue"
	DueSoon           Worklist = "due_soon"
	OverdueWork       Worklist = "overdue"
	WorkInService     Worklist = "in_service"
	WaitingForOutcome Worklist = "waiting_for_outcome"
	ToAcknowledge     Worklist = "to_acknowledge"
	// ConsentEnding is what soon has no consent to stand on.
	ConsentEnding Worklist = "consent_ending"
	// ContactClosed is what waits until her desk says that she may be contacted again.
	ContactClosed Worklist = "contact_closed"
)

// FlowBand is about how many referrals there are. None is in the lowest band, too: that
// somebody asked at all may tell of one person. The lowest band ends below 11, the least number
// that is published.
type FlowBand string

// The bands.
const (
	FewerThan11 FlowBand = "fewer_than_11"
	From11To49  FlowBand = "11_to_49"
	From50To99  FlowBand = "50_to_99"
	From100     FlowBand = "100_to_249"
	From250     FlowBand = "250_to_499"
	From500     FlowBand = "500_to_999"
	From1000Up  FlowBand = "1000_or_more"
)
