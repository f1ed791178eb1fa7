package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/match"
	"github.com/sanad-network/sanad/services/referral/internal/directory/internal/shelf"
)

var now = time.Date(2026, time.November, 20, 20, 0, 0, 0, time.UTC)

func answer(t *testing.T, n Need, places ...*match.Place) (Matches, error) {
	t.Helper()
	x, err := match.NewIndex(slices.Values(places))
	if err != nil {
		t.Fatal(err)
	}
	return Directory{Shelf: &shelf.Shelf{Index: x}, Programmes: programmetest.Shipped()}.Match(t.Context(), fact.By{Agency: "front-desk", At: now}, n)
}

func TestASecretPlaceStaysSecret(t *testing.T) {
	here := match.Point{Latitude: 14.6, Longitude: -90.5}
	shelter := func(agency string, status code.AgencyStatus) *match.Place {
		return &match.Place{
			Agency: agency, Service: code.SafeHouse, Listing: "listing", Location: "location", Country: "GT",
			Status: status, Point: &here,
		}
	}
	got, err := answer(t, Need{
		Services: []code.Service{code.SafeHouse}, Country: "GT", Urgency: code.Urgent, AskFirst: true, Point: (*Point)(&here),
	}, shelter("shelter-one", code.AgencyActive), shelter("shelter-two", code.AgencySuspended))
	if err != nil {
		t.Fatal(err)
	}
	m := got.Items[0]
	if len(m.Ranked) != 1 || len(m.Excluded) != 1 {
		t.Fatalf("%+v", m)
	}
	if d := cmp.Diff([]Place{{Agency: "shelter-one", Listing: "listing"}, {Agency: "shelter-two", Listing: "listing"}},
		[]Place{m.Ranked[0].Place, m.Excluded[0].Place}); d != "" || m.Ranked[0].Distance != nil {
		t.Error(d, m.Ranked[0].Distance)
	}
}

// Of an agency that only registered, what is not known is said to be unknown.
func TestAnAgencyThatOnlyRegistered(t *testing.T) {
	d, _ := register(t, "clinic", code.HealthMedical)
	got, err := d.Match(t.Context(), fact.By{Agency: "front-desk", At: now}, Need{
		Services: []code.Service{code.HealthMedical}, Country: "GT", Urgency: code.Standard, Area: "GT-01", Language: "es", Point: &Point{},
		Incident: &Incident{Earliest: now.Add(-time.Hour)}, Accessibility: []code.Accessibility{code.AccessWheelchair},
	})
	if err != nil {
		t.Fatal(err)
	}
	var codes []code.MatchReason
	for _, r := range got.Items[0].Ranked[0].Reasons {
		codes = append(codes, r.Code)
	}
	if d := cmp.Diff([]code.MatchReason{
		code.ConsentMissing, code.WindowsNotKnown, code.HoursUnknown, code.CapacityUnknown, code.LanguageUnknown,
		code.AreaUnknown, code.DistanceUnknown, code.AccessUnknown,
	}, codes); d != "" {
		t.Error(d)
	}
}

// "On Tuesday", without an hour, is counted from the first instant of that
// Tuesday where it was.
func TestADayWithoutAnHour(t *testing.T) {
	got, err := answer(t, Need{
		Services: []code.Service{code.HealthMedical}, Country: "GT", Urgency: code.Standard,
		Incident: &Incident{Date: "2026-11-17", Zone: "America/Guatemala"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Window{
		Window: code.WindowPEP, State: code.WindowPast,
		Closes:  time.Date(2026, time.November, 20, 6, 0, 0, 0, time.UTC),
		Perhaps: time.Date(2026, time.November, 21, 6, 0, 0, 0, time.UTC),
	}
	if d := cmp.Diff(want, got.Items[0].Windows[0]); d != "" || got.Items[0].Urgency != code.Emergency {
		t.Error(d, got.Items[0].Urgency)
	}
}

func TestIncidentsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		pointer string
		in      Incident
		want    *fault.Error
	}{
		{"/incident/earliest", Incident{}, window.ErrInterval},
		{"/incident/earliest", Incident{Latest: now}, window.ErrInterval},
		{"/incident/latest", Incident{Earliest: now.Add(time.Hour)}, window.ErrInterval},
		{"/incident", Incident{Earliest: now, Date: "2026-11-17", Zone: "Asia/Gaza"}, match.ErrNeed},
		{"/incident/zone", Incident{Date: "2026-11-17"}, match.ErrNeed},
		{"/incident/zone", Incident{Date: "2026-11-17", Zone: "Middle/Earth"}, match.ErrUnknownCode},
		{"/incident/zone", Incident{Date: "2026-11-17", Zone: "Local"}, match.ErrUnknownCode},
		{"/incident/date", Incident{Zone: "Asia/Gaza"}, match.ErrNeed},
		{"/incident/latest", Incident{Date: "2026-11-22", Zone: "Asia/Gaza"}, window.ErrInterval},
	} {
		_, err := answer(t, Need{Services: []code.Service{code.Food}, Country: "GT", Urgency: code.Standard, Incident: &c.in})
		if !errors.Is(err, c.want) || fault.Of(err).Fields[0].Pointer != c.pointer {
			t.Errorf("%+v: %v %+v", c.in, err, fault.Of(err).Fields)
		}
	}
}

func TestLimit(t *testing.T) {
	var places []*match.Place
	for _, agency := range []string{"aaa", "bbb", "ccc"} {
		places = append(places, &match.Place{Agency: agency, Service: code.Food, Country: "GT", Status: code.AgencyActive, Visibility: code.VisibleNetwork})
	}
	n := Need{Services: []code.Service{code.Food, code.Education}, Country: "GT", Urgency: code.Standard, Limit: 2}
	got, err := answer(t, n, places...)
	if err != nil || len(got.Items) != 2 || len(got.Items[0].Ranked) != 2 || got.Items[0].MoreRanked != 1 || len(got.Items[1].Ranked) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}
