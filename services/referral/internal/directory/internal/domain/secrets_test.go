package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const cellar = `{"id": "` + locationID + `", "location_type": "physical", "name": "House", "latitude": 14.61501, "longitude": -90.51502,
	"addresses": [{"id": "a1", "address_1": "12 Shore Road", "address_2": "Guatemala City", "city": "Guatemala City", "postal_code": "01001", "country": "GT"}],
	"phones": [{"id": "p1", "number": "+502 2222 3333"}], "contacts": [{"id": "c1", "name": "Amal Haddad", "email": "amal@example.org"}]}`

// The address, the telephone and the coordinates of a hidden place are found in whatever
// form a text has them; what many places share is not.
func TestSecrets(t *testing.T) {
	var s Secrets
	s.Put("loc", location(t, cellar), true)
	for text, want := range map[string]bool{
		"Our partners are at 12, shore ROAD.":   true,
		"١٢ Shore Road":                         true,
		"Ring 2222-3333":                        true,
		"Ring (+502) 2222.3333, day and night":  true,
		"٢٢٢٢ ٣٣٣٣":                             true,
		"14.61501, -90.51502":                   true,
		"90.5151 W 14.6152 N":                   true,
		"https://maps.example/@14.615,-90.515":  true,
		"write to Amal@Example.org":             true,
		"112 Shore Road":                        false,
		"12 Shore Roads":                        false,
		"In Guatemala City, postal code 01001.": false,
		"Ring 2222 4444":                        false,
		"14.61501 and 90.7":                     false,
		"22 223 of 33 cases":                    false,
		"Ask Amal Haddad":                       false,
		"":                                      false,
	} {
		if got := len(s.Tell(text)) > 0; got != want {
			t.Errorf("%q tells: %t", text, got)
		}
	}
	s.Put("loc", location(t, cellar), false)
	if d := cmp.Diff(Secrets{}, s, cmp.AllowUnexported(Secrets{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("a place that is open is still a secret: %s", d)
	}
}
