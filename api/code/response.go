package code

// ResponseGround is why a response team may go to her.
type ResponseGround string

// A team goes on her yes, or on what a named person records of immediate danger to life.
const (
	OnHerYes          ResponseGround = "her_yes"
	OnImmediateDanger ResponseGround = "immediate_danger"
)

// LifeDanger is what a named person records of immediate danger to life.
type LifeDanger string

// The dangers.
const (
	AttackNow       LifeDanger = "attack_now"
	WeaponThere     LifeDanger = "weapon_there"
	DeathThreatNow  LifeDanger = "death_threat_now"
	HeldAgainstWill LifeDanger = "held_against_her_will"
	SevereInjury    LifeDanger = "severe_injury"
	ChildInDanger   LifeDanger = "child_in_danger"
)

// DangerLaw is the kind of law that permits to send a team without her yes.
type DangerLaw string

// The laws.
const (
	ViolenceLaw DangerLaw = "violence_law"
	PoliceLaw   DangerLaw = "police_law"
	CriminalLaw DangerLaw = "criminal_law"
	ChildLaw    DangerLaw = "child_law"
	HealthLaw   DangerLaw = "health_law"
)

// ResponseStatus is how far an alert has come.
type ResponseStatus string

// The states of an alert.
const (
	ResponseAlerting     ResponseStatus = "alerted"
	ResponseAcknowledged ResponseStatus = "acknowledged"
	ResponseOnTheWay     ResponseStatus = "on_the_way"
	ResponseWithHer      ResponseStatus = "with_her"
	ResponseShowing      ResponseStatus = "options_shown"
	ResponseStoodDown    ResponseStatus = "stood_down"
	ResponseCalledOff    ResponseStatus = "called_off"
	ResponseUnanswered   ResponseStatus = "unanswered"
	ResponseSigned       ResponseStatus = "signed"
)

// ResponseRung says whom a step of an alert asks.
type ResponseRung string

// The steps: a member of a team, or the coordination of the district.
const (
	RungMember   ResponseRung = "member"
	RungDistrict ResponseRung = "district"
)

// ResponseOption is what a team shows her that she can do now.
type ResponseOption string

// The options. To choose none is always one.
const (
	OptionSafePlace       ResponseOption = "safe_place"
	OptionHealthCare      ResponseOption = "health_care"
	OptionPolice          ResponseOption = "police_report"
	OptionProtectionOrder ResponseOption = "protection_order"
	OptionSupport         ResponseOption = "psychosocial_support"
	OptionSafetyPlan      ResponseOption = "safety_plan"
	OptionTrustedPerson   ResponseOption = "trusted_person"
)

// ResponseResult is how an alert ended.
type ResponseResult string

// The results. NobodyCame is signed by a person of the district.
const (
	SafeWhereSheIs ResponseResult = "safe_where_she_is"
	TakenToSafety  ResponseResult = "taken_to_safety"
	TakenToCare    ResponseResult = "taken_to_care"
	SheWantsNoHelp ResponseResult = "wants_no_help"
	NotSeen        ResponseResult = "not_seen"
	NobodyCame     ResponseResult = "nobody_came"
)

// UnseenReason is why she was not seen.
type UnseenReason string

// The reasons.
const (
	NotThere      UnseenReason = "not_there"
	PlaceNotFound UnseenReason = "place_not_found"
	NotLetIn      UnseenReason = "not_let_in"
	UnsafeToGo    UnseenReason = "not_safe_to_approach"
	NobodyAnswers UnseenReason = "nobody_answered"
	NobodyOnCall  UnseenReason = "nobody_on_call"
	NoTransport   UnseenReason = "no_transport"
)
