package application

import "github.com/sanad-network/sanad/pkg/fault"

// What the rules refuse, and why.
var (
	// ErrNotFound is the answer to whom an application does not concern.
	ErrNotFound = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	// ErrTwice refuses a second application of an agency to a call.
	ErrTwice = fault.New(fault.Conflict, "application_twice", "Your agency has an application to this call already. Go on with that one.")
	// ErrContent refuses what the call does not ask or take. It names each place.
	ErrContent = fault.New(fault.Invalid, "application_invalid", "The application contradicts the call, or itself.")
	// ErrIncomplete refuses to submit what lacks something. It names each place.
	ErrIncomplete = fault.New(fault.Conflict, "application_incomplete", "The application is not complete. Nothing was submitted.")
	// ErrBudget refuses to submit a budget that does not add up to what is requested.
	ErrBudget = fault.New(fault.Conflict, "application_budget", "The budget does not add up to what is requested, or that is not an amount that the call gives. Nothing was submitted.")
	// ErrFull refuses more files than an application may hold.
	ErrFull = fault.New(fault.Conflict, "application_full", "The application holds as many files as it may.")
	// ErrNoFile refuses to name a file that the application does not have.
	ErrNoFile = fault.New(fault.Invalid, "application_file", "The application has no such file.")
	// ErrPaper refuses a paper that the call does not ask for.
	ErrPaper = fault.New(fault.Invalid, "application_paper", "The call does not ask for this paper.")
	// ErrNothing refuses to take back what is not submitted.
	ErrNothing = fault.New(fault.Conflict, "application_not_submitted", "Nothing is submitted.")
	// ErrStage refuses what belongs to another stage.
	ErrStage = fault.New(fault.Conflict, "application_stage", "The application is at another stage.")
	// ErrPart refuses a second part in one application, and any part to the agency that applies.
	ErrPart = fault.New(fault.Forbidden, "application_part", "Who has a part in an application has no other in it, and the agency that applies has none.")
	// ErrFindings refuses a judgement that leaves out a rule, or judges one twice.
	ErrFindings = fault.New(fault.Invalid, "eligibility_findings", "Each rule that a person judges is judged once, with its reason.")
	// ErrCountersign refuses the countersignature of whoever judged.
	ErrCountersign = fault.New(fault.Forbidden, "countersign_other", "Another manager countersigns.")
	// ErrReason refuses to say no without a reason.
	ErrReason = fault.New(fault.Invalid, "reason_missing", "Say why.")
	// ErrAssessorTwice refuses to ask the same person again.
	ErrAssessorTwice = fault.New(fault.Conflict, "assessor_twice", "This person was asked to assess this application before.")
	// ErrAssessors refuses more assessors than are needed.
	ErrAssessors = fault.New(fault.Conflict, "assessors_enough", "The application has the assessors that it needs.")
	// ErrDay refuses a day that has passed.
	ErrDay = fault.New(fault.Invalid, "day_passed", "The day is in the future.")
	// ErrDeclared refuses a second declaration.
	ErrDeclared = fault.New(fault.Conflict, "assessor_declared", "You have declared already. The manager can give the place to somebody else.")
	// ErrUndeclared refuses scores before the declaration.
	ErrUndeclared = fault.New(fault.Conflict, "assessor_undeclared", "First declare whether you have a conflict of interest.")
	// ErrScored refuses what comes after the scores.
	ErrScored = fault.New(fault.Conflict, "assessor_scored", "The scores are in. They are not changed.")
	// ErrScores refuses scores that are not those of the criteria.
	ErrScores = fault.New(fault.Invalid, "scores_invalid", "Each criterion of the call is scored once, from 0 to 100, with its reason.")
	// ErrAmount refuses an amount that cannot be awarded.
	ErrAmount = fault.New(fault.Invalid, "award_amount", "The amount is at least what the call gives, and at most what was requested.")
	// ErrBalance refuses a selection beyond the balance of the fund.
	ErrBalance = fault.New(fault.Conflict, "selection_beyond_balance", "The fund does not have so much beside what is selected already.")
	// ErrNotTrustee refuses a vote of whoever is no trustee at that instant.
	ErrNotTrustee = fault.New(fault.Forbidden, "trustee_not_in_office", "Only a trustee in office votes.")
	// ErrVoted refuses a second vote.
	ErrVoted = fault.New(fault.Conflict, "trustee_voted", "You have voted already. A vote is not changed.")
	// ErrVotes refuses to decide before the trustees have.
	ErrVotes = fault.New(fault.Conflict, "votes_missing", "The trustees have not decided: all of them vote, or three of them until the day that was set.")
	// ErrAgainst refuses to award against the trustees.
	ErrAgainst = fault.New(fault.Conflict, "votes_against", "Not more trustees are for it than against it.")
	// ErrNotSo refuses a reason that is not true of the application.
	ErrNotSo = fault.New(fault.Conflict, "reason_not_so", "This reason is not true of the application.")
	// ErrCommitted refuses to decide otherwise once money is committed.
	ErrCommitted = fault.New(fault.Conflict, "award_committed", "The fund has committed the money.")
)
