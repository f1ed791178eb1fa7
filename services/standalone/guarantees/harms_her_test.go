package guarantees_test

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// 1. Each sign is said, and nobody is sent or told; her yes sends the team.
func (h harmed) aScoreAlertsNobody() {
	of := h.opens(nil)
	referral := h.asks(of, journey.LegalAid, "legal_assistance_service")
	signs := m{}
	for _, sign := range code.DangerSigns {
		signs[string(sign)] = "yes"
	}
	before, _ := h.about(of[len("/v1/cases/"):])
	for range 2 {
		h.does(h.front, of+"/danger", m{"signs": signs, "her_words": "he will kill me"})
	}
	h.idle()
	if after, _ := h.about(of[len("/v1/cases/"):]); !slices.Equal(before, after) {
		h.t.Errorf("a sign is told: %v, and before %v", after, before)
	}
	anas := h.deskOf(member(journey.Counselling, "ana"))
	h.hasNot(h.get(anas, "/v1/alerts"), "alert_")
	h.has(h.get(h.desk(journey.LegalAid, "lawyer"), "/v1/referrals/"+referral), `"urgency":"standard"`)
	seen := h.get(h.front, of)
	h.has(seen, `"medical_care"`, `"team_or_shelter"`) // the worker is to ask her
	h.hasNot(seen, `"total"`, `"score"`, `"level"`, `"low"`)

	// No ground but two: a score is none, and a danger to life names what, which law and why.
	asked := func(ground string) string {
		return `{"area":"GT-09","urgency":"emergency","place":"x","response_ground":` + ground + `}`
	}
	for _, ground := range []string{`"score"`, `"danger_signs"`} {
		if a := post(h.t.Context(), h.t, h.front, of+"/response", uuid.NewString(), asked(ground)); a.Status < 400 || a.Status >= 500 {
			h.t.Errorf("a team on %s: %d %s", ground, a.Status, a.Body)
		}
	}
	for _, ground := range []string{`"immediate_danger"`, `"immediate_danger","life_danger":"attack_now","danger_law":"police_law"`} {
		if a := post(h.t.Context(), h.t, h.front, of+"/response", uuid.NewString(), asked(ground)); a.Status != http.StatusUnprocessableEntity {
			h.t.Errorf("a team on %s: %d %s", ground, a.Status, a.Body)
		}
	}
	h.hasNot(h.get(anas, "/v1/alerts"), "alert_")
	h.does(h.front, of+"/response", sought("GT-09"))
	h.alert(anas, func(a called) bool { return a.Status == code.ResponseAlerting })
	h.does(h.front, of+"/response/call-off", m{})
}

// 3. An agency is suspended: what it had is nobody else's, and her desk is told. On her consent
// another one is asked.
func (h harmed) nothingMovesWithoutHer() {
	const gone, next = "agency-that-goes", "agency-beside"
	coordinator := h.desk(journey.Coordination, "coordinator")
	for _, agency := range []string{gone, next} {
		h.does(coordinator, "/v1/agencies", m{"agency": agency, "country": "GT", "services": []string{"food_service"}})
	}
	h.idle()
	helper, other := h.desk(gone, "focal_point"), h.desk(next, "focal_point")
	had, waits := h.opens(nil), h.opens(nil)
	taken, asked := h.asks(had, gone, "food_service"), h.asks(waits, gone, "food_service")
	h.takes(helper, taken)
	h.offered(helper, asked)
	h.does(coordinator, "/v1/agencies/"+gone+"/suspend", m{})
	h.becomes(h.front, "/v1/referrals/"+asked, status("declined"))
	h.idle()
	h.has(h.get(h.front, "/v1/referrals/"+taken), `"recipient":"`+gone+`"`, `"status":"accepted"`)
	h.hasNot(h.get(other, "/v1/referrals"), "ref_")
	h.has(h.get(h.front, "/v1/cases?attention=unmet_need"), waits[len("/v1/cases/"):])
	to := `{"referral":"` + asked + `","recipient":"` + next + `"}`
	h.refuses(h.front, waits+"/reroute", to, http.StatusConflict, "consent_missing")
	h.hasNot(h.get(other, "/v1/referrals"), "ref_")
	h.does(h.front, waits+"/consents", consent(next, "food_service"))
	h.does(h.front, waits+"/reroute", m{"referral": asked, "recipient": next})
	h.idle()
	h.has(h.get(other, "/v1/referrals"), "ref_")
}

// 7. The packet is closed at once. Whether the work ends is asked of her by the worker, and
// copies that a law keeps have a third answer.
func (h harmed) herWithdrawalEndsThePackets() {
	lawyer := h.desk(journey.LegalAid, "lawyer")
	of := h.opens(m{"name": "Somebody"})
	referral := h.asks(of, journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	matter := "/v1/matters/mat_" + referral[len("ref_"):]
	h.gives(lawyer, "lawyer", referral, matter)
	h.does(lawyer, matter+"/advice", m{"topic": "protection", "summary": "what to do"})
	h.has(h.discloses(lawyer, referral), "Somebody")
	h.does(h.front, of+"/consents/withdraw", m{"recipient": journey.LegalAid, "service": "legal_assistance_service"})
	if a := h.discloses(lawyer, referral); a.Status != http.StatusNotFound {
		h.t.Errorf("after her no: %d %s", a.Status, a.Body)
	}
	h.becomes(lawyer, matter, status("asked"))
	h.becomes(lawyer, "/v1/referrals/"+referral, status("withdrawn"))
	h.hasNot(h.get(lawyer, matter), "what to do")
	path := "/v1/referrals/" + referral + "/acknowledge"
	if a := post(h.t.Context(), h.t, lawyer, path, uuid.NewString(), `{"erasure":"kept_by_law"}`); a.Status != http.StatusUnprocessableEntity {
		h.t.Errorf("kept by law without a ground: %d %s", a.Status, a.Body)
	}
	h.does(lawyer, path, m{"erasure": "kept_by_law", "ground": "Act 12", "until": time.Now().AddDate(1, 0, 0).UTC().Format(time.RFC3339), "she_was_told": true})
}

// 9. A child was raped: no age and no type sends anything to anybody, and a disclosure to the
// police needs a consent as to any other agency. A record of a report is another thing than a referral.
func (h harmed) nothingTriggersAReport() {
	const police = "police-of-children"
	h.does(h.desk(journey.Coordination, "coordinator"), "/v1/agencies", m{"agency": police, "country": "GT", "services": []string{"police_other_service"}})
	h.idle()
	of := h.opens(m{"incident": m{"types": []string{"rape"}}, "survivor": m{"sex": "female", "age_band": "12-17"}})
	types, _ := h.about(of[len("/v1/cases/"):])
	if want := []string{"sanad.intake.case_opened.v1"}; !slices.Equal(types, want) {
		h.t.Errorf("told of the case of a child: %v", types)
	}
	ask := `{"requests":[{"recipient":"` + police + `","service":"police_other_service","urgency":"urgent"}]}`
	h.refuses(h.front, of+"/requests", ask, http.StatusConflict, "consent_missing")
	h.hasNot(h.get(h.front, of), `"referrals":[{`)
	own := h.opens(m{"survivor": m{"sex": "female", "age_band": "18+"}})
	h.offered(h.desk(police, "focal_point"), h.asks(own, police, "police_other_service"))
}

// 12. The desk's word that she declined ends the referral. The agency's word stops contact, and
// leaves a need about which her desk asks her.
func (h harmed) sheDeclined() {
	lawyer := h.desk(journey.LegalAid, "lawyer")
	of := h.opens(nil)
	referral := h.asks(of, journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	h.does(lawyer, "/v1/referrals/"+referral+"/cancel", m{"reason": "survivor_declined"})
	h.becomes(h.front, of, func(v view) bool { return v.Referrals[0].Status == "cancelled" })
	if a := h.discloses(lawyer, referral); a.Status == http.StatusOK {
		h.t.Errorf("who said that she declined is shown %s", a.Body)
	}
	h.has(h.get(h.front, "/v1/cases?attention=unmet_need"), of[len("/v1/cases/"):])
	h.refuses(h.front, of+"/close", `{"reason":"needs_met"}`, http.StatusConflict, "case_has_unmet_needs")

	own := h.opens(nil)
	referral = h.asks(own, journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	h.does(h.front, "/v1/referrals/"+referral+"/cancel", m{"reason": "survivor_declined"})
	h.becomes(h.front, own, func(v view) bool { return v.Referrals[0].Status == "cancelled" && v.Consents[0].Status == "withdrawn" })
	h.hasNot(h.get(h.front, "/v1/cases?attention=unmet_need"), own[len("/v1/cases/"):])
	h.does(h.front, own+"/close", m{"reason": "survivor_request"})
}

// 13. While it is not safe to reach her, no time to reach or to serve her runs for anybody. Each
// agency is told, and has its times again when her desk opens the contact.
func (h harmed) closedContactPressesNobody() {
	lawyer := h.desk(journey.LegalAid, "lawyer")
	of := h.opens(nil)
	referral := h.asks(of, journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	path := "/v1/referrals/" + referral
	h.has(h.get(lawyer, path), `"contact_by"`, `"serve_by"`)
	h.does(h.front, of+"/contact/suspend", m{})
	var told struct {
		Since time.Time `json:"contact_closed_since"`
	}
	h.sees(lawyer, path, &told, func() bool { return !told.Since.IsZero() })
	h.hasNot(h.get(lawyer, path), `"contact_by"`, `"serve_by"`)
	if a := post(h.t.Context(), h.t, lawyer, "/v1/disclosures/contact", uuid.NewString(), `{"referral":"`+referral+`","purpose":"ordinary"}`); a.Status == http.StatusOK {
		h.t.Errorf("how to reach her: %s", a.Body)
	}
	h.does(h.front, of+"/contact/restore", m{})
	var again struct {
		By time.Time `json:"contact_by"`
	}
	h.sees(lawyer, path, &again, func() bool { return !again.By.IsZero() })
}

// 14. With nothing on record nobody contacts her, also not for danger news: the person on duty is
// told. By the channel that she chose it goes at any hour.
func (h harmed) dangerNews() {
	of := h.opens(m{"contact": m{"phone": "+000 0000 0000"}})
	h.refuses(h.front, of+"/contact/ask", `{"purpose":"ordinary"}`, http.StatusConflict, "no_safe_contact")
	h.refuses(h.front, of+"/contact/ask", `{"purpose":"danger_news"}`, http.StatusConflict, "danger_news_to_duty")
	h.does(h.front, of+"/amend", m{"reason": "addition", "contact": m{
		"safe_channels": []m{{"kind": "call", "address": "+000 0000 0001"}}, "zone": "America/Guatemala", "safe_hours": anotherDay(),
		"danger_news": m{"kind": "through_person", "person": "Her sister"},
	}})
	h.refuses(h.front, of+"/contact/ask", `{"purpose":"ordinary"}`, http.StatusConflict, "contact_not_safe_now")
	if a := h.does(h.front, of+"/contact/ask", m{"purpose": "danger_news"}); !bytes.Contains(a, []byte("Her sister")) || bytes.Contains(a, []byte("0000 0001")) {
		h.t.Errorf("danger news goes by %s", a)
	}
}

// 15. It is no answer of hers that keeps a referral open: one ends without it, and it may be that
// it is not safe to ask her.
func (h harmed) herOwnView() {
	lawyer := h.desk(journey.LegalAid, "lawyer")
	for _, said := range []string{"", "not_asked_unsafe", "could_not_be_reached"} {
		of := h.opens(nil)
		referral := h.asks(of, journey.LegalAid, "legal_assistance_service")
		h.takes(lawyer, referral)
		h.gives(lawyer, "lawyer", referral, "/v1/matters/mat_"+referral[len("ref_"):])
		h.does(lawyer, "/v1/matters/mat_"+referral[len("ref_"):]+"/close", m{"outcome": "needs_met"})
		h.becomes(h.front, "/v1/referrals/"+referral, status("completed"))
		waits := "/v1/referrals?role=sender&view=waiting_for_outcome&limit=200"
		h.has(h.get(h.front, waits), referral)
		if said != "" {
			h.does(h.front, "/v1/referrals/"+referral+"/outcome", m{"outcome": said})
			h.hasNot(h.get(h.front, waits), referral)
			h.idle()
			h.has(h.get(h.front, of), `"survivor_outcome":"`+said+`"`)
		}
		h.becomes(h.front, of, status("finished"))
		h.does(h.front, of+"/close", m{"reason": "needs_met"})
	}
}

// 17. Nobody speaks for her whose age nobody knows, and a child's no stands against the yes of a
// caregiver, unless a supervisor records the danger.
func (h harmed) ageUnknownAndDissent() {
	says := func(by string, more m) string {
		c := consent(journey.LegalAid, "legal_assistance_service")
		c["given_by"] = by
		maps.Copy(c, more)
		return string(encode(c))
	}
	mother := m{"caregiver": m{"relation": "mother", "may_consent": "yes"}}
	of := h.opens(m{"survivor": m{"sex": "female", "thought_child": "she_says_so"}})
	h.refuses(h.front, of+"/consents", says("caregiver", mother), http.StatusUnprocessableEntity, "age_unknown")
	h.refuses(h.front, of+"/consents", says("both", mother), http.StatusUnprocessableEntity, "age_unknown")
	h.does(h.front, of+"/consents", consent(journey.LegalAid, "legal_assistance_service"))

	child := h.opens(m{"survivor": m{"sex": "female", "age_band": "6-11"}})
	mother["assent"] = "dissent"
	ask := `{"requests":[{"recipient":"` + journey.LegalAid + `","service":"legal_assistance_service","urgency":"standard"}]}`
	if a := post(h.t.Context(), h.t, h.front, child+"/consents", uuid.NewString(), says("caregiver", mother)); a.Status != http.StatusOK && a.Status != http.StatusCreated {
		h.t.Fatalf("%d %s", a.Status, a.Body)
	}
	h.refuses(h.front, child+"/requests", ask, http.StatusConflict, "consent_missing")
	mother["over_dissent"] = "danger_to_life"
	h.refuses(h.front, child+"/consents", says("caregiver", mother), http.StatusUnprocessableEntity, "dissent_invalid")
	lead := h.desk(journey.FrontDesk, "caseworker", "supervisor")
	if a := post(h.t.Context(), h.t, lead, child+"/consents", uuid.NewString(), says("caregiver", mother)); a.Status != http.StatusOK && a.Status != http.StatusCreated {
		h.t.Fatalf("%d %s", a.Status, a.Body)
	}
	h.does(h.front, child+"/requests", m{"requests": []m{{"recipient": journey.LegalAid, "service": "legal_assistance_service", "urgency": "standard"}}})
}
