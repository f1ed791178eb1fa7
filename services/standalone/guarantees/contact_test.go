package guarantees_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

var everyDay = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// anytime is hours in which it is always safe; another day is hours of one that is neither
// today nor beside it, in any zone.
func anytime() []m { return []m{{"days": everyDay, "from": "00:00", "until": "24:00"}} }

func anotherDay() []m {
	return []m{{"days": []string{strings.ToLower(time.Now().UTC().AddDate(0, 0, 3).Weekday().String())}, "from": "10:00", "until": "11:00"}}
}

// reach asks for an agency whether it may contact her now.
func (p confided) reach(purpose, key string) office.Answer {
	p.t.Helper()
	return post(p.t.Context(), p.t, p.lawyer, "/v1/disclosures/contact", key, `{"referral":"`+p.referral+`","purpose":"`+purpose+`"}`)
}

// moves writes anew how she may be reached.
func (p confided) moves(contact m) {
	p.t.Helper()
	if err := p.front.Post(p.t.Context(), "/v1/cases/"+p.id+"/amend", m{"reason": "change", "contact": contact}, nil); err != nil {
		p.t.Fatal(err)
	}
}

// members are the names of an answer, but for the trace.
func members(t *testing.T, a office.Answer) []string {
	t.Helper()
	var of map[string]json.RawMessage
	if err := json.Unmarshal(a.Body, &of); err != nil {
		t.Fatal(err)
	}
	delete(of, "trace_id")
	return slices.Sorted(maps.Keys(of))
}

// An agency asks before it contacts her. It is told how, or from when; what it is told is
// the present, also under a key that it sent before; and her desk sees that it asked.
func TestAnAgencyAsksBeforeItContactsHer(t *testing.T) {
	w := begin(t)
	seen := w.watch()
	p := w.confide(t.Context(), "contact", "incident")
	p.accept(t.Context())

	if a := p.reach("ordinary", uuid.NewString()); a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte(`"no_safe_contact"`)) {
		t.Errorf("a telephone and a note alone: %d %s", a.Status, a.Body)
	}
	old := m{"kind": "call", "address": "+000 0000 0017", "who_may_answer": "only_her"}
	p.moves(m{"safe_channels": []m{old}, "zone": "America/Guatemala", "safe_hours": anytime(), "code_word": "jacaranda", "language": "quc"})
	key, packets := uuid.NewString(), uuid.NewString()
	if a := p.askAs(t.Context(), p.lawyer, packets); !bytes.Contains(a.Body, []byte("0000 0017")) {
		t.Errorf("the packet: %s", a.Body)
	}
	a := p.reach("ordinary", key)
	if a.Status != http.StatusOK || !bytes.Contains(a.Body, []byte("0000 0017")) || !bytes.Contains(a.Body, []byte("jacaranda")) {
		t.Errorf("in her hours: %d %s", a.Status, a.Body)
	}
	if got := members(t, a); !slices.Equal(got, []string{"at", "channels", "code_word", "language", "purpose"}) {
		t.Errorf("the answer has %v", got)
	}

	present := m{"kind": "text_message", "address": "+000 0000 0018"}
	p.moves(m{"safe_channels": []m{present}, "zone": "America/Guatemala", "safe_hours": anotherDay(), "danger_news": m{"kind": "through_person", "person": "Her sister"}})
	for name, one := range map[string]office.Answer{"anew": p.reach("ordinary", uuid.NewString()), "again": p.reach("ordinary", key)} {
		var problem struct {
			Code      string    `json:"code"`
			NotBefore time.Time `json:"not_before"`
		}
		if err := json.Unmarshal(one.Body, &problem); err != nil || one.Status != http.StatusConflict || problem.Code != "contact_not_safe_now" || !problem.NotBefore.After(time.Now()) {
			t.Errorf("%s, outside her hours: %d %s", name, one.Status, one.Body)
		}
		if got := members(t, one); !slices.Equal(got, []string{"code", "detail", "not_before", "status", "title", "type"}) {
			t.Errorf("%s, the refusal has %v", name, got)
		}
	}
	if a := p.reach("danger_news", uuid.NewString()); a.Status != http.StatusOK || !bytes.Contains(a.Body, []byte("Her sister")) || bytes.Contains(a.Body, []byte("0000 0018")) {
		t.Errorf("danger news outside her hours: %d %s", a.Status, a.Body)
	}
	// Also a packet that is shown again has the present alone.
	packet := p.askAs(t.Context(), p.lawyer, packets)
	if !bytes.Contains(packet.Body, []byte("0000 0018")) || bytes.Contains(packet.Body, []byte("0000 0017")) || !bytes.Contains(packet.Body, []byte("danger_news")) {
		t.Errorf("the packet: %s", packet.Body)
	}

	// What never may be used is refused, at the field and without its value.
	wrong := post(t.Context(), t, p.front, "/v1/cases/"+p.id+"/amend", uuid.NewString(),
		`{"reason":"change","contact":{"safe_channels":[{"kind":"call","address":"+000 0000 0017"}],"never_contact":[{"address":"+000-0000-0017"}]}}`)
	if wrong.Status != http.StatusUnprocessableEntity || !bytes.Contains(wrong.Body, []byte(`"/contact/safe_channels/0"`)) || bytes.Contains(wrong.Body, []byte("0000 0017")) {
		t.Errorf("never and a channel: %d %s", wrong.Status, wrong.Body)
	}

	if err := p.front.Post(t.Context(), "/v1/cases/"+p.id+"/contact/suspend", m{}, nil); err != nil {
		t.Fatal(err)
	}
	for purpose, code := range map[string]string{"ordinary": "contact_closed", "danger_news": "danger_news_to_duty"} {
		if a := p.reach(purpose, uuid.NewString()); a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte(`"`+code+`"`)) || bytes.Contains(a.Body, []byte("sister")) {
			t.Errorf("closed, %s: %d %s", purpose, a.Status, a.Body)
		}
		var allowed json.RawMessage
		if err := p.front.Post(t.Context(), "/v1/cases/"+p.id+"/contact/ask", m{"purpose": purpose}, &allowed); err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("closed, the desk, %s: %s %v", purpose, allowed, err)
		}
	}
	var ledger, looks json.RawMessage
	if err := p.front.Get(t.Context(), "/v1/cases/"+p.id+"/disclosures", &ledger); err != nil || bytes.Count(ledger, []byte(`"stage":"contact"`)) != 4 {
		t.Errorf("her desk reads %s (%v)", ledger, err)
	}
	if err := p.front.Get(t.Context(), "/v1/cases/"+p.id+"/looks", &looks); err != nil || bytes.Count(looks, []byte(`"part":"contact"`)) != 2 {
		t.Errorf("looked at: %s (%v)", looks, err)
	}
	p.withdraw(t.Context())
	if a := p.reach("danger_news", uuid.NewString()); a.Status != http.StatusNotFound {
		t.Errorf("after the withdrawal: %d %s", a.Status, a.Body)
	}
	// Each change was told, and nothing of it.
	seen.until(t, func(e seenEvent) bool { return e.Type == "intake.consent_withdrawn.v1" })
	if n := seen.types()["intake.contact_changed.v1"]; n != 2 {
		t.Errorf("contact_changed was told %d times", n)
	}
}
