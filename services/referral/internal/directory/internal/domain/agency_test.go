package domain

import (
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

func register(t *testing.T, a Agency, services ...code.Service) Agency {
	t.Helper()
	events, err := a.Register(coordinator, Register{Agency: keeper.Agency, Country: "GT", Services: services})
	if err != nil {
		t.Fatal(err)
	}
	return after(a, events)
}

func suspend(t *testing.T, a Agency) Agency {
	t.Helper()
	events, err := a.Suspend(coordinator, Suspend{})
	if err != nil {
		t.Fatal(err)
	}
	return after(a, events)
}

func TestAgency(t *testing.T) {
	a := register(t, Agency{}, code.LegalAssistance)
	if _, declines := a.Declines(code.LegalAssistance); declines {
		t.Error("an active agency declines what it gives")
	}
	a = suspend(t, a)
	if reason, _ := a.Declines(code.LegalAssistance); reason != code.ServiceSuspended {
		t.Errorf("suspended: %q", reason)
	}
	a = register(t, a, code.Food)
	want := AgencyView{Agency: keeper.Agency, Country: "GT", Services: []code.Service{code.Food}, Status: code.AgencyActive}
	if d := cmp.Diff(want, a.View(fact.By{})); d != "" {
		t.Error(d)
	}
	if reason, _ := a.Declines(code.LegalAssistance); reason != code.OutOfScope {
		t.Errorf("no longer given: %q", reason)
	}
}

func TestTheSameAgainIsNoEvent(t *testing.T) {
	a := register(t, Agency{}, code.LegalAssistance)
	again, _ := a.Register(coordinator, Register{Agency: keeper.Agency, Country: "GT", Services: a.Services})
	suspended, _ := suspend(t, a).Suspend(coordinator, Suspend{})
	if again != nil || suspended != nil {
		t.Error(again, suspended)
	}
}

// A feed lasts until a registration without one; a suspension leaves it, for the
// referrals that stay with the agency.
func TestFeed(t *testing.T) {
	a := register(t, Agency{}, code.LegalAssistance)
	cmd := Register{Agency: keeper.Agency, Country: "GT", Services: a.Services, Feed: true}
	for _, want := range []bool{true, false} {
		cmd.Feed = want
		events, err := a.Register(coordinator, cmd)
		if err != nil || len(events) != 1 {
			t.Fatal(events, err)
		}
		a = after(a, events)
		if a.Feed != want || suspend(t, a).View(fact.By{}).(AgencyView).Feed != want {
			t.Errorf("feed is %t, want %t", a.Feed, want)
		}
	}
}

func TestWhoKeepsAnEntry(t *testing.T) {
	cmd := Register{Agency: keeper.Agency, Country: "GT", Services: []code.Service{code.Food}}
	active := register(t, Agency{}, code.LegalAssistance)
	for _, c := range []struct {
		name string
		a    Agency
		by   fact.By
		want error
	}{
		{"coordinator, new", Agency{}, coordinator, nil},
		{"coordinator, suspended", suspend(t, active), coordinator, nil},
		{"focal point, new", Agency{}, keeper, nil},
		{"focal point, active", active, keeper, nil},
		{"focal point, suspended", suspend(t, active), keeper, ErrSuspended},
		{"another agency's", active, neighbour, ErrNotYourAgency},
	} {
		if _, err := c.a.Register(c.by, cmd); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := active.Suspend(neighbour, Suspend{}); !errors.Is(err, ErrNotYourAgency) {
		t.Errorf("suspend: %v", err)
	}
}

func TestByService(t *testing.T) {
	a := register(t, Agency{}, code.LegalAssistance, code.Food)
	if d := cmp.Diff([]string{fact.Key(""), fact.Key("legal_assistance_service"), fact.Key("food_service")}, ByService.Keys(a)); d != "" {
		t.Error(d)
	}
	a.Status = code.AgencySuspended
	if d := cmp.Diff([]string{fact.Key("")}, ByService.Keys(a)); d != "" {
		t.Error(d)
	}
	if ByService.Keys(Agency{}) != nil {
		t.Error("nobody is in the directory")
	}
	a.Status = code.AgencyActive
	for service, want := range map[string]bool{"": true, "food_service": true, "police_other_service": false} {
		if part, err := Directory(fact.By{}, url.Values{"service": {service}}); err != nil || part.Holds(a) != want {
			t.Errorf("asked for %q: %t, %v", service, !want, err)
		}
	}
}
