package guarantees_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// What was closed is taken up again: the plan of the agency that closed it, and
// the case that its desk had closed, once her desk has asked her anew. Then she
// withdraws: the network closes the work to readers by itself, and what became of
// copies a person of each agency has yet to say, as the sender sees.
func TestTakenUpAgainAndLetGo(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	const elsewhere = "village-clinic"
	coordination := w.desk(journey.Coordination, "coordinator")
	if err := coordination.Post(ctx, "/v1/agencies", m{"agency": elsewhere, "country": "GT", "services": []string{"health_medical_service"}}, nil); err != nil {
		t.Fatal(err)
	}
	front, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor")
	do := func(path string, body m) {
		t.Helper()
		desk := counsellor
		if strings.HasPrefix(path, "/v1/cases/") {
			desk = front
		}
		if err := desk.Post(ctx, path, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	id := openCase(ctx, t, front, journey.Counselling, "psychosocial_service")
	referral := request(ctx, t, front, id, journey.Counselling, "psychosocial_service")
	w.offered(counsellor, referral)
	of, plan := "/v1/referrals/"+referral, "/v1/support-plans/plan"+referral[3:]
	do(of+"/accept", m{})
	w.gives(counsellor, "counsellor", referral, plan)
	do(plan+"/close", m{"outcome": "needs_partly_met"})
	w.becomes(front, "/v1/cases/"+id, status("finished"))
	do("/v1/cases/"+id+"/close", m{"reason": "needs_met"})

	// She comes back: her desk takes the case up, asks her anew, and asks the agency again.
	do("/v1/cases/"+id+"/reopen", m{})
	do("/v1/cases/"+id+"/consents", consent(journey.Counselling, "psychosocial_service"))
	do("/v1/cases/"+id+"/resume", m{"referral": referral})
	w.becomes(counsellor, of, status("requested"))
	do(of+"/accept", m{})
	w.becomes(counsellor, plan, status("open"))
	do(plan+"/sessions", m{"kind": "remote", "attendance": "attended", "notes": "what she said"})
	w.becomes(counsellor, of, status("in_service"))

	c := w.becomes(front, "/v1/cases/"+id, func(view) bool { return true })
	do("/v1/cases/"+id+"/consents/withdraw", m{"consent": c.Consents[0].ID})
	var shut struct {
		Status   string `json:"status"`
		Sessions []any  `json:"sessions"`
	}
	w.sees(counsellor, plan, &shut, func() bool { return shut.Status == "asked" })
	shut.Sessions = nil
	if err := counsellor.Get(ctx, plan, &shut); err != nil || len(shut.Sessions) > 0 {
		t.Errorf("a plan that is closed to readers shows %v: %v", shut.Sessions, err)
	}
	type erased struct {
		Status        string
		ToAcknowledge bool      `json:"to_acknowledge"`
		Closed        time.Time `json:"closed_to_readers_at"`
	}
	var r erased
	if w.sees(front, of, &r, func() bool { return !r.Closed.IsZero() }); r.Status != "withdrawn" || !r.ToAcknowledge {
		t.Fatalf("%+v", r)
	}
	do(of+"/acknowledge", m{"erasure": "kept_by_her_wish"})
	w.becomes(front, "/v1/cases/"+id, status("finished"))

	// What is in somebody's hands is found by them, and by nobody for them; the
	// coordinator's list is the coordinator's.
	for _, c := range []struct {
		desk   office.Desk
		path   string
		status int
	}{
		{counsellor, "/v1/referrals?view=in_service&worker=me", http.StatusOK},
		{counsellor, "/v1/referrals?worker=somebody", http.StatusUnprocessableEntity},
		{counsellor, "/v1/referrals?view=in_service&worker=me&status=in_service&case=" + id, http.StatusOK},
		{counsellor, "/v1/referrals?role=sender&worker=me", http.StatusUnprocessableEntity},
		{coordination, "/v1/escalations?limit=1", http.StatusOK},
		{front, "/v1/escalations", http.StatusForbidden},
	} {
		if a, err := c.desk.Do(ctx, http.MethodGet, c.path, nil, nil); err != nil || a.Status != c.status {
			t.Errorf("%s: %d %s %v", c.path, a.Status, a.Body, err)
		}
	}

	// The clinic keeps its files elsewhere.
	clinic := w.desk(elsewhere, "focal_point")
	id = openCase(ctx, t, front, elsewhere, "health_medical_service")
	referral = request(ctx, t, front, id, elsewhere, "health_medical_service")
	w.offered(clinic, referral)
	if err := clinic.Post(ctx, "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	c = w.becomes(front, "/v1/cases/"+id, func(view) bool { return true })
	do("/v1/cases/"+id+"/consents/withdraw", m{"consent": c.Consents[0].ID})
	w.becomes(clinic, "/v1/referrals/"+referral, status("withdrawn"))
	w.idle()
	var page struct {
		Items []struct{ ID string }
	}
	if err := front.Get(ctx, "/v1/referrals?role=sender&view=to_acknowledge", &page); err != nil || len(page.Items) != 1 || page.Items[0].ID != referral {
		t.Errorf("to acknowledge: %v %v", page.Items, err)
	}
	if err := clinic.Post(ctx, "/v1/referrals/"+referral+"/acknowledge", m{"erasure": "deleted"}, nil); err != nil {
		t.Error(err)
	}
}
