package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

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
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/worker"
)

const front = "front-desk"

var morning = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// full refuses to keep records of a kind, while it is full of them.
type full struct {
	recordtest.Journal
	of string
}

var errFull = errors.New("the disk is full")

func (f *full) Append(ctx context.Context, c *journal.Commit) error {
	if f.of != "" && strings.HasPrefix(c.Record, f.of+"_") {
		return errFull
	}
	return f.Journal.Append(ctx, c)
}

// tb is what a test and a property have in common.
type tb interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Errorf(format string, args ...any)
}

// desk is a front desk with the journal of its service. Ana, eva, ida and bob work there;
// eva covers for ana. Zoe is on no register.
type desk struct {
	tb
	app.App
	book    *record.Book
	journal *full
	now     time.Time
	turns   map[string]int
	n       int
}

func opened(t tb) *desk {
	t.Helper()
	d := &desk{tb: t, journal: &full{}, now: morning, turns: map[string]int{}}
	b := record.NewBook(event.NewCatalogue(
		event.Private[intakev1.CaseOpened, domain.Opened](), event.Private[intakev1.CaseHandedOver, domain.Handed](), event.Type[intakev1.CaseOwnerLeft](),
		event.Type[intakev1.CaseRestricted](), event.Private[intakev1.CaseSeen, seen.Glance](), event.Type[intakev1.DuplicateHinted](),
		event.Private[intakev1.CasesSearched, domain.Searcher](), event.Type[intakev1.WorkerNoted](), event.Private[intakev1.ContactSuspended, domain.Hold](),
		event.Type[intakev1.ContactRestored](), event.Type[intakev1.CaseMerged](), event.Type[intakev1.CaseClosed](), event.Private[intakev1.CaseAmended, domain.Amendment](),
		event.Private[intakev1.ConsentGiven, domain.Evidence](), event.Type[intakev1.ConsentWithdrawn](), event.Type[intakev1.AgencyNoted](),
		event.Type[intakev1.TransferAsked](), event.Type[intakev1.TransferEnded](), event.Private[intakev1.CaseTransferred, domain.Owned](),
	).ReadingBack(), func() time.Time { return d.now })
	d.book, d.App = b, app.New(b, domain.Rules{Programmes: programmetest.Shipped()})
	if err := b.Open(t.Context(), d.journal, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ana", "eva", "ida", "bob"} {
		d.says(name, staff.Worker{})
	}
	return d
}

func id(subject string) string { return worker.ID(front, subject) }

func (d *desk) person(subject string, roles ...string) fact.By {
	return fact.By{Principal: subject, Agency: front, Roles: append(roles, "caseworker"), At: d.now}
}

func (d *desk) as(by fact.By) context.Context {
	return record.With(d.Context(), record.Command{Op: "test", By: by})
}

// says has the register say something of a worker.
func (d *desk) says(subject string, w staff.Worker) {
	d.Helper()
	d.turns[subject]++
	w.ID, w.Agency, w.Turn = id(subject), front, d.turns[subject]
	if subject == "ana" {
		w.Cover = id("eva")
	}
	ctx := record.With(d.Context(), record.Command{Op: "hear", Cause: fmt.Sprint(subject, w.Turn)})
	if err := d.OnWorkerChanged(ctx, referralv1.WorkerChanged{Worker: w}); err != nil {
		d.Fatal(err)
	}
}

// opens has somebody open a case, of which the service then hears itself.
func (d *desk) opens(subject, name string) string {
	d.Helper()
	d.n++
	d.now = d.now.Add(time.Minute)
	id := fact.ID("case", fmt.Sprint(d.n))
	by := d.person(subject)
	if _, err := d.Cases.Create(d.as(by), id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.Open(by, domain.Open{Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala", Opening: domain.Opening{Name: name, Narrative: "canary-narrative"}})
	}); err != nil {
		d.Fatal(err)
	}
	d.hears(id)
	return id
}

func (d *desk) hears(id string) {
	d.Helper()
	if err := d.OnOpened(record.With(d.Context(), record.Command{Op: "hear", Cause: id + "/1/0"}), intakev1.CaseOpened{Case: id}); err != nil {
		d.Fatal(err)
	}
}

// does has somebody do something to a case.
func (d *desk) does(by fact.By, id string, decide func(domain.Case, fact.By) ([]fact.Event, error)) error {
	_, err := d.Cases.Change(d.as(by), id, decide)
	return err
}

func (d *desk) handsOver(by fact.By, id, to string) error {
	k := d.Colleagues(d.Context(), id, by)
	return d.does(by, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.HandOver(by, domain.HandOver{To: to}, k)
	})
}

// sees tells whether somebody is shown what is in a case.
func (d *desk) sees(by fact.By, id string) bool {
	d.Helper()
	sight, err := d.Read(d.as(by), id, by)
	if err != nil {
		d.Fatal(err)
	}
	b, _ := json.Marshal(sight.View)
	return strings.Contains(string(b), "canary")
}

func (d *desk) looks(id string) []seen.Look {
	d.Helper()
	looks, err := d.Looked(d.Context(), d.person("head", "supervisor"), id, nil)
	if err != nil {
		d.Fatal(err)
	}
	return looks.Items
}

func (d *desk) state(id string) domain.Case {
	d.Helper()
	res, err := d.Cases.Get(d.Context(), id)
	if err != nil {
		d.Fatal(err)
	}
	return res.State
}

// The content is for who has the case and who covers; each look at it is recorded, at every
// part; everybody else of the desk sees the frame and is refused the rest.
func TestTheContentIsForItsOwner(t *testing.T) {
	later := morning.Add(time.Hour)
	for name, c := range map[string]struct {
		given func(*desk)
		by    string
		roles []string
		want  bool
	}{
		"who has it":                   {func(*desk) {}, "ana", nil, true},
		"who covers, not needed":       {func(*desk) {}, "eva", nil, false},
		"who covers":                   {func(d *desk) { d.says("ana", staff.Worker{AbsentUntil: later}) }, "eva", nil, true},
		"who had it, and left":         {func(d *desk) { d.says("ana", staff.Worker{Left: true}) }, "ana", nil, false},
		"who covers for who left":      {func(d *desk) { d.says("ana", staff.Worker{Left: true}) }, "eva", nil, true},
		"a supervisor":                 {func(*desk) {}, "head", []string{"supervisor"}, false},
		"somebody of the desk":         {func(*desk) {}, "bob", nil, false},
		"on duty, and nothing wrong":   {func(d *desk) { d.says("bob", staff.Worker{DutyFrom: morning, DutyUntil: later}) }, "bob", nil, false},
		"on duty, and contact closed":  {closedOnDuty("bob", morning, later), "bob", nil, true},
		"off duty, and contact closed": {closedOnDuty("bob", later, later.Add(time.Hour)), "bob", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := opened(t)
			id := d.opens("ana", "Ana")
			c.given(d)
			by := d.person(c.by, c.roles...)
			if got := d.sees(by, id); got != c.want {
				t.Errorf("sees is %t", got)
			}
			_, plan := d.Sequence(d.as(by), by, id, nil)
			_, _, shown := d.Disclosures(d.as(by), by, id, "", 10)
			for part, err := range map[string]error{"history": d.Past(d.as(by), id, by), "plan": plan, "disclosures": shown} {
				if errors.Is(err, domain.ErrNotTheOwner) == c.want || err != nil && c.want {
					t.Errorf("%s: %v", part, err)
				}
			}
			parts := map[seen.Part]int{}
			for _, l := range d.looks(id) {
				if l.By != c.by {
					t.Errorf("%s looked", l.By)
				}
				parts[l.Part]++
			}
			want := map[seen.Part]int{}
			if c.want {
				want = map[seen.Part]int{seen.Content: 1, seen.History: 1, seen.Sequence: 1, seen.Disclosures: 1}
			}
			if diff := cmp.Diff(want, parts); diff != "" {
				t.Errorf("looks (-want +got):\n%s", diff)
			}
		})
	}
}

// closedOnDuty closes her contact while somebody is on duty.
func closedOnDuty(subject string, from, until time.Time) func(*desk) {
	return func(d *desk) {
		d.says(subject, staff.Worker{DutyFrom: from, DutyUntil: until})
		d.suspends(fact.ID("case", "1"))
	}
}

func (d *desk) suspends(id string) {
	d.Helper()
	if err := d.does(d.person("zoe"), id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.SuspendContact(by, domain.SuspendContact{})
	}); err != nil {
		d.Fatal(err)
	}
}

// The person on duty opens her contact again, and does nothing else.
func TestThePersonOnDuty(t *testing.T) {
	d := opened(t)
	id := d.opens("ana", "Ana")
	d.says("bob", staff.Worker{DutyFrom: morning, DutyUntil: morning.Add(time.Hour)})
	d.suspends(id)
	bob, ida := d.person("bob"), d.person("ida")
	restore := func(by fact.By) error {
		h := d.Watch(t.Context(), id, by)
		return d.does(by, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return domain.ByOwner(domain.Case.RestoreContact)(c, by, domain.RestoreContact{}, h)
		})
	}
	closes := func(by fact.By) error {
		h := d.Hands(t.Context(), id, by)
		return d.does(by, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return domain.ByOwner(domain.Case.Close)(c, by, domain.Close{Reason: code.CloseNeedsMet}, h)
		})
	}
	if err := closes(bob); !errors.Is(err, domain.ErrNotTheOwner) {
		t.Errorf("on duty, and closes the case: %v", err)
	}
	if err := restore(ida); !errors.Is(err, domain.ErrNotTheOwner) {
		t.Errorf("a colleague opens the contact: %v", err)
	}
	if err := restore(bob); err != nil {
		t.Error(err)
	}
	if d.sees(bob, id) {
		t.Error("the contact is open, and who was on duty sees the case")
	}
	if err := closes(d.person("ana")); err != nil {
		t.Error(err)
	}
}

// A look, and a search, that cannot be recorded shows nothing.
func TestRecordedBeforeTheAnswer(t *testing.T) {
	d := opened(t)
	id := d.opens("ana", "Ana")
	ana := d.person("ana")
	search := domain.Search{Name: "ana", Reason: code.SheIsHere}
	d.journal.of = seen.Prefix
	if sight, err := d.Read(d.as(ana), id, ana); !errors.Is(err, errFull) || sight.View != nil {
		t.Errorf("a look shows %v, %v", sight.View, err)
	}
	d.journal.of = domain.SearchesPrefix
	if found, err := d.Search(d.as(ana), ana, search); !errors.Is(err, errFull) || len(found.Items) > 0 {
		t.Errorf("a search finds %v, %v", found, err)
	}
	d.journal.of = ""
	if found, err := d.Search(d.as(ana), ana, search); err != nil || len(found.Items) != 1 || found.Items[0].Name != "" {
		t.Errorf("afterwards %+v, %v", found, err)
	}
}

// A search answers only cases that the searcher has or covers; each is reviewed by a
// supervisor of that agency, and what was searched for is nowhere in the journal.
func TestSearch(t *testing.T) {
	d := opened(t)
	hers, his := d.opens("ana", "Canary Osmonova"), d.opens("bob", "canary osmonova")
	find := func(who string, s domain.Search) []string {
		t.Helper()
		by := d.person(who)
		found, err := d.Search(d.as(by), by, s)
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, v := range found.Items {
			ids = append(ids, v.ID)
		}
		return ids
	}
	name := domain.Search{Name: "CANARY  Osmonova", Reason: code.SheIsHere}
	reference := domain.Search{Reference: d.state(his).Reference(), Reason: code.AgencyCalled}
	for who, want := range map[string][]string{"ana": {hers}, "bob": {his}, "eva": {}, "zoe": {}, "head": {}} {
		if diff := cmp.Diff(want, find(who, name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", who, diff)
		}
	}
	if got := find("ana", reference); len(got) > 0 {
		t.Errorf("by the reference of a colleague's case: %v", got)
	}
	if got := find("bob", reference); !slices.Equal(got, []string{his}) {
		t.Errorf("by the reference of one's own: %v", got)
	}
	d.says("ana", staff.Worker{AbsentUntil: d.now.Add(time.Hour)})
	if got := find("eva", name); !slices.Equal(got, []string{hers}) {
		t.Errorf("who covers finds %v", got)
	}
	if got := find("eva", reference); len(got) > 0 {
		t.Errorf("who covers for ana finds a case of bob: %v", got)
	}
	k := d.Colleagues(t.Context(), hers, d.person("head", "supervisor"))
	if err := d.does(d.person("head", "supervisor"), hers, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.Restrict(by, domain.Restrict{Restricted: true}, k)
	}); err != nil {
		t.Fatal(err)
	}
	if got := find("ana", name); len(got) > 0 {
		t.Errorf("a restricted case is found: %v", got)
	}

	page, _, err := d.Review(t.Context(), d.person("head", "supervisor"), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]int{}
	for _, s := range page.Items {
		made[s.By+" "+string(s.Kind)+" "+string(s.Reason)]++
	}
	want := map[string]int{
		"ana name she_is_here": 2, "bob name she_is_here": 1, "eva name she_is_here": 2, "eva reference agency_called": 1, "zoe name she_is_here": 1, "head name she_is_here": 1,
		"ana reference agency_called": 1, "bob reference agency_called": 1,
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("searches (-want +got):\n%s", diff)
	}
	if elsewhere, _, err := d.Review(t.Context(), fact.By{Principal: "head", Agency: "other-desk", Roles: []string{"supervisor"}}, "", 100); err != nil || len(elsewhere.Items) > 0 {
		t.Errorf("another agency reads %v, %v", elsewhere, err)
	}
	for _, record := range []string{domain.SearchesOf(id("ana")), domain.SearchesOf(id("bob"))} {
		commits, err := d.journal.Tail(t.Context(), record, 1)
		if err != nil || len(commits) == 0 {
			t.Fatal(record, err)
		}
		for _, c := range commits {
			b, _ := json.Marshal(c)
			if strings.Contains(strings.ToLower(string(b)), "canary") || strings.Contains(string(b), reference.Reference) || len(c.Digest) > 0 || c.Cause != "" {
				t.Errorf("the journal keeps %s", b)
			}
		}
	}
}

// The same key again is a new search, and recorded: nothing is kept by which it could be
// known.
func TestEachSearchIsRecorded(t *testing.T) {
	d := opened(t)
	by := d.person("ana")
	ctx := record.With(t.Context(), record.Command{Op: "searchCases", By: by, Cause: "searchCases/front-desk/key", Digest: []byte("a hash of a name")})
	for range 2 {
		if _, err := d.Search(ctx, by, domain.Search{Name: "Ana", Reason: code.SheCalled}); err != nil {
			t.Fatal(err)
		}
	}
	if page, _, err := d.Review(t.Context(), d.person("head", "supervisor"), "", 100); err != nil || len(page.Items) != 2 {
		t.Errorf("%v, %v", page, err)
	}
}

// A leaver's cases wait for a supervisor at once, also one that was opened while the register
// changed.
func TestALeaverIsRemoved(t *testing.T) {
	d := opened(t)
	first := d.opens("ida", "")
	d.says("ida", staff.Worker{Left: true})
	if d.state(first).OwnerLeft.IsZero() {
		t.Error("the case waits for nobody")
	}
	by := d.person("ida")
	late := fact.ID("case", "late")
	if _, err := d.Cases.Create(d.as(by), late, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.Open(by, domain.Open{Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala"}) // looked before she left
	}); err != nil {
		t.Fatal(err)
	}
	d.hears(late)
	if d.state(late).OwnerLeft.IsZero() {
		t.Error("the case that she opened at that instant waits for nobody")
	}
	if err := d.handsOver(d.person("head", "supervisor"), first, "bob"); err != nil {
		t.Error(err)
	}
	if !d.sees(d.person("bob"), first) || d.sees(by, first) {
		t.Error("it was given to bob")
	}
	if err := d.handsOver(d.person("bob"), first, "ida"); !errors.Is(err, worker.ErrUnknown) {
		t.Errorf("given to one who left: %v", err)
	}
}

// A second case of one name is told to who has the older one, of her desk alone, and the
// newer case learns nothing; of amended names too.
func TestAHintOfASecondCase(t *testing.T) {
	d := opened(t)
	older, newer, other := d.opens("ana", "Ana Osmonova"), d.opens("bob", "ANA osmonova"), d.opens("bob", "Eva")
	if hints := d.state(older).Hints; len(hints) != 1 || hints[0].Other != newer || hints[0].Both {
		t.Errorf("%+v", hints)
	}
	if len(d.state(newer).Hints) > 0 || len(d.state(other).Hints) > 0 {
		t.Error("the newer case learns of it")
	}
	d.hears(newer)
	if err := d.Compare(record.With(t.Context(), record.Command{Op: "amendCase", Cause: "amended", By: d.person("bob")}), newer); err != nil {
		t.Fatal(err)
	}
	if hints := d.state(older).Hints; len(hints) != 1 {
		t.Errorf("twice: %+v", hints)
	}
	if third := d.opens("ana", "ana osmonova"); len(d.state(older).Hints) != 2 || !d.state(older).Hints[1].Both || len(d.state(newer).Hints) != 1 {
		t.Errorf("of the third, %s: %+v", third, d.state(older).Hints)
	}
}

// Two cases of one owner are merged through the looks of the desk; of another's there is no
// such case.
func TestMerge(t *testing.T) {
	d := opened(t)
	older, newer, his := d.opens("ana", "Ana"), d.opens("ana", "Ana"), d.opens("bob", "Ana")
	merge := func(who, id, into string) error {
		by := d.person(who)
		p := d.Pair(d.as(by), id, by, domain.Merge{Into: into})
		return d.does(by, id, func(c domain.Case, by fact.By) ([]fact.Event, error) { return c.Merge(by, domain.Merge{Into: into}, p) })
	}
	for name, err := range map[string]error{
		"somebody else": merge("bob", newer, older), "into somebody's": merge("bob", his, older), "into none": merge("ana", newer, fact.ID("case", "none")),
	} {
		if !errors.Is(err, domain.ErrNotTheOwner) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := merge("ana", older, newer); !errors.Is(err, domain.ErrMerge) {
		t.Errorf("into a newer one: %v", err)
	}
	if err := merge("ana", newer, older); err != nil || d.state(newer).Into != older {
		t.Errorf("%v", err)
	}
	last := d.opens("ana", "Ana")
	if err := merge("ana", last, newer); !errors.Is(err, domain.ErrMerge) {
		t.Errorf("a chain: %v", err)
	}
}

// Random people, on random days: nobody is shown what is in a case, by any way, who neither
// has it nor covers, nor is on duty while her contact is closed; and every look is on record.
func TestNobodyElseSeesContent(t *testing.T) {
	people := []string{"ana", "eva", "ida", "bob", "zoe", "head"}
	rapid.Check(t, func(t *rapid.T) {
		d := opened(t)
		// What must hold, by a second reckoning: who has which case, is away, left or on duty.
		owner, away, left, duty, closed := map[string]string{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
		taken := map[string]bool{}
		var cases []string
		looked := map[string]int{}
		who := rapid.SampledFrom(people)
		say := func(p string) {
			if p == "zoe" || p == "head" {
				return
			}
			w := staff.Worker{Left: left[p]}
			if away[p] {
				w.AbsentUntil = morning.AddDate(1, 0, 0)
			}
			if duty[p] {
				w.DutyFrom, w.DutyUntil = morning, morning.AddDate(1, 0, 0)
			}
			d.says(p, w)
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			p := who.Draw(t, "who")
			switch rapid.SampledFrom([]string{"open", "away", "leave", "duty", "unsafe", "give", "look", "look", "look", "search"}).Draw(t, "what") {
			case "open":
				if !left[p] {
					id := d.opens(p, "Canary")
					cases = append(cases, id)
					owner[id] = p
				}
			case "away":
				away[p] = !away[p]
				say(p)
			case "leave":
				if p != "zoe" && p != "head" {
					left[p] = true
					for id, o := range owner {
						taken[id] = taken[id] || o == p
					}
					say(p)
				}
			case "duty":
				duty[p] = !duty[p]
				say(p)
			case "unsafe":
				if len(cases) > 0 {
					id := rapid.SampledFrom(cases).Draw(t, "case")
					if !closed[id] {
						d.suspends(id)
						closed[id] = true
					}
				}
			case "give":
				if len(cases) > 0 {
					id, to := rapid.SampledFrom(cases).Draw(t, "case"), who.Draw(t, "to")
					err := d.handsOver(d.person("head", "supervisor"), id, to)
					if registered := to != "zoe" && to != "head"; registered && !left[to] {
						if err != nil {
							t.Fatal(err)
						}
						owner[id], taken[id] = to, false
					} else if err == nil {
						t.Fatalf("given to %s", to)
					}
				}
			case "look":
				if len(cases) > 0 {
					id := rapid.SampledFrom(cases).Draw(t, "case")
					o := owner[id]
					works := func(p string) bool { return p != "zoe" && p != "head" && !left[p] && !away[p] }
					want := o == p && !left[p] && !taken[id] ||
						p == "eva" && o == "ana" && works("eva") && !works("ana") ||
						closed[id] && duty[p] && works(p)
					if got := d.sees(d.person(p, "supervisor"), id); got != want {
						t.Fatalf("%s sees the case of %s: %t, want %t", p, o, got, want)
					}
					if want {
						looked[id]++
					}
				}
			case "search":
				by := d.person(p, "supervisor")
				found, err := d.Search(d.as(by), by, domain.Search{Name: "canary", Reason: code.ForReview})
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range found.Items {
					o := owner[v.ID]
					if o != p && (p != "eva" || o != "ana") || v.Name != "" {
						t.Fatalf("%s finds the case of %s: %+v", p, o, v)
					}
				}
			}
		}
		for _, id := range slices.Sorted(maps.Keys(owner)) {
			if got := len(d.looks(id)); got != looked[id] {
				t.Fatalf("%d looks are on record, of %d", got, looked[id])
			}
		}
	})
}

// Whom she must not meet neither covers nor finds her case, whatever the register says; a
// colleague who covers beside them would.
func TestWhomSheMustNotMeetCoversAndFindsNothing(t *testing.T) {
	d := opened(t)
	plain, blocked := d.opens("ana", "Canary"), d.opens("ana", "Canary")
	by := d.person("ana")
	if err := d.does(by, blocked, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.Amend(by, domain.Amend{Reason: code.Addition, Opening: domain.Opening{Blocks: &domain.Blocks{Persons: []string{front + "/eva"}}}}, domain.Rules{})
	}); err != nil {
		t.Fatal(err)
	}
	d.says("ana", staff.Worker{AbsentUntil: morning.AddDate(1, 0, 0)})
	eva := d.person("eva")
	if !d.sees(eva, plain) || d.sees(eva, blocked) {
		t.Errorf("she sees %t and %t", d.sees(eva, plain), d.sees(eva, blocked))
	}
	for _, s := range []domain.Search{{Name: "canary", Reason: code.SheIsHere}, {Reference: d.state(blocked).Reference(), Reason: code.SheIsHere}} {
		found, err := d.Search(d.as(eva), eva, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range found.Items {
			if v.ID == blocked {
				t.Errorf("found by %+v", s)
			}
		}
	}
	if _, err := d.Askable(d.as(eva), eva, blocked, app.Agencies{Agencies: []string{"law"}}); !errors.Is(err, domain.ErrNotTheOwner) {
		t.Errorf("she may ask who may be asked: %v", err)
	}
	if err := d.handsOver(d.person("head", "supervisor"), blocked, "eva"); !errors.Is(err, worker.ErrUnknown) {
		t.Errorf("the supervisor is answered %v", err)
	}
	if err := d.handsOver(d.person("head", "supervisor"), blocked, "bob"); err != nil || !d.sees(d.person("bob"), blocked) {
		t.Errorf("somebody else cannot have it: %v", err)
	}
}
