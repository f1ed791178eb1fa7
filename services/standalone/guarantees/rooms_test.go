package guarantees_test

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// told are the events of the rooms that passed, by type.
func (s *watched) told() []string {
	var types []string
	for _, typ := range slices.Sorted(maps.Keys(s.types())) {
		if room, _, _ := strings.Cut(typ, "."); room == "legal-aid" || room == "psychosocial" || room == "forensic-services" {
			types = append(types, typ)
		}
	}
	return types
}

// What leaves a room is that work opened, began, ended, and that she was not reached;
// and, for her lawyer, that there is a certificate.
func TestWhatLeavesARoom(t *testing.T) {
	w := begin(t)
	seen := w.watch()
	w.play(t.Context())
	seen.until(t, func(e seenEvent) bool { return e.Type == "intake.case_closed.v1" })
	w.idle()
	want := []string{
		"forensic-services.certificate_issued.v1", "forensic-services.examination_closed.v1",
		"forensic-services.examination_opened.v1", "forensic-services.examination_started.v1",
		"legal-aid.matter_closed.v1", "legal-aid.matter_opened.v1", "legal-aid.matter_started.v1",
		"psychosocial.plan_closed.v1", "psychosocial.plan_opened.v1", "psychosocial.plan_started.v1",
	}
	if d := cmp.Diff(want, seen.told()); d != "" {
		t.Errorf("a room tells (-want +got):\n%s", d)
	}
}

// room is one of the three, and one of each of its texts.
type room struct {
	agency, role, service, work string
	writes                      []said
}

type said struct{ path, body string }

func roomsWith(text string) []room {
	now := time.Now().UTC().Format(time.RFC3339)
	return []room{
		{journey.LegalAid, "lawyer", "legal_assistance_service", "/v1/matters/mat", []said{
			{"/advice", `{"topic":"protection","summary":"` + text + `"}`},
			{"/protection-orders", `{"court":"` + text + `","measures":"` + text + `"}`},
		}},
		{journey.Counselling, "counsellor", "psychosocial_service", "/v1/support-plans/plan", []said{
			{"/sessions", `{"kind":"remote","attendance":"no_show","notes":"` + text + `"}`},
			{"/safety-plan", `{"plan":"` + text + `"}`},
		}},
		{journey.Forensics, "examiner", "forensic_examination_service", "/v1/examinations/exam", []said{
			{"/record", `{"examined_at":"` + now + `","findings":"` + text + `","examiner_credential":"` + text + `"}`},
			{"/exhibits", `{"kind":"swab","seal_number":"S-1","description":"` + text + `"}`},
			{"/certificate", `{"opinion":"consistent_with","text":"` + text + `"}`},
		}},
	}
}

// Her texts are shown to the worker who has the work, and to nobody else of the agency:
// not in the record, its history, a list, the answer to a command or a refusal. Who
// looked is on record.
func TestOnlyHerWorkerReads(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	get := func(d office.Desk, path string) office.Answer {
		t.Helper()
		a, err := d.Do(ctx, http.MethodGet, path, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for _, r := range roomsWith(canary) {
		if r.role == "lawyer" {
			r.writes = append(r.writes, said{"/conflict-check", `{"client":["` + canary + `"]}`})
		}
		t.Run(r.role, func(t *testing.T) {
			worker := w.desk(r.agency, r.role)
			referral := request(ctx, t, front, openCase(ctx, t, front, r.agency, r.service), r.agency, r.service)
			w.offered(worker, referral)
			if err := worker.Post(ctx, "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
				t.Fatal(err)
			}
			work := r.work + referral[len("ref"):]
			w.becomes(worker, work, func(v view) bool { return v.Status == "open" && v.Case == "" })
			if a := post(ctx, t, worker, work+r.writes[0].path, uuid.NewString(), r.writes[0].body); a.Status != http.StatusForbidden || !bytes.Contains(a.Body, []byte("not_the_worker")) {
				t.Errorf("work that nobody has is changed: %d %s", a.Status, a.Body)
			}
			w.gives(worker, r.role, referral, work)
			for _, s := range r.writes {
				if a := post(ctx, t, worker, work+s.path, uuid.NewString(), s.body); a.Status != http.StatusOK || bytes.Contains(a.Body, []byte(canary)) {
					t.Errorf("%s: %d %s", s.path, a.Status, a.Body)
				}
			}
			before := get(worker, work)
			if before.Status != http.StatusOK || !bytes.Contains(before.Body, []byte(canary)) {
				t.Fatalf("the worker reads %d %s", before.Status, before.Body)
			}
			for who, d := range map[string]office.Desk{
				"a supervisor":  w.desk(r.agency, "supervisor"),
				"a focal point": w.desk(r.agency, "focal_point"),
				"a colleague":   w.sworn(r.agency, r.role),
				"an operator":   w.desk(r.agency, "operator"),
				"a coordinator": w.desk(r.agency, "coordinator"),
			} {
				reads := who != "an operator" && who != "a coordinator"
				for path, want := range map[string]int{work: http.StatusOK, r.work[:strings.LastIndex(r.work, "/")]: http.StatusOK, work + "/history": http.StatusForbidden} {
					a := get(d, path)
					if !reads {
						want = http.StatusForbidden
					}
					if a.Status != want || bytes.Contains(a.Body, []byte(canary)) || bytes.Contains(a.Body, []byte(`"case"`)) {
						t.Errorf("%s at %s: %d %s", who, path, a.Status, a.Body)
					}
				}
				a := post(ctx, t, d, work+r.writes[0].path, uuid.NewString(), r.writes[0].body)
				if a.Status != http.StatusForbidden || bytes.Contains(a.Body, []byte(canary)) {
					t.Errorf("%s changes it: %d %s", who, a.Status, a.Body)
				}
			}
			var looks struct {
				Items []struct{ By, Part string }
			}
			if err := w.desk(r.agency, "supervisor").Get(ctx, work+"/looks", &looks); err != nil || len(looks.Items) == 0 {
				t.Fatalf("%+v, %v", looks, err)
			}
			for _, l := range looks.Items {
				if l.By != journey.Subject(r.role, r.agency) || l.Part != "content" {
					t.Errorf("a look by %+v", l)
				}
			}
			if after := get(worker, work); after.Header.Get("ETag") != before.Header.Get("ETag") {
				t.Errorf("a look moved the version from %s to %s", before.Header.Get("ETag"), after.Header.Get("ETag"))
			}
		})
	}
}

// sworn seats somebody whom the agency has just made a worker of a role: a colleague
// without work.
func (w *world) sworn(agency, role string) office.Desk {
	w.t.Helper()
	w.staffed(w.desk(agency, "supervisor"), "new-here")
	d := w.desk(agency, role)
	token, err := w.Issuer.Token(identity.Principal{Subject: "new-here", Agency: agency, Roles: []string{role}}, time.Hour)
	if err != nil {
		w.t.Fatal(err)
	}
	d.Token = token
	return d
}

// A session that she missed tells nobody anything and moves nothing. That she was not
// reached tells the referral, and nothing of how it was tried.
func TestAMissedSessionStaysInTheRoom(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	front, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor")
	referral := request(ctx, t, front, openCase(ctx, t, front, journey.Counselling, "psychosocial_service"), journey.Counselling, "psychosocial_service")
	w.offered(counsellor, referral)
	of, plan := "/v1/referrals/"+referral, "/v1/support-plans/plan"+referral[3:]
	if err := counsellor.Post(ctx, of+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	w.gives(counsellor, "counsellor", referral, plan)
	w.idle()
	seen := w.watch()
	if err := counsellor.Post(ctx, plan+"/sessions", m{"kind": "individual", "attendance": "no_show", "notes": "she did not come"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := counsellor.Post(ctx, plan+"/contact-problem", m{}, nil); err != nil {
		t.Fatal(err)
	}
	seen.until(t, func(e seenEvent) bool { return e.Type == "referral.contacted.v1" })
	w.idle()
	if d := cmp.Diff(map[string]int{"psychosocial.plan_contact_problem.v1": 1, "referral.contacted.v1": 1}, seen.types()); d != "" {
		t.Errorf("the bus tells (-want +got):\n%s", d)
	}
	w.becomes(counsellor, of, status("accepted"))
}
