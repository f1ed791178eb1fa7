package app

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/notify"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/invitation/internal/domain"
)

// A danger is told at once to those on duty, by what they carry, at night too. Where nobody
// is on duty, or it cannot be known, or nothing of theirs takes the notice, the whole desk
// is told. What is no danger goes to no channel of duty.
func TestThoseOnDutyAreToldOfADanger(t *testing.T) {
	const desk, phone = "a@desk.test", "+50255550100"
	const agency = "front-desk"
	ana := staff.Worker{ID: worker.ID(agency, "ana"), Agency: agency, Turn: 1, DutyFrom: now.Add(-time.Hour), DutyUntil: now.Add(time.Hour)}
	like := func(change func(*staff.Worker)) *staff.Worker {
		w := ana
		change(&w)
		return &w
	}
	loop := referralv1.Loop{Referral: "ref_1", Case: "case_1", Sender: agency, Recipient: "clinic"}
	for name, c := range map[string]struct {
		who     *staff.Worker
		without bool  // the desk has no channel of duty
		fails   error // what becomes of a notice to the telephone
		lapsed  bool  // it is told of something else
		unread  bool  // the worker is in quarantine
		avoided bool  // she must not meet who is on duty
		awaited bool  // something waits at the desk, and not until the morning
		want    []string
	}{
		"on duty":                         {who: &ana, want: []string{phone}},
		"on duty, and carries nothing":    {who: &ana, without: true, want: []string{desk}},
		"nobody is registered":            {want: []string{phone, desk}},
		"before the duty":                 {who: like(func(w *staff.Worker) { w.DutyFrom = now.Add(1) }), want: []string{phone, desk}},
		"after the duty":                  {who: like(func(w *staff.Worker) { w.DutyUntil = now }), want: []string{phone, desk}},
		"away":                            {who: like(func(w *staff.Worker) { w.AbsentUntil = now.Add(1) }), want: []string{phone, desk}},
		"gone":                            {who: like(func(w *staff.Worker) { w.Left = true }), want: []string{phone, desk}},
		"on duty elsewhere":               {who: like(func(w *staff.Worker) { w.ID, w.Agency = worker.ID("clinic", "ana"), "clinic" }), want: []string{phone, desk}},
		"the register cannot be read":     {who: &ana, unread: true, want: []string{phone, desk}},
		"the telephone takes no notices":  {who: &ana, fails: notify.ErrRefused, want: []string{desk}},
		"the telephone takes nothing now": {who: &ana, fails: notify.ErrDelayed, want: []string{desk}},
		"on duty, and she must not meet":  {who: &ana, avoided: true, want: []string{desk}},
		"danger news":                     {who: &ana, awaited: true, want: []string{phone}},
		"danger news, nobody on duty":     {awaited: true, want: []string{phone, desk}},
		"danger news, and she must not":   {who: &ana, awaited: true, avoided: true, want: []string{desk}},
		"no danger":                       {who: &ana, lapsed: true, want: []string{desk}},
	} {
		t.Run(name, func(t *testing.T) {
			mail, sms := &channel{}, &channel{fails: c.fails}
			r := open(t, map[code.NoticeChannel]notify.Sender{code.Email: mail, code.SMS: sms})
			set := domain.SetChannels{Agency: agency, Language: code.English, Channels: []domain.Channel{{Kind: code.Email, Address: desk}}}
			if !c.without {
				set.Duty = []domain.Channel{{Kind: code.SMS, Address: phone}}
			}
			_, err := r.Channels.Execute(r.next(), agency, func(is domain.Channels, by fact.By) ([]fact.Event, error) {
				return is.Set(fact.By{Agency: agency, At: by.At}, set, domain.Home{})
			})
			r.must(err)
			if c.who != nil {
				r.listen(referralv1.WorkerChanged{Worker: *c.who})
			}
			if c.unread {
				r.book.Quarantine(c.who.ID, 2, journal.ReasonUnreadable)
			}
			if c.avoided {
				r.listen(referralv1.CircleNoted{Circle: staff.Circle{Referral: loop.Referral, Case: loop.Case, Turn: 1, Workers: []string{}}})
			}
			ctx := r.next()
			tell := func() error {
				if c.lapsed {
					return r.OnLapsed(ctx, referralv1.Lapsed{Loop: loop})
				}
				if c.awaited {
					return r.OnDeskAwaited(ctx, intakev1.DeskAwaited{Agency: agency, Case: loop.Case, AtOnce: true, WithoutDuty: c.avoided})
				}
				return r.OnContacted(ctx, referralv1.Contacted{Loop: loop, Result: code.UnsafeToReach})
			}
			told := func() (to []string) {
				for _, l := range append(sms.letters, mail.letters...) {
					to = append(to, l.To)
				}
				return to
			}
			for range 2 { // it comes again
				if err := tell(); (err != nil) != errors.Is(c.fails, notify.ErrDelayed) {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(c.want, told()); d != "" {
				t.Errorf("told (-want +got):\n%s", d)
			}
			if errors.Is(c.fails, notify.ErrDelayed) {
				sms.fails, r.now = nil, r.now.Add(10*time.Minute)
				r.must(tell())
				if d := cmp.Diff([]string{phone, desk}, told()); d != "" {
					t.Errorf("once it takes notices again (-want +got):\n%s", d)
				}
			}
		})
	}
}
