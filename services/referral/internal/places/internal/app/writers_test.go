package app

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/domain"
)

const (
	shelter = "casa-segura"
	desk    = "front-desk"
	house   = "0b6f2c1e-52d4-4a57-9e0c-6d1f8a3b7c21"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// world is what places look at: one service, and referrals that somebody took meanwhile.
type world struct {
	mu    sync.Mutex
	at    time.Time
	taken map[string]bool
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func (w *world) accept(referral string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken[referral] = true
}

func (w *world) Listed(_ context.Context, service string) (look.Fresh[domain.Listed], error) {
	if service != house {
		return look.Made(domain.Listed{}), nil
	}
	return look.Made(domain.Listed{Agency: shelter, Services: []code.Service{code.SafeHouse}, Visibility: code.VisibleNetwork}), nil
}

func (w *world) Standing(_ context.Context, referral string) (look.Fresh[domain.Standing], error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	is := domain.Standing{Sender: desk, Asks: []string{shelter}}
	if w.taken[referral] {
		is.Taken, is.Asks = shelter, nil
	}
	return look.Made(is), nil
}

type tb interface {
	Helper()
	Fatal(...any)
	Context() context.Context
}

// writer is one process that writes the journal.
func (w *world) writer(t tb, j *recordtest.Journal) App {
	t.Helper()
	b := record.NewBook(event.NewCatalogue(
		event.Type[referralv1.PlaceDescribed](), event.Private[referralv1.PlaceHeld, domain.Kept](), event.Type[referralv1.HoldEnded](),
		event.Type[referralv1.PlacementBegun](), event.Type[referralv1.PlacementOutlived](), event.Type[referralv1.PlacementEnded](),
	), w.now)
	a := New(b, programmetest.Shipped(), w, w)
	if err := b.Open(t.Context(), j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	return a
}

func as(ctx context.Context, agency, cause string) context.Context {
	c := record.Command{Op: "test", Cause: cause}
	if agency != "" {
		c.By = fact.By{Principal: "p", Agency: agency}
	}
	return record.With(ctx, c)
}

func (a App) describe(t tb, free, maximum int64) {
	t.Helper()
	ctx := as(t.Context(), shelter, "describe")
	on := a.Listing(ctx, house, fact.By{})
	_, err := a.Places.Put(ctx, house, func(p domain.Place, by fact.By) ([]fact.Event, error) {
		return p.Describe(by, domain.Describe{Place: house, Unit: code.UnitBed, Maximum: maximum, Free: free, For: code.ForOnePerson}, on)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (a App) hold(ctx context.Context, cause, referral string) (id string, err error) {
	ctx = as(ctx, desk, cause)
	cmd := domain.Reserve{Adults: 1, Referral: referral}
	on := a.Asked(ctx, house, fact.By{}, cmd)
	_, err = a.Places.Change(ctx, house, func(p domain.Place, by fact.By) ([]fact.Event, error) {
		events, err := a.Reserve(p, by, cmd, on)
		if err == nil {
			id = events[0].Data.(referralv1.PlaceHeld).Hold
		}
		return events, err
	})
	return id, err
}

func (a App) due(ctx context.Context, cause string) error {
	took := a.Took(ctx, house)
	_, err := a.Places.Execute(as(ctx, "", cause), house, func(p domain.Place, by fact.By) ([]fact.Event, error) { return p.HoldDue(by, took) })
	return err
}

// refused says that an error is a rule's word, and not a defect.
func refused(err error) bool {
	_, ok := errors.AsType[*fault.Error](err)
	return err == nil || ok
}

// Two processes that hold, accept, end and let fall back at once: nothing is lost, nothing is
// there twice, and the sum is never above what there is.
func TestTwoWriters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{at: noon, taken: map[string]bool{}}
		j := &recordtest.Journal{Beside: true}
		writers := []App{w.writer(t, j), w.writer(t, j)}
		maximum := rapid.Int64Range(1, 3).Draw(t, "maximum")
		writers[0].describe(t, maximum, maximum)
		var steps [2][]int
		for i := range steps {
			steps[i] = rapid.SliceOfN(rapid.IntRange(0, 5), 1, 12).Draw(t, "steps")
		}
		var mu sync.Mutex
		acknowledged := map[string]bool{}
		var defects []error
		var wg sync.WaitGroup
		for i, a := range writers {
			wg.Go(func() {
				for n, what := range steps[i] {
					cause := strconv.Itoa(i) + "/" + strconv.Itoa(n)
					referral := "ref_" + strconv.Itoa(n%3)
					var err error
					switch what {
					case 0, 1:
						var id string
						if id, err = a.hold(t.Context(), cause, referral); err == nil {
							mu.Lock()
							acknowledged[id] = true
							mu.Unlock()
						}
					case 2:
						w.accept(referral)
						err = a.OnAccepted(as(t.Context(), "", "accepted "+referral), referralv1.Loop{Referral: referral, Recipient: shelter, Service: code.SafeHouse})
					case 3:
						w.later(15 * time.Minute)
						err = a.due(t.Context(), cause)
					case 4:
						_, err = a.Places.Change(as(t.Context(), shelter, cause), house, func(p domain.Place, by fact.By) ([]fact.Event, error) {
							return p.Leave(by, domain.Leave{Referral: referral, Reason: code.StayLeft})
						})
					case 5:
						err = a.OnEnded(as(t.Context(), "", cause), referral)
					}
					if !refused(err) {
						mu.Lock()
						defects = append(defects, err)
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		if err := errors.Join(defects...); err != nil {
			t.Fatal(err)
		}
		judge(t, w, j, acknowledged)
	})
}

// judge reads the journal from its beginning.
func judge(t *rapid.T, w *world, j *recordtest.Journal, acknowledged map[string]bool) {
	t.Helper()
	commits, err := j.Tail(t.Context(), "place_"+house, 1)
	if err != nil {
		t.Fatal(err)
	}
	begun, ended := map[string]int{}, map[string]int{}
	for _, c := range commits {
		for _, e := range c.Events {
			switch e.Type {
			case "referral.place_held.v1":
				begun[field(e.Data, "hold")]++
			case "referral.hold_ended.v1":
				ended[field(e.Data, "hold")]++
			}
		}
	}
	a := w.writer(t, j)
	res, err := a.Places.Get(t.Context(), house)
	if err != nil {
		t.Fatal(err)
	}
	p := res.State
	if p.Free < 0 || p.Over() != 0 || p.Free > p.Maximum {
		t.Fatalf("%d free, %d held, %d taken of %d", p.Free, len(p.Holds), p.Taken(), p.Maximum)
	}
	for _, h := range p.Holds {
		ended[h.ID]++ // it is there still
	}
	for id := range acknowledged {
		if begun[id] != 1 {
			t.Fatalf("%s was acknowledged, and is there %d times", id, begun[id])
		}
	}
	for id := range begun {
		if ended[id] != 1 {
			t.Fatalf("%s ended %d times", id, ended[id])
		}
	}
	// What nobody took falls back when its time is over, and then nothing is held.
	w.later(time.Hour)
	if err := a.due(t.Context(), "last"); !refused(err) {
		t.Fatal(err)
	}
	res, _ = a.Places.Get(t.Context(), house)
	if p = res.State; len(p.Holds) > 0 || p.Free+p.Taken() != p.Maximum {
		t.Fatalf("at the end %d held, %d free and %d taken of %d", len(p.Holds), p.Free, p.Taken(), p.Maximum)
	}
}

// An acceptance and the end of the hold, at the same instant and in two processes: she has
// one place, whoever was first.
func TestAcceptanceAndExpiryAtOneInstant(t *testing.T) {
	for range 50 {
		w := &world{at: noon, taken: map[string]bool{}}
		j := &recordtest.Journal{Beside: true}
		one, other := w.writer(t, j), w.writer(t, j)
		one.describe(t, 1, 1)
		if _, err := one.hold(t.Context(), "hold", "ref_1"); err != nil {
			t.Fatal(err)
		}
		w.later(30 * time.Minute)
		var wg sync.WaitGroup
		var due, accepted error
		wg.Go(func() { due = one.due(t.Context(), "due") })
		wg.Go(func() {
			w.accept("ref_1")
			accepted = other.OnAccepted(as(t.Context(), "", "accepted"), referralv1.Loop{Referral: "ref_1", Recipient: shelter, Service: code.SafeHouse})
		})
		wg.Wait()
		if due != nil || accepted != nil {
			t.Fatal(due, accepted)
		}
		p, err := w.writer(t, j).Places.Get(t.Context(), house)
		if s := p.State; err != nil || s.Taken() != 1 || s.Free != 0 || len(s.Holds) > 0 || len(s.Stays) != 1 {
			t.Fatalf("%+v, %v", s, err)
		}
	}
}

// What is held is not free for a search, and another agency's acceptance lets go.
func TestCountedAndElsewhere(t *testing.T) {
	w := &world{at: noon, taken: map[string]bool{}}
	a := w.writer(t, &recordtest.Journal{})
	if _, ok := a.Counted(house); ok {
		t.Error("counted, and nobody counts")
	}
	a.describe(t, 1, 2)
	if _, err := a.hold(t.Context(), "hold", "ref_1"); err != nil {
		t.Fatal(err)
	}
	if is, ok := a.Counted(house); !ok || is.Free != 0 || is.Maximum != 2 {
		t.Errorf("held: %+v %t", is, ok)
	}
	if err := a.OnAccepted(as(t.Context(), "", "accepted"), referralv1.Loop{Referral: "ref_1", Recipient: "another", Service: code.SafeHouse}); err != nil {
		t.Fatal(err)
	}
	if is, _ := a.Counted(house); is.Free != 1 {
		t.Errorf("taken elsewhere: %+v", is)
	}
	if err := a.OnAccepted(as(t.Context(), "", "other service"), referralv1.Loop{Referral: "ref_2", Recipient: shelter, Service: code.Food}); err != nil {
		t.Fatal(err)
	}
	if is, _ := a.Counted(house); is.Free != 1 {
		t.Errorf("another service took one: %+v", is)
	}
}
