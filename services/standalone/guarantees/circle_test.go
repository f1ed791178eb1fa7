package guarantees_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// kin is whom she must not meet at the agency that helps her.
const kin = "canary-of-a-person"

// circled is a network in which a lawyer has her matter. In one the agency has a colleague
// whom she must not meet, on its register; in the other nobody of that name is registered.
func circled(t *testing.T, persons ...string) (w *twin, brother office.Desk) {
	t.Helper()
	w = twinOf(t)
	seat := network.Seat(journey.LegalAid, "lawyer")
	seat.Subject = kin
	brother = w.deskOf(seat)
	head := w.desk(journey.LegalAid, "supervisor")
	w.staffed(head, "another-lawyer")
	if len(persons) > 0 {
		w.staffed(head, kin)
	}
	opening := m(nil)
	if len(persons) > 0 {
		opening = m{"must_not_meet": m{"persons": persons}}
	}
	w.lives(opening, func(id string) {
		if err := w.owner.Post(t.Context(), "/v1/cases/"+id+"/consents/withdraw", m{"recipient": journey.LegalAid, "service": "legal_assistance_service"}, nil); err != nil {
			t.Fatal(err)
		}
	})
	return w, brother
}

func (w *twin) tries(d office.Desk, path, body string) string {
	w.t.Helper()
	a := post(w.t.Context(), w.t, d, path, uuid.NewString(), body)
	return fmt.Sprint(a.Status, " ", masked(string(a.Body)))
}

// Whom she must not meet is given no work of hers and shown none, and is answered as somebody
// whom the agency does not have: who assigns, takes, covers or supervises cannot tell. Nothing
// that integrators or agencies can read is there more or less because of it.
func TestACircleIsNeverTold(t *testing.T) {
	blocked, brother := circled(t, journey.LegalAid+"/"+kin)
	plain, nobody := circled(t)
	answers := func(w *twin, he office.Desk) map[string]string {
		all := map[string]string{}
		referral := w.referrals[0]
		matter := "/v1/matters/mat_" + referral[len("ref_"):]
		head := w.desk(journey.LegalAid, "supervisor")
		theirs := worker.ID(journey.LegalAid, journey.Subject("lawyer", journey.LegalAid))
		also := network.Seat(journey.LegalAid, "supervisor", "lawyer")
		also.Subject = kin
		leads := w.deskOf(also)
		all["a supervisor assigns"] = w.tries(head, "/v1/referrals/"+referral+"/assign", `{"worker":"`+kin+`"}`)
		all["he takes it"] = w.tries(he, "/v1/referrals/"+referral+"/assign", `{"worker":"`+kin+`"}`)
		all["he takes it as who leads"] = w.tries(leads, "/v1/referrals/"+referral+"/assign", `{"worker":"`+kin+`"}`)
		all["he writes"] = w.tries(he, matter+"/advice", `{"advice":"text","occurred_at":"2026-11-01T08:00:00Z"}`)
		for who, d := range map[string]office.Desk{"he": he, "he who leads": leads} {
			for _, path := range []string{
				matter, matter + "/history", "/v1/referrals/" + referral, "/v1/matters", "/v1/matters?mine=true", "/v1/agenda", "/v1/agenda?worker=" + theirs,
			} {
				a := w.get(d, path)
				all[who+masked(path)] = fmt.Sprint(a.Status, " ", a.Header.Get("ETag"), " ", masked(string(a.Body)))
			}
			all[who+" discloses"] = w.tries(d, "/v1/disclosures", `{"referral":"`+referral+`"}`)
		}
		return all
	}
	if diff := cmp.Diff(answers(plain, nobody), answers(blocked, brother)); diff != "" {
		t.Errorf("(-somebody whom nobody registered +whom she must not meet):\n%s", diff)
	}
	blocked.idle()
	plain.idle()
	told := func(w *twin, stream string) (subjects []string) {
		for _, msg := range stored(t, w.Bus, stream) {
			subjects = append(subjects, masked(msg.Subject))
			if strings.Contains(string(msg.Data), "circle") {
				t.Errorf("%s: %s holds a circle: %s", stream, msg.Subject, msg.Data)
			}
		}
		slices.Sort(subjects)
		return subjects
	}
	// The register tells of one worker more.
	more := slices.DeleteFunc(told(blocked, bus.Events), func(s string) bool { return strings.Contains(s, "worker_changed") })
	less := slices.DeleteFunc(told(plain, bus.Events), func(s string) bool { return strings.Contains(s, "worker_changed") })
	if diff := cmp.Diff(less, more); diff != "" {
		t.Errorf("integrators see it (-plain +blocked):\n%s", diff)
	}
	circles := func(w *twin) []string {
		return slices.DeleteFunc(told(w, bus.Inside), func(s string) bool { return !strings.Contains(s, "circle") })
	}
	if len(circles(blocked)) == 0 || len(circles(plain)) != 0 {
		t.Errorf("services are told %v, and %v of a case without a block", circles(blocked), circles(plain))
	}

	// Cover does not let him in, and it lets in a colleague.
	head := blocked.desk(journey.LegalAid, "supervisor")
	matter := "/v1/matters/mat_" + blocked.referrals[0][len("ref_"):]
	blocked.covers(head, kin)
	blocked.idle()
	if a := blocked.get(brother, matter); a.Status != http.StatusOK || strings.Contains(string(a.Body), blocked.cases[0]) {
		t.Errorf("who covers is shown %d %s", a.Status, a.Body)
	}
	seat := network.Seat(journey.LegalAid, "lawyer")
	seat.Subject = "another-lawyer"
	blocked.covers(head, "another-lawyer")
	blocked.becomes(blocked.deskOf(seat), matter, func(v view) bool { return v.Case != "" })

	// Who is registered later is outside until intake says so, and inside then.
	blocked.staffed(head, "a-new-lawyer")
	blocked.idle()
	if err := head.Post(t.Context(), "/v1/referrals/"+blocked.referrals[0]+"/assign", m{"worker": "a-new-lawyer"}, nil); err != nil {
		t.Errorf("a new colleague is not given it: %v", err)
	}
}

// covers has a colleague act for the lawyer, who is away.
func (w *twin) covers(head office.Desk, subject string) {
	w.t.Helper()
	lawyer := journey.Subject("lawyer", journey.LegalAid)
	if err := head.Post(w.t.Context(), "/v1/workers", m{"agency": journey.LegalAid, "subject": lawyer, "cover": subject}, nil); err != nil {
		w.t.Fatal(err)
	}
	until := time.Now().AddDate(0, 1, 0).UTC().Format(time.RFC3339)
	if err := head.Post(w.t.Context(), "/v1/workers/"+worker.ID(journey.LegalAid, lawyer)+"/absent", m{"until": until}, nil); err != nil {
		w.t.Fatal(err)
	}
}
