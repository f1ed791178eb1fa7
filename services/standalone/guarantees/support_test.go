package guarantees_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// dues is what waits for somebody, as these tests read it.
type dues struct {
	Items []struct {
		Plan          string
		Late, Covered bool
	}
}

// An answer to item 9 of PHQ-9 is the counsellor's and hers who covers, and nobody else's: it is on
// their lists at once, late to the minute, and gone when it was assessed. A supervisor sees a count
// among others. A stay keeps its place taken beyond the end of the referral, until it ends. Of none
// of that anything is where others may look, and the services alone are told of a place.
func TestAnAnswerAndAStayStayInTheRoom(t *testing.T) {
	clock, spans := &shiftedClock{}, tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.config.Clock, w.tracer = clock.now, sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	ctx := t.Context()
	w.listed()
	house, front, head := w.desk(shelterSlug, "focal_point"), w.desk(journey.FrontDesk, "caseworker"), w.desk(shelterSlug, "supervisor")
	her, cover := w.desk(shelterSlug, "counsellor"), w.deskOf(refuge("who-covers", "counsellor"))
	other := w.deskOf(refuge("a-colleague", "counsellor"))
	do := func(d office.Desk, path string, body m) {
		t.Helper()
		if err := d.Post(ctx, path, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.staffed(head, "who-covers", "a-colleague")
	do(house, "/v1/places", rooms(1, 2))
	caseID := openCase(ctx, t, front, shelterSlug, "safehouse_service")
	referral := request(ctx, t, front, caseID, shelterSlug, "safehouse_service")
	w.offered(house, referral)
	do(house, "/v1/referrals/"+referral+"/accept", m{})
	plan := "/v1/support-plans/plan" + referral[len("ref"):]
	w.becomes(her, plan, func(v view) bool { return v.Status == "open" })
	var turns struct {
		Items []struct{ ID, Because string }
	}
	if err := head.Get(ctx, "/v1/waiting-list", &turns); err != nil || len(turns.Items) != 1 || turns.Items[0].Because != "first" {
		t.Errorf("what nobody has: %+v %v", turns, err)
	}
	w.refusesGet(her, "/v1/waiting-list", http.StatusForbidden, "lead_needed")
	w.gives(her, "counsellor", referral, plan)
	do(head, "/v1/workers", m{"agency": shelterSlug, "subject": journey.Subject("counsellor", shelterSlug), "cover": "who-covers"})

	do(her, plan+"/instruments", m{"instrument": "phq_9", "items": m{"item_9": 1}})
	do(her, plan+"/goals", m{"text": canary})
	waits := func(d office.Desk, is func(dues) bool) (got dues) {
		t.Helper()
		w.sees(d, "/v1/plan-duties", &got, func() bool {
			if is(got) {
				return true
			}
			got = dues{}
			return false
		})
		return got
	}
	one := func(late, covered bool) func(dues) bool {
		return func(d dues) bool { return len(d.Items) > 0 && d.Items[0].Late == late && d.Items[0].Covered == covered }
	}
	waits(her, one(false, false))
	waits(cover, one(false, true))
	for who, d := range map[string]office.Desk{"a colleague": other, "a supervisor": head, "a focal point": house} {
		if got := waits(d, func(dues) bool { return true }); len(got.Items) > 0 {
			t.Errorf("%s is shown %+v", who, got)
		}
	}
	clock.ahead(31 * time.Minute)
	waits(cover, one(true, true))
	var load struct {
		Items []struct{ Open, Due, Late int }
	}
	if err := head.Get(ctx, "/v1/caseload", &load); err != nil || len(load.Items) != 1 || load.Items[0].Late != 1 || load.Items[0].Due != 2 {
		t.Errorf("a supervisor sees %+v %v", load, err)
	}
	var shown struct {
		Answers []struct{ ID, Risk string }
	}
	if err := cover.Get(ctx, plan, &shown); err != nil || len(shown.Answers) != 1 || shown.Answers[0].Risk != "waiting" {
		t.Fatalf("who covers sees %+v %v", shown, err)
	}
	if a := w.get(head, plan); bytes.Contains(a.Body, []byte("answers")) || bytes.Contains(a.Body, []byte("duties")) {
		t.Errorf("a supervisor reads %s", a.Body)
	}
	do(cover, plan+"/instruments/risk", m{"answer": shown.Answers[0].ID, "step": "assess", "notes": canary})
	waits(cover, func(d dues) bool { return len(d.Items) == 0 })
	if a := w.get(cover, plan); bytes.Contains(a.Body, []byte("answers")) {
		t.Errorf("who covers still reads %s", a.Body)
	}

	w.stands(house, func(p counted) bool { return p.Counts.Taken == 1 && p.Counts.Free == 0 })
	do(her, "/v1/placements", m{"plan": strings.TrimPrefix(plan, "/v1/support-plans/"), "place": shelter, "address": canary, "dependants": []m{{"kind": "infant", "count": 1}}})
	stay := "/v1/placements/stay" + referral[len("ref"):]
	if a := w.get(her, stay); !bytes.Contains(a.Body, []byte(canary)) || !bytes.Contains(a.Body, []byte("endPlacement")) {
		t.Errorf("its worker reads %s", a.Body)
	}
	if a := w.get(house, stay); a.Status != http.StatusOK || bytes.Contains(a.Body, []byte(canary)) || bytes.Contains(a.Body, []byte("infant")) {
		t.Errorf("a colleague reads %d %s", a.Status, a.Body)
	}
	if a := w.get(front, stay); a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
		t.Errorf("her desk reads %d %s", a.Status, a.Body)
	}
	w.idle()
	do(house, "/v1/referrals/"+referral+"/complete", m{"outcome": "needs_met"})
	w.becomes(her, plan, func(v view) bool { return v.Status == "ended" })
	w.idle()
	w.stands(house, func(p counted) bool { return p.Counts.Taken == 1 && p.Counts.Free == 0 && p.Stays[0].EndedAt.IsZero() })
	do(her, stay+"/change", m{"address": canary + "-moved"})
	do(her, stay+"/end", m{"reason": "own_housing"})
	w.stands(house, func(p counted) bool { return p.Counts.Taken == 0 && p.Counts.Free == 1 && len(p.Stays) == 0 })
	if a := w.get(her, stay); bytes.Contains(a.Body, []byte(canary)) {
		t.Errorf("after the end its worker reads where she was: %s", a.Body)
	}

	places := w.left(spans)
	for place, text := range places {
		for _, secret := range []string{canary, "phq_9", "own_housing", "infant", "instrument_answered", "risk_handled", "goal_set"} {
			if bytes.Contains(text, []byte(secret)) && place != "metrics" {
				t.Errorf("%s holds %q", place, secret)
			}
		}
		if place != "stream INSIDE" && place != "metrics" && bytes.Contains(text, []byte("psychosocial.placement_")) {
			t.Errorf("%s tells of a stay", place)
		}
	}
	stays := 0
	for line := range bytes.Lines(places["stream INSIDE"]) {
		if bytes.Contains(line, []byte("sanad.inside.psychosocial.placement_")) {
			stays++
			if bytes.Contains(line, []byte(caseID)) || bytes.Contains(line, []byte(shelterSlug)) {
				t.Errorf("the services are told of whom: %s", line)
			}
		}
	}
	if stays != 2 {
		t.Errorf("the services are told %d times of the stay", stays)
	}
}

// refusesGet reads what must be refused with a status and a code.
func (w *world) refusesGet(d office.Desk, path string, status int, code string) {
	w.t.Helper()
	if a := w.get(d, path); a.Status != status || !bytes.Contains(a.Body, []byte(code)) {
		w.t.Errorf("%s is answered %d %s", path, a.Status, a.Body)
	}
}
