package guarantees_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/internal/leaver"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Who has left an agency is shown nothing and does nothing in any room, although their token
// lives on: not the packet of a referral that they took, not their own work. A colleague is
// not stopped, and neither is who was registered anew.
func TestWhoLeftIsShownNothingAndDoesNothing(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	gone := w.desk(journey.LegalAid, "lawyer", "counsellor", "examiner", "caseworker", "focal_point")
	head := w.desk(journey.LegalAid, "supervisor")
	id := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	referral := request(t.Context(), t, front, id, journey.LegalAid, "legal_assistance_service")
	w.offered(gone, referral)
	accepted := post(t.Context(), t, gone, "/v1/referrals/"+referral+"/accept", uuid.NewString(), "{}")
	own := openCase(t.Context(), t, gone, journey.Counselling, "psychosocial_service")
	if accepted.Status != http.StatusOK {
		t.Fatalf("accepted: %d %s", accepted.Status, accepted.Body)
	}
	w.gives(gone, "lawyer", referral, "/v1/matters/mat_"+referral[len("ref_"):])

	path := "/v1/workers/" + worker.ID(journey.LegalAid, journey.Subject("lawyer", journey.LegalAid))
	if err := head.Post(t.Context(), path+"/leave", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	asks := []struct{ path, body string }{
		{"/v1/disclosures", `{"referral":"` + referral + `"}`},
		{"/v1/referrals/" + referral + "/contact", `{"result":"not_reached"}`},
		{"/v1/referrals/" + referral + "/cancel", `{"reason":"survivor_declined"}`},
		{"/v1/referrals/answers", `{"answers":[{"referral":"` + referral + `","accept":true}]}`},
		{"/v1/matters/mat_" + referral[len("ref_"):] + "/contact-problem", "{}"},
		{"/v1/cases", `{"channel":"hotline","country":"GT","programme":"guatemala"}`},
		{"/v1/cases/" + own + "/consents/withdraw", `{"recipient":"` + journey.Counselling + `","service":"psychosocial_service"}`},
		{"/v1/cases/" + own + "/contact/suspend", "{}"},
		{"/v1/cases/search", `{"name":"Somebody","reason":"she_is_here"}`},
		{"/v1/matches", `{"services":["psychosocial_service"],"country":"GT","urgency":"urgent"}`},
		{"/v1/workers", fmt.Sprintf(`{"agency":%q,"subject":"another","reason":"returned"}`, journey.LegalAid)},
	}
	reads := []string{
		"/v1/referrals", "/v1/referrals/" + referral, "/v1/cases", "/v1/cases/" + own, "/v1/matters", "/v1/support-plans",
		"/v1/examinations", "/v1/agencies", "/v1/workers", "/hsds/services",
	}
	left := func(what string, a office.Answer) {
		if a.Status != http.StatusForbidden || !strings.Contains(string(a.Body), `"code":"`+leaver.ErrLeft.Code+`"`) {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	for _, ask := range asks {
		left(ask.path, post(t.Context(), t, gone, ask.path, uuid.NewString(), ask.body))
	}
	for _, read := range reads {
		a, err := gone.Do(t.Context(), http.MethodGet, read, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		left(read, a)
	}
	var r struct{}
	if err := w.desk(journey.LegalAid, "counsellor").Get(t.Context(), "/v1/referrals/"+referral, &r); err != nil {
		t.Errorf("a colleague: %v", err)
	}
	w.staffedAnew(head, journey.Subject("lawyer", journey.LegalAid))
	w.idle()
	for _, read := range reads {
		if err := gone.Get(t.Context(), read, &r); err != nil {
			t.Errorf("registered anew: %v", err)
		}
	}
}

// staffedAnew registers a worker who had left, and came back.
func (w *world) staffedAnew(d office.Desk, subject string) {
	w.t.Helper()
	if err := d.Post(w.t.Context(), "/v1/workers", map[string]any{"agency": d.Agency, "subject": subject, "reason": "returned"}, nil); err != nil {
		w.t.Fatal(err)
	}
}
