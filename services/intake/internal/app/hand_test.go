package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/intake/internal/app"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

const law = "law-society"

// taken is a referral that a law society took, with the journal of intake. Ana, eva and bob
// work there; eva covers for ana.
type taken struct {
	*testing.T
	app.App
	book         *record.Book
	now          time.Time
	turns        map[string]int
	id, referral string
	n            int
}

func take(t *testing.T) *taken {
	t.Helper()
	d := &taken{T: t, now: morning, turns: map[string]int{}, id: fact.ID("case", "1")}
	d.book = record.NewBook(event.NewCatalogue(
		event.Private[intakev1.CaseOpened, domain.Opened](), event.Private[intakev1.ConsentGiven, domain.Evidence](),
		event.Private[intakev1.ServiceRequested, domain.Onward](), event.Type[intakev1.ReferralFollowed](),
		event.Type[intakev1.ReferralAssigned](), event.Type[intakev1.Disclosed](), event.Type[intakev1.WorkerNoted](),
	).ReadingBack(), func() time.Time { return d.now })
	d.App = app.New(d.book, domain.Rules{Programmes: programmetest.Shipped()})
	if err := d.book.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	desk := fact.By{Principal: "desk", Agency: front}
	if _, err := d.Cases.Create(d.as(desk, ""), d.id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.Open(by, domain.Open{Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala", Opening: domain.Opening{Name: "canary-name"}})
	}); err != nil {
		t.Fatal(err)
	}
	d.happens(desk, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.GiveConsent(by, domain.GiveConsent{
			Recipient: law, Service: code.LegalAssistance, Purpose: code.ServiceDelivery, Categories: []code.Category{code.Identity},
			Expires: morning.AddDate(0, 1, 0), Evidence: domain.Evidence{Method: code.Oral, GivenBy: code.BySurvivor},
		}, d.Rules)
	})
	d.happens(desk, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.RequestServices(by, domain.RequestServices{Requests: []domain.Request{{Recipient: law, Service: code.LegalAssistance, Urgency: code.Urgent}}}, domain.Rules{Programmes: programmetest.Shipped()})
	})
	d.referral = d.state().Referrals[0].ID
	d.happens(fact.By{}, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.OnAccepted(by, referralv1.Accepted{Loop: d.loop(), Consent: c.Consents[0].ID})
	})
	return d
}

func (d *taken) as(by fact.By, key string) context.Context {
	d.n++
	c := record.Command{Op: "disclose", By: by, Cause: key, Digest: []byte(key)}
	if key == "" {
		c.Cause, c.Digest = fmt.Sprint(d.n), nil
	}
	return record.With(d.Context(), c)
}

func (d *taken) state() domain.Case {
	d.Helper()
	res, err := d.Cases.Get(d.Context(), d.id)
	if err != nil {
		d.Fatal(err)
	}
	return res.State
}

func (d *taken) happens(by fact.By, decide func(domain.Case, fact.By) ([]fact.Event, error)) {
	d.Helper()
	if _, err := d.Cases.Execute(d.as(by, ""), d.id, decide); err != nil {
		d.Fatal(err)
	}
}

func (d *taken) loop() referralv1.Loop {
	return referralv1.Loop{Referral: d.referral, Case: d.id, Sender: front, Recipient: law, Service: code.LegalAssistance, Turn: 2}
}

func (d *taken) assigned(subject string) {
	d.Helper()
	d.now = d.now.Add(time.Minute)
	d.happens(fact.By{}, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.OnAssigned(by, referralv1.Assigned{Loop: d.loop(), Worker: worker.ID(law, subject), At: d.now})
	})
}

// registered has the register say something of workers of the law society.
func (d *taken) registered(w staff.Worker, subjects ...string) {
	d.Helper()
	for _, subject := range subjects {
		d.turns[subject]++
		w.ID, w.Agency, w.Turn = worker.ID(law, subject), law, d.turns[subject]
		if err := d.OnWorkerChanged(d.as(fact.By{}, ""), referralv1.WorkerChanged{Worker: w}); err != nil {
			d.Fatal(err)
		}
	}
}

// asks is somebody of the law society who asks for the packet, under a key.
func (d *taken) asks(subject, key string, roles ...string) (domain.Shown, error) {
	by := fact.By{Principal: subject, Agency: law, Roles: append(roles, "lawyer"), At: d.now}
	return d.Disclose(d.as(by, key), by, domain.Disclose{Referral: d.referral})
}

// A packet is for the worker who has the referral, and for who covers; before it is
// assigned, for each who may ask. The register decides, as intake has it now.
func TestAPacketIsForItsWorker(t *testing.T) {
	eva := worker.ID(law, "eva")
	away := morning.Add(time.Hour)
	assigned := func(d *taken) { d.assigned("ana") }
	for name, c := range map[string]struct {
		given func(*taken)
		by    string
		roles []string
		want  error
	}{
		"nobody has it":                    {func(*taken) {}, "bob", nil, nil},
		"nobody has it, on no register":    {func(*taken) {}, "zoe", nil, nil},
		"the worker":                       {assigned, "ana", nil, nil},
		"a colleague":                      {assigned, "bob", nil, work.ErrNotTheWorker},
		"a supervisor":                     {assigned, "head", []string{"supervisor"}, work.ErrNotTheWorker},
		"who covers, while she works":      {assigned, "eva", nil, work.ErrNotTheWorker},
		"a colleague while she is away":    {func(d *taken) { assigned(d); d.registered(staff.Worker{Cover: eva, AbsentUntil: away}, "ana") }, "bob", nil, work.ErrNotTheWorker},
		"who covers while she is away":     {func(d *taken) { assigned(d); d.registered(staff.Worker{Cover: eva, AbsentUntil: away}, "ana") }, "eva", nil, nil},
		"who covers for her who left":      {func(d *taken) { assigned(d); d.registered(staff.Worker{Cover: eva, Left: true}, "ana") }, "eva", nil, nil},
		"who left":                         {func(d *taken) { assigned(d); d.registered(staff.Worker{Left: true}, "ana") }, "ana", nil, work.ErrNotTheWorker},
		"a colleague of who left":          {func(d *taken) { assigned(d); d.registered(staff.Worker{Left: true}, "ana") }, "bob", nil, work.ErrNotTheWorker},
		"who had it":                       {func(d *taken) { assigned(d); d.assigned("bob") }, "ana", nil, work.ErrNotTheWorker},
		"to whom it was assigned anew":     {func(d *taken) { assigned(d); d.registered(staff.Worker{Left: true}, "ana"); d.assigned("bob") }, "bob", nil, nil},
		"a worker whom the copy has not":   {func(d *taken) { d.assigned("zoe") }, "zoe", nil, nil},
		"a colleague of one it has not":    {func(d *taken) { d.assigned("zoe") }, "bob", nil, work.ErrNotTheWorker},
		"the copy of the worker is unread": {func(d *taken) { assigned(d); d.book.Quarantine(worker.ID(law, "ana"), 1, journal.ReasonUnreadable) }, "eva", nil, record.ErrQuarantined},
		"the copy of who asks is unread":   {func(d *taken) { assigned(d); d.book.Quarantine(eva, 1, journal.ReasonUnreadable) }, "eva", nil, record.ErrQuarantined},
		"somebody else's copy is unread":   {func(d *taken) { assigned(d); d.book.Quarantine(eva, 1, journal.ReasonUnreadable) }, "ana", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := take(t)
			d.registered(staff.Worker{Cover: eva}, "ana")
			d.registered(staff.Worker{}, "eva", "bob", "head")
			c.given(d)
			shown, err := d.asks(c.by, "", c.roles...)
			if !errors.Is(err, c.want) || (shown.Packet != nil) != (c.want == nil) || c.want == nil && shown.Packet.Name != "canary-name" {
				t.Errorf("%+v, %v, want %v", shown, err, c.want)
			}
			if got := len(d.state().Disclosures); (got == 1) != (c.want == nil) {
				t.Errorf("%d disclosures are on record", got)
			}
		})
	}
}

// A request that is repeated under its key is refused when the referral is somebody else's
// since, and answered as before when it is not.
func TestARepeatedRequestIsForTheWorkerOfNow(t *testing.T) {
	d := take(t)
	d.registered(staff.Worker{}, "ana", "bob")
	d.assigned("ana")
	for range 2 {
		if shown, err := d.asks("ana", "key"); err != nil || shown.Packet == nil {
			t.Fatalf("%+v, %v", shown, err)
		}
	}
	d.assigned("bob")
	if shown, err := d.asks("ana", "key"); !errors.Is(err, work.ErrNotTheWorker) || shown.Packet != nil {
		t.Errorf("%+v, %v", shown, err)
	}
	if got := len(d.state().Disclosures); got != 1 {
		t.Errorf("%d disclosures", got)
	}
}
