package code

// DangerNewsKind is what news of danger is about, as a code: words of it are for her desk alone.
type DangerNewsKind string

// The kinds. He is the one who does violence to her, whoever he is.
const (
	// NewsReleased is that he is free, or is to be.
	NewsReleased DangerNewsKind = "released"
	// NewsOrderServed is that an order of protection was served on him, or is to be.
	NewsOrderServed DangerNewsKind = "order_served"
	// NewsOrderEnded is that an order which protected her holds no more.
	NewsOrderEnded DangerNewsKind = "order_ended"
	// NewsKnowsWhere is that he knows where she is.
	NewsKnowsWhere DangerNewsKind = "knows_where_she_is"
	// NewsNearHer is that he was seen near her.
	NewsNearHer DangerNewsKind = "near_her"
	// NewsThreatens is that he says that he will harm her, or somebody near to her.
	NewsThreatens DangerNewsKind = "threatens"
	NewsOther     DangerNewsKind = "other"
)

// DangerNewsResult is what came of news of danger.
type DangerNewsResult string

// The results. Only the first says that somebody told her.
const (
	NewsTold  DangerNewsResult = "told_her"
	NewsKnown DangerNewsResult = "she_knew"
	// NewsNotReached is that nobody could reach her without putting her in danger.
	NewsNotReached DangerNewsResult = "not_reached_safely"
	NewsNotNeeded  DangerNewsResult = "not_needed"
	// NewsInError is news that was not about her, or was none.
	NewsInError DangerNewsResult = "entered_in_error"
)

// DangerNewsStatus says whether news of danger still waits for somebody.
type DangerNewsStatus string

// The statuses.
const (
	NewsWaits   DangerNewsStatus = "waits"
	NewsSettled DangerNewsStatus = "settled"
)
