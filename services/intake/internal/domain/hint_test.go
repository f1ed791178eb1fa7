package domain

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// another is a case of the same desk, an hour later.
func another(t tb, id, who string, told Opening) *desk {
	t.Helper()
	d := newDesk()
	d.now = noon.Add(time.Hour)
	events, err := d.state.Open(fact.By{Principal: who, Agency: agency, At: d.now, Commit: fact.ID("case", id) + "/1"}, opening(told))
	d.commit(d.must(t)(events, err))
	return d
}

func named(name string) Opening { return Opening{Name: name} }

// What makes a hint: the name alone, of two open cases of one desk that nothing
// contradicts. A telephone never makes one, and a restricted case makes none and gets none.
func TestTwin(t *testing.T) {
	she := Opening{Name: "Ana Osmonova", Survivor: Survivor{Sex: code.Female, AgeBand: code.AgeAdult}, Contact: Contact{Phone: "+996 1"}}
	with := func(change func(*Opening)) Opening { o := she; change(&o); return o }
	for name, c := range map[string]struct {
		told   Opening
		change func(*Case)
		want   bool
	}{
		"the same":              {she, nil, true},
		"written in other ways": {with(func(o *Opening) { o.Name = "ANA  osmonova" }), nil, true},
		"nothing else is known": {named("Ana Osmonova"), nil, true},
		"sex unknown":           {with(func(o *Opening) { o.Survivor.Sex = code.UnknownSex }), nil, true},
		"another sex":           {with(func(o *Opening) { o.Survivor.Sex = code.Male }), nil, false},
		"another age":           {with(func(o *Opening) { o.Survivor.AgeBand = code.AgeTo17 }), nil, false},
		"another name":          {with(func(o *Opening) { o.Name = "Eva Osmonova" }), nil, false},
		"the telephone alone":   {Opening{Contact: she.Contact}, nil, false},
		"restricted":            {she, func(c *Case) { c.Restricted = true }, false},
		"closed":                {she, func(c *Case) { c.CloseReason = code.CloseNeedsMet }, false},
		"in error":              {she, func(c *Case) { c.InError = true }, false},
		"merged":                {she, func(c *Case) { c.Into = "case_x" }, false},
		"of another desk":       {she, func(c *Case) { c.Agency = "other-desk" }, false},
	} {
		a, b := open(t, she).state, another(t, "second", "worker-1", c.told).state
		if c.change != nil {
			c.change(&b)
		}
		if Twin(a, b) != c.want || Twin(b, a) != c.want {
			t.Errorf("%s: twin is %t", name, Twin(a, b))
		}
	}
	if c := open(t, she).state; Twin(c, c) {
		t.Error("a case is its own twin")
	}
}

// The hint goes to who has the older case, once, with the other case only where they have
// that, too. The newer case learns nothing. Looked at, it is gone.
func TestAHintGoesToTheOlderCase(t *testing.T) {
	for who, both := range map[string]bool{"worker-1": true, "eva-osmonova": false} {
		older, newer := open(t, named("Ana")), another(t, "second", who, named("ana"))
		first, second := Order(look.Made(newer.state), look.Made(older.state))
		if first.Value().ID != older.state.ID {
			t.Fatal("the older one is the newer")
		}
		if events, err := newer.state.Hinted(fact.By{}, first); err != nil || events != nil {
			t.Errorf("the newer case learns %v, %v", events, err)
		}
		older.must(t)(do(older, func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.Hinted(by, second) }, struct{}{}))
		if events, err := older.state.Hinted(fact.By{}, second); err != nil || events != nil {
			t.Errorf("twice: %v, %v", events, err)
		}
		want := []Duplicate{{At: noon}}
		if both {
			want[0].Case = newer.state.ID
		}
		if diff := cmp.Diff(want, older.state.Content(older.by()).(View).Duplicates); diff != "" {
			t.Errorf("%s has the other: %s", who, diff)
		}
		b, _ := json.Marshal(older.state.View(older.by()))
		if strings.Contains(string(b), "duplicate") {
			t.Errorf("the frame tells of it: %s", b)
		}
		for searcher, holds := range map[string]bool{"worker-1": true, "eva-osmonova": false} {
			part, err := Cases(fact.By{Principal: searcher, Agency: agency}, url.Values{"attention": {string(code.PossibleDuplicate)}})
			if err != nil || part.Holds(older.state) != holds {
				t.Errorf("listed to %s: %t, %v", searcher, part.Holds(older.state), err)
			}
		}
		older.must(t)(do(older, Case.SettleHint, SettleHint{}))
		if got := older.state.Content(older.by()).(View); got.Duplicates != nil || got.Attention != nil {
			t.Errorf("looked at, and %+v", got.Duplicates)
		}
		if events, err := older.state.Hinted(fact.By{}, second); err != nil || events != nil {
			t.Errorf("it comes again: %v, %v", events, err)
		}
	}
}

// A merge is for who has both; the older case leads; there is no chain and no ring; nothing
// of a consent changes; and undone it is as it was.
func TestMerge(t *testing.T) {
	older := open(t, named("Ana"))
	newer := another(t, "second", "worker-1", named("Ana"))
	newer.version = 1
	pair := func(leading Case, over bool) Pair {
		return Pair{Hands: hands(newer.state, true), Leading: look.Made(leading), Over: hands(leading, over)}
	}
	stranger := older.state
	stranger.Agency = "other-desk"
	merged := older.state
	merged.Into = "case_x"
	inError := older.state
	inError.InError = true
	led := pair(older.state, true)
	led.Leads = look.Made(true)
	notMine := pair(older.state, true)
	notMine.Hands = hands(newer.state, false)
	for name, c := range map[string]struct {
		pair Pair
		want error
		at   string
	}{
		"not the owner":            {notMine, ErrNotTheOwner, ""},
		"not of the other":         {pair(older.state, false), ErrNotTheOwner, "/into"},
		"no such case":             {pair(Case{}, false), ErrNotTheOwner, "/into"},
		"of another desk":          {pair(stranger, true), ErrNotTheOwner, "/into"},
		"merged already":           {pair(merged, true), ErrMerge, "/into"},
		"entered in error":         {pair(inError, true), ErrMerge, "/into"},
		"one that leads":           {led, ErrMerge, "/into"},
		"itself":                   {pair(newer.state, true), ErrMerge, "/into"},
		"a newer one":              {pair(another(t, "third", "worker-1", Opening{}).state, true), ErrMerge, "/into"},
		"nobody knows of the desk": {Pair{Hands: work.Hands{Err: ErrMerge}}, ErrMerge, ""},
	} {
		if name == "a newer one" {
			leading := c.pair.Leading.Value()
			leading.OpenedAt = newer.state.OpenedAt.Add(time.Minute)
			c.pair.Leading = look.Made(leading)
		}
		events, err := newer.state.Merge(newer.by(), Merge{}, c.pair)
		if err == nil || events != nil || !strings.Contains(err.Error(), c.want.Error()) {
			t.Errorf("%s: %v, %v", name, events, err)
		}
	}
	newer.must(t)(do(newer, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
	was := newer.state
	newer.must(t)(do(newer, seen(Case.Merge, pair(older.state, true)), Merge{Into: older.state.ID}))
	if newer.state.Into != older.state.ID || len(older.state.Consents) > 0 {
		t.Errorf("%+v", newer.state)
	}
	listed := func(q url.Values) bool {
		part, err := Cases(newer.by(), q)
		return err == nil && part.Holds(newer.state)
	}
	if listed(nil) || listed(url.Values{"status": {"open"}}) || !listed(url.Values{"merged_into": {older.state.ID}}) {
		t.Error("the list shows not the one that leads")
	}
	newer.must(t)(do(newer, Case.Unmerge, Unmerge{}))
	if diff := cmp.Diff(was, newer.state); diff != "" {
		t.Errorf("undone (-before +after):\n%s", diff)
	}
	if !listed(nil) {
		t.Error("undone, and not listed")
	}
}

// A need of a case that points to another one still stands on the desk's list.
func TestAMergedCaseIsNotForgotten(t *testing.T) {
	d, id := referred(t, code.Identity)
	d.must(t)(do(d, news[code.Declined], turned(d, id, 4)))
	d.commit(fact.Of(intakev1.CaseMerged{Case: d.state.ID, Into: "case_x"}))
	part, err := Cases(d.by(), url.Values{"attention": {string(code.UnmetNeed)}})
	if err != nil || !part.Holds(d.state) {
		t.Error("the need is on no list")
	}
}

// What a search takes, and what it finds: by reference open and closed cases, by name open
// ones, and never one that is restricted.
func TestSearch(t *testing.T) {
	for name, c := range map[string]struct {
		cmd  Search
		kind code.SearchKind
		err  bool
	}{
		"by name":            {Search{Name: "Ana", Reason: code.SheIsHere}, code.ByName, false},
		"by reference":       {Search{Reference: "7kq2 m9xt", Reason: code.SheCalled}, code.ByReference, false},
		"by both":            {Search{Name: "Ana", Reference: "7KQ2-M9XT", Reason: code.SheIsHere}, "", true},
		"for nothing":        {Search{Reason: code.SheIsHere}, "", true},
		"for white space":    {Search{Name: " \u200f", Reason: code.SheIsHere}, "", true},
		"by no reference":    {Search{Reference: "xx", Reason: code.SheIsHere}, "", true},
		"without a reason":   {Search{Name: "Ana"}, "", true},
		"for another reason": {Search{Name: "Ana", Reason: "curious"}, "", true},
	} {
		if kind, err := c.cmd.Kind(); kind != c.kind || (err != nil) != c.err {
			t.Errorf("%s: %q, %v", name, kind, err)
		}
		if events, err := (Searches{}).Note(fact.By{Principal: "worker-1", Agency: agency}, c.cmd); (err != nil) != c.err || c.err && events != nil {
			t.Errorf("%s: noted %v, %v", name, events, err)
		}
	}
	var f *fault.Error
	if _, err := (Search{Reference: "7KQ2-M9", Reason: code.SheIsHere}).Kind(); !errors.As(err, &f) || f.Fields[0].Pointer != "/reference" {
		t.Errorf("what cannot be read is told of %v", f)
	}
	d := open(t, named("Ana Osmonova"))
	by := func(name string) Search { return Search{Name: name, Reason: code.SheIsHere} }
	reference := Search{Reference: strings.ToLower(d.state.Reference()), Reason: code.SheIsHere}
	restricted, closed := d.state, d.state
	restricted.Restricted, closed.CloseReason = true, code.CloseNeedsMet
	for name, c := range map[string]struct {
		search Search
		in     Case
		want   bool
	}{
		"by name":                  {by("ana  OSMONOVA"), d.state, true},
		"by a part of the name":    {by("Ana"), d.state, false},
		"by reference":             {reference, d.state, true},
		"closed, by name":          {by("Ana Osmonova"), closed, false},
		"closed, by reference":     {reference, closed, true},
		"restricted, by name":      {by("Ana Osmonova"), restricted, false},
		"restricted, by reference": {reference, restricted, false},
		"no case":                  {by("Ana Osmonova"), Case{}, false},
	} {
		if got := c.search.Finds(c.in); got != c.want {
			t.Errorf("%s: finds is %t", name, got)
		}
	}
}

// A search is kept without what it looked for, in both halves.
func TestASearchKeepsNoName(t *testing.T) {
	for _, cmd := range []Search{{Name: "canary-name", Reason: code.SheIsHere}, {Reference: "7KQ2-M9XT", Reason: code.ForReview}} {
		events, err := Searches{}.Note(fact.By{Principal: "worker-1", Agency: agency}, cmd)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal([]any{events[0].Data, events[0].Private})
		if strings.Contains(string(b), "canary") || strings.Contains(string(b), "M9XT") || !strings.Contains(string(b), string(cmd.Reason)) {
			t.Errorf("%s", b)
		}
		if events[0].Data.(intakev1.CasesSearched).Worker != worker.ID(agency, "worker-1") {
			t.Errorf("%+v", events[0].Data)
		}
	}
}

// Pages of searches, the latest first: each is on one page, whatever the size.
func TestLatest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, limit := rapid.IntRange(0, 20).Draw(t, "searches"), rapid.IntRange(1, 7).Draw(t, "limit")
		var all []Searched
		for i := range n {
			all = append(all, Searched{At: noon.Add(time.Duration(i) * time.Minute)})
		}
		all = rapid.Permutation(all).Draw(t, "order")
		var got []Searched
		for first, next := n, "x"; next != ""; {
			var page []Searched
			if page, next = Latest(all, first, limit); next != "" {
				first -= limit
			}
			got = append(got, page...)
		}
		if len(got) != n {
			t.Fatalf("%d of %d", len(got), n)
		}
		for i := range got {
			if !got[i].At.Equal(noon.Add(time.Duration(n-1-i) * time.Minute)) {
				t.Fatalf("%d: %s", i, got[i].At)
			}
		}
	})
}

// The list of namesakes holds each case that Twin can find, so that nothing is missed by
// looking there alone.
func TestNamesakesMissNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := func(label string) Case {
			c := Case{
				ID: label, Agency: rapid.SampledFrom([]string{"one", "two"}).Draw(t, "agency"), Restricted: rapid.Bool().Draw(t, "restricted"),
				Into: rapid.SampledFrom([]string{"", "case_x"}).Draw(t, "into"), OpenedAt: noon,
			}
			c.Name = rapid.SampledFrom([]string{"", "Ana", "ana ", "ANA", "Jose\u0301", "José", "\u200b"}).Draw(t, "name")
			return c
		}
		a, b := some("case_a"), some("case_b")
		if Twin(a, b) && !Namesakes(a).Holds(b) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}
