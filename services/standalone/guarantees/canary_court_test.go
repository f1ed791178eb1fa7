package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// atCourt plays a lawyer's way with her to a court: what was explained to her, a proceeding with a
// step and a paper, a hearing, the names of the conflict check, and a protected room that moves with
// the hearing. The usher is shown what they need, and her lawyer all of it.
func (w *world) atCourt(ctx context.Context) {
	w.t.Helper()
	lawyer, house := w.desk(journey.LegalAid, "lawyer"), "court-of-canaries"
	h := harmed{w, w.desk(journey.FrontDesk, "caseworker")}
	of := h.opens(m{"name": marked("name")})
	h.does(h.front, of+"/consents", consent(journey.LegalAid, "legal_assistance_service"))
	referral := request(ctx, w.t, h.front, of[len("/v1/cases/"):], journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	matter := "/v1/matters/mat" + strings.TrimPrefix(referral, "ref")
	h.gives(lawyer, "lawyer", referral, matter)
	does := func(path string, body m, into any) {
		w.t.Helper()
		if err := lawyer.Post(ctx, path, body, into); err != nil {
			w.t.Fatal(path, err)
		}
	}
	last := func(prefix string) string {
		w.t.Helper()
		var is json.RawMessage
		if err := lawyer.Get(ctx, matter, &is); err != nil {
			w.t.Fatal(err)
		}
		all := regexp.MustCompile(prefix+"_[0-9a-z]{26}").FindAllString(string(is), -1)
		if len(all) == 0 {
			w.t.Fatalf("no %s in %s", prefix, is)
		}
		return all[len(all)-1]
	}
	day := time.Now().UTC().AddDate(0, 0, 3).Truncate(24 * time.Hour)
	at := func(days, hour int) string {
		return day.AddDate(0, 0, days).Add(time.Duration(hour) * time.Hour).Format(time.RFC3339)
	}
	does(matter+"/options", m{"options": []string{"criminal_complaint"}, "notes": marked("notes")}, nil)
	does(matter+"/following", m{"follow": "yes"}, nil)
	does(matter+"/proceedings", m{"authority": marked("authority"), "docket_number": marked("docket_number")}, nil)
	does(matter+"/proceedings/step", m{"proceeding": last("proc"), "step": "charged", "notes": marked("notes")}, nil)
	does(matter+"/documents", m{"title": marked("title"), "kind": "court_document", "place": marked("place")}, nil)
	does(matter+"/hearings", m{"kind": "trial", "starts_at": at(0, 10), "court": marked("court")}, nil)
	hearing := last("hear")

	court := w.court(ctx, house)
	var booking struct{ ID string }
	does("/v1/bookings", m{
		"matter": matter[len("/v1/matters/"):], "court": court, "hearing": hearing, "for": "survivor", "persons": 1,
		"code_word": marked("code_word"), "accompanied_by": marked("accompanied_by"), "room": 1, "entrance": 1, "from": at(0, 9), "until": at(0, 12),
	}, &booking)
	does(matter+"/hearings/move", m{"hearing": hearing, "starts_at": at(1, 10)}, nil)
	var is json.RawMessage
	if err := lawyer.Get(ctx, "/v1/bookings/"+booking.ID, &is); err != nil || !bytes.Contains(is, []byte(marked("accompanied_by"))) || !bytes.Contains(is, []byte(at(1, 9))) {
		w.t.Errorf("her lawyer reads %s, %v", is, err)
	}
	usher := w.desk(house, "usher")
	date := day.AddDate(0, 0, 1).Format(time.DateOnly)
	if err := usher.Get(ctx, "/v1/courts/"+court+"/expected?date="+date, &is); err != nil || !bytes.Contains(is, []byte(marked("code_word"))) {
		w.t.Errorf("the usher reads %s, %v", is, err)
	}
	if err := usher.Post(ctx, "/v1/bookings/pass", m{"booking": booking.ID, "step": "arrived"}, nil); err != nil {
		w.t.Error(err)
	}
	if err := usher.Post(ctx, "/v1/alarms", m{"court": court, "room": 1}, nil); err != nil {
		w.t.Error(err)
	}
}
