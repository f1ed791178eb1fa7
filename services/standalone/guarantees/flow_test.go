package guarantees_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// flowPage is how referrals flow, as operators see it.
type flowPage struct {
	AsOf  time.Time `json:"as_of"`
	Items []map[string]string
}

// Operators see how referrals flow, in bands that do not move within a quarter of an hour, and
// nobody else does. They see no referral, no case and no agency. A restart counts the same
// again out of the journal.
func TestOperatorsSeeTheFlowInBands(t *testing.T) {
	var shift atomic.Int64
	w := begin(t, func(w *world) {
		w.config.Clock = func() time.Time { return time.Now().Add(time.Duration(shift.Load())) }
		w.unwatched = true
	})
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	seen := func() (p flowPage) {
		t.Helper()
		if err := w.desk("machine-room", "operator").Get(ctx, "/v1/flow", &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	of := func(p flowPage, stage string) string {
		for _, row := range p.Items {
			if row["service"] == string(code.LegalAssistance) {
				return row[stage]
			}
		}
		return ""
	}
	first := seen()
	if len(first.Items) != len(code.Services) || of(first, "asked") != "fewer_than_11" {
		t.Errorf("of nothing: %+v", first)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	for range 11 {
		id := openCase(ctx, t, front, journey.LegalAid, "legal_assistance_service")
		w.offered(w.desk(journey.LegalAid, "lawyer"), request(ctx, t, front, id, journey.LegalAid, "legal_assistance_service"))
	}
	if p := seen(); !p.AsOf.Equal(first.AsOf) || of(p, "asked") != "fewer_than_11" {
		t.Errorf("it moved at once: %+v", p)
	}
	shift.Store(int64(15 * time.Minute))
	if p := seen(); !p.AsOf.After(first.AsOf) || of(p, "asked") != "11_to_49" || of(p, "answered") != "fewer_than_11" {
		t.Errorf("after a quarter of an hour: %+v", p)
	}
	w.restart(nil)
	w.running().until(t, "it serves", func() bool { return w.Ready(ctx) == nil })
	if p := seen(); of(p, "asked") != "11_to_49" {
		t.Errorf("after a restart: %+v", p)
	}
	operator := w.desk("machine-room", "operator")
	for _, path := range []string{"/v1/referrals", "/v1/referrals/counts", "/v1/cases", "/v1/escalations", "/v1/matters", "/v1/agencies"} {
		if a := look(ctx, t, operator, path); a.Status != http.StatusForbidden {
			t.Errorf("an operator asks %s: %d", path, a.Status)
		}
	}
	body := look(ctx, t, operator, "/v1/flow").Body
	for _, never := range []string{journey.FrontDesk, journey.LegalAid, "case_", "ref_", "total"} {
		if strings.Contains(string(body), never) {
			t.Errorf("it says %s", never)
		}
	}
	for _, role := range []string{"caseworker", "supervisor", "coordinator", "focal_point", "lawyer", "integrator"} {
		if a := look(ctx, t, w.desk(journey.LegalAid, role), "/v1/flow"); a.Status != http.StatusForbidden {
			t.Errorf("a %s sees it: %d", role, a.Status)
		}
	}
	nobody := operator
	nobody.Token = ""
	if a := look(ctx, t, nobody, "/v1/flow"); a.Status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", a.Status)
	}
}
