package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// supported has a counsellor and a shelter write down all that they may of a plan and of a stay, with
// the canary in each text, and put it right. Her counsellor reads it, and what it was before.
func (w *world) supported(ctx context.Context) {
	w.t.Helper()
	do := func(d office.Desk, path string, body m) {
		w.t.Helper()
		if err := d.Post(ctx, path, body, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	do(w.desk(journey.Coordination, "coordinator"), "/v1/agencies", m{"agency": shelterSlug, "country": journey.Country, "services": []string{"safehouse_service"}})
	front, her := w.desk(journey.FrontDesk, "caseworker"), w.desk(shelterSlug, "counsellor", "focal_point")
	referral := request(ctx, w.t, front, openCase(ctx, w.t, front, shelterSlug, "safehouse_service"), shelterSlug, "safehouse_service")
	w.offered(her, referral)
	do(her, "/v1/referrals/"+referral+"/accept", m{})
	plan, stay := "/v1/support-plans/plan"+referral[len("ref"):], "/v1/placements/stay"+referral[len("ref"):]
	w.gives(her, "counsellor", referral, plan)
	entry := func(list string) string {
		w.t.Helper()
		var all map[string]json.RawMessage
		if err := her.Get(ctx, plan, &all); err != nil {
			w.t.Fatal(err)
		}
		var entries []struct{ ID string }
		if json.Unmarshal(all[list], &entries) != nil {
			var one struct{ ID string }
			if err := json.Unmarshal(all[list], &one); err != nil {
				w.t.Fatalf("%s: %v", list, err)
			}
			return one.ID
		}
		return entries[len(entries)-1].ID
	}
	do(her, plan+"/sessions", m{"kind": "group", "attendance": "attended", "notes": "notes"})
	do(her, plan+"/safety-plan", m{"plan": "a plan", "shared": "read_with_her"})
	do(her, plan+"/safety-plan", m{"plan": "the next version"})
	do(her, plan+"/instruments", m{"instrument": "phq_9", "items": m{"item_9": 2}})
	do(her, plan+"/instruments/risk", m{"answer": entry("answers"), "step": "assess", "notes": "notes"})
	do(her, plan+"/goals", m{"text": "a goal"})
	goal := entry("goals")
	do(her, plan+"/goals/review", m{"goal": goal, "status": "met", "notes": "notes"})
	do(her, plan+"/follow-ups", m{})
	followed := entry("follow_ups")
	do(her, plan+"/follow-ups/result", m{"follow_up": followed, "result": "wants_support", "notes": "notes"})
	do(her, "/v1/placements", m{"plan": strings.TrimPrefix(plan, "/v1/support-plans/"), "address": "where she is", "dependants": []m{{"kind": "infant", "count": 1}}})
	do(her, stay+"/change", m{"address": "where she moved"})
	w.reads(her, stay, "address")
	do(her, plan+"/amend", m{"entry": entry("sessions"), "reason": "correction", "session": m{"kind": "individual", "attendance": "attended", "notes": "written anew"}})
	do(her, plan+"/amend", m{"entry": entry("safety_plan"), "reason": "correction", "safety_plan": m{"plan": "written anew"}})
	w.reads(her, plan, "notes", "plan", "text")
	for _, id := range []string{entry("answers"), goal, followed} {
		do(her, plan+"/amend", m{"entry": id, "reason": "correction", "entered_in_error": true})
	}
	do(her, stay+"/end", m{"reason": "own_housing"})
	do(her, plan+"/close", m{"outcome": "needs_met"})
}

// reads says that somebody is shown each of some texts.
func (w *world) reads(d office.Desk, path string, fields ...string) {
	w.t.Helper()
	a := w.get(d, path)
	for _, field := range fields {
		if !bytes.Contains(a.Body, []byte(marked(field))) {
			w.t.Errorf("%s: its worker does not read %s: %d %s", path, field, a.Status, a.Body)
		}
	}
}
