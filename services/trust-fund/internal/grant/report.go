package grant

import (
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

// Narrated is what a grantee writes under a heading.
type Narrated struct {
	Heading code.GrantReportHeading `json:"heading"`
	Text    string                  `json:"text"`
}

// Reporting is the narrative and financial report on an instalment. It has no place for a number of
// services: nobody can compare it with what the network counts.
type Reporting struct {
	Instalment int        `json:"instalment"`
	Narrative  []Narrated `json:"narrative"`
	// SpentCents is what the lines add up to.
	SpentCents int64    `json:"spent_cents"`
	Spending   []Line   `json:"spending"`
	Papers     []string `json:"papers,omitempty"`
}

// Said is the private half of GrantReportSubmitted.
type Said struct {
	Narrative  []Narrated `json:"narrative"`
	SpentCents int64      `json:"spent_cents"`
	Spending   []Line     `json:"spending"`
	Papers     []string   `json:"papers,omitempty"`
	By         string     `json:"by"`
	At         time.Time  `json:"at"`
}

// Accept accepts a report.
type Accept struct {
	Instalment int `json:"instalment"`
}

// SendBack asks for a report anew.
type SendBack struct {
	Instalment int                   `json:"instalment"`
	Fault      code.GrantReportFault `json:"fault"`
	Words      string                `json:"words"`
	// Due is the last day for it.
	Due string `json:"due"`
}

// Judged is the private half of GrantReportAccepted and GrantReportSentBack.
type Judged struct {
	By    string                `json:"by"`
	Fault code.GrantReportFault `json:"fault,omitempty"`
	Words string                `json:"words,omitempty"`
	// Due is the first instant at which the report is late.
	Due time.Time `json:"due,omitzero"`
}

// StorePaper keeps a paper of the grantee, which a report can name. Errors: ErrNotGrantee,
// ErrReportNotExpected, ErrPapers.
func (g Grant) StorePaper(by fact.By, file vault.File, _ struct{}) ([]fact.Event, error) {
	if err := g.mayReport(by); err != nil {
		return nil, err
	}
	if len(g.Papers) >= mostPapers {
		return nil, ErrPapers
	}
	return fact.With(trustfundv1.GrantPaperStored{GrantStep: g.step()}, file), nil
}

// SubmitReport takes the report on the last payment. It is taken while the grant is suspended, too: a
// missing report may be why. Errors: ErrNotGrantee, ErrReportNotExpected, ErrReport.
func (g Grant) SubmitReport(by fact.By, cmd Reporting) ([]fact.Event, error) {
	if err := g.mayReport(by); err != nil {
		return nil, err
	}
	if cmd.Instalment != g.expected() {
		return nil, ErrReportNotExpected
	}
	for n, heading := range code.GrantReportHeadings {
		if n >= len(cmd.Narrative) || cmd.Narrative[n].Heading != heading || cmd.Narrative[n].Text == "" {
			return nil, ErrReport.At("/narrative", "each heading once, in their order")
		}
	}
	if len(cmd.Narrative) > len(code.GrantReportHeadings) {
		return nil, ErrReport.At("/narrative", "each heading once, in their order")
	}
	if err := g.spending(cmd); err != nil {
		return nil, err
	}
	for n, id := range cmd.Papers {
		if !slices.ContainsFunc(g.Papers, func(p Paper) bool { return p.ID == id }) || slices.Contains(cmd.Papers[:n], id) {
			return nil, ErrReport.At("/papers/"+strconv.Itoa(n), "a paper of this grant, once")
		}
	}
	return fact.With(trustfundv1.GrantReportSubmitted{GrantReportStep: g.reportStep(cmd.Instalment)}, Said{
		Narrative: cmd.Narrative, SpentCents: cmd.SpentCents, Spending: cmd.Spending, Papers: cmd.Papers, By: by.Principal, At: by.At,
	}), nil
}

// spending refuses what does not add up, what no budget line is for, and what nobody paid.
func (g Grant) spending(cmd Reporting) error {
	if at, ok := adds(cmd.Spending, cmd.SpentCents); !ok {
		return ErrReport.At("/spending"+at, "each line once, above zero, and together what was spent")
	}
	for n, l := range cmd.Spending {
		if !slices.ContainsFunc(g.Budget, func(b Line) bool { return b.Line == l.Line }) {
			return ErrReport.At("/spending/"+strconv.Itoa(n)+"/line", "a line of the budget")
		}
	}
	if cmd.SpentCents > g.PaidCents()-g.spentCents() {
		return ErrReport.At("/spent_cents", "no more than was paid")
	}
	return nil
}

func (g Grant) mayReport(by fact.By) error {
	if err := g.grantee(by); err != nil {
		return err
	}
	if g.expected() == 0 || g.Status == code.GrantClosed {
		return ErrReportNotExpected
	}
	return nil
}

// AcceptReport opens the way to the next payment. Errors: ErrNotManager, ErrReportNotIn.
func (g Grant) AcceptReport(by fact.By, cmd Accept) ([]fact.Event, error) {
	if err := g.mayJudge(by); err != nil {
		return nil, err
	}
	if !g.submitted(cmd.Instalment) {
		return nil, ErrReportNotIn
	}
	return fact.With(trustfundv1.GrantReportAccepted{GrantReportStep: g.reportStep(cmd.Instalment)}, Judged{By: by.Principal}), nil
}

// SendReportBack asks for it anew by a day, with a reason. The grantee is told that something waits.
// Errors: ErrNotManager, ErrReportNotIn, ErrDay.
func (g Grant) SendReportBack(by fact.By, cmd SendBack) ([]fact.Event, error) {
	if err := g.mayJudge(by); err != nil {
		return nil, err
	}
	if !g.submitted(cmd.Instalment) {
		return nil, ErrReportNotIn
	}
	last, err := vienna.Day(cmd.Due)
	if err != nil || cmd.Due <= vienna.Of(by.At) {
		return nil, ErrDay.At("/due", "a day to come")
	}
	judged := Judged{By: by.Principal, Fault: cmd.Fault, Words: cmd.Words, Due: vienna.After(last, 0, 0, 1)}
	events := fact.With(trustfundv1.GrantReportSentBack{GrantReportStep: g.reportStep(cmd.Instalment)}, judged)
	return append(events, g.await()...), nil
}

func (g Grant) submitted(instalment int) bool {
	return instalment > 0 && instalment <= g.Paid && g.Reports[instalment-1].Status == code.ReportSubmitted
}

func (g Grant) mayJudge(by fact.By) error {
	if err := g.manager(by); err != nil {
		return err
	}
	if !slices.ContainsFunc(g.Reports, func(r Report) bool { return r.Status == code.ReportSubmitted }) {
		return ErrReportNotIn
	}
	return nil
}

// ReportDue says that the day of a report passed without it. It stands on the lists of both parts, and
// the grantee is told that something waits.
func (g Grant) ReportDue(by fact.By) ([]fact.Event, error) {
	if !g.Overdue(by.At) || g.Reports[g.expected()-1].Late {
		return nil, nil
	}
	events := fact.Of(trustfundv1.GrantReportOverdue{GrantReportStep: g.reportStep(g.expected())})
	return append(events, g.await()...), nil
}

func (g Grant) await() []fact.Event {
	return fact.Of(trustfundv1.GranteeAwaited{Awaited: staff.Awaited{Agency: g.Agency}})
}
