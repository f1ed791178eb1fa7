package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// A hidden place's address, telephone and coordinates are withheld where they stand in
// the text of another organization, from those who must not know the place, and only
// from them.
func TestWhatAnotherOrganizationSaysOfAHiddenPlace(t *testing.T) {
	l := openLibrary(t, &recordtest.Journal{})
	secrets := []string{"Secret Lane 7", "2222 3333", "14.60001, -90.50001"}
	hidden := strings.Replace(locationOf(7, code.VisibleAssigned), `"latitude": 14.6, "longitude": -90.5`,
		fmt.Sprintf(`"latitude": 14.60001, "longitude": -90.50001, "phones": [{"id": %q, "number": "+502 2222 3333"}]`, id(kindOther, 900)), 1)
	other := strings.Replace(organizationOf(1, "agency-1", code.VisiblePublic), `"description": "d"`, fmt.Sprintf(`"description": "Near %s.", "legal_status": "Ring %s", "tax_status": "At %s"`, secrets[0], secrets[1], secrets[2]), 1)
	service := strings.Replace(serviceOf(1, 1, code.Food, code.VisiblePublic, 1), `"name": "s"`, fmt.Sprintf(`"name": "s", "alert": "Near %s.", "wait_time": "Ring %s", "phones": [{"id": %q, "number": "22223333"}]`, secrets[0], secrets[1], id(kindOther, 901)), 1)
	beside := strings.Replace(strings.Replace(locationOf(1, code.VisiblePublic), "Secret Lane 1", "Secret Lane 7", 1), "14.6", "14.60002", 1)
	l.hand(t, organizationOf(0, "agency-0", code.VisiblePublic), hidden, other, beside)
	l.hand(t, serviceOf(0, 0, code.SafeHouse, "", 7), service)

	told := func(by fact.By) string {
		var all []any
		for _, full := range []url.Values{nil, {"full": {"true"}}} {
			for _, list := range []func(context.Context, fact.By, string, url.Values) (any, error){l.ListServices, l.ListOrganizations, l.ListPlaces} {
				page, err := list(t.Context(), by, "", full)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, page)
			}
		}
		text, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, secret := range append(secrets, "22223333", "14.60002") {
		for name, by := range map[string]fact.By{"nobody": {}, "its publisher": {Agency: "agency-1"}} {
			if strings.Contains(told(by), secret) {
				t.Errorf("%s is told %s", name, secret)
			}
		}
		if !strings.Contains(told(fact.By{Agency: "agency-0"}), secret) {
			t.Errorf("who may know the place is not told %s", secret)
		}
	}
	// A place where nothing is known to be may be an office in the same house.
	l.hand(t, locationOf(8, ""))
	l.hand(t, strings.Replace(locationOf(2, code.VisiblePublic), "Secret Lane 2", "Secret Lane 8", 1))
	l.hand(t, serviceOf(2, 1, code.Food, code.VisiblePublic, 2))
	if !strings.Contains(told(fact.By{}), "Secret Lane 8") {
		t.Error("the address of an open place is withheld for one of which nothing is known")
	}
}
