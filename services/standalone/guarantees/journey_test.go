package guarantees_test

import (
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// The loop closes, in a first life of the network and in a second one.
func TestJourney(t *testing.T) {
	w := begin(t)
	seen := w.watch()
	story := w.play(t.Context())
	seen.until(t, func(e seenEvent) bool { return e.Type == "intake.case_closed.v1" }) // the last of it
	if len(story.Referrals) != 3 || story.Certificate == "" {
		t.Errorf("the journey came to %+v", story)
	}
	for _, typ := range []string{
		"intake.case_opened.v1", "intake.service_requested.v1", "referral.requested.v1", "referral.accepted.v1",
		"forensic-services.certificate_issued.v1", "legal-aid.matter_started.v1", "psychosocial.plan_closed.v1",
		"referral.completed.v1", "intake.referrals_finished.v1", "intake.case_closed.v1",
	} {
		// The answer to a command does not wait for the bus.
		seen.until(t, func(e seenEvent) bool { return e.Type == typ })
	}
	w.restart(nil)
	var c struct {
		Status string `json:"status"`
	}
	if err := w.desk(journey.FrontDesk, "caseworker").Get(t.Context(), "/v1/cases/"+story.Case, &c); err != nil {
		t.Fatal(err)
	}
	if c.Status != "closed" {
		t.Errorf("after a restart the case is %q", c.Status)
	}
	w.play(t.Context())
}
