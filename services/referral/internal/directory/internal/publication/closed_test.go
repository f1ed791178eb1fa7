package publication

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/hsds"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
)

// give hands a request in, of which not everything need be taken.
func (l *library) give(t *testing.T, in app.Import) (r app.Report) {
	t.Helper()
	l.do(t, func(ctx context.Context, by fact.By) (err error) {
		r, err = l.importer.Import(ctx, by, in)
		return err
	})
	return r
}

func (l *library) placed(n int) bool {
	return slices.ContainsFunc(l.Index.Of("GT", code.Food), func(o *match.Place) bool { return o.Location == id(kindLocation, n) })
}

func documents(texts ...string) (in app.Import) {
	for _, text := range texts {
		in.Documents = append(in.Documents, json.RawMessage(text))
	}
	return in
}

// A service that cannot be read may be a safe house: the place that it names is not opened
// by another service there, in the same request, in another one of the same delivery, or
// when the directory has known the service. A delivery that can be read opens it.
func TestAServiceThatCannotBeReadOpensNoPlace(t *testing.T) {
	food := serviceOf(0, 0, code.Food, code.VisiblePublic, 0)
	broken := strings.Replace(serviceOf(1, 0, code.Food, "", 0), `"food_service"`, `"safehouse_servise"`, 1)
	again := strings.Replace(food, `"name": "s"`, `"name": "s2"`, 1)
	begin := func(t *testing.T) *library {
		l := openLibrary(t, &recordtest.Journal{})
		l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic), locationOf(0, ""))
		return l
	}
	for name, hand := range map[string]func(*testing.T, *library){
		"in the same request": func(t *testing.T, l *library) { l.give(t, documents(food, broken)) },
		"in another request": func(t *testing.T, l *library) {
			in := documents(food)
			in.Doubted = []string{id(kindLocation, 0)}
			l.give(t, in)
		},
		"known": func(t *testing.T, l *library) {
			l.hand(t, serviceOf(1, 0, code.Education, code.VisibleAssigned, 0))
			in := documents(food)
			in.Doubted = []string{id(kindService, 1)}
			l.give(t, in)
		},
	} {
		l := begin(t)
		hand(t, l)
		if place, err := l.Locations.Get(t.Context(), id(kindLocation, 0)); err != nil || l.read(t.Context(), fact.By{}).seesLocation(place.State) || l.placed(0) {
			t.Errorf("%s: the place is open", name)
		}
		if l.hand(t, again); !l.placed(0) {
			t.Errorf("%s: a delivery that can be read does not open the place", name)
		}
	}
}

// The services of an organization of which a row cannot be read are not taken: the row may
// have been the one that hides them.
func TestAnOrganizationThatCannotBeReadOpensNoService(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic))
	broken := strings.Replace(organizationOf(0, "agency-0", code.VisibleNobody), `"hidden"`, `"hiden"`, 1)
	if r := l.give(t, documents(broken, serviceOf(0, 0, code.Food, code.VisiblePublic))); r.Taken != 0 || !slices.ContainsFunc(r.Rejected, func(i hsds.Issue) bool { return i.Path == "documents/1" }) {
		t.Errorf("in one request: %+v", r)
	}
	in := documents(serviceOf(0, 0, code.Food, code.VisiblePublic))
	in.Doubted = []string{strings.ToUpper(id(kindOrganization, 0))}
	if r := l.give(t, in); r.Taken != 0 || len(r.Rejected) != 1 {
		t.Errorf("in two: %+v", r)
	}
	if r := l.give(t, documents(serviceOf(0, 0, code.Food, code.VisiblePublic))); r.Taken != 1 {
		t.Errorf("a delivery that can be read: %+v", r)
	}
}

// What the directory holds is told by its kind, and nothing else of it, so that another
// can judge a delivery; entries that were judged are taken.
func TestLookup(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	l.hand(t, organizationOf(0, "agency-0", code.VisibleNobody), locationOf(0, ""),
		`{"id": "`+id(kindOther, 700)+`", "name": "n", "description": "d", "taxonomy": "theirs", "code": "x"}`)
	l.hand(t, serviceOf(0, 0, code.SafeHouse, "", 0))
	found, err := l.importer.Lookup(t.Context(), coordinator(now), app.Lookup{IDs: []string{
		id(kindOrganization, 0), id(kindService, 0), strings.ToUpper(id(kindLocation, 0)), id(kindPlace, 0), id(kindOther, 700), id(kindOther, 999),
	}})
	want := []app.Item{
		{ID: id(kindOrganization, 0), Kind: code.EntryOrganization},
		{ID: id(kindService, 0), Kind: code.EntryService},
		{ID: id(kindLocation, 0), Kind: code.EntryLocation},
		{ID: id(kindPlace, 0), Service: id(kindService, 0)},
		{ID: id(kindOther, 700), Kind: code.EntryTerm, Taxonomy: "theirs", Code: "x"},
	}
	if d := cmp.Diff(want, found.Items); d != "" || err != nil {
		t.Error(d, err)
	}
	r := l.give(t, app.Import{Entries: []app.Given{
		{Kind: code.EntryService, Partial: true, Document: json.RawMessage(`{"id": "` + id(kindService, 0) + `", "phones": [{"id": "` + id(kindOther, 701) + `", "number": "1"}]}`)},
		{Kind: code.EntryService, Partial: true, Document: json.RawMessage(`{"id": "` + id(kindService, 5) + `"}`)},
		{Kind: code.EntryService, Document: json.RawMessage(`{"id": "` + id(kindService, 6) + `", "id": "x"}`)},
	}})
	if r.Taken != 0 || !slices.ContainsFunc(r.Rejected, func(i hsds.Issue) bool { return i.Path == "entries/1" && i.Field == "id" }) {
		t.Errorf("%+v", r) // the third may have been about anything
	}
}
