package guarantees_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// The answer to one read or one change says what the record takes from the reader now: by
// role, part and state. A list says nothing of it.
func TestWhatTheRecordTakesNow(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	p := w.confide(ctx)
	takes := func(d office.Desk, path string) []string {
		t.Helper()
		var r struct {
			Commands []string `json:"commands"`
		}
		if err := d.Get(ctx, path, &r); err != nil {
			t.Fatal(err)
		}
		return r.Commands
	}
	same := func(who string, want, got []string) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", who, d)
		}
	}
	colleague := w.deskOf(identity.Principal{Subject: "somebody-else", Agency: journey.FrontDesk, Roles: []string{"caseworker"}})
	leads := w.deskOf(identity.Principal{Subject: "head", Agency: journey.FrontDesk, Roles: []string{"supervisor"}})
	clerk := w.desk(p.lawyer.Agency, "focal_point")
	at, referral := "/v1/cases/"+p.id, "/v1/referrals/"+p.referral

	same("who has the case", []string{
		"amendCase", "amendIncident", "answerCounting", "askDanger", "askIndicators", "askResponse", "askTransfer", "beginVisit", "bringDangerNews", "endConsent", "enterIncidentInError", "giveConsent",
		"handOverCase", "mergeCase", "offerReceipt", "proposeConference", "recordAccount", "recordIdentification", "recordIncident", "recordMandatoryReport", "recordPassage", "refuseConsent", "requestConsent",
		"requestServices", "restrictCase", "setGoal", "suspendContact", "tellTopic", "withdrawConsent",
	}, takes(p.front, at))
	same("a colleague takes her no, and news of danger", []string{"answerCounting", "bringDangerNews", "refuseConsent", "suspendContact", "withdrawConsent"}, takes(colleague, at))
	same("who leads gives the case to somebody", []string{"handOverCase", "restrictCase"}, takes(leads, at))
	same("the desk of a referral that waits", []string{"cancelReferral", "enterReferralInError"}, takes(p.front, referral))
	same("who may answer", []string{"acceptReferral", "assignReferral", "cancelReferral", "declineReferral", "receiveReferral"}, takes(clerk, referral))

	// A change answers so as well.
	answer := post(ctx, t, clerk, referral+"/accept", uuid.NewString(), `{}`)
	var after struct {
		Commands []string `json:"commands"`
	}
	if err := json.Unmarshal(answer.Body, &after); err != nil {
		t.Fatal(err)
	}
	same("after she took it", []string{
		"assignReferral", "cancelReferral", "completeReferral", "recordContact", "scheduleReferral", "startReferral",
	}, after.Commands)
	for _, list := range []string{"/v1/referrals?role=recipient", "/v1/referrals?role=sender", "/v1/cases?status=open"} {
		d := p.front
		if list == "/v1/referrals?role=recipient" {
			d = clerk
		}
		a := w.get(d, list)
		if !bytes.Contains(a.Body, []byte(`"id"`)) || bytes.Contains(a.Body, []byte("commands")) {
			t.Errorf("%s: %d %s", list, a.Status, a.Body)
		}
	}
}
