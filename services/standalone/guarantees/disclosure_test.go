package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// confided is a case in which everything was told, and a referral of it to a
// lawyer.
type confided struct {
	*world
	front, lawyer         office.Desk
	id, consent, referral string
}

// shown is what an agency is answered.
type shown struct {
	Stage         string                     `json:"stage"`
	Categories    []string                   `json:"categories"`
	ConflictCheck json.RawMessage            `json:"conflict_check"`
	Packet        map[string]json.RawMessage `json:"packet"`
}

// confide asks a lawyer, with a check for a conflict, on a consent to the
// categories; to all of them when none is given. The lawyer has it then.
func (w *world) confide(ctx context.Context, categories ...string) confided {
	w.t.Helper()
	p := confided{world: w, front: w.desk(journey.FrontDesk, "caseworker")}
	name := w.lawyers(ctx, 1)[0]
	p.lawyer = w.desk(name, "lawyer")
	if len(categories) == 0 {
		categories = []string{"identity", "contact", "incident", "narrative", "safety_needs", "health", "forensic_certificate", "appointments"}
	}
	var c struct {
		ID       string `json:"id"`
		Consents []struct {
			ID string `json:"id"`
		} `json:"consents"`
	}
	if err := p.front.Post(ctx, "/v1/cases", m{
		"channel": "hotline", "country": "GT", "programme": "guatemala",
		"incident": m{"types": []string{"physical_assault"}},
		"survivor": m{"sex": "female", "age_band": "18+", "disability": "physical", "unaccompanied": "no"},
		"name":     "Somebody", "narrative": "What she told.",
		"contact": m{"phone": "+000 0000 0000", "safe_note": "In the morning."},
	}, &c); err != nil {
		w.t.Fatal(err)
	}
	p.id = c.ID
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/consents", m{
		"recipient": name, "service": "legal_assistance_service", "purpose": "service_delivery", "categories": categories,
		"expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339),
		"method":  "oral", "given_by": "survivor", "witnessed": false,
	}, &c); err != nil {
		w.t.Fatal(err)
	}
	p.consent = c.Consents[0].ID
	p.referral = want(ctx, w.t, p.front, p.id, m{
		"recipient": name, "needs": m{"conflict_check": true}, "opposing_party": []string{"Somebody Else"},
	})
	w.offered(p.lawyer, p.referral)
	return p
}

// ask is the lawyer's question, under a key of its own.
func (p confided) ask(ctx context.Context) office.Answer {
	p.t.Helper()
	return p.askAs(ctx, p.lawyer, uuid.NewString())
}

func (p confided) askAs(ctx context.Context, d office.Desk, key string) office.Answer {
	p.t.Helper()
	return post(ctx, p.t, d, "/v1/disclosures", key, `{"referral":"`+p.referral+`"}`)
}

// accept accepts, and asks until intake has got it.
func (p confided) accept(ctx context.Context) office.Answer {
	p.t.Helper()
	if err := p.lawyer.Post(ctx, "/v1/referrals/"+p.referral+"/accept", m{}, nil); err != nil {
		p.t.Fatal(err)
	}
	var c struct {
		Referrals []struct {
			Status string `json:"status"`
		} `json:"referrals"`
	}
	p.sees(p.front, "/v1/cases/"+p.id, &c, func() bool { return c.Referrals[0].Status != "requested" })
	return p.ask(ctx)
}

func (p confided) withdraw(ctx context.Context) {
	p.t.Helper()
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/consents/withdraw", m{"consent": p.consent}, nil); err != nil {
		p.t.Fatal(err)
	}
}

func (p confided) read(a office.Answer) shown {
	p.t.Helper()
	var s shown
	if err := json.Unmarshal(a.Body, &s); err != nil || a.Status != http.StatusOK {
		p.t.Fatalf("%d %s %v", a.Status, a.Body, err)
	}
	return s
}

// hides checks that an answer is that for a referral which does not exist.
func (p confided) hides(ctx context.Context, d office.Desk, when string, a office.Answer) {
	p.t.Helper()
	absent := post(ctx, p.t, d, "/v1/disclosures", uuid.NewString(), `{"referral":"ref_00000000000000000000000000"}`)
	if a.Status != http.StatusNotFound || fmt.Sprint(withoutTrace(a.Body)) != fmt.Sprint(withoutTrace(absent.Body)) {
		p.t.Errorf("%s: %d %s, and for none %s", when, a.Status, a.Body, absent.Body)
	}
}

// An agency sees whom she is up against before it accepts, what she consented
// to after that, and nothing from the moment she withdraws. Nobody else sees
// anything, and her front desk sees who saw what.
func TestStagedDisclosure(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	seen := w.watch()
	p := w.confide(ctx, "identity", "contact", "incident")

	before := p.read(p.ask(ctx))
	if before.Stage != "conflict_check" || string(before.ConflictCheck) != `{"opposing_party":["Somebody Else"]}` || before.Packet != nil {
		t.Errorf("before acceptance: %+v", before)
	}
	for _, d := range []office.Desk{w.desk("another-agency", "lawyer"), w.desk(journey.FrontDesk, "focal_point")} {
		p.hides(ctx, d, d.Agency, p.askAs(ctx, d, uuid.NewString()))
	}
	for _, role := range []string{"caseworker", "supervisor", "coordinator", "operator"} {
		if a := p.askAs(ctx, w.desk(p.lawyer.Agency, role), uuid.NewString()); a.Status != http.StatusForbidden {
			t.Errorf("a %s is told %d %s", role, a.Status, a.Body)
		}
	}

	p.accept(ctx)
	key := uuid.NewString()
	first := p.askAs(ctx, p.lawyer, key)
	after := p.read(first)
	if after.Stage != "service" || after.ConflictCheck != nil {
		t.Errorf("after acceptance: %+v", after)
	}
	for field, want := range map[string]string{
		"name": `"Somebody"`, "contact": `{"phone":"+000 0000 0000","safe_note":"In the morning."}`,
		"survivor": `{"sex":"female","age_band":"18+"}`, "incident": `{"types":["physical_assault"]}`,
		"opposing_party": `["Somebody Else"]`, "incidents": `[{"type":"physical_assault"}]`,
	} {
		if string(after.Packet[field]) != want {
			t.Errorf("%s is %s, want %s", field, after.Packet[field], want)
		}
		delete(after.Packet, field)
	}
	if len(after.Packet) > 0 {
		t.Errorf("shown beyond her consent: %v", after.Packet)
	}
	if again := p.askAs(ctx, p.lawyer, key); !bytes.Equal(again.Body, first.Body) {
		t.Errorf("the same key: %s, and at first %s", again.Body, first.Body)
	}

	colleague := w.desk(p.lawyer.Agency, "focal_point")
	if a := p.askAs(ctx, colleague, key); a.Status != http.StatusUnprocessableEntity || !bytes.Contains(a.Body, []byte(`"idempotency_key_reused"`)) {
		t.Errorf("the same key by a colleague: %d %s", a.Status, a.Body)
	}

	p.forTheWorker(ctx, key)
	// Who has left is shown nothing, also under the key of before.
	leaver, kept := w.desk(p.lawyer.Agency, "lawyer", "focal_point"), uuid.NewString()
	if a := p.askAs(ctx, leaver, kept); a.Status != http.StatusOK {
		t.Fatalf("before she leaves: %d %s", a.Status, a.Body)
	}
	head := w.desk(p.lawyer.Agency, "supervisor")
	w.staffed(head, journey.Subject("lawyer", p.lawyer.Agency))
	if err := head.Post(ctx, "/v1/workers/"+worker.ID(p.lawyer.Agency, journey.Subject("lawyer", p.lawyer.Agency))+"/leave", m{}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	for _, key := range []string{kept, uuid.NewString()} {
		if a := p.askAs(ctx, leaver, key); a.Status != http.StatusForbidden || !bytes.Contains(a.Body, []byte(`"left_the_desk"`)) {
			t.Errorf("who has left: %d %s", a.Status, a.Body)
		}
	}
	if err := head.Post(ctx, "/v1/workers", m{"agency": p.lawyer.Agency, "subject": journey.Subject("lawyer", p.lawyer.Agency), "reason": "left_in_error"}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()

	p.withdraw(ctx)
	p.hides(ctx, p.lawyer, "the same key after the withdrawal", p.askAs(ctx, p.lawyer, key))
	p.hides(ctx, colleague, "the same key by a colleague after the withdrawal", p.askAs(ctx, colleague, key))
	p.hides(ctx, p.lawyer, "another key after the withdrawal", p.ask(ctx))

	p.ledger(ctx, "service", "service", "service", "service", "service", "conflict_check")
	seen.until(t, func(e seenEvent) bool {
		return e.Type == "intake.disclosed.v1" && strings.Contains(string(e.Data), `"stage":"service"`)
	})
}

// forTheWorker has the agency assign the referral. A colleague, who was shown it until then,
// is shown it no more, also not under a key that was answered; the worker is, and so is who
// covers. Her desk is not told who has it.
func (p confided) forTheWorker(ctx context.Context, key string) {
	p.t.Helper()
	colleague, head := p.sworn(p.lawyer.Agency, "lawyer"), p.desk(p.lawyer.Agency, "supervisor")
	was := uuid.NewString()
	p.read(p.askAs(ctx, colleague, was))
	p.gives(p.lawyer, "lawyer", p.referral, "/v1/matters/mat"+p.referral[len("ref"):])
	p.idle()
	for who, a := range map[string]office.Answer{
		"a colleague":                       p.askAs(ctx, colleague, uuid.NewString()),
		"a colleague, as before":            p.askAs(ctx, colleague, was),
		"a focal point":                     p.askAs(ctx, p.desk(p.lawyer.Agency, "focal_point"), uuid.NewString()),
		"a supervisor who is a lawyer, too": p.askAs(ctx, p.desk(p.lawyer.Agency, "examiner", "supervisor"), uuid.NewString()),
	} {
		if a.Status != http.StatusForbidden || !bytes.Contains(a.Body, []byte(`"not_the_worker"`)) || bytes.Contains(a.Body, []byte("Somebody")) {
			p.t.Errorf("%s is told %d %s", who, a.Status, a.Body)
		}
	}
	p.read(p.askAs(ctx, p.lawyer, key))
	absent := "/v1/workers/" + worker.ID(p.lawyer.Agency, journey.Subject("lawyer", p.lawyer.Agency)) + "/absent"
	if err := head.Post(ctx, absent, m{"until": time.Now().UTC().AddDate(0, 0, 7).Format(time.RFC3339), "cover": "new-here"}, nil); err != nil {
		p.t.Fatal(err)
	}
	p.idle()
	p.read(p.askAs(ctx, colleague, uuid.NewString()))
	a, err := p.front.Do(ctx, http.MethodGet, "/v1/cases/"+p.id+"/timeline", nil, nil)
	if err != nil || a.Status != http.StatusOK || bytes.Contains(a.Body, []byte("assigned")) || bytes.Contains(a.Body, []byte("worker_")) {
		p.t.Errorf("her desk is told who has it: %d %s %v", a.Status, a.Body, err)
	}
}

// When the age on record says that another person speaks for her, the agency is shown nothing
// more, also not again, and is told to wait. Her desk has the case on a list until it
// recorded who may speak.
func TestNothingMoreIsShownUntilSheIsAskedAnew(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	p := w.confide(ctx, "identity", "incident")
	p.accept(ctx)
	key := uuid.NewString()
	p.read(p.askAs(ctx, p.lawyer, key))
	waits := func() int {
		t.Helper()
		var list struct{ Items []struct{ ID string } }
		if err := p.front.Get(ctx, "/v1/cases?attention=consent_anew", &list); err != nil {
			t.Fatal(err)
		}
		return len(list.Items)
	}
	if n := waits(); n != 0 {
		t.Errorf("%d cases wait", n)
	}
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/amend", m{"reason": "correction", "survivor": m{"sex": "female", "age_band": "6-11"}}, nil); err != nil {
		t.Fatal(err)
	}
	for when, k := range map[string]string{"again": key, "anew": uuid.NewString()} {
		a := p.askAs(ctx, p.lawyer, k)
		if a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte(`"consent_anew"`)) || bytes.Contains(a.Body, []byte("Somebody")) || bytes.Contains(a.Body, []byte(`"6-11"`)) {
			t.Errorf("%s: %d %s", when, a.Status, a.Body)
		}
	}
	var c struct {
		Anew []string `json:"consents_anew"`
	}
	if err := p.front.Get(ctx, "/v1/cases/"+p.id, &c); err != nil || fmt.Sprint(c.Anew) != fmt.Sprint([]string{p.consent}) || waits() != 1 {
		t.Errorf("her desk asks for %v, %v", c.Anew, err)
	}
	if err := p.front.Post(ctx, "/v1/cases/"+p.id+"/consents", m{
		"recipient": p.lawyer.Agency, "service": "legal_assistance_service", "purpose": "service_delivery", "categories": []string{"identity"},
		"expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339), "method": "oral", "given_by": "caregiver", "witnessed": false, "assent": "given",
	}, nil); err != nil {
		t.Fatal(err)
	}
	if s := p.read(p.ask(ctx)); string(s.Packet["name"]) != `"Somebody"` || waits() != 0 {
		t.Errorf("after the answer: %+v, and %d cases wait", s, waits())
	}
}

// ledger checks what the front desk reads page by page.
func (p confided) ledger(ctx context.Context, want ...string) {
	p.t.Helper()
	path := "/v1/cases/" + p.id + "/disclosures"
	var got []string
	for next := path + "?limit=1"; next != ""; {
		a, err := p.front.Do(ctx, http.MethodGet, next, nil, nil)
		if err != nil || a.Status != http.StatusOK {
			p.t.Fatalf("%s: %d %s %v", next, a.Status, a.Body, err)
		}
		var page struct {
			Items []struct {
				Recipient string `json:"recipient"`
				Stage     string `json:"stage"`
			} `json:"items"`
		}
		if err := json.Unmarshal(a.Body, &page); err != nil || len(page.Items) != 1 || page.Items[0].Recipient != p.lawyer.Agency {
			p.t.Fatalf("%s: %s %v", next, a.Body, err)
		}
		got = append(got, page.Items[0].Stage)
		next, _, _ = strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		p.t.Errorf("the ledger tells %v, want %v", got, want)
	}
	stranger := p.desk(p.lawyer.Agency, "supervisor")
	for _, c := range []struct {
		desk   office.Desk
		path   string
		status int
	}{
		{stranger, path, http.StatusNotFound},
		{p.lawyer, path, http.StatusForbidden},
		{p.front, path + "?cursor=0", http.StatusUnprocessableEntity},
		{p.front, path + "?cursor=x", http.StatusUnprocessableEntity},
	} {
		if a, err := c.desk.Do(ctx, http.MethodGet, c.path, nil, nil); err != nil || a.Status != c.status {
			p.t.Errorf("%s of %s: %d %s %v, want %d", c.path, c.desk.Agency, a.Status, a.Body, err, c.status)
		}
	}
}

// Without a check for a conflict nothing is shown before acceptance, and the
// agency is told that it is early, not that there is nothing.
func TestNothingIsShownTooEarly(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	name := w.lawyers(ctx, 1)[0]
	p := confided{world: w, front: w.desk(journey.FrontDesk, "caseworker"), lawyer: w.desk(name, "focal_point")}
	p.id = openCase(ctx, t, p.front, name, "legal_assistance_service")
	p.referral = request(ctx, t, p.front, p.id, name, "legal_assistance_service")
	w.offered(p.lawyer, p.referral)
	key := uuid.NewString()
	if a := p.askAs(ctx, p.lawyer, key); a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte(`"disclosure_too_early"`)) || bytes.Contains(a.Body, []byte(p.id)) {
		t.Errorf("before acceptance: %d %s", a.Status, a.Body)
	} else if got := a.Header.Get("Retry-After"); got != "1" {
		t.Errorf("it says to ask again after %q, want 1 second", got)
	}
	p.accept(ctx)
	if s := p.read(p.askAs(ctx, p.lawyer, key)); s.Stage != "service" {
		t.Errorf("the refused key, after acceptance: %+v", s)
	}
	if err := p.lawyer.Post(ctx, "/v1/referrals/"+p.referral+"/cancel", m{"reason": "no_longer_needed"}, nil); err != nil {
		t.Fatal(err)
	}
	var c struct {
		Unmet []string `json:"unmet_needs"`
	}
	p.sees(p.front, "/v1/cases/"+p.id, &c, func() bool { return len(c.Unmet) == 1 })
	p.hides(ctx, p.lawyer, "after the end", p.askAs(ctx, p.lawyer, key))
}
