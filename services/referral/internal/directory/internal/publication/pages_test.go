package publication

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/domain"
)

// Whatever changes between two pages: a reader who turns them to the last has seen every
// entry that they could see all the time.
func TestPagesSkipNothingWhileEntriesChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := openLibrary(t, &recordtest.Journal{})
		const n = 9
		shown := map[string]code.Visibility{}
		hand := func(i int, v code.Visibility) {
			l.hand(t, serviceOf(i, 0, code.Food, v))
			shown[id(kindService, i)] = v
		}
		l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic))
		visibility := rapid.SampledFrom([]code.Visibility{code.VisiblePublic, code.VisiblePublic, code.VisibleNetwork, code.VisibleAssigned, code.VisibleNobody})
		for i := range n {
			hand(i, visibility.Draw(t, "v"))
		}
		by := rapid.SampledFrom([]fact.By{{}, {Agency: "agency-0"}, {Agency: "agency-1"}}).Draw(t, "reader")
		sees := func(id string) bool { return domain.Sees(by, shown[id], "agency-0") }
		always := slices.DeleteFunc(slices.Collect(maps.Keys(shown)), func(id string) bool { return !sees(id) })
		query := rapid.SampledFrom([]string{"", "full=true", "minimal=true", "organization_id=" + id(kindOrganization, 0), "modified_after=2000-01-01T00:00:00Z", "search=S"}).Draw(t, "query")
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for page := 1; page < 50; page++ {
			by.At = l.clock
			q.Set("page", strconv.Itoa(page))
			q.Set("per_page", "2")
			got, err := l.ListServices(context.Background(), by, "", q)
			if err != nil {
				t.Fatal(err)
			}
			p := got.(domain.Page)
			for _, c := range p.Contents {
				seen[c["id"].(string)] = true
			}
			if p.LastPage != (p.PageNumber >= p.TotalPages) {
				t.Fatalf("%+v", p)
			}
			if p.LastPage {
				break
			}
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				hand(rapid.IntRange(0, n+3).Draw(t, "n"), visibility.Draw(t, "v"))
			}
			always = slices.DeleteFunc(always, func(id string) bool { return !sees(id) })
		}
		for _, id := range always {
			if !seen[id] {
				t.Fatalf("%s was there all the time, and was on no page", id)
			}
		}
	})
}

// The page of a number begins after as many entries as its number says, whoever asked
// before, in the order of identifiers over all tiers.
func TestAPageByItsNumber(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic))
	for i := range 7 {
		l.hand(t, serviceOf(i, 0, code.Food, []code.Visibility{code.VisiblePublic, code.VisibleNetwork, code.VisibleAssigned}[i%3]))
	}
	by := fact.By{Agency: "agency-0", At: now}
	for number, want := range map[int][]int{3: {4, 5}, 1: {0, 1}, 4: {6}, 5: {}, 2: {2, 3}} {
		got, err := New(l.Shelf).ListServices(t.Context(), by, "", url.Values{"page": {strconv.Itoa(number)}, "per_page": {"2"}})
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{}
		for _, c := range got.(domain.Page).Contents {
			ids = append(ids, c["id"].(string))
		}
		var wanted []string
		for _, n := range want {
			wanted = append(wanted, id(kindService, n))
		}
		if p := got.(domain.Page); !slices.Equal(ids, wanted) || p.TotalItems != 7 || p.TotalPages != 4 || p.LastPage != (number >= 4) {
			t.Errorf("page %d: %v %+v", number, ids, p)
		}
	}
}

// The filters of HSDS combine, ask what the reader sees, and find nothing that they do not.
func TestParametersOfHSDS(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	l.hand(t, strings.Replace(organizationOf(0, "agency-0", code.VisiblePublic), `"description": "d"`, `"description": "Near Secret Lane 7", "legal_status": "Casa de la mujer"`, 1),
		organizationOf(1, "agency-1", code.VisiblePublic), locationOf(7, code.VisibleNobody), locationOf(1, ""))
	l.hand(t, serviceOf(0, 0, code.SafeHouse, "", 7), serviceOf(1, 1, code.Food, code.VisiblePublic, 1))
	var foodTerm, services string
	for _, term := range mustTerms(t, l, nil) {
		if term["code"] == string(code.Food) {
			foodTerm, services = term["id"].(string), term["taxonomy_detail"].(map[string]any)["id"].(string)
		}
	}
	at := l.clock.Add(time.Second).Format(time.RFC3339)
	l.hand(t, serviceOf(2, 1, code.Food, code.VisibleNetwork, 1))
	by := fact.By{Agency: "agency-1", At: now}
	count := func(list func(context.Context, fact.By, string, url.Values) (any, error), query string) int {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		page, err := list(t.Context(), by, "", q)
		if err != nil {
			t.Fatal(query, err)
		}
		return page.(domain.Page).TotalItems
	}
	got := map[string]int{}
	want := map[string]int{
		"services ": 3, "services taxonomy_term_id=" + foodTerm: 2, "services taxonomy_id=" + services: 3, "services taxonomy_id=" + foodTerm: 0,
		"services organization_id=" + id(kindOrganization, 1): 2, "services search=mujer+CASA": 1, "services search=secret+lane": 2,
		"services modified_after=" + at: 1,
		"services taxonomy_term_id=" + foodTerm + "&organization_id=" + id(kindOrganization, 0): 0,
		"organizations search=casa": 1, "organizations taxonomy_term_id=" + foodTerm: 1, "organizations full_service=true": 2,
		"places ": 2, "places organization_id=" + id(kindOrganization, 1): 2, "places organization_id=" + id(kindOrganization, 0): 0,
		"places modified_after=" + at: 1, "places taxonomy_id=" + services: 2, "places search=nothing": 0,
		"terms taxonomy_id=" + services: len(code.Services), "terms parent_id=" + foodTerm: 0, "terms search=food+service": 1, "taxonomies search=situation": 1,
	}
	lists := map[string]func(context.Context, fact.By, string, url.Values) (any, error){
		"services": l.ListServices, "organizations": l.ListOrganizations, "places": l.ListPlaces, "terms": l.ListTerms, "taxonomies": l.ListTaxonomies,
	}
	for query := range want {
		name, q, _ := strings.Cut(query, " ")
		got[query] = count(lists[name], q)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if count(l.ListServices, "search=7") != 0 {
		t.Error("a search finds what is withheld from its reader")
	}
}

func mustTerms(t *testing.T, l *library, q url.Values) []map[string]any {
	t.Helper()
	if q == nil {
		q = url.Values{"per_page": {"200"}}
	}
	page, err := l.ListTerms(t.Context(), fact.By{}, "", q)
	if err != nil {
		t.Fatal(err)
	}
	return page.(domain.Page).Contents
}
