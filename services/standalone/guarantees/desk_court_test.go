package guarantees_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// The people of a court, who books there, and who looks for conflicts of interest find their work at
// the desk. An usher is shown nothing of the case, and the registrar not whose a room is.
func TestACourtAtTheDesk(t *testing.T) {
	w := begin(t)
	w.registered()
	ctx, house := t.Context(), "a-court"
	h := harmed{w, w.desk(journey.FrontDesk, "caseworker")}
	lawyer, registrar, usher := w.desk(journey.LegalAid, "lawyer"), w.desk(house, "court_registrar"), w.desk(house, "usher")
	takes := func() string {
		t.Helper()
		of := h.opens(m{"name": "Somebody"})
		h.does(h.front, of+"/consents", consent(journey.LegalAid, "legal_assistance_service"))
		referral := request(ctx, t, h.front, of[len("/v1/cases/"):], journey.LegalAid, "legal_assistance_service")
		h.takes(lawyer, referral)
		matter := "/v1/matters/mat" + strings.TrimPrefix(referral, "ref")
		h.gives(lawyer, "lawyer", referral, matter)
		return matter
	}
	matter, other := takes(), takes()
	h.does(lawyer, matter+"/conflict-check", m{"client": []string{"Ana Xol"}})
	h.does(lawyer, other+"/conflict-check", m{"client": []string{"Eva Pop"}, "opponents": []string{"Ana Xol"}})
	court := w.court(ctx, house)
	var booking struct{ ID string }
	day := time.Now().UTC().AddDate(0, 0, 3).Truncate(24 * time.Hour)
	at := func(hour int) string { return day.Add(time.Duration(hour) * time.Hour).Format(time.RFC3339) }
	if err := lawyer.Post(ctx, "/v1/bookings", m{
		"matter": matter[len("/v1/matters/"):], "court": court, "for": "survivor", "persons": 1, "code_word": "Jasmine",
		"accompanied_by": "Her sister", "room": 1, "entrance": 1, "from": at(9), "until": at(12),
	}, &booking); err != nil {
		t.Fatal(err)
	}
	date := day.Format(time.DateOnly)
	if err := registrar.Post(ctx, "/v1/courts/"+court+"/opposing", m{"date": date, "entrance": 1, "from": at(9), "until": at(10)}, nil); err != nil {
		t.Fatal(err)
	}
	if err := usher.Post(ctx, "/v1/alarms", m{"court": court, "room": 1}, nil); err != nil {
		t.Fatal(err)
	}
	b := w.browser(network.Seat(house, "usher"))
	b.open("/desk/courts")
	b.outlined("courts")
	b.open("/desk/courts/" + court + "?date=" + date)
	b.outlined("court-usher")
	b.must("Jasmine", "Her sister")
	b.mustNot("For her", "Trial")
	b = w.browser(network.Seat(house, "court_registrar"))
	b.open("/desk/courts/" + court + "?date=" + date)
	b.outlined("court-registrar")
	b.mustNot("Jasmine", "Her sister")
	b = w.browser(network.Seat(house, "court_security"))
	b.open("/desk/alarms")
	b.outlined("alarms")
	b.mustNot("Jasmine")
	b = w.browser(network.Seat(journey.LegalAid, "lawyer"))
	b.open("/desk/bookings?attention=true")
	b.outlined("bookings")
	b.open("/desk/bookings/" + booking.ID)
	b.outlined("booking")
	officer := network.Seat(journey.LegalAid, "conflicts_officer")
	officer.Subject = "an-officer"
	b = w.browser(officer)
	b.open("/desk/conflicts")
	b.outlined("conflicts")
	b.open("/desk/conflicts/" + other[len("/v1/matters/"):])
	b.outlined("conflict")
	b.must("Ana Xol", "Eva Pop")
}

// court is described by the registrar of an agency: open each day, with one room and one entrance.
func (w *world) court(ctx context.Context, agency string) string {
	w.t.Helper()
	var hours []m
	for weekday := range 7 {
		hours = append(hours, m{"weekday": weekday + 1, "from": "06:00", "until": "20:00"})
	}
	var court struct{ ID string }
	if err := w.desk(agency, "court_registrar").Post(ctx, "/v1/courts", m{
		"name": "East Court", "zone": "UTC", "opens": hours, "margin_minutes": 20, "entrances": []m{{"number": 1, "name": "Side street"}},
		"rooms": []m{{"number": 1, "name": "The quiet room", "capacity": 2, "equipment": []string{"video_link"}, "entrances": []int{1}}},
	}, &court); err != nil {
		w.t.Fatal(err)
	}
	return court.ID
}
