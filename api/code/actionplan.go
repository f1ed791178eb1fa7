package code

// Topic is something that she has told, so that nobody needs to ask her for it again. It
// says that she told it, and nothing of what she told.
type Topic string

// The topics.
const (
	TopicWhatHappened Topic = "what_happened"
	TopicInjuries     Topic = "injuries"
	TopicDanger       Topic = "danger"
	TopicChildren     Topic = "children"
	TopicMoney        Topic = "money"
	TopicDocuments    Topic = "documents"
	TopicHealth       Topic = "health"
	TopicLegalHistory Topic = "legal_history"
)

// GoalArea is the part of her life that a goal is about.
type GoalArea string

// The areas.
const (
	GoalSafety    GoalArea = "safety"
	GoalHealth    GoalArea = "health"
	GoalWellbeing GoalArea = "wellbeing"
	GoalJustice   GoalArea = "justice"
	GoalHousing   GoalArea = "housing"
	GoalIncome    GoalArea = "income"
	GoalChildren  GoalArea = "children"
	GoalDocuments GoalArea = "documents"
	OtherGoal     GoalArea = "other"
)

// GoalStatus says how far a goal of an action plan has come.
type GoalStatus string

// The statuses of a goal. A met one and one that she no longer wants stay so.
const (
	GoalOpen      GoalStatus = "open"
	GoalMet       GoalStatus = "met"
	GoalNotWanted GoalStatus = "no_longer_wanted"
)

// StepDoer is who does a step of an action plan.
type StepDoer string

// Who does a step. An agency is named by the referral that it has.
const (
	ByDesk       StepDoer = "desk"
	ByHerself    StepDoer = "survivor"
	DoneByAgency StepDoer = "agency"
)

// StepStatus says how far a step of an action plan has come.
type StepStatus string

// The statuses of a step. All but the first stay so.
const (
	StepOpen      StepStatus = "open"
	StepDone      StepStatus = "done"
	StepNotDone   StepStatus = "not_done"
	StepNotWanted StepStatus = "no_longer_wanted"
)

// StepReason is why a step of an action plan was not done.
type StepReason string

// The reasons. None of them blames her.
const (
	StepNotPossible   StepReason = "not_possible"
	StepNotSafe       StepReason = "not_safe"
	StepNoMeans       StepReason = "no_means"
	StepNobodyDidIt   StepReason = "nobody_did_it"
	StepReferralEnded StepReason = "referral_ended"
	StepOtherWay      StepReason = "done_another_way"
)

// ActionPlanEnd is why an action plan was closed.
type ActionPlanEnd string

// The ends of an action plan: each goal is met or no longer wanted, or she says that it ends.
const (
	GoalsMet ActionPlanEnd = "goals_met"
	SheSaid  ActionPlanEnd = "she_said_so"
)

// OnwardStatus is where an onward referral stands, as the agency that asked may know it.
type OnwardStatus string

// The statuses. The last two stay so.
const (
	OnwardAsked    OnwardStatus = "asked"
	OnwardPassedOn OnwardStatus = "passed_on"
	OnwardNotDone  OnwardStatus = "not_passed_on"
)

// OnwardRefusal is why her desk asks nobody for what an agency found that she needs. The
// agency that asked sees it. No reason names who helps her.
type OnwardRefusal string

// The reasons.
const (
	OnwardSheDecided OnwardRefusal = "she_decided_otherwise"
	OnwardArranged   OnwardRefusal = "arranged_otherwise"
	OnwardNobody     OnwardRefusal = "nobody_to_ask"
	OnwardNotReached OnwardRefusal = "not_reached"
	OnwardNotSafe    OnwardRefusal = "not_safe"
)
