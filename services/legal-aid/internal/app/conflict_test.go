package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/legal-aid/internal/app"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
	"github.com/sanad-network/sanad/services/legal-aid/internal/domain"
)

// bureau is an office of several matters, which ana has. Bob has another one; olga is a conflicts officer.
type bureau struct {
	*testing.T
	app.App
}

func bureauOf(t *testing.T, referrals ...string) bureau {
	t.Helper()
	b := record.NewBook(event.NewCatalogue(
		event.Private[legalaidv1.MatterOpened, work.Consent](), event.Type[legalaidv1.MatterAssigned](), event.Type[legalaidv1.MatterClosed](),
		event.Private[legalaidv1.MatterSeen, seen.Glance](), event.Type[legalaidv1.WorkerNoted](), event.Type[legalaidv1.CircleNoted](),
		event.Private[legalaidv1.ConflictNamed, conflict.Named](), event.Private[legalaidv1.ConflictMatched, conflict.Found](),
		event.Private[legalaidv1.ConflictSettled, conflict.Settler](), event.Type[legalaidv1.WorkerAwaited](),
	), func() time.Time { return morning })
	o := bureau{t, app.New(b)}
	if err := b.Open(t.Context(), &recordtest.Journal{}, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	c := clinic{T: t, App: o.App}
	for _, who := range []string{"ana", "bob", "olga", "otto"} {
		c.says(staff.Worker{ID: id(who)}, 1)
	}
	for n, referral := range referrals {
		loop := referralv1.Loop{Referral: referral, Case: "case_" + referral, Recipient: office, Service: code.LegalAssistance, Turn: 2}
		if err := o.OnReferralAccepted(c.network(referral), referralv1.Accepted{
			Loop: loop, Consent: "cons_1", Purpose: code.ServiceDelivery, Urgency: code.Urgent, Categories: []code.Category{code.Identity}, ConsentExpires: morning.AddDate(0, 1, 0),
		}); err != nil {
			t.Fatal(err)
		}
		c.assigned(loop, []string{"ana", "bob"}[n%2], morning)
	}
	return o
}

func (o bureau) as(who, cause string) (context.Context, fact.By) {
	by := person(who)
	return record.With(o.Context(), record.Command{Op: "test", By: by, Cause: cause}), by
}

// checks writes names at a matter, and compares them.
func (o bureau) checks(referral string, n conflict.Names) code.ConflictStanding {
	o.Helper()
	ctx, _ := o.as("ana", "check "+referral+strings.Join(n.Client, ""))
	id := domain.MatterID(referral)
	if _, err := o.Works.Change(ctx, id, func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.CheckConflicts(by, domain.CheckConflicts{Names: n})
	}); err != nil {
		o.Fatal(err)
	}
	if err := o.Compare(ctx, id); err != nil {
		o.Fatal(err)
	}
	m, err := o.Works.Get(o.Context(), id)
	if err != nil {
		o.Fatal(err)
	}
	return m.State.Conflict.Standing()
}

// Names are compared with open and closed matters of the agency, in both directions; an officer who acts on
// none of them sees the names on both sides and nothing else, and answers.
func TestConflictsOfAnOffice(t *testing.T) {
	o := bureauOf(t, "ref_1", "ref_2", "ref_3")
	theirs := conflict.Names{Client: []string{"Pedro Choc"}, Opponents: []string{"Rosa Ical"}}
	if is := o.checks("ref_1", theirs); is != code.ConflictNotFound {
		t.Fatalf("the first matter: %s", is)
	}
	ctx, _ := o.as("ana", "close")
	if _, err := o.Works.Change(ctx, domain.MatterID("ref_1"), func(m domain.Matter, by fact.By) ([]fact.Event, error) {
		return m.Close(by, work.Close{Outcome: code.NeedsMet})
	}); err != nil {
		t.Fatal(err)
	}
	mine := conflict.Names{Client: []string{"Ana Xol"}, Opponents: []string{"CHOC, Pedro"}}
	if is := o.checks("ref_3", mine); is != code.ConflictWaits {
		t.Fatalf("against a client of a closed matter: %s", is)
	}
	matter := domain.MatterID("ref_3")

	_, olga := o.as("olga", "")
	all, err := o.Conflicts(o.Context(), olga, "", nil)
	if err != nil || len(all.Items) != 1 || all.Items[0].Matter != matter || all.Items[0].Result != code.ConflictMatch {
		t.Fatalf("what waits: %+v, %v", all, err)
	}
	ctx, olga = o.as("olga", "look")
	sides, err := o.Sides(ctx, olga, matter, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]conflict.Names{mine, theirs}, append([]conflict.Names{sides.Names}, sides.Others...)); diff != "" {
		t.Error("the names (-want +got):\n" + diff)
	}
	text, _ := json.Marshal(sides)
	for _, never := range []string{"case_", "ref_1", domain.MatterID("ref_1"), "cons_", string(code.NeedsMet)} {
		if strings.Contains(string(text), never) {
			t.Errorf("an officer is shown %s: %s", never, text)
		}
	}
	for _, of := range []string{"ref_1", "ref_3"} {
		if looks, err := o.Seen.Get(t.Context(), seen.ID(domain.MatterID(of))); err != nil || len(looks.State.Looks) != 1 || looks.State.Looks[0].Part != seen.Conflict {
			t.Errorf("a look at %s: %+v, %v", of, looks.State, err)
		}
	}
	answer := domain.SettleConflict{Check: sides.Asked.Check, Answer: code.ConflictCleared}
	ctx, ana := o.as("ana", "answer")
	if _, err := o.Settle(ctx, ana, matter, answer); !errors.Is(err, conflict.ErrNotNeutral) {
		t.Errorf("who acts on both answers: %v", err)
	}
	if _, err := o.Sides(ctx, ana, matter, nil); !errors.Is(err, conflict.ErrNotNeutral) {
		t.Errorf("who acts on both is shown the names: %v", err)
	}
	// Whom the client of either matter must not meet is no officer for them.
	if _, err := o.Circles.Execute(record.With(t.Context(), record.Command{Op: "hear", Cause: "circle"}), circle.ID("ref_1"), func(circle.Circle, fact.By) ([]fact.Event, error) {
		return fact.Of(legalaidv1.CircleNoted{Circle: staff.Circle{Referral: "ref_1", Case: "case_ref_1", Turn: 1, Workers: []string{worker.ID(office, "olga")}}}), nil
	}); err != nil {
		t.Fatal(err)
	}
	ctx, otto := o.as("otto", "answer")
	if _, err := o.Sides(ctx, otto, matter, nil); !errors.Is(err, conflict.ErrNotNeutral) {
		t.Errorf("whom she must not meet is shown the names: %v", err)
	}
	ctx, olga = o.as("olga", "answer")
	if _, err := o.Settle(ctx, olga, matter, answer); err != nil {
		t.Fatal(err)
	}
	if m, err := o.Works.Get(t.Context(), matter); err != nil || m.State.Conflict.Cleared() != nil {
		t.Errorf("cleared: %+v, %v", m.State.Conflict, err)
	}
	if all, err := o.Conflicts(o.Context(), olga, "", nil); err != nil || len(all.Items) != 0 {
		t.Errorf("what waits after the answer: %+v, %v", all, err)
	}
}

// An office is shown nothing of another one's matters, and no name of theirs is compared.
func TestConflictsAreOfOneAgency(t *testing.T) {
	o := bureauOf(t, "ref_1")
	if is := o.checks("ref_1", conflict.Names{Client: []string{"Pedro Choc"}, Opponents: []string{"Pedro Choc"}}); is != code.ConflictNotFound {
		t.Errorf("a matter is compared with itself: %s", is)
	}
	stranger := fact.By{Principal: "olga", Agency: "another", At: morning}
	if _, err := o.Sides(o.Context(), stranger, domain.MatterID("ref_1"), nil); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("another agency: %v", err)
	}
}

// A circle binds the people of a court only where it speaks of the court. One of before circles named
// agencies may, so that whom it does not name does not meet her.
func TestWhoMeetsHerAtACourt(t *testing.T) {
	const court = "east-court"
	eva, ana := fact.By{Principal: "eva", Agency: court, At: morning}, person("ana")
	for name, c := range map[string]struct {
		drawn *staff.Circle
		want  bool
	}{
		"no circle":                  {nil, true},
		"open again":                 {&staff.Circle{Open: true}, true},
		"it speaks of others":        {&staff.Circle{Agencies: []string{office}, Workers: []string{id("ana")}}, true},
		"it names her":               {&staff.Circle{Agencies: []string{court, office}, Workers: slices.Sorted(slices.Values([]string{id("ana"), worker.ID(court, "eva")}))}, true},
		"it does not name her":       {&staff.Circle{Agencies: []string{court, office}, Workers: []string{id("ana")}}, false},
		"of before, and without her": {&staff.Circle{Workers: []string{id("ana")}}, false},
	} {
		o := bureauOf(t, "ref_1")
		if c.drawn != nil {
			c.drawn.Referral, c.drawn.Case, c.drawn.Turn = "ref_1", "case_ref_1", 1
			if _, err := o.Circles.Execute(record.With(t.Context(), record.Command{Op: "hear", Cause: "circle"}), circle.ID("ref_1"), func(circle.Circle, fact.By) ([]fact.Event, error) {
				return fact.Of(legalaidv1.CircleNoted{Circle: *c.drawn}), nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		if may, err := o.Meets(t.Context(), domain.MatterID("ref_1"), eva); err != nil || may != c.want {
			t.Errorf("%s: %t, %v", name, may, err)
		}
		if may, err := o.Meets(t.Context(), domain.MatterID("ref_1"), ana); err != nil || !may {
			t.Errorf("%s, for her lawyer: %t, %v", name, may, err)
		}
	}
}
