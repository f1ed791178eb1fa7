package guarantees_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// A case and a referral of a programme are shown in its own words, as text and not as a page, to
// who reads the language that it has them in, and to both agencies. A list of several, and another
// language, has the words of the desk; a form offers the reason as the programme calls it.
func TestAPageSpeaksTheWordsOfItsProgramme(t *testing.T) {
	w := begin(t, func(w *world) {
		dir := singing(t)
		file := filepath.Join(dir, "guatemala", "1.yaml")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for from, to := range map[string]string{
			`legal_assistance_service: {es: "Asistencia legal"}`: `legal_assistance_service: {es: "Asistencia legal", en: "<b>Hired</b> words"}`,
			`no_longer_needed: {es: "Ya no es necesario"}`:       `no_longer_needed: {es: "Ya no es necesario", en: "She says it is done"}`,
		} {
			if !bytes.Contains(text, []byte(from)) {
				t.Fatalf("the programme has no %s", from)
			}
			text = bytes.Replace(text, []byte(from), []byte(to), 1)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		w.config.Service.Programmes = dir
	})
	const theirs, ours, done = "<b>Hired</b> words", "Legal help", "She says it is done"
	p := w.confide(t.Context())
	p.accept(t.Context())
	front, lawyer := w.browser(network.Seat(journey.FrontDesk, "caseworker")), w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	front.open("/desk/cases/" + p.id)
	front.must(theirs)
	front.mustNot(ours)
	lawyer.open("/desk/referrals")
	lawyer.mustNot(theirs)
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.must(theirs)
	front.open("/desk/referrals/" + p.referral)
	front.must(theirs)
	front.command("cancelReferral")
	if !bytes.Contains(front.body, []byte(done)) {
		t.Errorf("the form does not offer the reason as the programme calls it:\n%s", front.body)
	}
	// A step waits for the lawyer: home counts it, and the list, which speaks as the desk does, names the referral.
	var c struct {
		ActionPlan struct {
			Goals []struct {
				ID string `json:"id"`
			} `json:"goals"`
		} `json:"action_plan"`
	}
	of := "/v1/cases/" + p.id
	if err := errors.Join(
		p.front.Post(t.Context(), of+"/action-plan/goals", m{"area": "safety"}, nil), p.front.Get(t.Context(), of, &c),
	); err != nil || len(c.ActionPlan.Goals) != 1 {
		t.Fatal(c, err)
	}
	step := m{"goal": c.ActionPlan.Goals[0].ID, "who": "agency", "referral": p.referral, "step_words": "An order"}
	if err := p.front.Post(t.Context(), of+"/action-plan/steps", step, nil); err != nil {
		t.Fatal(err)
	}
	lawyer.open("/desk/")
	lawyer.follow("1 New in what is agreed with us")
	lawyer.must(ours)
	lawyer.mustNot(theirs)
	lawyer.outlined("shares")
	for language, own := range map[string]bool{"Español": true, "العربية": false} {
		lawyer = w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
		lawyer.language = "of the session"
		lawyer.submit("Choose", values{"Language": language})
		lawyer.open("/desk/referrals/" + p.referral)
		lawyer.mustNot(theirs)
		if lawyer.shows("Asistencia legal") != own {
			t.Errorf("%s: the word of the programme is shown %t", language, !own)
		}
	}
}
