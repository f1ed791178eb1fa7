package code

// ConferenceForm is how a case conference takes place.
type ConferenceForm string

// The forms.
const (
	ConferenceInPerson    ConferenceForm = "in_person"
	ConferenceByTelephone ConferenceForm = "telephone"
	ConferenceByVideo     ConferenceForm = "video"
)

// ConferenceStatus is where a case conference stands.
type ConferenceStatus string

// The statuses. The last two stay so.
const (
	ConferenceProposed  ConferenceStatus = "proposed"
	ConferenceAgreed    ConferenceStatus = "agreed"
	ConferenceHeld      ConferenceStatus = "held"
	ConferenceCalledOff ConferenceStatus = "called_off"
)

// ConferenceAnswer is what an agency that is invited to a case conference says.
type ConferenceAnswer string

// The answers. None has a reason: it would be a word about her, or about who else comes.
const (
	ConferenceAttends ConferenceAnswer = "attends"
	ConferenceAbsent  ConferenceAnswer = "does_not_attend"
)

// ConferenceCallOff is why a case conference does not take place. Her desk alone sees it.
type ConferenceCallOff string

// The reasons.
const (
	ConferenceSheDecided  ConferenceCallOff = "she_decided_otherwise"
	ConferenceNotSafe     ConferenceCallOff = "not_safe"
	ConferenceAnotherTime ConferenceCallOff = "another_time"
	ConferenceTooFew      ConferenceCallOff = "too_few_attend"
	ConferenceNotNeeded   ConferenceCallOff = "not_needed"
)
