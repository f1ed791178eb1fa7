package guarantees_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// refused is a problem, as far as these tests read it.
type refused struct {
	Code   string
	Errors []struct{ Pointer, Rule string }
	Near   []string
}

// refuses sends a command that must be refused with a status and a code. The answer
// never echoes what was sent.
func (w *world) refuses(d office.Desk, path, body string, status int, code string, unsaid ...string) refused {
	w.t.Helper()
	a := post(w.t.Context(), w.t, d, path, uuid.NewString(), body)
	var p refused
	if err := json.Unmarshal(a.Body, &p); err != nil || a.Status != status || p.Code != code {
		w.t.Errorf("%s %s is answered %d %s, want %d %s", path, body, a.Status, a.Body, status, code)
	}
	for _, value := range unsaid {
		if bytes.Contains(a.Body, []byte(value)) {
			w.t.Errorf("%s: the answer repeats what was sent: %s", path, a.Body)
		}
	}
	return p
}

// gives hands a referral to the person of a role at a desk, and waits until they read
// the work on it.
func (w *world) gives(d office.Desk, role, referral, work string) {
	w.t.Helper()
	who := journey.Subject(role, d.Agency)
	w.staffed(w.desk(d.Agency, "supervisor"), who)
	if err := d.Post(w.t.Context(), "/v1/referrals/"+referral+"/assign", map[string]any{"worker": who}, nil); err != nil {
		w.t.Fatal(err)
	}
	w.becomes(d, work, func(v view) bool { return v.Status == "open" && v.Case != "" })
	if err := journey.Checked(w.t.Context(), d, work); err != nil {
		w.t.Fatal(err)
	}
}

// staffed registers workers of a desk's agency, by the subjects of their tokens.
func (w *world) staffed(d office.Desk, subjects ...string) {
	w.t.Helper()
	for _, subject := range subjects {
		if err := d.Post(w.t.Context(), "/v1/workers", map[string]any{"agency": d.Agency, "subject": subject}, nil); err != nil {
			w.t.Fatal(err)
		}
	}
}

// A worker is whom a token names, and issuers name people in many ways. What OpenID Connect
// Core lets a subject be is registered, is covered and is listed as it is. Anything else is
// refused by field and rule.
func TestASubjectIsWhatAnIssuerNames(t *testing.T) {
	w := begin(t)
	head := w.desk(journey.LegalAid, "supervisor")
	subjects := []string{
		"a", "worker-17", "auth0|5f7c8ec7c33c6c004bbafe82", "oauth2|slack|T0-U0", "248289761001", "-AbC_x=", "C=GT, O=Clinic, CN=A. B.",
		"https://issuer.example/people/17?x=%2e#y", `DOMAIN\ana`, `{"a":"<b>&'"}`, "${x}", "../../v1/workers", strings.Repeat("x", 255),
	}
	w.staffed(head, subjects...)
	for _, s := range subjects[1:] {
		if err := head.Post(t.Context(), "/v1/workers", map[string]any{"agency": head.Agency, "subject": s, "cover": subjects[0]}, nil); err != nil {
			t.Errorf("nobody can cover for %q: %v", s, err)
		}
	}
	type person struct{ Worker, Subject string }
	var got []string
	for next := "/v1/workers?limit=5"; next != ""; {
		a, err := head.Do(t.Context(), http.MethodGet, next, nil, nil)
		var page struct{ Items []person }
		if err != nil || json.Unmarshal(a.Body, &page) != nil || a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s %v", next, a.Status, a.Body, err)
		}
		for _, item := range page.Items {
			var one person
			if err := head.Get(t.Context(), "/v1/workers/"+item.Worker, &one); err != nil || one != item {
				t.Errorf("%+v is listed as %+v: %v", one, item, err)
			}
			got = append(got, item.Subject)
		}
		next, _, _ = strings.Cut(strings.TrimPrefix(a.Header.Get("Link"), "<"), ">")
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(subjects)), got); diff != "" {
		t.Errorf("the register (-want +got): %s", diff)
	}
	for _, s := range []string{"", " zoe", "zoe ", "zoe\n", "zoe\x00", "zoe\x7f", "zoe\r\nx", "zoé", "\u202ezoe", strings.Repeat("zo", 128)} {
		body, err := json.Marshal(map[string]string{"agency": head.Agency, "subject": s})
		if err != nil {
			t.Fatal(err)
		}
		p := w.refuses(head, "/v1/workers", string(body), http.StatusUnprocessableEntity, "invalid", "zo")
		if len(p.Errors) != 1 || p.Errors[0].Pointer != "/subject" || p.Errors[0].Rule == "" {
			t.Errorf("%q: %+v", s, p.Errors)
		}
	}
}

// What a worker may do is recorded by a colleague, is shown to their own agency, and reaches the
// rooms without what stands on the paper. What ends soon is on the agency's list.
func TestCredentialsOfWorkers(t *testing.T) {
	w := begin(t)
	head, other := w.desk(journey.Forensics, "supervisor"), w.desk(journey.LegalAid, "supervisor")
	self := journey.Subject("supervisor", journey.Forensics)
	w.staffed(head, "ana", self)
	path := "/v1/workers/" + worker.ID(journey.Forensics, "ana")
	soon := time.Now().UTC().AddDate(0, 0, 45).Truncate(time.Second)
	paper := `{"issuer":"issuer-of-the-paper","name":"residency","course":"forensic_medicine_residency","scope":["examine","certify"],` +
		`"valid_from":"2022-11-01T00:00:00Z","valid_until":"` + soon.Format(time.RFC3339) + `"}`
	w.refuses(head, "/v1/workers/"+worker.ID(journey.Forensics, self)+"/credentials", paper, http.StatusForbidden, "credential_own", "issuer-of")
	w.refuses(w.desk(journey.Forensics, "examiner"), path+"/credentials", paper, http.StatusForbidden, "forbidden", "issuer-of")
	w.refuses(other, path+"/credentials", paper, http.StatusNotFound, "not_found", "issuer-of")
	for range 2 { // recorded twice is one
		if a := post(t.Context(), t, head, path+"/credentials", uuid.NewString(), paper); a.Status != http.StatusOK {
			t.Fatalf("recorded: %d %s", a.Status, a.Body)
		}
	}
	var ana struct {
		Credentials []struct{ Credential, Status, Issuer, Reason string }
	}
	if err := w.desk(journey.Forensics, "examiner").Get(t.Context(), path, &ana); err != nil || len(ana.Credentials) != 1 ||
		ana.Credentials[0].Status != "in_force" || ana.Credentials[0].Issuer != "issuer-of-the-paper" {
		t.Fatalf("a colleague sees %+v: %v", ana, err)
	}
	ends := func(d office.Desk, query string, want int) {
		t.Helper()
		var list struct {
			Items []struct{ Subject, Course string }
		}
		if err := d.Get(t.Context(), "/v1/credentials/ending"+query, &list); err != nil || len(list.Items) != want {
			t.Errorf("ending %q: %+v, want %d: %v", query, list, want, err)
		}
	}
	ends(head, "", 1)
	ends(head, "?within=60", 1)
	ends(head, "?within=30", 0)
	ends(other, "", 0)

	named := `{"credential":"` + ana.Credentials[0].Credential + `"}`
	for _, step := range []struct{ path, body, status string }{
		{"/suspend", strings.TrimSuffix(named, "}") + `,"reason":"complaint_under_review"}`, "suspended"},
		{"/reinstate", named, "in_force"},
		{"/revoke", named, "revoked"},
	} {
		a := post(t.Context(), t, head, path+"/credentials"+step.path, uuid.NewString(), step.body)
		if json.Unmarshal(a.Body, &ana) != nil || len(ana.Credentials) != 1 || ana.Credentials[0].Status != step.status {
			t.Errorf("%s is answered %d %s", step.path, a.Status, a.Body)
		}
	}
	w.refuses(head, path+"/credentials", paper, http.StatusConflict, "credential_revoked")
	ends(head, "", 0)

	w.idle()
	const told = 4 // record, suspend, reinstate, revoke
	metrics := string(w.running().metrics(t.Context()))
	for _, room := range []string{"intake", "legal-aid", "psychosocial", "forensic-services"} {
		want := fmt.Sprintf(`sanad_reactions_total{event="referral.credential_changed.v1",result="ok",service=%q} %d`, room, told)
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	for _, m := range stored(t, w.Bus, bus.Events) {
		if strings.Contains(m.Subject, "credential_noted") || bytes.Contains(m.Data, []byte("issuer-of")) || bytes.Contains(m.Data, []byte("complaint")) {
			t.Errorf("%s %s left its room", m.Subject, m.Data)
		}
	}
}

// An agency registers its own people and no others, and nobody else learns who they
// are. Every room gets its copy, and tells nobody.
func TestRegisterOfWorkers(t *testing.T) {
	const ana, eva = "auth0|ana-of-the-clinic", "CN=eva of the clinic, O='#1' /?" // as issuers name people
	spans := tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel = -8
	})
	head, lawyer := w.desk(journey.LegalAid, "supervisor"), w.desk(journey.LegalAid, "lawyer")
	w.staffed(head, ana)
	id := worker.ID(journey.LegalAid, ana)

	cover := `{"agency":"` + journey.LegalAid + `","subject":"` + eva + `","cover":"%s"}`
	p := w.refuses(head, "/v1/workers", fmt.Sprintf(cover, "auth0|ana-of-tha-clinic"), http.StatusConflict, "worker_unknown", "ana-of-tha-clinic")
	if diff := cmp.Diff([]string{ana}, p.Near); diff != "" || len(p.Errors) != 1 || p.Errors[0].Pointer != "/cover" {
		t.Errorf("near (-want +got): %s, at %v", diff, p.Errors)
	}
	w.refuses(w.desk(journey.Counselling, "supervisor"), "/v1/workers", fmt.Sprintf(cover, ana), http.StatusForbidden, "not_your_agency", eva)
	w.refuses(w.desk(journey.Coordination, "coordinator"), "/v1/workers", fmt.Sprintf(cover, ana), http.StatusForbidden, "forbidden", eva)
	w.refuses(lawyer, "/v1/workers", fmt.Sprintf(cover, ana), http.StatusForbidden, "forbidden", eva)
	w.refuses(head, "/v1/workers", fmt.Sprintf(cover, eva), http.StatusUnprocessableEntity, "cover_invalid", eva)
	if err := head.Post(t.Context(), "/v1/workers", json.RawMessage(fmt.Sprintf(cover, ana)), nil); err != nil {
		t.Fatal(err)
	}

	path := "/v1/workers/" + id
	w.refuses(head, path+"/absent", `{"until":"2020-01-01T00:00:00Z"}`, http.StatusUnprocessableEntity, "absence_past", "2020")
	until := time.Now().UTC().AddDate(0, 0, 7).Truncate(time.Second)
	for _, step := range []struct{ path, body string }{
		{"/absent", `{"until":"` + until.Format(time.RFC3339) + `","cover":"` + eva + `"}`}, {"/back", "{}"}, {"/leave", "{}"},
	} {
		if a := post(t.Context(), t, head, path+step.path, uuid.NewString(), step.body); a.Status != http.StatusOK {
			t.Errorf("%s is answered %d %s", step.path, a.Status, a.Body)
		}
	}
	w.refuses(head, path+"/back", "{}", http.StatusConflict, "worker_left")
	w.refuses(head, "/v1/workers", `{"agency":"`+journey.LegalAid+`","subject":"`+ana+`"}`, http.StatusConflict, "worker_left")

	// A colleague reads the register; another agency, and the network's people, do not.
	var page struct {
		Items []struct{ Subject, Cover string }
	}
	for query, want := range map[string]string{"": eva + "/" + ana, "?left=true": ana + "/" + eva} {
		if err := lawyer.Get(t.Context(), "/v1/workers"+query, &page); err != nil || len(page.Items) != 1 || page.Items[0].Subject+"/"+page.Items[0].Cover != want {
			t.Errorf("%q lists %+v, want %s: %v", query, page.Items, want, err)
		}
		page.Items = nil
	}
	other := w.desk(journey.Counselling, "supervisor")
	if err := other.Get(t.Context(), "/v1/workers", &page); err != nil || len(page.Items) > 0 {
		t.Errorf("another agency lists %+v, %v", page.Items, err)
	}
	if a, err := other.Do(t.Context(), http.MethodGet, path, nil, nil); err != nil || a.Status != http.StatusNotFound {
		t.Errorf("another agency reads a worker: %d %s %v", a.Status, a.Body, err)
	}
	w.refuses(other, path+"/leave", "{}", http.StatusNotFound, "not_found")

	w.idle()
	const told = 5 // register twice, absent, back, leave
	metrics := string(w.running().metrics(t.Context()))
	for _, room := range []string{"intake", "legal-aid", "psychosocial", "forensic-services"} {
		want := fmt.Sprintf(`sanad_reactions_total{event="referral.worker_changed.v1",result="ok",service=%q} %d`, room, told)
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	msgs := stored(t, w.Bus, bus.Events)
	for _, m := range msgs {
		if strings.Contains(m.Subject, "worker_noted") {
			t.Errorf("%s left its room", m.Subject)
		}
	}
	if len(msgs) != told {
		t.Errorf("%d events are on the bus, want %d", len(msgs), told)
	}
	for place, text := range w.left(spans) {
		for _, subject := range []string{ana, eva} {
			if i := bytes.Index(text, []byte(subject)); i >= 0 {
				t.Errorf("%s: …%s…", place, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
}

// A referral is given to who works there. Whoever is misspelt, away or gone is refused
// at once, and a worker takes for herself what nobody has.
func TestAssignToWhoWorksThere(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, lawyer, head := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.LegalAid, "lawyer"), w.desk(journey.LegalAid, "focal_point")
	const me, ana = "lawyer@" + journey.LegalAid, "ana-of-the-clinic"
	seen := w.watch()
	id := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	referral := request(t.Context(), t, front, id, journey.LegalAid, "legal_assistance_service")
	w.offered(lawyer, referral)
	path := "/v1/referrals/" + referral + "/assign"
	body := func(worker string) string { return `{"worker":"` + worker + `"}` }

	w.refuses(lawyer, path, body(me), http.StatusConflict, "worker_unknown", me)
	w.staffed(head, me, ana)
	p := w.refuses(head, path, body("ana-of-tha-clinic"), http.StatusConflict, "worker_unknown", "ana-of-tha-clinic")
	if diff := cmp.Diff([]string{ana}, p.Near); diff != "" {
		t.Errorf("near (-want +got): %s", diff)
	}
	w.refuses(lawyer, path, body(ana), http.StatusForbidden, "others_assign", ana)
	if a := post(t.Context(), t, lawyer, path, uuid.NewString(), body(me)); a.Status != http.StatusOK {
		t.Fatalf("she does not get what nobody has: %d %s", a.Status, a.Body)
	}
	who := "/v1/workers/" + worker.ID(journey.LegalAid, ana)
	if err := head.Post(t.Context(), who+"/absent", map[string]any{"until": time.Now().UTC().AddDate(0, 2, 0)}, nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(head, path, body(ana), http.StatusConflict, "worker_absent", ana)
	if err := head.Post(t.Context(), who+"/leave", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(head, path, body(ana), http.StatusConflict, "worker_unknown", ana)
	seen.until(t, func(e seenEvent) bool { return e.Type == "referral.assigned.v1" && e.Subject == referral })
	want := `"worker":"` + worker.ID(journey.LegalAid, me) + `"`
	for _, m := range stored(t, w.Bus, bus.Events) {
		if strings.Contains(m.Subject, ".assigned.") && !strings.Contains(string(m.Data), want) {
			t.Errorf("the rooms are told %s, without %s", m.Data, want)
		}
	}
}

// Intake refuses at once an agency that nobody registered, and says which are near. A
// suspended one is asked nothing; what she says of it is recorded.
func TestAgenciesThatNobodyRegistered(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, coordination := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Coordination, "coordinator")
	id := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	const misspelt = "legal-aid-clnic"
	yes := func(agency, service string) string {
		return `{"recipient":"` + agency + `","service":"` + service + `","purpose":"service_delivery","categories":["identity"],"expires":"` +
			time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339) + `","method":"oral","given_by":"survivor","witnessed":false}`
	}
	ask := func(agency, service, more string) string {
		return `{"requests":[{"recipient":"` + agency + `","service":"` + service + `","urgency":"standard"` + more + `}]}`
	}
	consents, requests := "/v1/cases/"+id+"/consents", "/v1/cases/"+id+"/requests"
	for path, body := range map[string]string{
		consents: yes(misspelt, "legal_assistance_service"), requests: ask(misspelt, "legal_assistance_service", ""),
		requests + "#then": ask(journey.LegalAid, "legal_assistance_service", `,"then":[{"recipient":"`+misspelt+`"}]`),
	} {
		path, _, _ = strings.Cut(path, "#")
		p := w.refuses(front, path, body, http.StatusConflict, "agency_unknown", misspelt)
		if diff := cmp.Diff([]string{journey.LegalAid}, p.Near); diff != "" {
			t.Errorf("near (-want +got): %s", diff)
		}
	}
	if a := post(t.Context(), t, front, consents, uuid.NewString(), yes(misspelt, "food_service")); a.Header.Get("Retry-After") != "1" {
		t.Errorf("the refusal does not say when to try again: %v", a.Header)
	}
	p := w.refuses(front, requests, ask(journey.LegalAid, "food_service", ""), http.StatusConflict, "consent_missing")
	if len(p.Errors) != 1 || p.Errors[0].Rule != "consent in force; one for the service legal_assistance_service exists" {
		t.Errorf("what is missing is told as %v", p.Errors)
	}

	if err := coordination.Post(t.Context(), "/v1/agencies/"+journey.LegalAid+"/suspend", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	w.refuses(front, requests, ask(journey.LegalAid, "legal_assistance_service", ""), http.StatusConflict, "agency_suspended")
	if a := post(t.Context(), t, front, consents, uuid.NewString(), yes(journey.LegalAid, "food_service")); a.Status != http.StatusOK {
		t.Errorf("her yes to a suspended agency is answered %d %s", a.Status, a.Body)
	}
	w.restart(nil)
	front = w.desk(journey.FrontDesk, "caseworker")
	w.refuses(front, requests, ask(journey.LegalAid, "legal_assistance_service", ""), http.StatusConflict, "agency_suspended")
}
