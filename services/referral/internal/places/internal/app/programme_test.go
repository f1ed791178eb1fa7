package app

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/referral/internal/places/internal/domain"
)

// lasting is a programme in which a place is held for so long.
func lasting(id string, country code.Country, hold time.Duration) programme.Installed {
	fields := programmetest.Base()
	fields.Hold.Is = hold
	return programme.Installed{ID: id, Country: country, Zone: time.UTC, Versions: []programme.Version{{Number: 1, Status: code.Signed, Fields: fields}}}
}

// A place is held as the programme that asks says, also when the hold is renewed. No other
// programme changes that, whether it is of the same country or not.
func TestTheProgrammeThatAsksSaysHowLong(t *testing.T) {
	alone := []programme.Installed{lasting("alpha", "GT", 50*time.Minute)}
	beside := append(alone, lasting("beta", "GT", 20*time.Minute), lasting("gamma", "KG", 70*time.Minute))
	base := programmetest.Shipped().Base().Hold
	for name, c := range map[string]struct {
		sent, named string
		want        time.Duration
	}{
		"of the referral":       {"alpha", "", 50 * time.Minute},
		"named":                 {"", "alpha", 50 * time.Minute},
		"the referral knows it": {"alpha", "gamma", 50 * time.Minute},
		"of another country":    {"gamma", "", base},
		"not installed":         {"", "delta", base},
		"nobody knows":          {"", "", base},
	} {
		for _, all := range [][]programme.Installed{alone, beside} {
			a := App{Programmes: programme.NewSet(programmetest.Base(), all...)}
			fold := func(p domain.Place, at time.Time, events []fact.Event, err error) domain.Place {
				t.Helper()
				if err != nil {
					t.Fatal(name, err)
				}
				for _, e := range events {
					e.At = at
					p = p.Evolve(e)
				}
				return p
			}
			by := fact.By{Principal: "p", Agency: desk, At: noon, Commit: "place/1"}
			p := fold(domain.Place{}, noon, fact.Of(referralv1.PlaceDescribed{
				Place: house, Agency: shelter, Country: "GT", Services: []code.Service{code.SafeHouse}, Visibility: code.VisibleNetwork,
				Unit: code.UnitRoom, Maximum: 6, Free: 6, Takes: referralv1.Takes{For: code.ForFamily},
			}), nil)
			on := domain.Asked{Listing: domain.Listing{Service: look.Made(domain.Listed{
				Agency: shelter, Country: "GT", Services: []code.Service{code.SafeHouse}, Visibility: code.VisibleNetwork,
			})}}
			waiting := domain.Referral{Is: look.Made(domain.Standing{Sender: desk, Programme: c.sent, Asks: []string{shelter}})}
			cmd := domain.Reserve{Adults: 1, Programme: c.named}
			if c.sent != "" {
				cmd.Referral, on.Referral = "ref_1", waiting
			}
			events, err := a.Reserve(p, by, cmd, on)
			p = fold(p, noon, events, err)
			if is := p.Holds[0].Until.Sub(noon); is != c.want {
				t.Errorf("%s, of %d: held for %s, want %s", name, len(all), is, c.want)
			}
			by.At = noon.Add(time.Minute)
			events, err = a.Renew(p, by, domain.Renew{Hold: p.Holds[0].ID}, on.Listing)
			p = fold(p, by.At, events, err)
			if is := p.Holds[0].Until.Sub(by.At); is != c.want {
				t.Errorf("%s, of %d: renewed for %s, want %s", name, len(all), is, c.want)
			}
		}
	}
}
