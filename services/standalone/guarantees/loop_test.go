package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// post sends a command under a key and returns the whole answer.
func post(ctx context.Context, t testing.TB, d office.Desk, path, key, body string) office.Answer {
	t.Helper()
	a, err := d.Do(ctx, http.MethodPost, path, []byte(body), http.Header{
		"Content-Type": {"application/json"}, "Idempotency-Key": {key},
	})
	if err != nil {
		t.Error(err)
	}
	return a
}

// openCase opens a case with consent for one agency and one service, and gives
// its id.
func openCase(ctx context.Context, t testing.TB, d office.Desk, recipient, service string) string {
	t.Helper()
	var c struct {
		ID string `json:"id"`
	}
	err := d.Post(ctx, "/v1/cases", map[string]any{
		"channel": "hotline", "country": "GT", "programme": "guatemala",
		"incident": map[string]any{"types": []string{"physical_assault"}},
		"survivor": map[string]any{"sex": "female", "age_band": "18+"},
	}, &c)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Post(ctx, "/v1/cases/"+c.ID+"/consents", consent(recipient, service), nil); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// consent is her yes for a month.
func consent(recipient, service string) map[string]any {
	return map[string]any{
		"recipient": recipient, "service": service, "purpose": "service_delivery", "categories": []string{"identity"},
		"expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339),
		"method":  "oral", "given_by": "survivor", "witnessed": false,
	}
}

// request asks for a service and gives the referral's id.
func request(ctx context.Context, t testing.TB, d office.Desk, caseID, recipient, service string) string {
	t.Helper()
	var c struct {
		Referrals []struct {
			ID string `json:"id"`
		} `json:"referrals"`
	}
	err := d.Post(ctx, "/v1/cases/"+caseID+"/requests", map[string]any{
		"requests": []map[string]any{{"recipient": recipient, "service": service, "urgency": "standard"}},
	}, &c)
	if err != nil {
		t.Fatal(err)
	}
	return c.Referrals[len(c.Referrals)-1].ID
}

// offered waits until a referral has reached its recipient.
func (w *world) offered(d office.Desk, referral string) {
	w.t.Helper()
	var r struct{}
	w.sees(d, "/v1/referrals/"+referral, &r, func() bool { return true })
}

// The same request fifty times at once has one effect and fifty equal answers,
// whether it makes a record or changes one.
func TestOneKeyOneEffect(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	id := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
	seen := w.watch()
	for _, c := range []struct{ name, path, body, event string }{
		{"make", "/v1/cases", `{"channel":"self","country":"GT","programme":"guatemala","incident":{"types":["rape"]},"survivor":{"sex":"female","age_band":"12-17"}}`, "intake.case_opened.v1"},
		{"change", "/v1/cases/" + id + "/requests", `{"requests":[{"recipient":"` + journey.Counselling + `","service":"psychosocial_service","urgency":"emergency"}]}`, "intake.service_requested.v1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			key := uuid.NewString()
			answers := make([]office.Answer, 50)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() { answers[i] = post(t.Context(), t, front, c.path, key, c.body) })
			}
			wg.Wait()
			for _, a := range answers {
				if a.Status >= 300 || a.Status != answers[0].Status || !bytes.Equal(a.Body, answers[0].Body) ||
					a.Header.Get("ETag") != answers[0].Header.Get("ETag") {
					t.Fatalf("answers differ:\n%d %s\n%d %s", answers[0].Status, answers[0].Body, a.Status, a.Body)
				}
			}
			other := post(t.Context(), t, front, c.path, key, `{"requests":[{"recipient":"x-agency","service":"food_service","urgency":"standard"}]}`)
			if other.Status != http.StatusUnprocessableEntity {
				t.Errorf("the key with another request is answered %d %s", other.Status, other.Body)
			}
			// A later request of the same desk passes the bus behind the fifty.
			mark := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
			seen.until(t, func(e seenEvent) bool { return e.Subject == mark })
			var made struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(answers[0].Body, &made); err != nil {
				t.Fatal(err)
			}
			if n := seen.count(func(e seenEvent) bool { return e.Subject == made.ID && e.Type == c.event }); n != 1 {
				t.Errorf("%d events %s of the record, want 1", n, c.event)
			}
		})
	}
}

// Accept and decline at the same instant: one wins, the other is told what the
// referral has become.
func TestAnswersRace(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor")
	for range 20 {
		id := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
		referral := request(t.Context(), t, front, id, journey.Counselling, "psychosocial_service")
		w.offered(counsellor, referral)
		var accept, decline office.Answer
		var wg sync.WaitGroup
		wg.Go(func() {
			accept = post(t.Context(), t, counsellor, "/v1/referrals/"+referral+"/accept", uuid.NewString(), `{}`)
		})
		wg.Go(func() {
			decline = post(t.Context(), t, counsellor, "/v1/referrals/"+referral+"/decline", uuid.NewString(), `{"reason":"at_capacity"}`)
		})
		wg.Wait()
		won, lost, status := accept, decline, "accepted"
		if accept.Status != http.StatusOK {
			won, lost, status = decline, accept, "declined"
		}
		if won.Status != http.StatusOK || lost.Status != http.StatusConflict {
			t.Fatalf("accept %d %s\ndecline %d %s", accept.Status, accept.Body, decline.Status, decline.Body)
		}
		var problem struct {
			Current struct {
				Status string `json:"status"`
			} `json:"current"`
		}
		if err := json.Unmarshal(lost.Body, &problem); err != nil || problem.Current.Status != status {
			t.Errorf("the loser is told %s (%v), want %s", lost.Body, err, status)
		}
		if lost.Header.Get("ETag") != won.Header.Get("ETag") {
			t.Errorf("the loser is told version %s, the winner %s", lost.Header.Get("ETag"), won.Header.Get("ETag"))
		}
	}
}

// An agency without a part in it sees nothing: another agency's record looks
// exactly like one that does not exist.
func TestStrangersSeeNothing(t *testing.T) {
	w := begin(t)
	story := w.play(t.Context())
	ref := story.Referrals["psychosocial_service"]
	stranger := w.desk("another-agency", "supervisor")
	for _, record := range []struct{ path, rest string }{
		{"/v1/cases/" + story.Case, ""},
		{"/v1/cases/" + story.Case, "/timeline"},
		{"/v1/referrals/" + ref, ""},
		{"/v1/support-plans/plan" + ref[3:], ""},
	} {
		there, err := stranger.Do(t.Context(), http.MethodGet, record.path+record.rest, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		nobody := record.path[:len(record.path)-26] + "00000000000000000000000000" + record.rest
		absent, err := stranger.Do(t.Context(), http.MethodGet, nobody, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if there.Status != http.StatusNotFound || fmt.Sprint(withoutTrace(there.Body)) != fmt.Sprint(withoutTrace(absent.Body)) {
			t.Errorf("%s: %d %s, and for none %s", record.path, there.Status, there.Body, absent.Body)
		}
	}
}

func withoutTrace(problem []byte) map[string]any {
	var p map[string]any
	_ = json.Unmarshal(problem, &p) // what is no problem compares as empty
	delete(p, "trace_id")
	return p
}

// A version that is not the present one is refused, whether the command changes
// a record or puts one.
func TestIfMatchIsHeld(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	id := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
	for _, c := range []struct {
		desk       office.Desk
		path, body string
	}{
		{front, "/v1/cases/" + id + "/close", `{"reason":"survivor_request"}`},
		{w.desk(journey.Coordination, "coordinator"), "/v1/agencies", `{"agency":"` + journey.Counselling + `","country":"GT","services":["food_service"]}`},
	} {
		a, err := c.desk.Do(t.Context(), http.MethodPost, c.path, []byte(c.body), http.Header{
			"Content-Type": {"application/json"}, "Idempotency-Key": {uuid.NewString()}, "If-Match": {`"99"`},
		})
		if err != nil || a.Status != http.StatusPreconditionFailed {
			t.Errorf("%s: %d %s %v", c.path, a.Status, a.Body, err)
		}
	}
}
