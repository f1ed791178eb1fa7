package grant_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/trust-fund/internal/grant"
	"github.com/sanad-network/sanad/services/trust-fund/internal/ledger"
	"github.com/sanad-network/sanad/services/trust-fund/internal/vienna"
)

const application = "application_7hq8m2w5v9k3c1x0z4b6n8d2ft"

var now = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)

func manager(n string, at time.Time) fact.By {
	return fact.By{Principal: "manager-" + n, Agency: "fund-secretariat", Roles: []string{"fund_manager"}, At: at}
}

func grantee(at time.Time) fact.By {
	return fact.By{Principal: "ngo-person", Agency: "open-door", Roles: []string{"fund_applicant"}, At: at}
}

func award() grant.On {
	return grant.On{Award: look.Made(grant.Award{
		Agency: "open-door", Country: "GT", Call: "call_1", SubProgramme: "short_term", Cents: 2_000_000, Months: 8, MostMonths: 9,
	})}
}

func draft() grant.Draft {
	return grant.Draft{
		Application: application, Agency: "open-door", Name: "Open Door", Services: []code.Service{code.Food, code.LegalAssistance},
		Cents: 2_000_000, Months: 8, From: "2026-06-15",
		Instalments: []grant.Instalment{{Cents: 1_500_000, ReportDue: "2026-10-31"}, {Cents: 500_000, ReportDue: "2027-03-15"}},
		Budget:      []grant.Line{{Line: "food", Cents: 1_200_000}, {Line: "lawyers", Cents: 800_000}},
	}
}

func fold(g grant.Grant, at time.Time, events ...fact.Event) grant.Grant {
	for _, e := range events {
		e.At = at
		g = g.Evolve(e)
	}
	return g
}

// played is a grant after some steps, each of which must be taken.
type played struct {
	t *testing.T
	g grant.Grant
	// told are the events of all steps.
	told []fact.Event
}

func (p *played) took(at time.Time, events []fact.Event, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	p.told = append(p.told, events...)
	p.g = fold(p.g, at, events...)
}

func drafted(t *testing.T) *played {
	p := &played{t: t}
	events, err := p.g.DraftAgreement(manager("a", now), draft(), award())
	p.took(now, events, err)
	return p
}

func agreed(t *testing.T) *played {
	p := drafted(t)
	events, err := p.g.SignForGrantee(grantee(now), grant.Sign{Draft: 1})
	p.took(now, events, err)
	events, err = p.g.SignForFund(manager("a", now), grant.Sign{Draft: 1})
	p.took(now, events, err)
	return p
}

func (p *played) pay(n int, at time.Time) {
	p.t.Helper()
	events, err := p.g.OrderPayment(manager("a", at), grant.Pay{Instalment: n})
	p.took(at, events, err)
	events, err = p.g.ConfirmPayment(manager("b", at), grant.Pay{Instalment: n})
	p.took(at, events, err)
}

func report(n int, food, lawyers int64) grant.Reporting {
	r := grant.Reporting{Instalment: n, SpentCents: food + lawyers}
	for _, h := range code.GrantReportHeadings {
		r.Narrative = append(r.Narrative, grant.Narrated{Heading: h, Text: "words"})
	}
	for _, l := range []grant.Line{{Line: "food", Cents: food}, {Line: "lawyers", Cents: lawyers}} {
		if l.Cents > 0 {
			r.Spending = append(r.Spending, l)
		}
	}
	return r
}

func (p *played) report(n int, food, lawyers int64, at time.Time) {
	p.t.Helper()
	events, err := p.g.SubmitReport(grantee(at), report(n, food, lawyers))
	p.took(at, events, err)
	events, err = p.g.AcceptReport(manager("a", at), grant.Accept{Instalment: n})
	p.took(at, events, err)
}

func (p *played) suspend(at time.Time) {
	p.t.Helper()
	events, err := p.g.Suspend(manager("a", at), grant.Suspend{Cause: code.CauseProtection, Words: "a complaint"})
	p.took(at, events, err)
}

func TestDraft(t *testing.T) {
	lost := errors.New("lost")
	for name, c := range map[string]struct {
		by   fact.By
		on   grant.On
		so   func(*grant.Draft)
		want error
		at   string
	}{
		"what was awarded":           {want: nil},
		"by a grantee":               {by: grantee(now), want: grant.ErrNotManager},
		"by a manager at the agency": {by: fact.By{Principal: "m", Agency: "open-door", Roles: []string{"fund_manager"}, At: now}, want: grant.ErrNotManager},
		"nothing was awarded":        {on: grant.On{Award: look.Made(grant.Award{})}, want: ledger.ErrNoAward},
		"it cannot be known":         {on: grant.On{Err: lost}, want: lost},
		"to another agency":          {so: func(d *grant.Draft) { d.Agency = "else" }, want: grant.ErrAgreement, at: "/agency"},
		"another amount":             {so: func(d *grant.Draft) { d.Cents++ }, want: grant.ErrAgreement, at: "/cents"},
		"more months":                {so: func(d *grant.Draft) { d.Months++ }, want: grant.ErrAgreement, at: "/months"},
		"a cent is missing":          {so: func(d *grant.Draft) { d.Instalments[1].Cents-- }, want: grant.ErrAgreement, at: "/instalments"},
		"a cent too much":            {so: func(d *grant.Draft) { d.Instalments[1].Cents++ }, want: grant.ErrAgreement, at: "/instalments/1/cents"},
		"an instalment of nothing":   {so: func(d *grant.Draft) { d.Instalments[0].Cents = 0 }, want: grant.ErrAgreement, at: "/instalments/0/cents"},
		"no instalment":              {so: func(d *grant.Draft) { d.Instalments = nil }, want: grant.ErrAgreement, at: "/instalments"},
		"reports out of order":       {so: func(d *grant.Draft) { d.Instalments[1].ReportDue = "2026-10-31" }, want: grant.ErrAgreement, at: "/instalments/1/report_due"},
		"the last report too early":  {so: func(d *grant.Draft) { d.Instalments[1].ReportDue = "2027-02-14" }, want: grant.ErrAgreement, at: "/instalments/1/report_due"},
		"the first day after it":     {so: func(d *grant.Draft) { d.Instalments[1].ReportDue = "2027-02-15" }, want: nil},
		"no day":                     {so: func(d *grant.Draft) { d.From = "2026-06-31" }, want: grant.ErrAgreement, at: "/from"},
		"a budget that does not add": {so: func(d *grant.Draft) { d.Budget[0].Cents-- }, want: grant.ErrAgreement, at: "/budget"},
		"a line twice":               {so: func(d *grant.Draft) { d.Budget[1].Line = "food" }, want: grant.ErrAgreement, at: "/budget/1"},
	} {
		by, on, cmd := manager("a", now), award(), draft()
		if c.by.Principal != "" {
			by = c.by
		}
		if c.on.Err != nil || c.want == ledger.ErrNoAward { //nolint:errorlint // the table's own
			on = c.on
		}
		if c.so != nil {
			c.so(&cmd)
		}
		events, err := grant.Grant{}.DraftAgreement(by, cmd, on)
		if !errors.Is(err, c.want) || (len(events) == 1) != (c.want == nil) || pointer(err) != c.at {
			t.Errorf("%s: %v at %s", name, err, pointer(err))
		}
	}
}

// What is signed is the draft that is named, by each part once; then the network is told, and of no
// money.
func TestSign(t *testing.T) {
	p := drafted(t)
	events, err := p.g.SignForGrantee(grantee(now), grant.Sign{Draft: 1})
	p.took(now, events, err)
	if len(events) != 1 {
		t.Errorf("one signature agrees: %v", events)
	}
	if _, err := p.g.SignForGrantee(grantee(now), grant.Sign{Draft: 1}); !errors.Is(err, grant.ErrSigned) {
		t.Error(err)
	}
	both := manager("a", now)
	both.Principal = grantee(now).Principal
	if _, err := p.g.SignForFund(both, grant.Sign{Draft: 1}); !errors.Is(err, grant.ErrTwoPersons) {
		t.Error(err)
	}
	// A new draft takes the signature away.
	events, err = p.g.DraftAgreement(manager("a", now), draft(), award())
	p.took(now, events, err)
	if _, err := p.g.SignForFund(manager("a", now), grant.Sign{Draft: 1}); !errors.Is(err, grant.ErrDraft) {
		t.Error(err)
	}
	events, err = p.g.SignForFund(manager("a", now), grant.Sign{Draft: 2})
	p.took(now, events, err)
	events, err = p.g.SignForGrantee(grantee(now), grant.Sign{Draft: 2})
	p.took(now, events, err)
	from, _ := vienna.Day("2026-06-15")
	until, _ := vienna.Day("2027-02-15")
	want := trustfundv1.GrantAgreed{Granted: trustfundv1.Granted{Grant: grant.ID(application), Agency: "open-door", Turn: 1}, Country: "GT", From: from, Until: until}
	if diff := cmp.Diff(want, events[1].Data); diff != "" {
		t.Error(diff)
	}
	if _, err := p.g.DraftAgreement(manager("a", now), draft(), award()); !errors.Is(err, grant.ErrNotDrafted) {
		t.Error(err)
	}
}

func TestPayments(t *testing.T) {
	p := agreed(t)
	if _, err := p.g.ConfirmPayment(manager("b", now), grant.Pay{Instalment: 1}); !errors.Is(err, grant.ErrNotOrdered) {
		t.Error(err)
	}
	if _, err := p.g.OrderPayment(manager("a", now), grant.Pay{Instalment: 2}); !errors.Is(err, grant.ErrInstalment) {
		t.Error(err)
	}
	events, err := p.g.OrderPayment(manager("a", now), grant.Pay{Instalment: 1})
	p.took(now, events, err)
	if _, err := p.g.ConfirmPayment(manager("a", now), grant.Pay{Instalment: 1}); !errors.Is(err, grant.ErrTwoPersons) {
		t.Error(err)
	}
	if _, err := p.g.OrderPayment(manager("b", now), grant.Pay{Instalment: 1}); !errors.Is(err, grant.ErrOrdered) {
		t.Error(err)
	}
	events, err = p.g.ConfirmPayment(manager("b", now), grant.Pay{Instalment: 1})
	p.took(now, events, err)
	want := trustfundv1.InstalmentPaid{Money: trustfundv1.Money{Grant: p.g.ID, Application: application, Cents: 1_500_000}, Instalment: 1}
	if diff := cmp.Diff(want, events[0].Data); diff != "" {
		t.Error(diff)
	}
	if _, err := p.g.OrderPayment(manager("a", now), grant.Pay{Instalment: 2}); !errors.Is(err, grant.ErrReportFirst) {
		t.Error(err)
	}
	p.report(1, 700_000, 800_000, now)
	p.pay(2, now)
	if _, err := p.g.OrderPayment(manager("a", now), grant.Pay{Instalment: 3}); !errors.Is(err, grant.ErrInstalment) {
		t.Error(err)
	}
}

// Money that came late makes no report late: it has thirty days.
func TestLateMoney(t *testing.T) {
	p := agreed(t)
	p.pay(1, time.Date(2026, 10, 30, 12, 0, 0, 0, time.UTC))
	if got := p.g.View(grantee(now)).(grant.View).Instalments[0].ReportDue; got != "2026-11-29" {
		t.Error(got)
	}
}

func TestReport(t *testing.T) {
	p := agreed(t)
	if _, err := p.g.SubmitReport(grantee(now), report(1, 1, 1)); !errors.Is(err, grant.ErrReportNotExpected) {
		t.Error(err)
	}
	p.pay(1, now)
	for name, c := range map[string]struct {
		so   func(*grant.Reporting)
		want error
		at   string
	}{
		"whole":                   {func(*grant.Reporting) {}, nil, ""},
		"nothing spent":           {func(r *grant.Reporting) { r.Spending, r.SpentCents = nil, 0 }, nil, ""},
		"of another instalment":   {func(r *grant.Reporting) { r.Instalment = 2 }, grant.ErrReportNotExpected, ""},
		"it does not add up":      {func(r *grant.Reporting) { r.SpentCents++ }, grant.ErrReport, "/spending"},
		"more than was paid":      {func(r *grant.Reporting) { r.Spending[0].Cents += 1_000_000; r.SpentCents += 1_000_000 }, grant.ErrReport, "/spent_cents"},
		"on no line":              {func(r *grant.Reporting) { r.Spending[0].Line = "a car" }, grant.ErrReport, "/spending/0/line"},
		"a heading is missing":    {func(r *grant.Reporting) { r.Narrative = r.Narrative[1:] }, grant.ErrReport, "/narrative"},
		"a heading too much":      {func(r *grant.Reporting) { r.Narrative = append(r.Narrative, r.Narrative[0]) }, grant.ErrReport, "/narrative"},
		"a paper of somebody":     {func(r *grant.Reporting) { r.Papers = []string{"file_1"} }, grant.ErrReport, "/papers/0"},
		"a heading without words": {func(r *grant.Reporting) { r.Narrative[0].Text = "" }, grant.ErrReport, "/narrative"},
	} {
		cmd := report(1, 700_000, 300_000)
		c.so(&cmd)
		if _, err := p.g.SubmitReport(grantee(now), cmd); !errors.Is(err, c.want) || pointer(err) != c.at {
			t.Errorf("%s: %v at %s", name, err, pointer(err))
		}
	}
	if _, err := p.g.SubmitReport(fact.By{Principal: "x", Agency: "else", Roles: []string{"fund_applicant"}, At: now}, report(1, 1, 1)); !errors.Is(err, grant.ErrNotGrantee) {
		t.Error(err)
	}
	if _, err := p.g.AcceptReport(manager("a", now), grant.Accept{Instalment: 1}); !errors.Is(err, grant.ErrReportNotIn) {
		t.Error(err)
	}
	// It is sent back with a reason and a day, and the grantee hears that something waits.
	events, err := p.g.SubmitReport(grantee(now), report(1, 700_000, 300_000))
	p.took(now, events, err)
	if _, err := p.g.SendReportBack(manager("a", now), grant.SendBack{Instalment: 1, Fault: code.PapersMissing, Words: "bills", Due: "2026-06-01"}); !errors.Is(err, grant.ErrDay) {
		t.Error(err)
	}
	events, err = p.g.SendReportBack(manager("a", now), grant.SendBack{Instalment: 1, Fault: code.PapersMissing, Words: "bills", Due: "2026-06-20"})
	p.took(now, events, err)
	if _, told := events[1].Data.(trustfundv1.GranteeAwaited); !told {
		t.Errorf("%v", events)
	}
	if _, err := p.g.OrderPayment(manager("a", now), grant.Pay{Instalment: 2}); !errors.Is(err, grant.ErrReportFirst) {
		t.Error(err)
	}
	v := p.g.View(grantee(now)).(grant.View).Instalments[0]
	if v.Report != code.ReportSentBack || v.Fault != code.PapersMissing || v.Words != "bills" || v.ReportDue != "2026-06-20" {
		t.Errorf("%+v", v)
	}
}

// A report is late from the first instant of the day after; it is told once, and not while the grant
// is suspended. After that it has as many days as it had.
func TestOverdue(t *testing.T) {
	p := agreed(t)
	p.pay(1, now)
	due, _ := vienna.Day("2026-11-01")
	if diff := cmp.Diff([]fact.Deadline{{Name: grant.ReportDeadline, At: due}}, p.g.Deadlines()); diff != "" {
		t.Fatal(diff)
	}
	if events, err := p.g.ReportDue(fact.By{At: due.Add(-time.Second)}); len(events) > 0 || err != nil {
		t.Errorf("early: %v %v", events, err)
	}
	suspended := *p
	events, err := p.g.ReportDue(fact.By{At: due})
	p.took(due, events, err)
	if len(events) != 2 || len(p.g.Deadlines()) > 0 || !p.g.Overdue(due) {
		t.Errorf("late: %v %v", events, p.g.Deadlines())
	}
	if events, _ := p.g.ReportDue(fact.By{At: due.Add(time.Hour)}); len(events) > 0 {
		t.Errorf("told twice: %v", events)
	}
	// It can still be handed in, and a later day makes it on time again.
	p.report(1, 1, 0, due.Add(time.Hour))
	if p.g.Overdue(due.Add(2 * time.Hour)) {
		t.Error("what is accepted is late")
	}

	at := due.Add(-36 * time.Hour)
	suspended.suspend(at)
	if len(suspended.g.Deadlines()) > 0 || suspended.g.Overdue(due.AddDate(1, 0, 0)) {
		t.Error("the clock runs while the grant is suspended")
	}
	back := at.Add(10*24*time.Hour + time.Hour)
	events, err = suspended.g.Restore(manager("a", back), grant.Words{Words: "settled"})
	suspended.took(back, events, err)
	want, _ := vienna.Day("2026-11-12")
	if diff := cmp.Diff([]fact.Deadline{{Name: grant.ReportDeadline, At: want}}, suspended.g.Deadlines()); diff != "" {
		t.Error(diff)
	}
}

func TestSuspended(t *testing.T) {
	p := agreed(t)
	events, err := p.g.OrderPayment(manager("a", now), grant.Pay{Instalment: 1})
	p.took(now, events, err)
	p.suspend(now)
	if _, err := p.g.ConfirmPayment(manager("b", now), grant.Pay{Instalment: 1}); !errors.Is(err, grant.ErrNotInForce) {
		t.Error(err)
	}
	if _, err := p.g.Suspend(manager("a", now), grant.Suspend{Cause: code.CauseOther, Words: "x"}); !errors.Is(err, grant.ErrNotInForce) {
		t.Error(err)
	}
	if _, err := p.g.Close(manager("a", now), grant.Words{}); !errors.Is(err, grant.ErrNotInForce) {
		t.Error(err)
	}
	if v := p.g.View(grantee(now)).(grant.View); v.Suspension == nil || v.Suspension.Cause != code.CauseProtection {
		t.Errorf("the grantee does not learn why: %+v", v.Suspension)
	}
	events, err = p.g.Restore(manager("a", now), grant.Words{Words: "settled"})
	p.took(now, events, err)
	if _, err := p.g.ConfirmPayment(manager("b", now), grant.Pay{Instalment: 1}); err != nil {
		t.Error(err)
	}
}

func TestExtension(t *testing.T) {
	p := agreed(t)
	if _, err := p.g.DecideExtension(manager("a", now), grant.DecideMore{Granted: true, Words: "x"}); !errors.Is(err, grant.ErrExtension) {
		t.Error(err)
	}
	events, err := p.g.AskExtension(grantee(now), grant.AskMore{Months: 2, Words: "the road is closed"})
	p.took(now, events, err)
	if _, err := p.g.AskExtension(grantee(now), grant.AskMore{Months: 1}); !errors.Is(err, grant.ErrExtension) {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		cmd  grant.DecideMore
		want error
	}{
		"beyond the call":               {grant.DecideMore{Granted: true, Words: "war"}, grant.ErrTooLong},
		"a month beyond, with a reason": {grant.DecideMore{Granted: true, BeyondMonths: 1, Words: "war"}, nil},
		"beyond, without a reason":      {grant.DecideMore{Granted: true, BeyondMonths: 1}, grant.ErrTooLong},
		"not granted":                   {grant.DecideMore{Words: "no"}, nil},
		"not granted, and yet beyond":   {grant.DecideMore{BeyondMonths: 1, Words: "no"}, grant.ErrTooLong},
	} {
		if _, err := p.g.DecideExtension(manager("a", now), c.cmd); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	events, err = p.g.DecideExtension(manager("a", now), grant.DecideMore{Granted: true, BeyondMonths: 1, Words: "war"})
	p.took(now, events, err)
	until, _ := vienna.Day("2027-04-15")
	said := events[1].Data.(trustfundv1.GrantAgreed)
	if !said.Until.Equal(until) || said.Turn != 2 {
		t.Errorf("%+v", said)
	}
	if v := p.g.View(grantee(now)).(grant.View); v.Last != "2027-04-14" || v.Months != 10 || v.Instalments[1].ReportDue != "2027-05-15" || v.Instalments[0].ReportDue != "2026-10-31" {
		t.Errorf("%+v", v)
	}
}

// A grant is closed when all is paid, reported and accepted, no audit is open, and what is owed came
// back.
func TestClose(t *testing.T) {
	p := agreed(t)
	closes := func(want error) {
		t.Helper()
		if _, err := p.g.Close(manager("a", now), grant.Words{}); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	closes(grant.ErrUnsettled)
	p.pay(1, now)
	p.report(1, 900_000, 600_000, now)
	closes(grant.ErrUnsettled)
	p.pay(2, now)
	closes(grant.ErrUnsettled)
	p.report(2, 200_000, 200_000, now)
	closes(grant.ErrUnsettled) // 100,000 are not spent
	events, err := p.g.OrderAudit(manager("a", now), grant.Words{Words: "as agreed"})
	p.took(now, events, err)
	events, err = p.g.RecordAudit(manager("a", now), grant.Result{Result: code.AuditFindings, DisallowedCents: 50_000, Words: "no bill"})
	p.took(now, events, err)
	if p.g.OwedCents() != 150_000 {
		t.Errorf("owes %d", p.g.OwedCents())
	}
	if _, err := p.g.RecordReturn(manager("a", now), grant.GiveBack{Cents: 2_000_001}); !errors.Is(err, grant.ErrReturn) {
		t.Error(err)
	}
	events, err = p.g.RecordReturn(manager("a", now), grant.GiveBack{Cents: 100_000})
	p.took(now, events, err)
	closes(grant.ErrUnsettled)
	events, err = p.g.RecordReturn(manager("a", now), grant.GiveBack{Cents: 50_000})
	p.took(now, events, err)
	closes(nil)
	events, err = p.g.Close(manager("a", now), grant.Words{})
	p.took(now, events, err)
	closes(grant.ErrOver)
	if shown, _ := p.g.Public(); shown.Cents != 1_850_000 {
		t.Errorf("the page says %d", shown.Cents)
	}
}

// What ended early pays nothing more: the rest is free again, and what was paid is still accounted
// for.
func TestEndEarly(t *testing.T) {
	p := agreed(t)
	p.pay(1, now)
	p.suspend(now)
	events, err := p.g.EndEarly(manager("a", now), grant.EndEarly{Reason: code.EndingCauseStands, Words: "it stands"})
	p.took(now, events, err)
	if closed, ok := events[1].Data.(trustfundv1.GrantClosed); !ok || closed.Turn != 3 || !closed.On.Equal(now) {
		t.Errorf("%v", events)
	}
	want := trustfundv1.CommitmentReleased{Money: trustfundv1.Money{Grant: p.g.ID, Application: application, Cents: 500_000}}
	if diff := cmp.Diff(want, events[2].Data); diff != "" {
		t.Error(diff)
	}
	if _, err := p.g.OrderPayment(manager("a", now), grant.Pay{Instalment: 2}); !errors.Is(err, grant.ErrNotInForce) {
		t.Error(err)
	}
	if len(p.g.Deadlines()) != 1 {
		t.Error("nobody awaits the report any more")
	}
	if _, err := p.g.Close(manager("a", now), grant.Words{}); !errors.Is(err, grant.ErrUnsettled) {
		t.Error(err)
	}
	p.report(1, 1_000_000, 0, now)
	events, err = p.g.RecordReturn(manager("a", now), grant.GiveBack{Cents: 500_000})
	p.took(now, events, err)
	events, err = p.g.Close(manager("a", now), grant.Words{})
	p.took(now, events, err)
	if len(events) != 1 {
		t.Errorf("the end is told twice: %v", events)
	}

	never := drafted(t)
	events, err = never.g.EndEarly(manager("a", now), grant.EndEarly{Reason: code.EndingNeverAgreed, Words: "they withdrew"})
	never.took(now, events, err)
	for _, e := range events {
		if _, told := e.Data.(trustfundv1.GrantClosed); told {
			t.Error("the end of what was never agreed is told")
		}
	}
	if _, shown := never.g.Public(); shown {
		t.Error("what was never agreed is on the public page")
	}
}

// The network is told that a grant stands or does not, and for what cause is nobody's but the two
// parts'. The ledger alone is told of money.
func TestWhatIsTold(t *testing.T) {
	p := agreed(t)
	p.pay(1, now)
	p.report(1, 1, 1, now)
	p.suspend(now)
	events, err := p.g.EndEarly(manager("a", now), grant.EndEarly{Reason: code.EndingOther, Words: "x"})
	p.took(now, events, err)
	var public, inside []string
	for _, e := range p.told {
		_, alone := e.Data.(interface{ ForServicesAlone() })
		_, room := e.Data.(interface{ ConfinedToAddressees() })
		switch _, name, _ := strings.Cut(e.Data.EventType(), "."); {
		case alone && room:
			t.Errorf("%s goes two ways", name)
		case alone:
			inside = append(inside, name)
		case !room:
			public = append(public, name)
		}
	}
	if diff := cmp.Diff([]string{"grant_agreed.v1", "grant_suspended.v1", "grant_closed.v1"}, public); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"instalment_paid.v1", "grantee_awaited.v1", "commitment_released.v1", "grantee_awaited.v1"}, inside); diff != "" {
		t.Error(diff)
	}
}

func TestWhoSeesAGrant(t *testing.T) {
	g := agreed(t).g
	for name, c := range map[string]struct {
		by   fact.By
		want bool
	}{
		"a manager":          {manager("z", now), true},
		"the grantee":        {grantee(now), true},
		"a trustee":          {fact.By{Principal: "x", Agency: "else", Roles: []string{"trustee"}}, true},
		"the network":        {fact.By{}, true},
		"another applicant":  {fact.By{Principal: "x", Agency: "else", Roles: []string{"fund_applicant"}}, false},
		"a caseworker of it": {fact.By{Principal: "x", Agency: "open-door", Roles: []string{"caseworker"}}, false},
		"an assessor":        {fact.By{Principal: "x", Agency: "else", Roles: []string{"fund_assessor"}}, false},
	} {
		if g.Visible(c.by) != c.want {
			t.Errorf("%s: %t", name, !c.want)
		}
	}
}
