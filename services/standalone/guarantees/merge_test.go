package guarantees_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// Two cases of one person are closed together at the desk and taken up together, before
// the answer to the one request. Apart again, each is as somebody left it, also after the
// process began anew.
func TestMergedCasesEndTogether(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	older := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	newer := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	var goal string
	does := func(id, verb string, body m, olderIs, newerIs string) {
		t.Helper()
		if err := front.Post(t.Context(), "/v1/cases/"+id+"/"+verb, body, nil); err != nil {
			t.Fatalf("%s: %v", verb, err)
		}
		for id, want := range map[string]string{older: olderIs, newer: newerIs} {
			var is struct{ Status string }
			if err := front.Get(t.Context(), "/v1/cases/"+id, &is); err != nil || is.Status != want {
				t.Errorf("after %s: %s, want %s (%v)", verb, is.Status, want, err)
			}
		}
	}
	// Whom she must not meet by either binds both, also what is written later.
	does(newer, "amend", m{"reason": "addition", "must_not_meet": m{"agencies": []string{journey.Forensics}}}, "open", "open")
	does(newer, "action-plan/goals", m{"area": "safety"}, "open", "open")
	goals := func() (lie []string) {
		t.Helper()
		var is struct {
			ActionPlan struct {
				Goals []struct{ ID, Case, Status string }
			} `json:"action_plan"`
		}
		if err := front.Get(t.Context(), "/v1/cases/"+older, &is); err != nil {
			t.Fatal(err)
		}
		for _, g := range is.ActionPlan.Goals {
			lie = append(lie, g.Case+" "+g.Status)
			goal = g.ID
		}
		return lie
	}
	does(newer, "merge", m{"into": older}, "open", "open")
	// The plan of both is shown together, and acted on where it lies.
	if d := cmp.Diff([]string{newer + " open"}, goals()); d != "" {
		t.Errorf("goals (-want +got):\n%s", d)
	}
	does(newer, "action-plan/goals/settle", m{"goal": goal, "status": "met"}, "open", "open")
	if d := cmp.Diff([]string{newer + " met"}, goals()); d != "" {
		t.Errorf("goals (-want +got):\n%s", d)
	}
	does(older, "amend", m{"reason": "addition", "must_not_meet": m{"agencies": []string{journey.Forensics, journey.Counselling}}}, "open", "open")
	for _, id := range []string{older, newer} {
		a := post(t.Context(), t, front, "/v1/cases/"+id+"/askable", uuid.NewString(), `{"agencies":["`+journey.Forensics+`","`+journey.Counselling+`"]}`)
		if want := `{"agencies":[]}`; strings.TrimSpace(string(a.Body)) != want {
			t.Errorf("of %s may be asked: %s", id, a.Body)
		}
	}
	does(older, "close", m{"reason": "survivor_request"}, "closed", "closed")
	does(older, "reopen", m{}, "open", "open")
	does(older, "close", m{"reason": "survivor_request"}, "closed", "closed")
	w.restart(func(string) {})
	front = w.desk(journey.FrontDesk, "caseworker")
	does(newer, "unmerge", m{}, "closed", "open")
	if left := goals(); left != nil {
		t.Errorf("apart, the older one shows goals: %v", left)
	}
}
