package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
	"github.com/sanad-network/sanad/services/standalone/internal/play"
)

// sends is what somebody without an account sends with a code.
func (w *world) sends(body m) office.Answer {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := w.anybody().Do(w.t.Context(), http.MethodPost, "/v1/enquiries/send", raw, http.Header{
		"Content-Type": {"application/json"}, "Idempotency-Key": {uuid.NewString()},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

type enquiriesThere struct {
	Items []struct {
		ID string `json:"id"`
	} `json:"items"`
}

// enquired sends by a card and writes down what a neighbour told, with a canary in each text. Who
// takes them reads them, and nobody else.
func (w *world) enquired(ctx context.Context) {
	w.t.Helper()
	front, other := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.FrontDesk, "supervisor")
	do := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	var made struct {
		Codes []string `json:"codes"`
	}
	do(front.Post(ctx, "/v1/cards", m{"count": 2, "days": 30}, &made))
	hers := m{"comes_when": marked("comes_when"), "safe_way": "call", "reach_at": marked("reach_at"), "safe_hours": marked("safe_hours"), "her_words": marked("her_words")}
	hers["code"] = made.Codes[0]
	if a := w.sends(hers); a.Status != http.StatusOK {
		w.t.Fatalf("a right code: %d %s", a.Status, a.Body)
	}
	do(front.Post(ctx, "/v1/enquiries", m{
		"seen": marked("seen"), "seen_where": marked("seen_where"), "danger_seen": marked("danger_seen"), "danger_now": true,
		"reporter": marked("reporter"), "reporter_contact": marked("reporter_contact"),
	}, nil))
	var there enquiriesThere
	do(front.Get(ctx, "/v1/enquiries", &there))
	if len(there.Items) != 2 {
		w.t.Fatalf("%d enquiries wait", len(there.Items))
	}
	var all bytes.Buffer
	for _, e := range there.Items {
		do(front.Post(ctx, "/v1/enquiries/"+e.ID+"/take", m{}, nil))
		var mine, frame json.RawMessage
		do(front.Get(ctx, "/v1/enquiries/"+e.ID, &mine))
		do(other.Get(ctx, "/v1/enquiries/"+e.ID, &frame))
		all.Write(mine)
		if bytes.Contains(frame, []byte(canary)) {
			w.t.Errorf("a colleague reads what was told: %s", frame)
		}
	}
	for _, name := range []string{"comes_when", "reach_at", "safe_hours", "her_words", "seen", "seen_where", "danger_seen", "reporter", "reporter_contact"} {
		if !bytes.Contains(all.Bytes(), []byte(marked(name))) {
			w.t.Errorf("who has it does not read %s", name)
		}
	}
}

// neighbour writes down what a neighbour told, and takes it. It gives the path of the enquiry.
func (w *world) neighbour(ctx context.Context, front office.Desk) string {
	w.t.Helper()
	var made struct{ ID string }
	if err := front.Post(ctx, "/v1/enquiries", m{"seen": "cries for help", "danger_now": true}, &made); err != nil {
		w.t.Fatal(err)
	}
	of := "/v1/enquiries/" + made.ID
	if err := front.Post(ctx, of+"/take", m{}, nil); err != nil {
		w.t.Fatal(err)
	}
	return of
}

// A neighbour calls while somebody is attacked, and there is no case: who took the report records
// the danger and the law, a team is asked, goes, is shown where she is and stands down. Nobody else
// learns more than that a team was asked, no case of hers comes of it, and the report is settled
// only then.
func TestATeamGoesBeforeThereIsACase(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	ana, eva := member(journey.Counselling, "ana"), member(journey.LegalAid, "eva")
	team(ctx, t, w.desk(journey.Counselling, "supervisor"), func(agency, role string) office.Desk { return w.desk(agency, role) }, "GT-01", w.now(), ana)
	w.idle()
	front, colleague := w.desk(journey.FrontDesk, "caseworker"), w.deskOf(at("somebody-else", "caseworker"))
	var before, after json.RawMessage
	if err := front.Get(ctx, "/v1/cases?status=open", &before); err != nil {
		t.Fatal(err)
	}
	of := w.neighbour(ctx, front)
	danger := m{
		"programme": journey.Programme, "response_ground": "immediate_danger", "life_danger": "attack_now", "danger_law": "police_law", "danger_words": "the neighbour hears her cry",
		"area": "GT-01", "urgency": "emergency", "place": wherePlace, "danger_there": whereDanger, "safe_approach": whereApproach,
	}
	yes := maps.Clone(danger)
	yes["response_ground"] = "her_yes"
	w.refuses(front, of+"/response", string(encode(yes)), http.StatusUnprocessableEntity, "response_ground", wherePlace)
	w.refuses(colleague, of+"/response", string(encode(danger)), http.StatusForbidden, "not_your_enquiry", wherePlace)
	w.refuses(w.desk(journey.LegalAid, "caseworker"), of+"/response", string(encode(danger)), http.StatusNotFound, "not_found", wherePlace)
	if err := front.Post(ctx, of+"/response", danger, nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(front, of+"/response", string(encode(danger)), http.StatusConflict, "response_open")
	w.refuses(front, of+"/settle", `{"enquiry_result": "nobody_found"}`, http.StatusConflict, "response_open")

	goes := w.deskOf(ana)
	a := w.alert(goes, func(a called) bool { return a.Status == code.ResponseAlerting })
	show := `{"alert": "` + a.Alert + `"}`
	w.refuses(goes, "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)
	if err := goes.Post(ctx, "/v1/alerts/"+a.Alert+"/acknowledge", m{}, nil); err != nil {
		t.Fatal(err)
	}
	w.respondedAt(front, of, func(r responses) bool {
		return len(r.Responses) == 1 && r.Responses[0].Status == code.ResponseAcknowledged && r.Responses[0].Agency == journey.Counselling
	})
	w.refuses(w.deskOf(eva), "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)
	var seen m
	if err := goes.Post(ctx, "/v1/disclosures/response", m{"alert": a.Alert}, &seen); err != nil || seen["place"] != wherePlace || seen["danger_there"] != whereDanger || seen["safe_approach"] != whereApproach {
		t.Errorf("the member who goes is shown %v %v", seen, err)
	}
	for _, path := range []string{of, "/v1/enquiries?view=taken"} {
		is := w.get(colleague, path)
		if is.Status != http.StatusOK || !bytes.Contains(is.Body, []byte(`"response_status":"acknowledged"`)) || bytes.Contains(is.Body, []byte(wherePlace)) || bytes.Contains(is.Body, []byte("neighbour")) || bytes.Contains(is.Body, []byte(journey.Counselling)) {
			t.Errorf("%s: a colleague sees %d %s", path, is.Status, is.Body)
		}
	}
	for _, d := range []office.Desk{goes, w.desk(journey.LegalAid, "caseworker")} {
		if is := w.get(d, of); is.Status != http.StatusNotFound && is.Status != http.StatusForbidden || bytes.Contains(is.Body, []byte(wherePlace)) {
			t.Errorf("another agency sees %d %s", is.Status, is.Body)
		}
	}
	if err := goes.Post(ctx, "/v1/alerts/"+a.Alert+"/stand-down", m{"result": "not_seen", "unseen": "not_there"}, nil); err != nil {
		t.Fatal(err)
	}
	w.respondedAt(front, of, func(r responses) bool { return r.Responses != nil && r.Responses[0].Unseen == code.NotThere })
	w.refuses(goes, "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)
	if err := front.Post(ctx, of+"/settle", m{"enquiry_result": "nobody_found"}, nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(front, of+"/response", string(encode(danger)), http.StatusConflict, "enquiry_settled")
	is := w.get(front, of)
	if !bytes.Contains(is.Body, []byte(wherePlace)) || !bytes.Contains(is.Body, []byte(`"stage":"response"`)) {
		t.Errorf("the report does not keep what was done: %s", is.Body)
	}
	if err := front.Get(ctx, "/v1/cases?status=open", &after); err != nil || !bytes.Equal(before, after) {
		t.Errorf("a case comes of it: %s %v", after, err)
	}
}

// A right code, a wrong one, one that was used up and no code at all have one answer, after the same
// least time. Only the right one brings something.
func TestEveryCodeHasTheSameAnswer(t *testing.T) {
	w := begin(t, func(*world) {})
	ctx, cancel := patience.Context(t.Context(), t, "codes", w.running().moves)
	defer cancel()
	front := w.desk(journey.FrontDesk, "caseworker")
	var made struct {
		ID    string   `json:"id"`
		Codes []string `json:"codes"`
	}
	if err := front.Post(ctx, "/v1/cards", m{"count": 2, "days": 30}, &made); err != nil {
		t.Fatal(err)
	}
	right := made.Codes[0]
	const address = "night@desk.test"
	if err := w.desk(journey.FrontDesk, "focal_point").Post(ctx, "/v1/channels", m{
		"agency": journey.FrontDesk, "language": "en", "channels": []m{{"kind": "email", "address": address}},
	}, nil); err != nil {
		t.Fatal(err)
	}
	send := func(name, code string, waiting int) {
		t.Helper()
		from := time.Now()
		a := w.sends(m{"code": code, "comes": true})
		if took := time.Since(from); a.Status != http.StatusOK || string(bytes.TrimSpace(a.Body)) != `{"taken":true}` || took < 250*time.Millisecond {
			t.Errorf("%s: %d %s after %s", name, a.Status, a.Body, took)
		}
		var there enquiriesThere
		if err := front.Get(ctx, "/v1/enquiries", &there); err != nil || len(there.Items) != waiting {
			t.Errorf("%s: %d enquiries wait (%v)", name, len(there.Items), err)
		}
	}
	send("wrong, of the same cards", right[:len(right)-1]+map[bool]string{true: "1", false: "0"}[right[len(right)-1] == '0'], 0)
	send("of no cards", "ZZZZ-ZZZZ-ZZZZ-ZZZZ", 0)
	send("no code", "hello", 0)
	send("right", right, 1)
	send("again", right, 2)
	send("a third time", right, 3)
	send("used up", right, 3)
	send("of another card", made.Codes[1], 4)
	if err := front.Post(ctx, "/v1/cards/"+made.ID+"/end", m{}, nil); err != nil {
		t.Fatal(err)
	}
	send("ended", made.Codes[1], 4)
	// Each time that something waits the people of the desk are told so, and only then.
	w.idle()
	letters, err := play.Letters(filepath.Join(w.config.Dir, "notices"), address)
	if err != nil || len(letters) != 4 {
		t.Errorf("%d notices for 4 enquiries: %v", len(letters), err)
	}
	for _, letter := range letters {
		for _, said := range []string{right, made.Codes[1], made.ID} {
			if strings.Contains(letter, said) {
				t.Errorf("a notice says %q:\n%s", said, letter)
			}
		}
	}
	// A form that tells no way to her is refused before any code is looked at.
	for _, code := range []string{right, made.Codes[1], "hello"} {
		if a := w.sends(m{"code": code}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("nothing told: %d %s", a.Status, a.Body)
		}
	}
}

// The page of a case leads back to what the office was told before it, for who had both.
func TestACaseLeadsBackToItsEnquiry(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	ana := at("ana", "caseworker")
	desk, b := w.deskOf(ana), w.browser(ana)
	of := b.opens(nil)
	if err := desk.Post(ctx, "/v1/enquiries", m{"seen": "A quarrel each night.", "danger_now": false, "reporter": "A neighbour."}, nil); err != nil {
		t.Fatal(err)
	}
	var there enquiriesThere
	if err := desk.Get(ctx, "/v1/enquiries", &there); err != nil || len(there.Items) != 1 {
		t.Fatal(there, err)
	}
	told := "/v1/enquiries/" + there.Items[0].ID
	if err := desk.Post(ctx, told+"/take", m{}, nil); err != nil {
		t.Fatal(err)
	}
	b.open(of)
	b.mustNot("What the office was told first")
	if err := desk.Post(ctx, told+"/settle", m{"enquiry_result": "case_opened", "case": path.Base(of), "she_agreed": true}, nil); err != nil {
		t.Fatal(err)
	}
	b.open(of)
	b.follow("What the office was told first")
	b.must("A quarrel each night.")
}
