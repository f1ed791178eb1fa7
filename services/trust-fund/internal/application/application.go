// Package application holds the rules of an application to the trust fund, from its draft to the
// decision: what an agency writes and submits, who judges and assesses it, and how the trustees
// vote. It refuses to show a score before all of them are in, a vote to a trustee who has not
// voted, and an application to anybody of the fund before its call is over.
//
// The stages are those of the fund (guidelines of the third grant cycle, UNODC): eligibility,
// technical assessment, provisional selection, trustees, award. That two assessors do not see each
// other's scores, that a third is asked when they differ, that eligibility is countersigned, and that
// three trustees are a quorum, is our design and found in no source.
package application

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// Prefix begins the identifier of every application.
const Prefix = "application"

// ID is the one application of an agency to a call.
func ID(call, agency string) string { return fact.ID(Prefix, call+" "+agency) }

// Application is what one agency applies for under one call.
type Application struct {
	ID     string
	Call   string
	Agency string
	// Draft is what the agency works on, Papers the current file of each paper.
	Draft  Content
	Files  []vault.File
	Papers []Paper
	// Changed says that the draft is not what was submitted.
	Changed bool
	// Writers are the people of the agency who wrote it.
	Writers []string
	// Submitted is what stands; nil for nothing.
	Submitted *Submitted
	Eligibility
	Places []Place
	// Result is nil until all scores are in.
	Result    *Result
	Selection *Selection
	Votes     []Vote
	Decision  *Decision
	// call is nothing that happened to the application: it is looked up each time.
	call look.Fresh[call.Call]
}

// Under is the application as it stands under its call. Who sees it and what it takes hang on the
// call's deadline, which may be moved. Of no call nothing is open, and nothing is over.
func (a Application) Under(c look.Fresh[call.Call]) Application {
	a.call = c
	return a
}

// terms is the call as it is now.
func (a Application) terms() call.Call { return a.call.Value() }

// Status says how far it has come.
func (a Application) Status() code.ApplicationStatus {
	switch {
	case a.Decision != nil && a.Decision.Awarded:
		return code.ApplicationAwarded
	case a.Decision != nil:
		return code.ApplicationNotAwarded
	case a.Selection != nil:
		return code.ApplicationSelected
	case a.Result != nil:
		return code.ApplicationAssessed
	case a.countersigned() && a.eligible():
		return code.ApplicationEligible
	case a.countersigned():
		return code.ApplicationNotEligible
	case a.Submitted != nil:
		return code.ApplicationSubmitted
	default:
		return code.ApplicationDraft
	}
}

// Evolve is the application after an event.
func (a Application) Evolve(e fact.Event) Application {
	switch d := e.Data.(type) {
	case trustfundv1.ApplicationStarted:
		begun, _ := e.Private.(Started)
		a = Application{ID: d.Application, Call: d.Call, Agency: d.Agency, call: a.call, Writers: []string{begun.By}}
	case trustfundv1.ApplicationSaved:
		written, _ := e.Private.(Written)
		a.Draft, a.Changed = written.Content, true
		a.Writers = with(a.Writers, written.By)
	case trustfundv1.ApplicationFileStored:
		file, _ := e.Private.(vault.File)
		a.Files = append(slices.Clip(a.Files), file)
	case trustfundv1.ApplicationPaperNamed:
		paper, _ := e.Private.(Paper)
		a.Papers, a.Changed = paper.among(a.Papers), true
	case trustfundv1.ApplicationSubmitted:
		said, _ := e.Private.(Final)
		a.Submitted = &Submitted{Content: a.Draft, Papers: a.papers(), Receipt: Receipt{Number: d.Receipt, At: e.At, SHA256: said.SHA256}}
		a.Changed, a.Writers = false, with(a.Writers, said.By)
	case trustfundv1.ApplicationTakenBack:
		a.Submitted, a.Changed = nil, true
	case trustfundv1.EligibilityJudged:
		judged, _ := e.Private.(Judged)
		a.Eligibility = Eligibility{Judged: judged, At: e.At}
	case trustfundv1.EligibilityCountersigned:
		signed, _ := e.Private.(Countersigned)
		a.Eligibility = a.Eligibility.after(signed)
	case trustfundv1.AssessorAssigned:
		asked, _ := e.Private.(Asked)
		a.Places = append(slices.Clip(a.Places), Place{Number: d.Place, Asked: asked})
	case trustfundv1.AssessorDeclared:
		said, _ := e.Private.(Declared)
		a = a.place(d.Place, func(p *Place) { p.Declared = said })
	case trustfundv1.AssessorFreed:
		freed, _ := e.Private.(Freed)
		a = a.place(d.Place, func(p *Place) { p.Freed = &freed })
	case trustfundv1.ApplicationScored:
		scored, _ := e.Private.(Scored)
		a = a.place(d.Place, func(p *Place) { p.Scored = &scored })
	case trustfundv1.ApplicationAssessed:
		result, _ := e.Private.(Result)
		a.Result = &result
	case trustfundv1.ApplicationSelected:
		selection, _ := e.Private.(Selection)
		a.Selection = &selection
	case trustfundv1.TrusteeVoted:
		vote, _ := e.Private.(Vote)
		a.Votes = append(slices.Clip(a.Votes), vote)
	case trustfundv1.ApplicationAwarded:
		awarded, _ := e.Private.(Awarded)
		a.Decision = &Decision{Awarded: true, AmountCents: awarded.AmountCents, At: e.At}
	case trustfundv1.ApplicationNotAwarded:
		refused, _ := e.Private.(Refused)
		a.Decision = &Decision{Refused: refused, At: e.At}
	}
	return a
}

// with is a list in which a person is once.
func with(people []string, one string) []string {
	if slices.Contains(people, one) {
		return people
	}
	return append(slices.Clip(people), one)
}

// Exists says whether it was begun.
func (a Application) Exists() bool { return a.ID != "" }

// Case is the application itself: it belongs to no case of a survivor. So it and its files have a
// data key of their own, which can be erased without any other.
func (a Application) Case() string { return a.ID }

// Closed says whether it is decided.
func (a Application) Closed() bool {
	return a.Decision != nil || a.Status() == code.ApplicationNotEligible
}

// Deadlines are none: each rule compares the instant of its commit with the call, so that no clock
// that is late makes anything later. What is overdue stands on the manager's list.
func (a Application) Deadlines() []fact.Deadline { return nil }

// of names the application in an event.
func (a Application) of() trustfundv1.OfApplication {
	return trustfundv1.OfApplication{Application: a.ID}
}
