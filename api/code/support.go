package code

// Instrument is a questionnaire that a counsellor asks again and again. The network ships item
// numbers, scoring and bands; a programme installs the texts.
type Instrument string

// The instruments.
const (
	PHQ9 Instrument = "phq_9"
	GAD7 Instrument = "gad_7"
	WHO5 Instrument = "who_5"
	PCL5 Instrument = "pcl_5"
)

// InstrumentBand is the reading of a score, where an instrument has one. PCL-5 has none.
type InstrumentBand string

// The bands of PHQ-9 and GAD-7, and the one of WHO-5.
const (
	BandMinimal          InstrumentBand = "minimal"
	BandMild             InstrumentBand = "mild"
	BandModerate         InstrumentBand = "moderate"
	BandModeratelySevere InstrumentBand = "moderately_severe"
	BandSevere           InstrumentBand = "severe"
	// BandLow is a low well-being (WHO-5). A higher one has no band.
	BandLow InstrumentBand = "low_wellbeing"
)

// InstrumentChange is how a score compares with an earlier one of the same instrument, by the
// change that counts for the programme.
type InstrumentChange string

// The changes. A smaller one is no news in either direction.
const (
	ChangeImproved  InstrumentChange = "improved"
	ChangeWorsened  InstrumentChange = "worsened"
	ChangeTooSmall  InstrumentChange = "too_small_to_count"
	ChangeNoEarlier InstrumentChange = "no_earlier_score"
)

// RiskTask is how the task stands that an answer about death or self-harm opened.
type RiskTask string

// The states of the task. There is none that says that she is at no risk.
const (
	RiskWaiting  RiskTask = "waiting"
	RiskTaken    RiskTask = "taken"
	RiskAssessed RiskTask = "assessed"
)

// RiskStep is what somebody does about the task.
type RiskStep string

// The steps.
const (
	TakeRisk   RiskStep = "take"
	AssessRisk RiskStep = "assess"
)

// FollowUpResult is what came of a follow-up that she agreed to. None says anything against her.
type FollowUpResult string

// The results.
const (
	FollowUpReached    FollowUpResult = "reached"
	FollowUpNotReached FollowUpResult = "not_reached"
	FollowUpWantsMore  FollowUpResult = "wants_support"
	FollowUpWantsNone  FollowUpResult = "wants_no_more"
)

// SafetyShare is how the safety plan was shared with her, as she wishes.
type SafetyShare string

// A copy on paper or on a telephone can be found: she says whether she has one.
const (
	SafetyNotShared SafetyShare = "not_shared"
	SafetyReadWith  SafetyShare = "read_with_her"
	SafetyCopyGiven SafetyShare = "copy_given"
	SafetyCopyKept  SafetyShare = "copy_kept_here"
)

// PlanDuty is something that waits in a support plan for its worker.
type PlanDuty string

// The duties.
const (
	DutyRisk        PlanDuty = "risk_answer"
	DutyAppointment PlanDuty = "appointment"
	DutyGoalReview  PlanDuty = "goal_review"
	DutyFollowUp    PlanDuty = "follow_up"
)

// WaitingReason is why a plan that nobody has stands behind the one before it.
type WaitingReason string

// The reasons: nothing else orders the list.
const (
	WaitingFirst      WaitingReason = "first"
	WaitingLessUrgent WaitingReason = "less_urgent"
	WaitingCameLater  WaitingReason = "came_later"
)

// Dependant is somebody who stays with her in a shelter. It says neither sex nor age in years.
type Dependant string

// The kinds of dependant.
const (
	DependantInfant     Dependant = "infant"
	DependantChild      Dependant = "child"
	DependantAdolescent Dependant = "adolescent"
	DependantAdult      Dependant = "adult_who_needs_care"
	DependantOlder      Dependant = "older_relative"
)

// PlacementStatus is how a stay in a shelter stands.
type PlacementStatus string

// The statuses.
const (
	PlacementOngoing PlacementStatus = "ongoing"
	PlacementOver    PlacementStatus = "over"
)

// PlacementEnd is why a stay in a shelter ended. It is not told outside the room.
type PlacementEnd string

// The ends of a stay.
const (
	EndOwnHousing   PlacementEnd = "own_housing"
	EndFamily       PlacementEnd = "family_or_friends"
	EndWentBack     PlacementEnd = "went_back"
	EndOtherShelter PlacementEnd = "other_shelter"
	EndNotSafe      PlacementEnd = "not_safe_here"
	EndLeft         PlacementEnd = "left_without_saying"
	EndNeverCame    PlacementEnd = "never_came"
	EndInError      PlacementEnd = "entered_in_error"
)
