package code

// GranteeAnswer is what she said when the grant of an agency that helps her was suspended.
type GranteeAnswer string

// The answers. Neither moves anything: another agency is asked on a new consent.
const (
	StaysWithWorker GranteeAnswer = "stays"
	WantsAnother    GranteeAnswer = "wants_another"
)
