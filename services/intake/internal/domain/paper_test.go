package domain

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/work"
)

// monday is when the paper was written: five days before it is entered.
var monday = noon.AddDate(0, 0, -5)

func paper(at time.Time) *OnPaper {
	return &OnPaper{At: at, By: "outreach worker", Place: "the market"}
}

// fromPaper is a desk with a case that was opened from paper.
func fromPaper(t tb, told Opening) *desk {
	t.Helper()
	d := newDesk()
	cmd := opening(told)
	cmd.OnPaper = paper(monday)
	d.must(t)(do(d, Case.Open, cmd))
	return d
}

// What cannot have been written so is refused, at each command that takes paper.
func TestPaperRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		paper   OnPaper
		want    *fault.Error
		pointer string
	}{
		"no time":          {OnPaper{By: "outreach worker"}, ErrOnPaper, "/on_paper/at"},
		"to come":          {OnPaper{At: noon.Add(time.Second), By: "outreach worker"}, work.ErrDate, "/on_paper/at"},
		"a year mistyped":  {OnPaper{At: noon.AddDate(180, 0, 0), By: "outreach worker"}, work.ErrDate, "/on_paper/at"},
		"a century":        {OnPaper{At: noon.AddDate(-100, 0, 0), By: "outreach worker"}, work.ErrDate, "/on_paper/at"},
		"nobody":           {OnPaper{At: noon}, ErrOnPaper, "/on_paper/by"},
		"blank":            {OnPaper{At: noon, By: " \t"}, ErrOnPaper, "/on_paper/by"},
		"too long":         {OnPaper{At: noon, By: strings.Repeat("x", 201)}, ErrOnPaper, "/on_paper/by"},
		"a place too long": {OnPaper{At: noon, By: "nurse", Place: strings.Repeat("x", 201)}, ErrOnPaper, "/on_paper/place"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := opening(Opening{})
			cmd.OnPaper = &c.paper
			events, err := do(newDesk(), Case.Open, cmd)
			refused(t, events, err, c.want, c.pointer)

			d := consented(t)
			give := yes(legal, code.Food)
			give.OnPaper = &c.paper
			events, err = do(d, plain(Case.GiveConsent), give)
			refused(t, events, err, c.want, c.pointer)
			events, err = do(d, Case.RefuseConsent, RefuseConsent{Recipient: legal, Service: code.Food, Purpose: code.ServiceDelivery, OnPaper: &c.paper})
			refused(t, events, err, c.want, c.pointer)
			events, err = do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID, OnPaper: &c.paper})
			refused(t, events, err, c.want, c.pointer)
			events, err = do(d, Case.RecordIncident, RecordIncident{Account{Previous: code.Yes}, &c.paper})
			refused(t, events, err, c.want, c.pointer)
		})
	}
}

// Paper tells of nothing that came after it, and a yes is not older than the case. A no is
// taken all the same.
func TestPaperIsNotBefore(t *testing.T) {
	after := &Interval{Earliest: monday.Add(time.Hour), Latest: monday.Add(2 * time.Hour)}
	cmd := opening(Opening{Happened: after})
	cmd.OnPaper = paper(monday)
	events, err := do(newDesk(), Case.Open, cmd)
	refused(t, events, err, ErrOnPaper, "/on_paper/at")

	d := fromPaper(t, Opening{})
	events, err = do(d, Case.RecordIncident, RecordIncident{Account{Happened: after}, paper(monday)})
	refused(t, events, err, ErrOnPaper, "/on_paper/at")
	events, err = do(d, Case.RecordIncident, RecordIncident{Account{Previous: code.Yes, TakenAt: noon}, paper(monday)})
	refused(t, events, err, ErrOnPaper, "/on_paper/at")

	give := yes(legal, code.LegalAssistance)
	give.OnPaper = paper(monday.Add(-time.Minute))
	events, err = do(d, plain(Case.GiveConsent), give)
	refused(t, events, err, ErrOnPaper, "/on_paper/at")
	early := no(legal, code.LegalAssistance)
	early.OnPaper = give.OnPaper
	d.must(t)(do(d, Case.RefuseConsent, early))

	// A case that was opened at the desk began there.
	d = open(t, Opening{})
	give.OnPaper = paper(noon.Add(-time.Minute))
	events, err = do(d, plain(Case.GiveConsent), give)
	refused(t, events, err, ErrOnPaper, "/on_paper/at")
}

// A case from paper is opened when it is entered: what happened, and how she may be reached,
// is as old as the paper. Who has the case sees the paper; the frame does not show it.
func TestOpenFromPaper(t *testing.T) {
	day := &Interval{Earliest: monday.Add(-time.Hour), Latest: monday.Add(12 * time.Hour)}
	d := fromPaper(t, Opening{Happened: day})
	if c := d.state; !c.OpenedAt.Equal(noon) || !c.contactWritten().Equal(monday) || !c.Happened.Latest.Equal(monday) {
		t.Errorf("opened %s, contact written %s, happened until %s", c.OpenedAt, c.contactWritten(), c.Happened.Latest)
	}
	if diff := cmp.Diff(paper(monday), d.state.Content(d.by()).(View).OnPaper); diff != "" {
		t.Errorf("who has the case sees (-want +got):\n%s", diff)
	}
	if shown := d.state.View(d.by()).(View).OnPaper; shown != nil {
		t.Errorf("the frame shows %v", shown)
	}

	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account{Previous: code.Yes}, paper(monday)}))
	i := d.state.Told[0]
	if diff := cmp.Diff(paper(monday), i.OnPaper); diff != "" || !i.At.Equal(d.now) || !i.TakenAt.Equal(monday) {
		t.Errorf("entered %s, told %s (-want +got):\n%s", i.At, i.TakenAt, diff)
	}
}

// A consent from paper was given when the paper was written. Its longest time counts from then,
// and it must not have run out.
func TestConsentFromPaper(t *testing.T) {
	d := fromPaper(t, Opening{})
	give := yes(legal, code.LegalAssistance)
	give.OnPaper = paper(monday)
	give.Expires = noon.AddDate(1, 0, 0)
	events, err := do(d, plain(Case.GiveConsent), give)
	refused(t, events, err, ErrTerm, "/expires")
	give.Expires = noon
	events, err = do(d, plain(Case.GiveConsent), give)
	refused(t, events, err, ErrTerm, "/expires")

	give.Expires = monday.AddDate(1, 0, 0)
	given := d.must(t)(do(d, plain(Case.GiveConsent), give))
	if diff := cmp.Diff(paper(monday), given[0].Private.(Evidence).OnPaper); diff != "" {
		t.Errorf("private half (-want +got):\n%s", diff)
	}
	k := d.state.Content(d.by()).(View).Consents[0]
	if !k.AnsweredAt.Equal(monday) || k.Status != code.ConsentGiven {
		t.Errorf("%s, given at %s", k.Status, k.AnsweredAt)
	}
	for _, due := range d.state.Deadlines() {
		if due.At.Before(d.now) {
			t.Errorf("%s is late because of paper: %s", due.Name, due.At)
		}
	}
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
}

// A no from paper acts when it is entered, and the record shows when she said it. A yes that is
// older than it is no answer any more; one that is newer is.
func TestNoFromPaper(t *testing.T) {
	d := fromPaper(t, Opening{})
	give := yes(legal, code.LegalAssistance)
	give.OnPaper = paper(monday)
	d.must(t)(do(d, plain(Case.GiveConsent), give))
	on := paper(monday.AddDate(0, 0, 2))
	d.now = noon.Add(time.Hour)
	want := []fact.Event{{
		Data:    intakev1.ConsentWithdrawn{Case: d.state.ID, Consent: d.state.Consents[0].ID, Recipient: legal, Service: code.LegalAssistance},
		Private: Ended{OnPaper: on},
	}}
	if diff := cmp.Diff(want, d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[0].ID, OnPaper: on}))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	k := d.state.Content(d.by()).(View).Consents[0]
	if diff := cmp.Diff(on, k.EndOnPaper); diff != "" || !k.WithdrawnAt.Equal(d.now) || k.InForce(noon) {
		t.Errorf("withdrawn %s (-want +got):\n%s", k.WithdrawnAt, diff)
	}

	give.OnPaper = paper(monday.AddDate(0, 0, 1))
	events, err := do(d, plain(Case.GiveConsent), give)
	refused(t, events, err, ErrOnPaper, "/on_paper/at")
	give.OnPaper = paper(monday.AddDate(0, 0, 3))
	d.must(t)(do(d, plain(Case.GiveConsent), give))

	cmd := no(legal, code.LegalAssistance)
	cmd.OnPaper = paper(monday.AddDate(0, 0, 4))
	if got := d.must(t)(do(d, Case.RefuseConsent, cmd)); len(got) != 2 {
		t.Errorf("a no from paper makes %v", got)
	}
	last := d.state.Consents[len(d.state.Consents)-1]
	if diff := cmp.Diff(cmd.OnPaper, last.OnPaper); diff != "" || last.Status != code.ConsentRefused {
		t.Errorf("%s (-want +got):\n%s", last.Status, diff)
	}
	give.OnPaper = paper(monday.AddDate(0, 0, 4))
	events, err = do(d, plain(Case.GiveConsent), give)
	refused(t, events, err, ErrOnPaper, "/on_paper/at")
}

// Who gave it could give it when the paper was written, and can now. What her mother signed
// before she came of age is not entered after it.
func TestPaperOfChild(t *testing.T) {
	for name, c := range map[string]struct {
		born string
		by   code.GivenBy
		want *fault.Error
	}{
		"of age between, by her mother": {"2008-03-12", code.ByCaregiver, ErrSurvivorNeeded},
		"of age between, by herself":    {"2008-03-12", code.BySurvivor, nil},
		"of age between, by both":       {"2008-03-12", code.ByBoth, ErrSurvivorNeeded},
		"twelve between, by herself":    {"2014-03-12", code.BySurvivor, ErrCaregiverNeeded},
		"a child, by her mother":        {"2016-03-12", code.ByCaregiver, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := fromPaper(t, Opening{Survivor: Survivor{Born: Born{Date: c.born}}})
			give := yes(legal, code.LegalAssistance)
			give.OnPaper, give.GivenBy = paper(monday), c.by
			events, err := do(d, plain(Case.GiveConsent), give)
			if c.want == nil {
				d.must(t)(events, err)
				return
			}
			refused(t, events, err, c.want, "/given_by")
		})
	}
}
