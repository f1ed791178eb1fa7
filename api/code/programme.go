package code

// ProgrammeStatus says whether a lawyer stands behind a version of a programme.
type ProgrammeStatus string

// The statuses. A proposal is for training only.
const (
	Proposal ProgrammeStatus = "proposal"
	Signed   ProgrammeStatus = "signed"
)

// FirstAsk is what a desk asks of her when it opens a case. A programme says in which order
// each door asks. Nothing on the list is required.
type FirstAsk string

// What is asked first. Each is written down by itself, so that a call that ends loses nothing.
const (
	AskDanger    FirstAsk = "danger"
	AskContact   FirstAsk = "contact"
	AskBlocks    FirstAsk = "must_not_meet"
	AskNeeds     FirstAsk = "needs"
	AskHappened  FirstAsk = "happened"
	AskIncident  FirstAsk = "incident"
	AskName      FirstAsk = "name"
	AskSurvivor  FirstAsk = "survivor"
	AskNarrative FirstAsk = "narrative"
)
