package guarantees_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// now is the instant by the clock of the network.
func (w *world) now() time.Time {
	if w.config.Clock != nil {
		return w.config.Clock()
	}
	return time.Now()
}

// 2. What was told of her stays in intake: no message about the case or the referral has her sex,
// her band or what happened. The agency that took it reads them.
func (h harmed) whatIsOnePersonDoesNotTravel() {
	lawyer := h.desk(journey.LegalAid, "lawyer")
	of := h.opens(m{"incident": m{"types": []string{"sexual_assault"}}, "survivor": m{"sex": "female", "age_band": "18+"}, "narrative": "x"})
	wide := consent(journey.LegalAid, "legal_assistance_service")
	wide["categories"] = []string{"identity", "incident"}
	h.does(h.front, of+"/consents", wide)
	referral := request(h.t.Context(), h.t, h.front, of[len("/v1/cases/"):], journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	for _, record := range []string{of[len("/v1/cases/"):], referral} {
		types, text := h.about(record)
		for _, told := range []string{"sexual_assault", `"female"`, `"18+"`} {
			if len(types) == 0 || strings.Contains(text, told) {
				h.t.Errorf("%v hold %s", types, told)
			}
		}
	}
	h.has(h.discloses(lawyer, referral), "sexual_assault", "female", "18+")
}

// 8. A search answers with what the searcher has. It takes a reference or a name, and no
// telephone; a shared telephone makes no hint; a reference opens nothing; each search is reviewed.
func (h harmed) searchIsAWeapon() {
	const phone = "+000 0000 0808"
	seat := network.Seat(journey.FrontDesk, "caseworker")
	seat.Subject = "an-officer"
	officer := h.deskOf(seat)
	h.staffed(h.desk(journey.FrontDesk, "supervisor"), "an-officer")
	h.idle()
	of := h.opens(m{"name": "Wanda Sought", "contact": m{"phone": phone}})
	id := of[len("/v1/cases/"):]
	var mine struct{ Reference string }
	if err := h.front.Get(h.t.Context(), of, &mine); err != nil || mine.Reference == "" {
		h.t.Fatalf("%+v %v", mine, err)
	}
	searches := []m{{"name": "Wanda Sought", "reason": "she_is_here"}, {"reference": mine.Reference, "reason": "she_is_here"}}
	for _, s := range searches {
		if a := h.does(h.front, "/v1/cases/search", s); !bytes.Contains(a, []byte(id)) {
			h.t.Errorf("who has the case finds %s", a)
		}
		if a := h.does(officer, "/v1/cases/search", s); bytes.Contains(a, []byte("case_")) {
			h.t.Errorf("a colleague finds %s", a)
		}
	}
	if a := post(h.t.Context(), h.t, h.front, "/v1/cases/search", uuid.NewString(), `{"phone":"`+phone+`","reason":"she_is_here"}`); a.Status < 400 || a.Status >= 500 {
		h.t.Errorf("a search by telephone: %d %s", a.Status, a.Body)
	}
	h.hasNot(h.get(officer, of), "Wanda", phone)
	h.opens(m{"name": "Another Person", "contact": m{"phone": phone}})
	h.idle()
	h.hasNot(h.get(h.front, "/v1/cases?attention=possible_duplicate"), id)
	h.opens(m{"name": "wanda SOUGHT"})
	var list struct{ Items []view }
	h.sees(h.front, "/v1/cases?attention=possible_duplicate", &list, func() bool { return len(list.Items) > 0 })

	h.does(h.front, of+"/restrict", m{"restricted": true})
	for _, s := range searches {
		if a := h.does(h.front, "/v1/cases/search", s); bytes.Contains(a, []byte(id)) {
			h.t.Errorf("a restricted case is found: %s", a)
		}
	}
	seen := h.get(h.desk(journey.FrontDesk, "supervisor"), "/v1/searches")
	h.has(seen, "an-officer", "she_is_here", `"name"`, `"reference"`)
	h.hasNot(seen, "Wanda", mine.Reference)
	h.refuses(officer, "/v1/cases/search", `{"name":"Wanda Sought"}`, http.StatusUnprocessableEntity, "invalid", "Wanda")
}

// 18. Who was asked learns where she is when they have acknowledged, and by nothing before: no
// message and no page of the alert holds it.
func (h harmed) placeAndDanger() {
	anas := h.deskOf(member(journey.Counselling, "ana"))
	of := h.opens(nil)
	h.does(h.front, of+"/response", sought("GT-09"))
	a := h.alert(anas, func(a called) bool { return a.Status == code.ResponseAlerting })
	h.hasNot(h.get(anas, "/v1/alerts/"+a.Alert), wherePlace, whereDanger, whereApproach, of[len("/v1/cases/"):])
	h.refuses(anas, "/v1/disclosures/response", `{"alert":"`+a.Alert+`"}`, http.StatusConflict, "response_not_yours", wherePlace, whereDanger)
	if types, text := h.about(a.Alert); len(types) == 0 || strings.Contains(text, wherePlace) || strings.Contains(text, whereDanger) || strings.Contains(text, whereApproach) {
		h.t.Errorf("told of the alert: %v", text)
	}
	h.does(anas, "/v1/alerts/"+a.Alert+"/acknowledge", m{})
	h.responded(h.front, of[len("/v1/cases/"):], func(r responses) bool {
		return len(r.Responses) == 1 && r.Responses[0].Status == code.ResponseAcknowledged
	})
	if is := h.does(anas, "/v1/disclosures/response", m{"alert": a.Alert}); !bytes.Contains(is, []byte(wherePlace)) || !bytes.Contains(is, []byte(whereDanger)) {
		h.t.Errorf("who goes is shown %s", is)
	}
	h.does(h.front, of+"/response/call-off", m{})
}

// 19. She moved: the old address is in no packet, also under the key of before, and in no way to
// reach her.
func (h harmed) noOldAddress() {
	const old, present = "+000 0000 1901", "+000 0000 1902"
	lawyer := h.desk(journey.LegalAid, "lawyer")
	by := func(address string) m {
		return m{"safe_channels": []m{{"kind": "call", "address": address}}, "zone": "America/Guatemala", "safe_hours": anytime()}
	}
	of := h.opens(m{"contact": by(old)})
	wide := consent(journey.LegalAid, "legal_assistance_service")
	wide["categories"] = []string{"identity", "contact"}
	h.does(h.front, of+"/consents", wide)
	referral := request(h.t.Context(), h.t, h.front, of[len("/v1/cases/"):], journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	h.idle()
	key, ask := uuid.NewString(), `{"referral":"`+referral+`"}`
	h.has(post(h.t.Context(), h.t, lawyer, "/v1/disclosures", key, ask), old)
	h.does(h.front, of+"/amend", m{"reason": "change", "contact": by(present)})
	for _, again := range []string{key, uuid.NewString()} {
		a := post(h.t.Context(), h.t, lawyer, "/v1/disclosures", again, ask)
		h.has(a, present)
		h.hasNot(a, old)
	}
	a := post(h.t.Context(), h.t, lawyer, "/v1/disclosures/contact", uuid.NewString(), `{"referral":"`+referral+`","purpose":"ordinary"}`)
	h.has(a, present)
	h.hasNot(a, old)
	// Her desk has both: it wrote them.
	h.has(h.get(h.front, of), old, present)
}

// 20. What operators and coordinators see counts answers of agencies, and names nobody who works there.
func (h harmed) anEscalationNamesNobody() {
	lawyer := h.desk(journey.LegalAid, "lawyer")
	referral := h.asks(h.opens(nil), journey.LegalAid, "legal_assistance_service")
	h.takes(lawyer, referral)
	h.gives(lawyer, "lawyer", referral, "/v1/matters/mat_"+referral[len("ref_"):])
	name := journey.Subject("lawyer", journey.LegalAid)
	for path, a := range map[string]json.RawMessage{
		"/v1/escalations": h.get(h.desk(journey.Coordination, "coordinator"), "/v1/escalations").Body,
		"/v1/flow":        h.get(h.desk(journey.FrontDesk, "operator"), "/v1/flow").Body,
		"/v1/agencies":    h.get(h.front, "/v1/agencies").Body,
	} {
		if len(a) == 0 || bytes.Contains(a, []byte(name)) || bytes.Contains(a, []byte("worker_")) {
			h.t.Errorf("%s names who works there: %s", path, a)
		}
	}
	h.has(h.get(h.desk(journey.LegalAid, "supervisor"), "/v1/workers"), name)
}
