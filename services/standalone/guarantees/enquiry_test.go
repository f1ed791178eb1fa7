package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

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
