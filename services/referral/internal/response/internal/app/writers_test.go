package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/response/internal/domain"
)

const (
	agency = "counselling-centre"
	team   = "team_1"
	alert  = "alert_1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var night = time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)

// world is what alerts look at: everybody may go, and nobody is away.
type world struct{ at time.Time }

func (w *world) now() time.Time { return w.at }

func (w *world) Staff(context.Context, string) worker.Seen {
	return worker.Seen{Staff: look.Made(worker.Staff{})}
}

func (w *world) May(context.Context, string) (look.Fresh[func(string) bool], error) {
	return look.Made[func(string) bool](nil), nil
}

func (w *world) Alarm(context.Context, string, string, string) error             { return nil }
func (w *world) AlarmCoordination(context.Context, string, string, string) error { return nil }

// writer is one process that writes the journal.
func (w *world) writer(t *testing.T, j *recordtest.Journal) App {
	t.Helper()
	b := record.NewBook(event.NewCatalogue(
		event.Type[referralv1.TeamDescribed](), event.Type[referralv1.RotaPublished](), event.Type[referralv1.ResponseOpened](), event.Type[referralv1.ResponseAlerted](),
		event.Type[referralv1.ResponseClosedTo](), event.Type[referralv1.ResponseMoved](), event.Type[referralv1.ResponseEnded](),
	), w.now)
	a := New(b, w, w, w, programmetest.Shipped())
	if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	return a
}

func as(ctx context.Context, person, cause string) context.Context {
	c := record.Command{Op: "test", Cause: cause}
	if person != "" {
		c.By = fact.By{Principal: person, Agency: agency, Roles: []string{"focal_point"}}
	}
	return record.With(ctx, c)
}

// called is a team of three, and an alert that asks the first of them.
func (a App) called(t *testing.T, persons ...string) {
	t.Helper()
	is, rota := referralv1.TeamDescribed{Team: team, Agency: agency, Country: "GT", Programme: "guatemala", Area: "GT-01", Turn: 1}, referralv1.RotaPublished{Team: team}
	for _, p := range persons {
		id := worker.ID(agency, p)
		is.Members = append(is.Members, intakev1.TeamMember{Worker: id, Agency: agency})
		rota.Shifts = append(rota.Shifts, referralv1.OnCall{Worker: id, From: night.Add(-time.Hour), Until: night.Add(24 * time.Hour)})
	}
	_, err := a.Teams.Execute(as(t.Context(), "", "team"), team, func(domain.Team, fact.By) ([]fact.Event, error) { return fact.Of(is, rota), nil })
	if err != nil {
		t.Fatal(err)
	}
	err = a.OnAsked(as(t.Context(), "", "asked"), intakev1.ResponseAsked{
		Case: "case_1", Alert: alert, Agency: "front-desk", Country: "GT", Programme: "guatemala", Area: "GT-01", Urgency: "emergency", Teams: []intakev1.ResponseTeam{{Team: team, Turn: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (a App) acknowledge(ctx context.Context, person, cause string) error {
	ctx = as(ctx, person, cause)
	rule := a.Rule(ctx, alert, fact.By{At: night})
	_, err := a.Alerts.Change(ctx, alert, func(s domain.Alert, by fact.By) ([]fact.Event, error) { return s.Acknowledge(by, struct{}{}, rule) })
	return err
}

func (a App) due(ctx context.Context, cause string) error {
	on := a.Ladder(ctx, alert)
	_, err := a.Alerts.Execute(as(ctx, "", cause), alert, func(s domain.Alert, by fact.By) ([]fact.Event, error) { return s.Escalate(by, on) })
	return err
}

// steps counts what the journal holds of the alert.
func steps(t *testing.T, j *recordtest.Journal) map[string]int {
	t.Helper()
	commits, err := j.Tail(t.Context(), alert, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, c := range commits {
		for _, e := range c.Events {
			n[e.Type]++
		}
	}
	return n
}

// Two members say in two processes, at the same instant, that they go, one of them twice: one
// goes, and the other is told that somebody goes. Whose time is over at that instant is passed
// by once, or not at all.
func TestTwoWritersAcknowledge(t *testing.T) {
	first := map[string]int{}
	for range 50 {
		w := &world{at: night}
		j := &recordtest.Journal{Beside: true}
		one, other := w.writer(t, j), w.writer(t, j)
		one.called(t, "ana", "eva", "leo")
		w.at = night.Add(time.Hour)
		if err := one.due(t.Context(), "first"); err != nil { // Eva is asked too
			t.Fatal(err)
		}
		w.at = night.Add(2 * time.Hour)
		errs := make([]error, 5)
		var wg sync.WaitGroup
		for i, does := range []func() error{
			func() error { return one.acknowledge(t.Context(), "ana", "0") },
			func() error { return other.acknowledge(t.Context(), "eva", "1") },
			func() error { return one.acknowledge(t.Context(), "eva", "2") },
			func() error { return one.due(t.Context(), "3") },
			func() error { return other.due(t.Context(), "4") },
		} {
			wg.Go(func() { errs[i] = does() })
		}
		wg.Wait()
		n := steps(t, j)
		ana, eva := errs[0], errors.Join(errs[1:3]...)
		switch {
		case ana == nil && errors.Is(errs[1], domain.ErrTaken) && errors.Is(errs[2], domain.ErrTaken):
			first["ana"]++
		case errors.Is(ana, domain.ErrTaken) && eva == nil:
			first["eva"]++
		default:
			t.Fatal(errs)
		}
		for _, err := range errs[3:] {
			if err != nil && !errors.Is(err, domain.ErrNotDue) {
				t.Fatal(err)
			}
		}
		if n["referral.response_moved.v1"] != 1 || n["referral.response_alerted.v1"] > 3 || n["referral.response_opened.v1"] != 1 {
			t.Fatal(n)
		}
		is, err := w.writer(t, j).Alerts.Get(t.Context(), alert)
		if err != nil || len(is.State.Going) != 1 {
			t.Fatalf("%+v %v", is.State, err)
		}
	}
	t.Log(first)
}

// Two processes find at the same instant that nobody answered: each member is asked once, in the
// order of the rota, and then the district.
func TestTwoWritersAskTheNextOnce(t *testing.T) {
	for range 50 {
		w := &world{at: night}
		j := &recordtest.Journal{Beside: true}
		writers := []App{w.writer(t, j), w.writer(t, j)}
		writers[0].called(t, "ana", "eva", "leo")
		for hour := range 4 {
			w.at = night.Add(time.Duration(hour+1) * time.Hour)
			var wg sync.WaitGroup
			errs := make([]error, 2)
			for i, a := range writers {
				wg.Go(func() { errs[i] = a.due(t.Context(), strconv.Itoa(hour)+"/"+strconv.Itoa(i)) })
			}
			wg.Wait()
			for _, err := range errs {
				if err != nil && !errors.Is(err, domain.ErrNotDue) {
					t.Fatal(err)
				}
			}
		}
		is, err := w.writer(t, j).Alerts.Get(t.Context(), alert)
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, r := range is.State.Rungs {
			asked = append(asked, r.Worker)
		}
		if want := []string{worker.ID(agency, "ana"), worker.ID(agency, "eva"), worker.ID(agency, "leo"), ""}; !slices.Equal(asked, want) {
			t.Fatalf("asked were %v", asked)
		}
	}
}
