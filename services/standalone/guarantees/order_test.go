package guarantees_test

import (
	"bytes"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// view is what these tests read of any record.
type view struct {
	ID           string    `json:"id"`
	Case         string    `json:"case"`
	Status       string    `json:"status"`
	Finished     bool      `json:"finished"`
	OverdueAt    time.Time `json:"overdue_at"`
	Certificates []string  `json:"certificates"`
	Earlier      []struct {
		ID         string `json:"id"`
		ReplacedBy string `json:"replaced_by"`
		Annulled   bool   `json:"annulled"`
	} `json:"earlier_certificates"`
	Consents  []view `json:"consents"`
	Referrals []view `json:"referrals"`
}

// becomes waits until a record is as expected.
func (w *world) becomes(d office.Desk, path string, is func(view) bool) view {
	w.t.Helper()
	var v view
	// Each answer is read afresh: what it leaves out is empty.
	w.sees(d, path, &v, func() bool {
		if is(v) {
			return true
		}
		v = view{}
		return false
	})
	return v
}

func status(want string) func(view) bool { return func(v view) bool { return v.Status == want } }

// She withdraws: every referral on that consent ends at once, whether it was
// answered or not, the work on it ends, and its agency can do nothing more.
func TestWithdrawalTravels(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor")
	for _, answered := range []bool{false, true} {
		id := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
		referral := request(t.Context(), t, front, id, journey.Counselling, "psychosocial_service")
		w.offered(counsellor, referral)
		plan := "/v1/support-plans/plan" + referral[3:]
		if answered {
			if err := counsellor.Post(t.Context(), "/v1/referrals/"+referral+"/accept", map[string]any{}, nil); err != nil {
				t.Fatal(err)
			}
			w.gives(counsellor, "counsellor", referral, plan)
		}
		c := w.becomes(front, "/v1/cases/"+id, func(view) bool { return true })
		if err := front.Post(t.Context(), "/v1/cases/"+id+"/consents/withdraw", map[string]any{"consent": c.Consents[0].ID}, nil); err != nil {
			t.Fatal(err)
		}
		w.becomes(counsellor, "/v1/referrals/"+referral, status("withdrawn"))
		w.becomes(front, "/v1/cases/"+id, func(v view) bool { return v.Finished && v.Referrals[0].Status == "withdrawn" })
		a := post(t.Context(), t, counsellor, "/v1/referrals/"+referral+"/accept", uuid.NewString(), `{}`)
		if a.Status != http.StatusConflict {
			t.Errorf("accepting a withdrawn referral: %d %s", a.Status, a.Body)
		}
		if answered {
			// Her own counsellor asks her before the work ends, too.
			w.becomes(counsellor, plan, status("asked"))
			session := `{"kind":"remote","attendance":"attended"}`
			a := post(t.Context(), t, counsellor, plan+"/sessions", uuid.NewString(), session)
			if a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte("work_ending_asked")) {
				t.Errorf("a session before she was asked: %d %s", a.Status, a.Body)
			}
			if a := post(t.Context(), t, counsellor, plan+"/ending", uuid.NewString(), `{"answer":"end"}`); a.Status != http.StatusOK {
				t.Fatalf("her answer: %d %s", a.Status, a.Body)
			}
			w.becomes(counsellor, plan, status("ended"))
			a = post(t.Context(), t, counsellor, plan+"/sessions", uuid.NewString(), session)
			if a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte("work_ended")) {
				t.Errorf("a session of an ended plan: %d %s", a.Status, a.Body)
			}
		}
	}
}

// Nobody answers: the deadline comes due as a message of the bus, once and not
// before its time, also when the network was stopped in between.
func TestNobodyAnswers(t *testing.T) {
	var behind atomic.Int64
	w := begin(t, func(w *world) {
		w.config.Clock = func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) }
	})
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, counsellor := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Counselling, "counsellor")
	// An emergency is due in an hour: asked for almost an hour ago, it is due
	// in a moment.
	behind.Store(int64(time.Hour - 3*time.Second))
	id := openCase(t.Context(), t, front, journey.Counselling, "psychosocial_service")
	var c view
	if err := front.Post(t.Context(), "/v1/cases/"+id+"/requests", map[string]any{"requests": []map[string]any{
		{"recipient": journey.Counselling, "service": "psychosocial_service", "urgency": "emergency"},
	}}, &c); err != nil {
		t.Fatal(err)
	}
	path := "/v1/referrals/" + c.Referrals[0].ID
	v := w.becomes(counsellor, path, status("requested"))
	if !v.OverdueAt.IsZero() {
		t.Error("overdue before its time")
	}
	behind.Store(0)
	w.restart(nil)
	counsellor = w.desk(journey.Counselling, "counsellor")
	v = w.becomes(counsellor, path, func(v view) bool { return !v.OverdueAt.IsZero() })
	if v.Status != "requested" {
		t.Errorf("an overdue referral is %s: it must stay open", v.Status)
	}
	if err := counsellor.Post(t.Context(), path+"/accept", map[string]any{}, nil); err != nil {
		t.Errorf("an overdue referral can still be answered: %v", err)
	}
}

// A certificate that was issued before the lawyer accepted is known to the
// matter all the same; a lawyer whom she did not allow it never knows.
func TestCertificateBeforeTheMatter(t *testing.T) {
	for _, allowed := range []bool{true, false} {
		w := begin(t)
		if err := journey.Register(t.Context(), w.cast()); err != nil {
			t.Fatal(err)
		}
		front, examiner, lawyer := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Forensics, "examiner"), w.desk(journey.LegalAid, "lawyer")
		id := openCase(t.Context(), t, front, journey.Forensics, "forensic_examination_service")
		categories := []string{"identity"}
		if allowed {
			categories = append(categories, "forensic_certificate")
		}
		if err := front.Post(t.Context(), "/v1/cases/"+id+"/consents", map[string]any{
			"recipient": journey.LegalAid, "service": "legal_assistance_service", "purpose": "service_delivery",
			"categories": categories, "expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339),
			"method": "oral", "given_by": "survivor", "witnessed": true,
		}, nil); err != nil {
			t.Fatal(err)
		}
		examination := request(t.Context(), t, front, id, journey.Forensics, "forensic_examination_service")
		legal := request(t.Context(), t, front, id, journey.LegalAid, "legal_assistance_service")
		w.offered(examiner, examination)
		w.offered(lawyer, legal)
		if err := examiner.Post(t.Context(), "/v1/referrals/"+examination+"/accept", map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
		exam := "/v1/examinations/exam" + examination[3:]
		w.gives(examiner, "examiner", examination, exam)
		if err := examiner.Post(t.Context(), exam+"/record", map[string]any{
			"examined_at": time.Now().UTC().Format(time.RFC3339), "findings": "none told", "examiner_credential": "X-1",
		}, nil); err != nil {
			t.Fatal(err)
		}
		if err := examiner.Post(t.Context(), exam+"/certificate", map[string]any{"opinion": "consistent_with", "text": "kept"}, nil); err != nil {
			t.Fatal(err)
		}
		w.idle() // legal-aid has the certificate, and no matter
		if err := lawyer.Post(t.Context(), "/v1/referrals/"+legal+"/accept", map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
		matter := "/v1/matters/mat" + legal[3:]
		w.gives(lawyer, "lawyer", legal, matter)
		w.becomes(lawyer, matter, func(v view) bool { return v.Status == "open" && (!allowed || len(v.Certificates) == 1) })
		w.idle()
		if v := w.becomes(lawyer, matter, status("open")); !allowed && len(v.Certificates) != 0 {
			t.Error("the lawyer learned of a certificate that she did not allow")
		}
	}
}

// A certificate is corrected by a new version that names the old, and then annulled. Her
// lawyer, who relied on it, has it on the worklist each time, also after a restart of the
// network; why it happened stays with the examiner.
func TestTheLawyerLearnsOfANewVersion(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	front, examiner, lawyer := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Forensics, "examiner"), w.desk(journey.LegalAid, "lawyer")
	id := openCase(t.Context(), t, front, journey.Forensics, "forensic_examination_service")
	if err := front.Post(t.Context(), "/v1/cases/"+id+"/consents", m{
		"recipient": journey.LegalAid, "service": "legal_assistance_service", "purpose": "service_delivery",
		"categories": []string{"identity", "forensic_certificate"}, "expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339),
		"method": "oral", "given_by": "survivor", "witnessed": true,
	}, nil); err != nil {
		t.Fatal(err)
	}
	examination := request(t.Context(), t, front, id, journey.Forensics, "forensic_examination_service")
	legal := request(t.Context(), t, front, id, journey.LegalAid, "legal_assistance_service")
	exam, matter := "/v1/examinations/exam"+examination[3:], "/v1/matters/mat"+legal[3:]
	for _, work := range []struct {
		office.Desk
		role, referral, path string
	}{{examiner, "examiner", examination, exam}, {lawyer, "lawyer", legal, matter}} {
		w.offered(work.Desk, work.referral)
		if err := work.Post(t.Context(), "/v1/referrals/"+work.referral+"/accept", m{}, nil); err != nil {
			t.Fatal(err)
		}
		w.gives(work.Desk, work.role, work.referral, work.path)
	}
	does := func(d office.Desk, path string, body m) {
		t.Helper()
		if err := d.Post(t.Context(), path, body, nil); err != nil {
			t.Fatal(path, err)
		}
	}
	type certificate struct {
		ID         string `json:"id"`
		ReplacedBy string `json:"replaced_by"`
		Annulled   any    `json:"annulled"`
		Changed    bool   `json:"findings_changed"`
	}
	var x struct {
		Record struct {
			ID string `json:"id"`
		} `json:"record"`
		Certificate certificate   `json:"certificate"`
		Earlier     []certificate `json:"earlier_certificates"`
	}
	examined := func() {
		t.Helper()
		x.Certificate, x.Earlier = certificate{}, nil
		if err := examiner.Get(t.Context(), exam, &x); err != nil {
			t.Fatal(err)
		}
	}
	waiting := func(d office.Desk, list string) int {
		t.Helper()
		var page struct {
			Items []view `json:"items"`
		}
		if err := d.Get(t.Context(), list+"?attention=true", &page); err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	record := m{"examined_at": time.Now().UTC().Format(time.RFC3339), "findings": canary, "examiner_credential": "X-1"}
	does(examiner, exam+"/record", record)
	does(examiner, exam+"/certificate", m{"opinion": "consistent_with", "text": canary})
	examined()
	first := x.Certificate.ID
	w.becomes(lawyer, matter, func(v view) bool { return slices.Equal(v.Certificates, []string{first}) })

	does(examiner, exam+"/amend", m{"entry": x.Record.ID, "reason": "correction", "record": record})
	if examined(); !x.Certificate.Changed || waiting(examiner, "/v1/examinations") != 1 {
		t.Errorf("the findings changed, and nobody is told: %+v", x.Certificate)
	}
	does(examiner, exam+"/certificate/uphold", m{"certificate": first, "why": canary})
	if examined(); x.Certificate.Changed || waiting(examiner, "/v1/examinations") != 0 {
		t.Errorf("a person said that it stands: %+v", x.Certificate)
	}
	does(examiner, exam+"/certificate", m{"opinion": "typical_of", "text": canary, "replaces": first, "reason": "correction"})
	examined()
	second := x.Certificate.ID
	if len(x.Earlier) != 1 || x.Earlier[0].ID != first || x.Earlier[0].ReplacedBy != second {
		t.Errorf("the first version: %+v", x.Earlier)
	}
	a := post(t.Context(), t, examiner, exam+"/certificate", uuid.NewString(), `{"opinion":"typical_of","text":"x","replaces":"`+first+`","reason":"change"}`)
	if a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte("certificate_replaced")) || !bytes.Contains(a.Body, []byte(second)) {
		t.Errorf("a fork: %d %s", a.Status, a.Body)
	}
	v := w.becomes(lawyer, matter, func(v view) bool { return slices.Equal(v.Certificates, []string{second}) && len(v.Earlier) == 1 })
	if v.Earlier[0].ID != first || v.Earlier[0].ReplacedBy != second || waiting(lawyer, "/v1/matters") != 1 {
		t.Errorf("the lawyer sees %+v", v.Earlier)
	}
	does(lawyer, matter+"/certificates/settle", m{"certificate": first})
	if waiting(lawyer, "/v1/matters") != 0 {
		t.Error("it waits after the lawyer took note")
	}
	does(examiner, exam+"/certificate/annul", m{"certificate": second, "why": canary})
	w.becomes(lawyer, matter, func(v view) bool { return len(v.Certificates) == 0 && len(v.Earlier) == 2 && v.Earlier[1].Annulled })

	for _, event := range stored(t, w.Bus, "EVENTS") {
		if bytes.Contains(event.Data, []byte(canary)) {
			t.Errorf("%s says what is in a certificate, or why", event.Subject)
		}
	}
	w.restart(nil)
	if examiner, lawyer = w.desk(journey.Forensics, "examiner"), w.desk(journey.LegalAid, "lawyer"); waiting(lawyer, "/v1/matters") != 1 {
		t.Error("after a restart the lawyer is told nothing")
	}
	if examined(); x.Certificate.ID != "" || len(x.Earlier) != 2 || x.Earlier[1].Annulled == nil {
		t.Errorf("after a restart: %+v", x)
	}
}
