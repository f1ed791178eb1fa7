package guarantees_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// A day of a lawyer: an order with its service, a prosecution, a hearing and a paper. She is
// warned before he hears of the order, and what waits stands on the list of her lawyer alone.
// What is in the matter nobody else reads, whatever she consents to for services; it leaves the
// room in no message. After her no at the desk her lawyer keeps dates and duties.
func TestTheDayOfALawyer(t *testing.T) {
	w := begin(t)
	w.registered()
	h := harmed{w, w.desk(journey.FrontDesk, "caseworker")}
	lawyer, head := w.desk(journey.LegalAid, "lawyer"), w.desk(journey.LegalAid, "supervisor")
	of := h.opens(m{"name": "Somebody"})
	wide := consent(journey.LegalAid, "legal_assistance_service")
	wide["categories"] = []string{"identity", "contact", "incident", "narrative", "safety_needs", "health", "appointments"}
	h.does(h.front, of+"/consents", wide)
	referral := request(t.Context(), t, h.front, of[len("/v1/cases/"):], journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	matter := "/v1/matters/mat_" + referral[len("ref_"):]
	h.gives(lawyer, "lawyer", referral, matter)
	in := func(after time.Duration) string { return time.Now().Add(after).UTC().Format(time.RFC3339) }
	entry := func(list string) (id string) {
		var all map[string]json.RawMessage
		var entries []struct{ ID, Application string }
		if err := lawyer.Get(t.Context(), matter, &all); err != nil || json.Unmarshal(all[list], &entries) != nil || len(entries) == 0 {
			t.Fatalf("%s: %v, %s", list, err, all[list])
		}
		return entries[len(entries)-1].ID + entries[len(entries)-1].Application
	}

	h.does(lawyer, matter+"/options", m{"options": []string{"protection_order", "criminal_complaint"}, "notes": canary})
	h.does(lawyer, matter+"/options/choose", m{"options": []string{"protection_order"}})
	h.does(lawyer, matter+"/eligibility", m{"ground": "survivor_of_violence", "her_means": "not_needed"})
	h.refuses(lawyer, matter+"/eligibility", `{"ground":"survivor_of_violence","her_means":"above_the_limit"}`, http.StatusConflict, "eligibility_invalid")
	h.does(lawyer, matter+"/protection-orders", m{"court": canary, "measures": canary, "protected": []string{canary}, "respondents": []string{canary, canary}})
	order := entry("protection_orders")
	h.does(lawyer, matter+"/protection-orders/result", m{"application": order, "result": "granted", "valid_until": in(400 * 24 * time.Hour)})
	h.does(lawyer, matter+"/protection-orders/service", m{"application": order, "planned_for": in(time.Hour)})
	duty := entry("duties")
	h.refuses(lawyer, matter+"/protection-orders/served", `{"application":"`+order+`"}`, http.StatusConflict, "order_unwarned")
	// The room holds no contact: her desk has the way that she chose, where there is one.
	if a := post(t.Context(), t, lawyer, "/v1/disclosures/"+referral+"/danger-news", uuid.NewString(), `{"news_kind":"order_served"}`); a.Status != http.StatusOK {
		t.Errorf("danger news: %d %s", a.Status, a.Body)
	}
	h.has(h.get(h.front, of), `"news_kind":"order_served"`)
	h.does(lawyer, matter+"/duties/settle", m{"duty": duty, "result": "brought_to_her_desk"})
	h.does(lawyer, matter+"/protection-orders/served", m{"application": order, "unwarned": "with_her_desk"})
	h.refuses(lawyer, matter+"/close", `{"outcome":"needs_met"}`, http.StatusConflict, "legal_duty_waits")
	h.refuses(lawyer, matter+"/proceedings", `{"authority":"`+canary+`"}`, http.StatusConflict, "proceeding_not_followed", canary)
	h.does(lawyer, matter+"/following", m{"follow": "yes"})
	h.does(lawyer, matter+"/proceedings", m{"authority": canary, "docket_number": canary})
	h.does(lawyer, matter+"/proceedings/step", m{"proceeding": entry("proceedings"), "step": "charged", "notes": canary})
	h.does(lawyer, matter+"/hearings", m{"about": entry("proceedings"), "kind": "trial", "starts_at": in(48 * time.Hour), "court": canary})
	h.does(lawyer, matter+"/hearings/move", m{"hearing": entry("hearings"), "starts_at": in(72 * time.Hour)})
	h.does(lawyer, matter+"/documents", m{"title": canary, "kind": "power_of_attorney", "place": canary})
	paper := []byte("%PDF-1.7 " + canary)
	sent := http.Header{"Idempotency-Key": {uuid.NewString()}, "Content-Type": {"application/pdf"}}
	if a, err := lawyer.Do(t.Context(), http.MethodPost, matter+"/files", paper, sent); err != nil || a.Status != http.StatusOK {
		t.Fatalf("a paper: %d %s %v", a.Status, a.Body, err)
	}
	file := entry("files")
	h.does(lawyer, matter+"/documents", m{"title": canary, "kind": "court_document", "file": file})
	h.refuses(lawyer, matter+"/documents", `{"title":"x","kind":"other","file":"file_0000000000000000000000000a"}`, http.StatusConflict, "entry_unknown")
	if a := h.get(lawyer, matter+"/file?file="+file); a.Status != http.StatusOK || !bytes.Equal(a.Body, paper) {
		t.Errorf("the paper comes back as %d %.60s", a.Status, a.Body)
	}
	for name, d := range map[string]office.Desk{"supervisor": head, "desk": h.front, "another agency": w.desk(journey.Counselling, "counsellor")} {
		if a := h.get(d, matter+"/file?file="+file); a.Status == http.StatusOK || bytes.Contains(a.Body, []byte(canary)) {
			t.Errorf("%s has the paper: %d", name, a.Status)
		}
	}

	// What waits is on the list of her lawyer, and of who covers; nobody else's.
	kinds := func(d office.Desk, query string) (all []string) {
		var agenda struct {
			Items []struct{ Matter, Kind string }
		}
		if err := d.Get(t.Context(), "/v1/agenda"+query, &agenda); err != nil {
			t.Errorf("agenda%s: %v", query, err)
		}
		for _, one := range agenda.Items {
			all = append(all, one.Kind)
		}
		return all
	}
	dates := []string{"duty", "hearing", "order_ends"}
	if got := kinds(lawyer, ""); !slices.Equal(got, dates) {
		t.Errorf("the agenda of her lawyer: %v", got)
	}
	theirs := "?worker=" + url.QueryEscape(worker.ID(journey.LegalAid, journey.Subject("lawyer", journey.LegalAid)))
	for name, d := range map[string]office.Desk{"supervisor": head, "a counsellor elsewhere": w.desk(journey.Counselling, "supervisor")} {
		if a := h.get(d, "/v1/agenda"+theirs); a.Status != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
		if got := kinds(d, ""); len(got) > 0 {
			t.Errorf("%s has %v", name, got)
		}
	}
	h.has(h.get(lawyer, "/v1/matters?attention=true"), matter[len("/v1/matters/"):])

	// Who covers for her lawyer has the same dates under the lawyer's name, on the desk as well; and none
	// of them once she says that she must not meet that colleague.
	cover := w.sworn(journey.LegalAid, "lawyer")
	h.does(head, "/v1/workers", m{"agency": journey.LegalAid, "subject": journey.Subject("lawyer", journey.LegalAid), "cover": "new-here"})
	h.does(head, "/v1/workers/"+worker.ID(journey.LegalAid, journey.Subject("lawyer", journey.LegalAid))+"/absent", m{"until": in(24 * time.Hour)})
	w.idle()
	page := w.browser(identity.Principal{Subject: "new-here", Agency: journey.LegalAid, Roles: []string{"lawyer"}})
	drawn := func() bool {
		page.open("/desk/agenda" + theirs)
		return page.leadsTo("/desk/matters/" + matter[len("/v1/matters/"):])
	}
	if got := kinds(cover, theirs); !slices.Equal(got, dates) || !drawn() {
		t.Errorf("the agenda of who covers: %v, and %s", got, text(page.doc))
	}
	h.does(h.front, of+"/amend", m{"reason": "addition", "must_not_meet": m{"persons": []string{journey.LegalAid + "/new-here"}}})
	w.idle()
	if a := h.get(cover, "/v1/agenda"+theirs); bytes.Contains(a.Body, []byte(matter[len("/v1/matters/"):])) || drawn() {
		t.Errorf("whom she must not meet sees on the agenda: %s, and %s", a.Body, text(page.doc))
	}
	for name, d := range map[string]office.Desk{
		"supervisor": head, "coordinator": w.desk(journey.Coordination, "coordinator"), "desk": h.front, "another agency": w.desk(journey.Counselling, "counsellor"),
	} {
		for _, path := range []string{matter, matter + "/history", "/v1/matters", "/v1/agenda"} {
			if a := h.get(d, path); bytes.Contains(a.Body, []byte(canary)) || bytes.Contains(a.Body, []byte(order)) {
				t.Errorf("%s reads %s: %d %s", name, path, a.Status, a.Body)
			}
		}
	}
	h.has(h.get(lawyer, matter), canary)
	if types, text := h.about(matter[len("/v1/matters/"):]); strings.Contains(text, canary) || slices.ContainsFunc(types, func(typ string) bool {
		return slices.ContainsFunc([]string{"order", "hearing", "proceeding", "option", "eligib", "document", "duty", "reminder", "following"}, func(of string) bool { return strings.Contains(typ, of) })
	}) {
		t.Errorf("messages tell of the matter: %v", types)
	}

	// Her no at the desk leaves dates and duties.
	h.does(h.front, of+"/consents/withdraw", m{"recipient": journey.LegalAid, "service": "legal_assistance_service"})
	h.becomes(lawyer, matter, status("asked"))
	kept := h.get(lawyer, matter)
	h.has(kept, `"duties"`, `"hearings"`, `"protection_orders"`)
	h.hasNot(kept, `"proceedings"`, `"proceeding_steps"`, `"documents"`, `"options_chosen"`, `"measures"`, `"respondents"`, `"protected"`)
	if got := kinds(lawyer, ""); !slices.Equal(got, dates) {
		t.Errorf("after her no at the desk the agenda is %v", got)
	}
	h.does(lawyer, matter+"/duties/settle", m{"duty": duty, "result": "told_her"})
	h.does(lawyer, matter+"/ending", m{"answer": "end"})
	if got := kinds(lawyer, ""); len(got) > 0 {
		t.Errorf("she ended it, and the agenda is %v", got)
	}
}
