package coordination

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// Whatever a token says, one coordinates in a country only with the role, with a
// programme, and with this country as one's own.
func TestWhoCoordinates(t *testing.T) {
	others := errors.New("others")
	country := rapid.SampledFrom([]string{"", "GT", "KG"})
	rapid.Check(t, func(t *rapid.T) {
		by := fact.By{
			Roles:     rapid.SliceOfDistinct(rapid.SampledFrom([]string{"coordinator", "supervisor", "Coordinator"}), rapid.ID).Draw(t, "roles"),
			Country:   country.Draw(t, "own"),
			Programme: rapid.SampledFrom([]string{"", "spotlight"}).Draw(t, "programme"),
		}
		var asked []code.Country
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			asked = append(asked, code.Country(country.Draw(t, "asked")))
		}
		role, all := false, true
		for _, r := range by.Roles {
			role = role || r == "coordinator"
		}
		for _, c := range asked {
			all = all && c != "" && string(c) == by.Country
		}
		want := error(nil)
		switch {
		case !role:
			want = others
		case by.Country == "" || by.Programme == "":
			want = ErrNowhere
		case !all:
			want = ErrElsewhere
		}
		if err := In(by, others, asked...); !errors.Is(err, want) {
			t.Errorf("%+v in %v: %v, want %v", by, asked, err, want)
		}
	})
}
