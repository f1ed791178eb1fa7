package application

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/vault"
)

// View is an application as one person may see it. What they may not see is left out.
type View struct {
	ID     string                 `json:"id"`
	Call   string                 `json:"call"`
	Agency string                 `json:"agency"`
	Status code.ApplicationStatus `json:"status"`
	// Name, Country and RequestedCents are what somebody needs to know of a conflict of interest.
	Name           string       `json:"name,omitempty"`
	Country        code.Country `json:"country,omitempty"`
	RequestedCents int64        `json:"requested_cents,omitempty"`
	// Content is the draft for the agency, and for the fund what was submitted.
	Content *Content `json:"content,omitempty"`
	Papers  []Handed `json:"papers,omitempty"`
	// Files are all that the agency gave.
	Files []vault.Content `json:"files,omitempty"`
	// Changed says that the draft is not what was submitted.
	Changed     bool             `json:"changed,omitempty"`
	Receipt     *Receipt         `json:"receipt,omitempty"`
	Eligibility *EligibilityView `json:"eligibility,omitempty"`
	// Assessors are the places, for the managers.
	Assessors []AssessorView `json:"assessors,omitempty"`
	// ThirdNeeded says that two totals differ by more than the call says.
	ThirdNeeded bool `json:"third_needed,omitempty"`
	// Own is the reader's own place as an assessor.
	Own       *AssessorView  `json:"own,omitempty"`
	Result    *ResultView    `json:"result,omitempty"`
	Selection *SelectionView `json:"selection,omitempty"`
	Voting    *VotingView    `json:"voting,omitempty"`
	Decision  *DecisionView  `json:"decision,omitempty"`
}

// EligibilityView is what was found of each rule. Who judged, the fund's people see.
type EligibilityView struct {
	Findings      []Finding `json:"findings,omitempty"`
	Judge         string    `json:"judge,omitempty"`
	JudgedAt      time.Time `json:"judged_at,omitzero"`
	Countersigner string    `json:"countersigner,omitempty"`
	// Disagreed is why another manager did not agree with what was judged before.
	Disagreed string `json:"disagreed,omitempty"`
}

// AssessorView is one place for an assessor. It holds no score of anybody but the reader.
type AssessorView struct {
	Place    int                      `json:"place"`
	Assessor string                   `json:"assessor"`
	Due      time.Time                `json:"due"`
	Interest code.AssessorDeclaration `json:"interest,omitempty"`
	Words    string                   `json:"words,omitempty"`
	Freed    string                   `json:"freed,omitempty"`
	Scored   bool                     `json:"scored"`
	Overdue  bool                     `json:"overdue"`
	// Scores are the reader's own.
	Scores          []Score `json:"scores,omitempty"`
	TotalHundredths *int    `json:"total_hundredths,omitempty"`
}

// ResultView is what the assessment gave, once all scores are in. A total is in hundredths of a point.
type ResultView struct {
	TotalHundredths int              `json:"total_hundredths"`
	Assessments     []AssessmentView `json:"assessments"`
}

// AssessmentView is what one assessor scored. Counts says that the result is made of it.
type AssessmentView struct {
	Place           int     `json:"place"`
	TotalHundredths int     `json:"total_hundredths"`
	Counts          bool    `json:"counts"`
	Scores          []Score `json:"scores"`
}

// SelectionView is what the manager proposes.
type SelectionView struct {
	AmountCents int64     `json:"amount_cents"`
	Reason      string    `json:"reason"`
	VoteBy      time.Time `json:"vote_by"`
}

// VotingView is how far the vote has come. A trustee sees the votes of others after their own, a
// manager from the quorum on.
type VotingView struct {
	Cast   int        `json:"cast"`
	Quorum int        `json:"quorum"`
	Votes  []VoteView `json:"votes,omitempty"`
}

// VoteView is one vote.
type VoteView struct {
	Trustee string           `json:"trustee"`
	Vote    code.TrusteeVote `json:"vote"`
	Reason  string           `json:"reason"`
}

// DecisionView is how it ended.
type DecisionView struct {
	AmountCents int64                 `json:"amount_cents,omitempty"`
	Reason      code.NotAwardedReason `json:"reason,omitempty"`
	Words       string                `json:"words,omitempty"`
	At          time.Time             `json:"at"`
}

// A sight is as what somebody sees an application.
type sight uint8

const (
	nothing sight = iota
	theirs
	undeclared
	assessing
	voting
	managing
)

// sees says as what somebody sees it. Who has several roles sees it by the part that they have in it,
// and the narrowest comes first: the agency's own people, assessors, trustees, managers.
func (a Application) sees(by fact.By) sight {
	switch place := a.assessor(by.Principal); {
	case !a.Exists():
		return nothing
	case by.System():
		return managing
	case by.Agency == a.Agency:
		if is(by, applicant) {
			return theirs
		}
		return nothing
	case !a.over(by.At), a.stoodAside(by.Principal), place != nil && !place.held():
		return nothing
	case place != nil && place.Interest == "":
		return undeclared
	case place != nil:
		return assessing
	case is(by, trustee) && a.Selection != nil:
		return voting
	case is(by, manager):
		return managing
	}
	return nothing
}

// Visible says whether somebody may know of it.
func (a Application) Visible(by fact.By) bool { return a.sees(by) != nothing }

// View is the application as somebody may see it.
func (a Application) View(by fact.By) any { return a.view(by) }

func (a Application) view(by fact.By) View {
	v := View{ID: a.ID, Call: a.Call, Agency: a.Agency, Status: a.Status()}
	as := a.sees(by)
	if as == theirs {
		return a.toThem(v)
	}
	s := a.Submitted
	if as == nothing || s == nil { // who declared a conflict a moment ago
		v.Status = code.ApplicationSubmitted
		return v
	}
	v.Name, v.Country, v.RequestedCents = s.Organisation.Name, s.Country, s.RequestedCents
	if as == undeclared || as == assessing {
		own := a.assessor(by.Principal).view(by.At)
		v.Own, v.Status = &own, code.ApplicationEligible // what came after their part is not theirs to see
	}
	if as == undeclared {
		return v
	}
	v.Content, v.Papers, v.Receipt = &s.Content, s.Papers, &s.Receipt
	if as == assessing {
		own := a.assessor(by.Principal)
		if own.Scored != nil {
			v.Own.Scores, v.Own.TotalHundredths = own.Scored.Scores, &own.Scored.Total
		}
		return v
	}
	v.Eligibility = a.Eligibility.view()
	if as == managing {
		for _, p := range a.Places {
			v.Assessors = append(v.Assessors, p.view(by.At))
		}
		v.ThirdNeeded = len(a.active()) < a.needed() && a.needed() == 3
	}
	v.Result, v.Selection, v.Decision = a.resultView(), a.Selection.view(), a.Decision.view()
	if a.Selection != nil {
		v.Voting = &VotingView{Cast: a.cast(), Quorum: Quorum}
		if a.Decision != nil || as == voting && a.voted(by.Principal) || as == managing && a.cast() >= Quorum {
			for _, vote := range a.Votes {
				v.Voting.Votes = append(v.Voting.Votes, VoteView{vote.Trustee, vote.Cast.Vote, vote.Cast.Reason})
			}
		}
	}
	return v
}

// toThem is what the agency sees: what it wrote, its receipt, and the decision with its reasons. It sees
// no score, nobody's name, and not how far the fund's work has come.
func (a Application) toThem(v View) View {
	draft := a.Draft
	v.Name, v.Country, v.RequestedCents = draft.Organisation.Name, draft.Country, draft.RequestedCents
	v.Content, v.Papers, v.Changed = &draft, a.papers(), a.Changed
	for _, f := range a.Files {
		v.Files = append(v.Files, f.Content)
	}
	if a.Submitted != nil {
		receipt := a.Submitted.Receipt
		v.Receipt = &receipt
	}
	switch v.Status {
	case code.ApplicationNotEligible:
		v.Eligibility = &EligibilityView{Findings: a.Findings}
	case code.ApplicationAwarded, code.ApplicationNotAwarded:
		v.Decision = a.Decision.view()
	case code.ApplicationDraft:
	default:
		v.Status = code.ApplicationSubmitted
	}
	return v
}

func (e Eligibility) view() *EligibilityView {
	v := EligibilityView{Findings: e.Findings, Judge: e.Judged.By, JudgedAt: e.At, Countersigner: e.Countersigner}
	if e.Disagreed != nil {
		v.Disagreed = e.Disagreed.Reason
	}
	if v.Judge == "" && v.Disagreed == "" {
		return nil
	}
	return &v
}

func (p Place) view(now time.Time) AssessorView {
	v := AssessorView{
		Place: p.Number, Assessor: p.Assessor, Due: p.Due, Interest: p.Interest, Words: p.Words,
		Scored: p.Scored != nil, Overdue: p.waits() && p.Due.Before(now),
	}
	if p.Freed != nil {
		v.Freed = p.Freed.Reason
	}
	return v
}

// resultView is nil until all scores are in.
func (a Application) resultView() *ResultView {
	if a.Result == nil {
		return nil
	}
	v := ResultView{TotalHundredths: a.Result.Total}
	for _, p := range a.active() {
		if p.Scored != nil {
			v.Assessments = append(v.Assessments, AssessmentView{
				Place: p.Number, TotalHundredths: p.Scored.Total, Counts: slices.Contains(a.Result.Places, p.Number), Scores: p.Scored.Scores,
			})
		}
	}
	return &v
}

func (s *Selection) view() *SelectionView {
	if s == nil {
		return nil
	}
	return &SelectionView{AmountCents: s.AmountCents, Reason: s.Reason, VoteBy: s.VoteBy}
}

func (d *Decision) view() *DecisionView {
	if d == nil {
		return nil
	}
	return &DecisionView{AmountCents: d.AmountCents, Reason: d.Reason, Words: d.Words, At: d.At}
}

// ReceiptView is the receipt beside all over which its hash was made.
type ReceiptView struct {
	Application string `json:"application"`
	Call        string `json:"call"`
	Agency      string `json:"agency"`
	Receipt
	Content Content  `json:"content"`
	Papers  []Handed `json:"papers"`
}

// Receipted gives the agency its receipt, as often as it asks, and the same each time. Errors:
// ErrNotFound, ErrNothing.
func (a Application) Receipted(by fact.By) (ReceiptView, error) {
	if err := a.isTheirs(by); err != nil {
		return ReceiptView{}, err
	}
	s := a.Submitted
	if s == nil {
		return ReceiptView{}, ErrNothing
	}
	return ReceiptView{Application: a.ID, Call: a.Call, Agency: a.Agency, Receipt: s.Receipt, Content: s.Content, Papers: s.Papers}, nil
}

// File gives a file to the agency, and one that was submitted to those of the fund who see what was.
func (a Application) File(by fact.By, id string) (vault.File, bool) {
	f, there := a.file(id)
	switch a.sees(by) {
	case theirs:
		return f, there
	case assessing, voting, managing:
		return f, there && slices.ContainsFunc(a.Submitted.Papers, func(h Handed) bool { return h.File == id })
	default:
		return vault.File{}, false
	}
}

// Tells says whether somebody may see in the history what an agency did. The managers see all of it: no
// line tells a score or a vote. An agency sees what it did itself, and the decision; assessors and
// trustees see what their own agency did.
func (a Application) Tells(by fact.By, agency, event string) bool {
	switch a.sees(by) {
	case managing:
		return true
	case theirs:
		return agency == a.Agency || slices.Contains(decisions, event)
	case assessing, voting:
		return agency == by.Agency
	default:
		return false
	}
}
