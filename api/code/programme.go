package code

// ProgrammeStatus says whether a lawyer stands behind a version of a programme.
type ProgrammeStatus string

// The statuses. A proposal is for training only.
const (
	Proposal ProgrammeStatus = "proposal"
	Signed   ProgrammeStatus = "signed"
)
