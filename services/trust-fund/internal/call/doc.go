// Package call holds the rules of a call of the trust fund: for which sub-programme it asks, with
// which amounts, durations, countries, questions, criteria and papers, and from when until when.
// It refuses to change a term after it was published, except that a call may close later; and to
// answer a question to one alone.
package call

import "github.com/sanad-network/sanad/pkg/fault"

// Prefix begins the identifier of a call, QuestionPrefix that of a question about one.
const (
	Prefix         = "call"
	QuestionPrefix = "clarification"
)

// Manager is the role of the secretariat, Applicant that of who asks for an agency.
const (
	Manager   = "fund_manager"
	Applicant = "fund_applicant"
)

// What the rules refuse, and why.
var (
	ErrNotFound = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	// ErrTerms refuses terms that contradict each other.
	ErrTerms = fault.New(fault.Invalid, "call_impossible", "The call cannot be as it is described.")
	// ErrPublished refuses to change what applicants rely on.
	ErrPublished = fault.New(fault.Conflict, "call_published", "The call is published, and its terms stand. It can only close later, or be revoked.")
	// ErrNotPublished refuses what only a published call takes.
	ErrNotPublished = fault.New(fault.Conflict, "call_not_published", "The call is a draft, or it was revoked.")
	// ErrClosed refuses what only an open call takes.
	ErrClosed = fault.New(fault.Conflict, "call_closed", "The call was closed at its deadline.")
	// ErrNotOpen refuses what comes before the opening.
	ErrNotOpen = fault.New(fault.Conflict, "call_not_open", "The call is not open yet.")
	// ErrClarification refuses an answer to no question, or a second one.
	ErrClarification = fault.New(fault.Conflict, "clarification_answered", "There is no such question, or it was answered to all.")
)
