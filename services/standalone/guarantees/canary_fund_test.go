package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// The agencies of the test. Who was given a grant the network is told; of who was not, nothing.
const (
	fundWinner = "canary-of-a-grantee"
	fundLoser  = "canary-of-who-lost"
)

// unsungOfFund are private texts of the fund where no canary fits, each with the reason.
var unsungOfFund = map[string]string{
	"application": "the name of a record", "call": "the name of a record", "file": "the name of a file", "key": "the key of a file, sealed", "donation": "the name of a record",
	"agency": "an agency: those of the test have names of their own", "criterion": "named by the call", "question": "named by the call",
	"id": "names that a call gives", "language": "a code", "languages": "codes", "number": "a call's, public", "sha256": "a hash", "type": "of a file",
	"closes": "a minute", "opens": "a minute", "direct_since": "a day", "from": "a day", "on": "a day", "registered_by": "a day", "registered_on": "a day", "report_due": "a day",
	"asked": "what a call asks, in numbers and days", "found": "what was compared, in numbers and days",
	"papers": "the names of files",
}

// What people write to the fund and of it stays in its room: what an applicant says of itself and plans, the
// reasons of managers, assessors and trustees, conflicts of interest, causes, reports, and who they are.
// It is in no event, log, span, metric, address, problem, and on no public page. That page has the names of donors and of
// grantees, as they agreed; nothing of who was awarded nothing, not even the agency.
func TestCanaryOfTheFund(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	clock := &shiftedClock{}
	w := begin(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
		w.config.Clock = clock.now
	})
	w.http.Transport = sing{w.http.Transport, t}
	f := &singingFund{world: w, ctx: t.Context(), clock: clock}
	f.give()
	won, lost := f.decide()
	f.run(won)

	// Who may read it does.
	for path, d := range map[string]office.Desk{won: f.seat("mara", journey.Fund, "fund_manager"), lost: f.seat("lost", fundLoser, "fund_applicant")} {
		var is json.RawMessage
		if err := d.Get(f.ctx, path, &is); err != nil || !bytes.Contains(is, []byte(marked("answer"))) || !bytes.Contains(is, []byte(marked("description"))) {
			t.Errorf("who may read %s does not: %v", path, err)
		}
	}
	f.public()
	places := w.left(spans)
	w.sungOf("trust-fund", unsungOfFund, func(text string) bool { return strings.Contains(text, canary) })
	for place, text := range places {
		for _, c := range []string{canary, fundLoser} {
			if i := bytes.Index(text, []byte(c)); i >= 0 {
				t.Errorf("%s: …%s…", place, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
	if !bytes.Contains(places["stream EVENTS"], []byte("trust-fund.grant_suspended")) || len(places["spans"]) == 0 || len(places["logs"]) == 0 {
		t.Error("nothing was looked at")
	}
}

// singingFund is a fund in which all texts and people are canaries.
type singingFund struct {
	*world
	ctx   context.Context
	clock *shiftedClock
	call  string
}

func (f *singingFund) seat(subject, agency, role string) office.Desk {
	f.t.Helper()
	return f.deskOf(identity.Principal{Subject: marked(subject), Agency: agency, Roles: []string{role}})
}

func (f *singingFund) mara() office.Desk { return f.seat("mara", journey.Fund, "fund_manager") }
func (f *singingFund) milo() office.Desk { return f.seat("milo", journey.Fund, "fund_manager") }

// does gives commands one after the other.
func (f *singingFund) does(d office.Desk, path string, body m, out ...any) {
	f.t.Helper()
	var into any
	if len(out) > 0 {
		into = out[0]
	}
	if err := d.Post(f.ctx, path, body, into); err != nil {
		f.t.Fatalf("%s: %v", path, err)
	}
}

func (f *singingFund) day(months, days int) string {
	return f.clock.now().AddDate(0, months, days).UTC().Format(time.DateOnly)
}

// give has companies donate, and seats the board.
func (f *singingFund) give() {
	f.t.Helper()
	var l fundLedger
	f.does(f.mara(), "/v1/fund/donations", m{"kind": "company", "name": marked("donor"), "pledged_cents": 10 * grantCents, "on": f.day(0, -2)}, &l)
	f.does(f.mara(), "/v1/fund/payments", m{"donation": l.Donations[0].ID, "cents": 5 * grantCents, "on": f.day(0, -1)})
	f.does(f.mara(), "/v1/fund/corrections", m{"donation": l.Donations[0].ID, "pledged_cents": 6 * grantCents, "reason": "entered_in_error", "note": marked("corrected")})
	for seat := 1; seat <= 3; seat++ {
		f.does(f.mara(), "/v1/trustees", m{"seat": seat, "subject": marked(fmt.Sprint("trustee", seat)), "from": f.day(0, -1)})
	}
	f.does(f.mara(), "/v1/trustees", m{"seat": 4, "subject": marked("trustee4"), "from": f.day(0, -1)})
	f.does(f.milo(), "/v1/trustees/end", m{"seat": 4})
}

// decide has two agencies apply; one is awarded. It gives the paths of both applications.
func (f *singingFund) decide() (won, lost string) {
	f.t.Helper()
	closes := f.clock.now().Add(time.Hour)
	text := []m{{"language": "en", "text": marked("text")}}
	terms := m{
		"number": "1", "title": text, "sub_programme": "short_term", "least_cents": grantCents, "most_cents": grantCents, "least_months": 3, "most_months": 9,
		"languages": []string{"en"}, "questions": []m{{"id": "need", "text": text, "most_letters": 100}}, "criteria": []m{{"id": "need", "text": text, "weight": 100}},
		"papers": []string{"proposal"}, "opens": "2020-01-01T09:00", "closes": inVienna(closes), "registered_by": "2023-12-01", "direct_since": "2024-11-30", "differ_points": 15,
	}
	var call struct{ ID string }
	f.does(f.mara(), "/v1/calls", terms, &call)
	f.does(f.mara(), "/v1/calls/"+call.ID+"/publish", m{})
	f.does(f.mara(), "/v1/calls/"+call.ID+"/revoke", m{"reason": marked("revoked")})
	f.does(f.mara(), "/v1/calls", terms, &call)
	f.call = "/v1/calls/" + call.ID
	f.does(f.mara(), f.call+"/amend", terms)
	f.does(f.mara(), f.call+"/publish", m{})
	f.does(f.mara(), f.call+"/extend", m{"closes": inVienna(closes.Add(time.Minute)), "reason": marked("extended")})
	winner, loser := f.seat("won", fundWinner, "fund_applicant"), f.seat("lost", fundLoser, "fund_applicant")
	f.does(loser, f.call+"/questions", m{"question": marked("question")})
	var asked struct{ Clarifications []struct{ ID string } }
	if err := f.mara().Get(f.ctx, f.call, &asked); err != nil || len(asked.Clarifications) != 1 {
		f.t.Fatal(asked, err)
	}
	f.does(f.mara(), f.call+"/clarifications", m{"clarification": asked.Clarifications[0].ID, "answer": marked("clarified")})
	won, lost = f.applies(winner, call.ID), f.applies(loser, call.ID)
	f.does(loser, lost+"/take-back", m{})
	f.does(loser, lost+"/submit", m{})

	f.clock.ahead(2 * time.Hour)
	due := f.clock.now().UTC().AddDate(0, 0, 7).Format(time.RFC3339)
	judgement := judges()
	for _, finding := range judgement["findings"].([]m) {
		finding["reason"] = marked("judged")
	}
	for _, path := range []string{won, lost} {
		f.does(f.mara(), path+"/eligibility", judgement)
		f.does(f.milo(), path+"/eligibility/countersign", m{"agrees": false, "reason": marked("disagreed")})
		f.does(f.milo(), path+"/eligibility", judgement)
		f.does(f.mara(), path+"/eligibility/countersign", m{"agrees": true})
		for _, name := range []string{"late", "conflict", "ines", "igor"} {
			assessor := f.seat(name, "university", "fund_assessor")
			f.does(f.mara(), path+"/assessors", m{"assessor": marked(name), "due": due})
			switch name {
			case "late":
				f.does(f.mara(), path+"/assessors/free", m{"place": 1, "reason": marked("freed")})
			case "conflict":
				f.does(assessor, path+"/interest", m{"interest": "conflict", "words": marked("conflict")})
			default:
				f.does(assessor, path+"/interest", m{"interest": "no_conflict"})
				f.does(assessor, path+"/scores", m{"scores": []m{{"criterion": "need", "points": 70, "reason": marked("scored")}}})
			}
		}
		f.does(f.mara(), path+"/select", m{"amount_cents": grantCents, "reason": marked("selected"), "vote_by": due})
		for n, vote := range []string{"for", "for", "against"} {
			if path == lost {
				vote = "against"
			}
			f.does(f.seat(fmt.Sprint("trustee", n+1), "board", "trustee"), path+"/votes", m{"vote": vote, "reason": marked("voted")})
		}
	}
	f.does(f.mara(), won+"/award", m{})
	f.does(f.mara(), lost+"/refuse", m{"reason": "trustees_against", "words": marked("refused")})
	return won, lost
}

// applies submits a complete application and gives its path.
func (f *singingFund) applies(d office.Desk, call string) (path string) {
	f.t.Helper()
	var is struct {
		ID    string
		Files []struct{ ID string }
	}
	f.does(d, "/v1/applications", m{"call": call}, &is)
	path = "/v1/applications/" + is.ID
	f.paper(d, path+"/files")
	if err := d.Get(f.ctx, path, &is); err != nil || len(is.Files) != 1 {
		f.t.Fatal(is, err)
	}
	f.does(d, path+"/papers", m{"paper": "proposal", "file": is.Files[0].ID})
	f.does(d, path+"/draft", m{
		"organisation": m{"name": marked("name"), "registered_on": "2019-04-02", "direct_since": "2020-01-01"}, "country": "GT", "language": "en", "months": 6,
		"answers":         []m{{"question": "need", "text": marked("answer")}},
		"requested_cents": grantCents, "budget": []m{{"category": "staff", "description": marked("description"), "unit_cents": grantCents / 6, "quantity": 1, "months": 6}},
	})
	f.does(d, path+"/submit", m{})
	// What is refused names the field and the rule, and not what was written.
	f.refused(d, path+"/draft", m{"answers": []m{{"question": "nobody", "text": marked("answer")}}}, "application_invalid")
	return path
}

// refused looks that a refusal does not repeat what was sent.
func (f *singingFund) refused(d office.Desk, path string, body m, code string) {
	f.t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		f.t.Fatal(err)
	}
	a := post(f.ctx, f.t, d, path, uuid.NewString(), string(sent))
	if a.Status < 400 || !bytes.Contains(a.Body, []byte(code)) || bytes.Contains(a.Body, []byte(canary)) {
		f.t.Errorf("%s: %d %s", path, a.Status, a.Body)
	}
}

// paper stores a paper with a canary in it.
func (f *singingFund) paper(d office.Desk, path string) {
	f.t.Helper()
	a, err := d.Do(f.ctx, http.MethodPost, path, []byte("%PDF-1.7 "+marked("paper")), http.Header{"Content-Type": {"application/pdf"}, "Idempotency-Key": {uuid.NewString()}})
	if err != nil || a.Status >= 300 {
		f.t.Fatalf("%s: %d %s, %v", path, a.Status, a.Body, err)
	}
}

// run runs a grant through all that can be said of one.
func (f *singingFund) run(application string) {
	f.t.Helper()
	grantee := f.seat("won", fundWinner, "fund_applicant")
	var g struct {
		ID     string
		Papers []struct{ ID string }
	}
	agreement := m{
		"application": application[strings.LastIndex(application, "/")+1:], "agency": fundWinner, "name": marked("grantee"), "hidden_place": false, "services": []string{"food_service"},
		"cents": grantCents, "months": 6, "from": f.day(0, 0),
		"instalments": []m{{"cents": grantCents / 2, "report_due": f.day(3, 0)}, {"cents": grantCents / 2, "report_due": f.day(8, 0)}},
		"budget":      []m{{"line": marked("line"), "cents": grantCents}},
	}
	wrong := maps.Clone(agreement)
	wrong["months"] = 7
	f.refused(f.mara(), "/v1/grants", wrong, "agreement_invalid")
	f.does(f.mara(), "/v1/grants", agreement, &g)
	path := "/v1/grants/" + g.ID
	f.does(grantee, path+"/sign-for-grantee", m{"draft": 1})
	f.does(f.milo(), path+"/sign", m{"draft": 1})
	f.does(f.mara(), path+"/payments", m{"instalment": 1})
	f.does(f.milo(), path+"/payments/confirm", m{"instalment": 1})
	f.paper(grantee, path+"/papers")
	if err := grantee.Get(f.ctx, path, &g); err != nil || len(g.Papers) != 1 {
		f.t.Fatal(g, err)
	}
	var narrative []m
	for _, heading := range []string{"what_was_done", "what_changed", "what_was_difficult", "what_comes_next"} {
		narrative = append(narrative, m{"heading": heading, "text": marked("narrative")})
	}
	report := m{
		"instalment": 1, "narrative": narrative, "spent_cents": grantCents / 2, "papers": []string{g.Papers[0].ID},
		"spending": []m{{"line": marked("line"), "cents": grantCents / 2}},
	}
	f.does(grantee, path+"/reports", report)
	f.does(f.mara(), path+"/reports/send-back", m{"instalment": 1, "fault": "spending_unclear", "words": marked("sent-back"), "due": f.day(4, 0)})
	f.does(grantee, path+"/reports", report)
	f.does(f.mara(), path+"/reports/accept", m{"instalment": 1})
	f.does(f.mara(), path+"/audits", m{"words": marked("audit")})
	f.does(f.milo(), path+"/audits/result", m{"result": "in_order", "disallowed_cents": 0, "words": marked("audited")})
	f.does(grantee, path+"/extensions", m{"months": 1, "words": marked("longer")})
	f.does(f.mara(), path+"/extensions/decide", m{"granted": true, "words": marked("granted")})
	f.does(f.mara(), path+"/suspend", m{"cause": "money_misused", "words": marked("suspended")})
	f.does(f.mara(), path+"/restore", m{"words": marked("restored")})
	f.does(f.mara(), path+"/end", m{"reason": "grantee_asked", "words": marked("ended")})
	f.does(f.mara(), path+"/close", m{"words": marked("closed")})
}

// public reads what everybody may.
func (f *singingFund) public() {
	f.t.Helper()
	nobody := office.Desk{Base: f.Base(), HTTP: f.http}
	for _, path := range []string{"/v1/fund", "/fund"} {
		a, err := nobody.Do(f.ctx, http.MethodGet, path, nil, nil)
		said := bytes.ReplaceAll(bytes.ReplaceAll(a.Body, []byte(marked("grantee")), nil), []byte(marked("donor")), nil)
		if err != nil || a.Status != http.StatusOK || len(said) == len(a.Body) {
			f.t.Errorf("%s does not say who gave: %d %s, %v", path, a.Status, a.Body, err)
		}
		for _, c := range []string{canary, fundLoser} {
			if bytes.Contains(said, []byte(c)) {
				f.t.Errorf("%s: %s", path, a.Body)
			}
		}
	}
	// A canary in an address goes no further, and lists are for whom they are.
	for _, path := range []string{"/v1/grants/" + canary, "/v1/fund/applications?call=" + canary, "/v1/applications/" + canary} {
		a, err := f.seat("nobody", "another-ngo", "fund_applicant").Do(f.ctx, http.MethodGet, path, nil, nil)
		if err != nil || slices.Contains([]int{http.StatusOK}, a.Status) || bytes.Contains(a.Body, []byte(canary)) {
			f.t.Errorf("%s: %d %s, %v", path, a.Status, a.Body, err)
		}
	}
}
