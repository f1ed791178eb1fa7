package guarantees_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// What was answered under her consent is answered to nobody after it: not to the
// person who sends the same request again, and not to a colleague who has its key.
// Both are told what they are told of a record that does not exist. Before her no
// the key shows the record as it is, to that person alone.
func TestAKeyShowsNothingAfterHerNo(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	front := w.desk(journey.FrontDesk, "caseworker")
	for _, room := range []struct {
		agency, role, service, work, command, text string
	}{
		{
			journey.LegalAid, "lawyer", "legal_assistance_service", "/v1/matters/mat", "/advice",
			`{"topic":"protection","summary":"` + canary + `"}`,
		},
		{
			journey.Counselling, "counsellor", "psychosocial_service", "/v1/support-plans/plan", "/sessions",
			`{"kind":"remote","attendance":"attended","notes":"` + canary + `"}`,
		},
		{
			journey.Forensics, "examiner", "forensic_examination_service", "/v1/examinations/exam", "/record",
			`{"examined_at":"` + time.Now().UTC().Format(time.RFC3339) + `","findings":"` + canary + `","examiner_credential":"` + canary + `"}`,
		},
	} {
		t.Run(room.role, func(t *testing.T) {
			worker := w.desk(room.agency, room.role)
			colleague := worker
			token, err := w.Issuer.Token(identity.Principal{Subject: "colleague", Agency: room.agency, Roles: []string{room.role}}, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			colleague.Token = token
			var c struct {
				ID       string `json:"id"`
				Consents []struct {
					ID string `json:"id"`
				} `json:"consents"`
			}
			if err := front.Post(ctx, "/v1/cases", m{
				"channel": "hotline", "country": "GT", "programme": "guatemala", "name": canary,
				"incident": m{"types": []string{"physical_assault"}}, "survivor": m{"sex": "female", "age_band": "18+"},
			}, &c); err != nil {
				t.Fatal(err)
			}
			if err := front.Post(ctx, "/v1/cases/"+c.ID+"/consents", m{
				"recipient": room.agency, "service": room.service, "purpose": "service_delivery",
				"categories": []string{"identity", "contact", "incident", "safety_needs", "health"},
				"expires":    time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339),
				"method":     "oral", "given_by": "survivor", "witnessed": false,
			}, &c); err != nil {
				t.Fatal(err)
			}
			referral := request(ctx, t, front, c.ID, room.agency, room.service)
			w.offered(worker, referral)
			id := referral[len("ref"):]

			// The acceptance is answered with her consent, the work with what she said.
			type sent struct{ path, key, body string }
			requests := []sent{
				{"/v1/referrals/" + referral + "/accept", uuid.NewString(), `{}`},
				{room.work + id + room.command, uuid.NewString(), room.text},
			}
			again := func(r sent, d office.Desk) office.Answer { return post(ctx, t, d, r.path, r.key, r.body) }
			for i, r := range requests {
				if i == 1 {
					w.gives(worker, room.role, referral, room.work+id)
				}
				first := again(r, worker)
				if first.Status != http.StatusOK {
					t.Fatalf("%s: %d %s", r.path, first.Status, first.Body)
				}
				if a := again(r, worker); a.Status != http.StatusOK {
					t.Errorf("%s again: %d %s", r.path, a.Status, a.Body)
				}
				if a := again(r, colleague); a.Status != http.StatusUnprocessableEntity || !bytes.Contains(a.Body, []byte("idempotency_key_reused")) {
					t.Errorf("%s by a colleague: %d %s", r.path, a.Status, a.Body)
				}
			}
			w.idle()
			withdrawal(ctx, t, front, c.ID, c.Consents[0].ID)
			w.becomes(worker, room.work+id, status("asked"))
			w.becomes(worker, "/v1/referrals/"+referral, status("withdrawn"))
			for _, r := range requests {
				absent := again(sent{"/v1/referrals/ref_00000000000000000000000000/accept", uuid.NewString(), `{}`}, worker)
				for who, d := range map[string]office.Desk{"the same person": worker, "a colleague": colleague} {
					a := again(r, d)
					if a.Status != http.StatusNotFound || fmt.Sprint(withoutTrace(a.Body)) != fmt.Sprint(withoutTrace(absent.Body)) {
						t.Errorf("%s, %s: %d %s, and of none %s", r.path, who, a.Status, a.Body, absent.Body)
					}
					if bytes.Contains(a.Body, []byte(canary)) || bytes.Contains(a.Body, []byte(c.Consents[0].ID)) {
						t.Errorf("%s, %s: her text or her consent is told: %s", r.path, who, a.Body)
					}
				}
			}
		})
	}
}
