package guarantees_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// moved is what these tests read of transfers.
type moved struct {
	Items []struct {
		ID       string    `json:"id"`
		From     string    `json:"from"`
		Status   string    `json:"status"`
		EndedAt  time.Time `json:"ended_at"`
		WaitsFor string    `json:"waits_for"`
	} `json:"items"`
}

// get is what a desk is answered, whatever that is.
func (w *world) get(d office.Desk, path string) office.Answer {
	w.t.Helper()
	a, err := d.Do(w.t.Context(), http.MethodGet, path, nil, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// She moves, and lets another office have her case. The referral that goes on has that
// office as its desk: it is told that she cannot be reached safely, it ends the referral for her,
// and the agency knows its new desk. The office that had the case reads one line, and
// nothing else, whatever it asks. Nothing of her is on the bus, in logs or in spans, and
// the other office learns nothing of her before it takes the case over.
func TestACaseGoesToAnotherOffice(t *testing.T) {
	const other, canary = "north-office", "canary narrative of hers"
	spans := tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, north, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(other, "caseworker"), w.desk(journey.Counselling, "counsellor")
	if err := w.desk(journey.Coordination, "coordinator").Post(t.Context(), "/v1/agencies", m{"agency": other, "country": "GT", "services": []string{"other_service"}}, nil); err != nil {
		t.Fatal(err)
	}
	id := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
	referral := request(t.Context(), t, front, id, journey.Counselling, "psychosocial_service")
	of := "/v1/cases/" + id
	if err := front.Post(t.Context(), of+"/amend", m{"reason": "addition", "narrative": canary}, nil); err != nil {
		t.Fatal(err)
	}
	w.offered(counsellor, referral)
	if err := counsellor.Post(t.Context(), "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	w.becomes(front, of, func(v view) bool { return v.Referrals[0].Status == "accepted" })

	// Her consent, and the question.
	ask := `{"to": "` + other + `", "reason": "she_moves"}`
	w.refuses(front, of+"/transfer", `{"to": "nort-office", "reason": "she_moves"}`, http.StatusConflict, "agency_unknown", "nort-office")
	w.refuses(front, of+"/transfer", ask, http.StatusConflict, "consent_missing")
	consent := m{
		"recipient": other, "service": "other_service", "purpose": "case_transfer",
		"categories": []string{"identity", "contact", "incident", "narrative", "safety_needs", "health"},
		"expires":    time.Now().UTC().AddDate(0, 3, 0).Format(time.RFC3339), "method": "written", "given_by": "survivor",
	}
	if err := front.Post(t.Context(), of+"/consents", consent, nil); err != nil {
		t.Fatal(err)
	}
	if err := front.Post(t.Context(), of+"/transfer", m{"to": other, "reason": "she_moves"}, nil); err != nil {
		t.Fatal(err)
	}
	var list moved
	w.sees(north, "/v1/transfers?status=open", &list, func() bool { return len(list.Items) == 1 })
	tr := list.Items[0]
	if tr.From != journey.FrontDesk || tr.WaitsFor != other {
		t.Errorf("%+v", tr)
	}
	for _, d := range []string{journey.LegalAid, journey.FrontDesk} {
		w.refuses(w.desk(d, "caseworker"), "/v1/transfers/"+tr.ID+"/accept", `{}`, http.StatusNotFound, "not_found")
	}
	if a := w.get(north, of); a.Status != http.StatusNotFound {
		t.Errorf("before it takes the case over: %d %s", a.Status, a.Body)
	}
	if a := w.get(north, "/v1/transfers"); bytes.Contains(a.Body, []byte(id)) || bytes.Contains(a.Body, []byte("canary")) {
		t.Errorf("the other office is shown %s", a.Body)
	}
	w.refuses(front, of+"/close", `{"reason": "left_area"}`, http.StatusConflict, "transfer_open")

	// It takes the case over, and the network is stopped at that instant.
	if err := north.Post(t.Context(), "/v1/transfers/"+tr.ID+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	w.restart(nil)
	w.reseat(&front, &north, &counsellor)
	if a := w.get(north, of); !bytes.Contains(a.Body, []byte(canary)) {
		t.Errorf("the office that has the case reads %s", a.Body)
	}
	var sent struct {
		Sender string `json:"sender"`
	}
	w.sees(counsellor, "/v1/referrals/"+referral, &sent, func() bool { return sent.Sender == other })
	w.becomes(north, "/v1/referrals/"+referral, status("accepted"))
	for _, path := range []string{
		of, of + "/timeline", of + "/plan", of + "/looks", of + "/disclosures", "/v1/referrals/" + referral, "/v1/referrals/" + referral + "/history",
		"/v1/referrals/" + referral + "/invitations",
	} {
		if a := w.get(front, path); a.Status != http.StatusNotFound {
			t.Errorf("%s: the office that had the case is answered %d %s", path, a.Status, a.Body)
		}
	}
	for _, path := range []string{"/v1/cases", "/v1/cases?mine=true", "/v1/referrals?role=sender", "/v1/referrals?role=sender&case=" + id} {
		if a := w.get(front, path); a.Status != http.StatusOK || bytes.Contains(a.Body, []byte(id)) || bytes.Contains(a.Body, []byte(referral)) {
			t.Errorf("%s: the office that had the case is shown %s", path, a.Body)
		}
	}
	w.refuses(front, of+"/consents/withdraw", `{"recipient": "`+journey.Counselling+`", "service": "psychosocial_service"}`, http.StatusNotFound, "not_found")
	w.refuses(front, "/v1/referrals/"+referral+"/cancel", `{"reason": "other"}`, http.StatusNotFound, "not_found")
	line := w.get(front, "/v1/transfers?side=given")
	if !bytes.Contains(line.Body, []byte(`"accepted"`)) || bytes.Contains(line.Body, []byte("canary")) || bytes.Contains(line.Body, []byte(id)) {
		t.Errorf("the line: %s", line.Body)
	}

	// What goes from a referral to its desk goes to the new office.
	if err := counsellor.Post(t.Context(), "/v1/referrals/"+referral+"/contact", m{"result": "unsafe_to_reach"}, nil); err != nil {
		t.Fatal(err)
	}
	var cases struct{ Items []view }
	w.sees(north, "/v1/cases?attention=contact_closed", &cases, func() bool { return len(cases.Items) == 1 })
	if a := w.get(front, "/v1/cases?attention=contact_closed"); bytes.Contains(a.Body, []byte(id)) {
		t.Errorf("the office that had the case is alerted: %s", a.Body)
	}
	if err := north.Post(t.Context(), "/v1/referrals/"+referral+"/cancel", m{"reason": "survivor_declined"}, nil); err != nil {
		t.Fatal(err)
	}
	w.becomes(north, of, func(v view) bool { return v.Referrals[0].Status == "cancelled" && v.Consents[0].Status == "withdrawn" })
	for place, text := range w.left(spans) {
		if bytes.Contains(bytes.ToLower(text), []byte("canary")) {
			t.Errorf("%s holds what she said", place)
		}
	}
}
