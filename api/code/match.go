package code

// Situation is a fact about a survivor. A place may serve only some situations.
type Situation string

// The situations.
const (
	SituationSexualViolence  Situation = "sexual_violence"
	SituationPartnerViolence Situation = "intimate_partner_violence"
	SituationForcedMarriage  Situation = "forced_marriage"
	SituationTrafficking     Situation = "trafficking"
	SituationPregnant        Situation = "pregnant"
	SituationWithChildren    Situation = "with_children"
	SituationUnaccompanied   Situation = "unaccompanied_child"
	SituationDisplaced       Situation = "displaced"
	SituationDisability      Situation = "disability"
)

// Accessibility is what lets her use a place.
type Accessibility string

// The kinds of accessibility.
const (
	AccessWheelchair   Accessibility = "wheelchair"
	AccessSignLanguage Accessibility = "sign_language"
	AccessHearing      Accessibility = "hearing_support"
	AccessVisual       Accessibility = "visual_support"
	AccessEasyLanguage Accessibility = "easy_language"
	AccessFemaleStaff  Accessibility = "female_staff"
	AccessChildcare    Accessibility = "childcare"
	AccessTransport    Accessibility = "transport"
	AccessHomeVisit    Accessibility = "home_visit"
)

// Visibility says who may know of a service, or of where it is.
type Visibility string

// The tiers.
const (
	VisiblePublic   Visibility = "public"
	VisibleNetwork  Visibility = "network"
	VisibleAssigned Visibility = "assigned"
	VisibleNobody   Visibility = "hidden"
)

// Window is something that a clinic or an examiner can do for a limited time
// after the incident.
type Window string

// The windows; package window of the services says how long each is.
const (
	WindowPEP           Window = "hiv_pep"
	WindowContraception Window = "emergency_contraception"
	WindowForensic      Window = "forensic_examination"
	WindowKit           Window = "sexual_assault_kit"
	WindowUrine         Window = "drugs_in_urine"
)

// WindowState says how a window stands, counted from the earliest instant at
// which the incident can have been. It is advice and excludes nothing.
type WindowState string

// The states. Unknown: nobody said when it was, or the country's rule is not
// configured.
const (
	WindowOpen        WindowState = "open"
	WindowClosingSoon WindowState = "closing_soon"
	WindowPast        WindowState = "past"
	WindowUnknown     WindowState = "unknown"
)

// MatchReason says why a place has its rank, or why it has none. Package match
// of the referral service has a sentence for each.
type MatchReason string

// The reasons, in the order in which they count; the last six exclude.
const (
	ConsentInForce       MatchReason = "consent_in_force"
	ConsentMissing       MatchReason = "consent_missing"
	ConsentAskFirst      MatchReason = "consent_ask_first"
	WindowsKept          MatchReason = "windows_kept"
	WindowsNotKnown      MatchReason = "windows_not_known"
	WindowsMissed        MatchReason = "windows_missed"
	OpenNow              MatchReason = "open_now"
	OpensLater           MatchReason = "opens_later"
	HoursUnknown         MatchReason = "hours_unknown"
	NoOpening            MatchReason = "no_opening"
	CapacityAvailable    MatchReason = "capacity_available"
	CapacityUnknown      MatchReason = "capacity_unknown"
	CapacityStale        MatchReason = "capacity_stale"
	CapacityContradicted MatchReason = "capacity_contradicted"
	CapacityWaiting      MatchReason = "capacity_waiting"
	LanguageSpoken       MatchReason = "language_spoken"
	LanguageUnknown      MatchReason = "language_unknown"
	LanguageNotSpoken    MatchReason = "language_not_spoken"
	AreaServed           MatchReason = "area_served"
	AreaPartlyServed     MatchReason = "area_partly_served"
	AreaUnknown          MatchReason = "area_unknown"
	DistanceKnown        MatchReason = "distance_known"
	DistanceUnknown      MatchReason = "distance_unknown"
	PlaceHidden          MatchReason = "place_hidden"
	Accessible           MatchReason = "accessible"
	AccessUnknown        MatchReason = "accessibility_unknown"
	AccessMissing        MatchReason = "accessibility_missing"
	AgeToAsk             MatchReason = "age_to_ask"
	SexToAsk             MatchReason = "sex_to_ask"
	SituationToAsk       MatchReason = "situation_to_ask"
	NotServing           MatchReason = "service_suspended"
	NoCapacity           MatchReason = "no_capacity"
	AreaNotServed        MatchReason = "area_not_served"
	AgeNotServed         MatchReason = "age_not_served"
	SexNotServed         MatchReason = "sex_not_served"
	SituationNotServed   MatchReason = "situation_not_served"
)

// PlanReason says why one service comes before another.
type PlanReason string

// The reasons.
const (
	TracesFirst PlanReason = "traces_first"
	SafetyFirst PlanReason = "safety_first"
)

// PlanStage says how far a service of a sequence has come.
type PlanStage string

// The stages, in order. Wanted: nobody was asked, or nobody took it yet.
const (
	PlanWanted   PlanStage = "wanted"
	PlanUnderway PlanStage = "underway"
	PlanGiven    PlanStage = "given"
	PlanEnded    PlanStage = "ended"
)
