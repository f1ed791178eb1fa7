package domain

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/hsds"
)

var (
	noon        = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	coordinator = fact.By{Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT", Programme: "spotlight", At: noon}
	keeper      = fact.By{Agency: "casa-amiga", Roles: []string{"focal_point"}, At: noon}
	neighbour   = fact.By{Agency: "bufete", Roles: []string{"focal_point"}, At: noon}
	nobody      = fact.By{At: noon}
)

const (
	organizationID = "11111111-0000-4000-8000-000000000001"
	serviceID      = "11111111-0000-4000-8000-000000000010"
	locationID     = "11111111-0000-4000-8000-000000000020"
)

var casaAmiga = look.Made(Entry{
	Organization: &hsds.Organization{ID: organizationID, Identifiers: []hsds.Identifier{{Scheme: hsds.SchemeAgency, Identifier: "casa-amiga"}}},
})

// homes are where the agencies are registered.
var homes = map[string]look.Fresh[code.Country]{"casa-amiga": look.Made[code.Country]("GT")}

func term(taxonomy, word string) string {
	return `{"id": "1", "taxonomy_term": {"taxonomy": "` + taxonomy + `", "code": "` + word + `"}}`
}

func listed1(t *testing.T, e Entry, kind code.EntryKind, id, document string) Entry {
	t.Helper()
	events, err := e.List(coordinator, List{Kind: kind, ID: id, Document: hsds.Document([]byte(document)), Organization: casaAmiga, Homes: homes})
	if err != nil {
		t.Fatal(err)
	}
	return after(e, events)
}

func after[S interface{ Evolve(fact.Event) S }](e S, events []fact.Event) S {
	for _, f := range events {
		f.At = noon
		e = e.Evolve(f)
	}
	return e
}

func service(t *testing.T, attributes ...string) Entry {
	t.Helper()
	return listed1(t, Entry{}, code.EntryService, serviceID, `{"id": "`+serviceID+`", "name": "Shelter", "status": "active",
		"organization_id": "`+organizationID+`", "attributes": [`+strings.Join(attributes, ",")+`],
		"capacities": [{"id": "c", "unit": {"id": "u", "name": "bed"}, "available": 4, "maximum": 10, "updated": "2026-11-20T08:00:00Z"}]}`)
}

func TestListed(t *testing.T) {
	e := service(t, term("sanad-service", "safehouse_service"), term("sanad-area", "GT-01"), term("sanad-sex", "female"))
	want := referralv1.DirectoryListed{
		Kind: code.EntryService, Entry: serviceID, Organization: organizationID, Agency: "casa-amiga", Country: "GT",
		Services: []code.Service{code.SafeHouse}, Sexes: []code.Sex{code.Female},
		Situations: []code.Situation{}, Accessibility: []code.Accessibility{}, Visibility: code.VisibleNetwork,
		Coordination: "GT",
	}
	if d := cmp.Diff(want, e.Listed); d != "" {
		t.Error(d)
	}
	again, err := e.List(coordinator, List{Kind: code.EntryService, ID: serviceID, Document: hsds.Document([]byte(`{"name": "Shelter"}`)), Organization: casaAmiga, Homes: homes})
	if again != nil || err != nil {
		t.Error("the same again:", again, err)
	}
	if _, err := e.List(keeper, List{Kind: code.EntryService, ID: serviceID}); !errors.Is(err, ErrNotCoordinator) {
		t.Error(err)
	}
}

// A journal gives back what was decided, whatever JSON makes of empty lists.
func TestListedAgainAfterAReplay(t *testing.T) {
	e := service(t, term("sanad-service", "food_service"))
	raw, err := json.Marshal(e.Listed)
	if err != nil {
		t.Fatal(err)
	}
	var data referralv1.DirectoryListed
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	replayed := Entry{}.Evolve(fact.Event{Data: data, Private: Listing{Document: e.Text}})
	again, err := replayed.List(coordinator, List{Kind: code.EntryService, ID: serviceID, Document: hsds.Document(e.Text), Organization: casaAmiga, Homes: homes})
	if again != nil || err != nil {
		t.Error("the same again after a replay:", again, err)
	}
}

func TestWhoSees(t *testing.T) {
	for v, want := range map[code.Visibility][3]bool{ // nobody, another agency, its own
		code.VisiblePublic: {true, true, true}, code.VisibleNetwork: {false, true, true},
		code.VisibleAssigned: {false, false, true}, code.VisibleNobody: {}, "": {}, "open": {},
	} {
		got := [3]bool{Sees(nobody, v, "casa-amiga"), Sees(neighbour, v, "casa-amiga"), Sees(keeper, v, "casa-amiga")}
		if got != want {
			t.Errorf("%q: %v, want %v", v, got, want)
		}
		if v != code.VisiblePublic && Sees(fact.By{}, v, "") {
			t.Errorf("%q: who has no agency belongs to what has none", v)
		}
		for _, by := range []fact.By{nobody, neighbour, keeper, {}} {
			for _, agency := range []string{"casa-amiga", ""} {
				tier := Tier(v, agency)
				if listed := slices.Contains(Tiers(by), tier) && tier != ""; listed != Sees(by, v, agency) {
					t.Errorf("%q of %q is listed for %q: %t", v, agency, by.Agency, listed)
				}
			}
		}
		if v == code.VisibleNobody && Sees(coordinator, v, "casa-amiga") {
			t.Error("a role opens what is hidden")
		}
	}
}

func TestReportCapacity(t *testing.T) {
	two, ten := int64(2), int64(10)
	e := service(t)
	for name, c := range map[string]struct {
		by   fact.By
		cmd  ReportCapacity
		err  error
		want CountView
	}{
		"its agency":           {keeper, ReportCapacity{Unit: "bed", Available: 3}, nil, CountView{"bed", 3, &ten, noon}},
		"a coordinator":        {coordinator, ReportCapacity{Unit: "BED", Available: 0, Maximum: &two}, nil, CountView{"bed", 0, &two, noon}},
		"a neighbour":          {neighbour, ReportCapacity{Unit: "bed", Available: 3}, ErrNotYourAgency, CountView{}},
		"nobody":               {nobody, ReportCapacity{Unit: "bed", Available: 3}, ErrNotYourAgency, CountView{}},
		"available > maximum":  {keeper, ReportCapacity{Unit: "bed", Available: 3, Maximum: &two}, ErrCapacity, CountView{}},
		"over the old maximum": {keeper, ReportCapacity{Unit: "bed", Available: 11}, ErrCapacity, CountView{}},
	} {
		events, err := e.ReportCapacity(c.by, c.cmd)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
		if c.err != nil {
			continue
		}
		now := after(e, events)
		v := now.View(coordinator).(CapacityView)
		if d := cmp.Diff([]CountView{c.want}, v.Capacities); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		// Yesterday's file does not undo it.
		if again := listed1(t, now, code.EntryService, serviceID, string(e.Text)); string(again.Text) != string(now.Text) {
			t.Errorf("%s: undone by an older file", name)
		}
	}
	added, err := e.ReportCapacity(keeper, ReportCapacity{Unit: "cot", Available: 1})
	if err != nil || len(after(e, added).Service.Capacities) != 2 {
		t.Error("a unit was not added", err)
	}
	if _, err := (Entry{}).ReportCapacity(keeper, ReportCapacity{}); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// A count that somebody's clock dates in the future counts from its arrival: a later
// report wins, and stays when the same file comes again, also after that future.
func TestACountFromTheFuture(t *testing.T) {
	const file = `{"id": "` + serviceID + `", "name": "Shelter", "status": "active", "organization_id": "` + organizationID + `",
		"capacities": [{"id": "c", "unit": {"id": "u", "name": "bed"}, "available": 4, "maximum": 10, "updated": "2027-11-20T08:00:00Z"}]}`
	hand := func(e Entry, at time.Time) Entry {
		by := coordinator
		by.At = at
		events, err := e.List(by, List{Kind: code.EntryService, ID: serviceID, Document: hsds.Document([]byte(file)), Organization: casaAmiga})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range events {
			if listing := f.Private.(Listing); strings.Contains(string(listing.Document), `"updated":"2027`) {
				t.Error("a count from the future is stored")
			}
			f.At = at
			e = e.Evolve(f)
		}
		return e
	}
	e := hand(Entry{}, noon)
	if c := e.Service.Capacities[0]; !c.Updated.Equal(noon) || c.Available != 4 {
		t.Errorf("at its arrival: %+v", c)
	}
	by := keeper
	by.At = noon.Add(time.Hour)
	events, err := e.ReportCapacity(by, ReportCapacity{Unit: "bed", Available: 1})
	if err != nil {
		t.Fatal(err)
	}
	e = after(e, events)
	for _, again := range []time.Time{by.At.Add(time.Hour), time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if c := hand(e, again).Service.Capacities[0]; c.Available != 1 || !c.Updated.Equal(by.At) {
			t.Errorf("the file comes again at %s, and undoes a report: %+v", again, c)
		}
	}
	// A release before this one took such a count as it came.
	stored := fact.Event{At: noon, Data: referralv1.DirectoryListed{Kind: code.EntryService, Entry: serviceID, Agency: "casa-amiga"}, Private: Listing{Document: json.RawMessage(file)}}
	old := Entry{}.Evolve(stored)
	if c := old.Service.Capacities[0]; !c.Updated.Equal(noon) {
		t.Errorf("what was stored is still in the future: %s", c.Updated)
	}
	if events, err = old.ReportCapacity(by, ReportCapacity{Unit: "bed", Available: 2}); err != nil {
		t.Fatal(err)
	}
	if c := after(old, events).Service.Capacities[0]; c.Available != 2 {
		t.Errorf("a report does not win against what was stored: %+v", c)
	}
}

// An organization that names no slug goes by its whole identifier.
func TestTwoOrganizationsAreTwoAgencies(t *testing.T) {
	a, b := hsds.Organization{ID: organizationID}, hsds.Organization{ID: strings.Replace(organizationID, "-0000-", "-0001-", 1)}
	if a.Agency() == b.Agency() || len(a.Agency()) > 40 {
		t.Error(a.Agency(), b.Agency())
	}
}

// A location around which something could not be read is not opened further, and stays
// as open as it was.
func TestADoubtedLocation(t *testing.T) {
	open := []look.Fresh[Entry]{look.Made(service(t))}
	list := func(e Entry, doubted bool, document string, given ...look.Fresh[Entry]) Entry {
		events, err := e.List(coordinator, List{Kind: code.EntryLocation, ID: locationID, Document: hsds.Document([]byte(document)), Given: given, Doubted: doubted})
		if err != nil {
			t.Fatal(err)
		}
		return after(e, events)
	}
	if e := list(Entry{}, true, house, open...); e.Listed.Visibility != code.VisibleNobody || e.Listed.Country != "" {
		t.Errorf("new, and %s", e.Listed.Visibility)
	}
	if e := list(list(Entry{}, false, house, open...), true, house, open...); e.Listed.Visibility != code.VisiblePublic {
		t.Errorf("it was public, and is %s", e.Listed.Visibility)
	}
	if e := list(list(Entry{}, false, house), true, house, open...); e.Listed.Visibility != code.VisibleNobody {
		t.Errorf("it was hidden, and is %s", e.Listed.Visibility)
	}
}

func location(t *testing.T, document string) Entry {
	t.Helper()
	return listed1(t, Entry{}, code.EntryLocation, locationID, document)
}

const house = `{"id": "` + locationID + `", "location_type": "physical", "external_identifier": "///filled.count.soap",
	"addresses": [{"id": "a1", "address_1": "12 Shore Road", "postal_code": "01001", "country": "GT"}],
	"phones": [{"id": "p1", "number": "+502 2222 3333"}],
	"contacts": [{"id": "k1", "name": "Amal Haddad", "email": "amal@example.org"}]}`

// What is withheld of a location is not told in the words of another entry.
func TestWithheld(t *testing.T) {
	var w Withheld
	w.Withhold(location(t, house))
	d := hsds.Document([]byte(`{"id": "x", "name": "Shelter", "description": "Come to 12 shore road!",
		"url": "https://example.org", "alert": "Ring 2222-3333", "wait_time": "two days",
		"phones": [{"id": "p1", "number": "1"}, {"id": "p2", "number": "0050222223333"}, {"id": "p3", "number": "1500"}],
		"contacts": [{"id": "k9", "name": "Office", "email": "amal@example.org"}, {"id": "k2", "name": "Desk", "phones": [{"id": "p4", "number": "22223333"}]}],
		"organization": {"id": "o", "name": "Casa at 12, Shore Road", "legal_status": "NGO"},
		"kept": {"at": "///filled.count.soap"}, "words": ["Amal Haddad", "fine"]}`))
	w.scrub(d)
	want := hsds.Document([]byte(`{"id": "x", "name": "Shelter", "description": "(withheld)", "url": "https://example.org", "wait_time": "two days",
		"phones": [{"id": "p3", "number": "1500"}], "contacts": [{"id": "k2", "name": "Desk", "phones": []}],
		"organization": {"id": "o", "name": "(withheld)", "legal_status": "NGO"}, "words": ["fine"]}`))
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	var nothing Withheld
	same := hsds.Document([]byte(`{"description": "12 Shore Road"}`))
	nothing.scrub(same)
	if same["description"] != "12 Shore Road" {
		t.Error("something was withheld for nothing")
	}
}

func TestPageOf(t *testing.T) {
	for _, c := range []struct {
		number, size, want, rest, pages int
		first, last, empty              bool
	}{
		{1, 2, 2, 1, 2, true, false, false},
		{2, 2, 1, 0, 2, false, true, false},
		{3, 2, 0, 0, 2, false, true, true},
		{1, 3, 3, 0, 1, true, true, false},
		{2, 2, 2, 1, 3, false, false, false}, // one went that stood on the first page
	} {
		p := PageOf(make([]map[string]any, c.want), 3, c.rest, c.number, c.size)
		if p.TotalItems != 3 || p.TotalPages != c.pages || p.Size != c.want || p.FirstPage != c.first || p.LastPage != c.last || p.Empty != c.empty || p.PageNumber != c.number {
			t.Errorf("%d of %d: %+v", c.number, c.size, p)
		}
	}
	if p := PageOf([]map[string]any{}, 0, 0, 1, 50); !p.Empty || !p.FirstPage || !p.LastPage || p.Contents == nil {
		t.Errorf("%+v", p)
	}
}
