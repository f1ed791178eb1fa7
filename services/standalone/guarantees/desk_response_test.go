package guarantees_test

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// A member answers from a telephone: one touch to take the alert, and only then where she is. What
// was shown is on no list, and her desk's no hides it at once.
func TestAMemberAnswersAnAlertByTelephone(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	desks := func(agency, role string) office.Desk { return w.desk(agency, role) }
	ana := member(journey.Counselling, "ana")
	team(t.Context(), t, w.desk(journey.Counselling, "supervisor"), desks, "GT-01", time.Now(), ana)
	w.idle()
	front := w.desk(journey.FrontDesk, "caseworker")
	caseID := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	if err := front.Post(t.Context(), "/v1/cases/"+caseID+"/response", sought("GT-01"), nil); err != nil {
		t.Fatal(err)
	}
	a := w.alert(w.deskOf(ana), func(a called) bool { return a.Status == code.ResponseAlerting })

	keeper := w.browser(identity.Principal{Subject: "head", Agency: journey.Counselling, Roles: []string{"supervisor"}})
	keeper.open("/desk/teams")
	keeper.outlined("teams")
	keeper.follow("GT-01")
	keeper.outlined("team")
	keeper.must("ana")
	keeper.mustNot("worker_")

	b := w.browser(ana)
	b.open("/desk/alerts")
	b.outlined("alerts")
	b.open("/desk/alerts/" + a.Alert)
	b.outlined("alert")
	b.mustNot(wherePlace, whereDanger, whereApproach)
	b.submit("I go", nil)
	b.must("You go. Nobody else is asked.")
	b.outlined("alert-going")
	b.mustNot(wherePlace, whereDanger, whereApproach)
	w.responded(front, caseID, func(r responses) bool { return r.Responses[0].Status == code.ResponseAcknowledged })
	her := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	her.open("/desk/cases/" + caseID)
	her.must("Response teams", "A member goes")
	her.mustNot(wherePlace, whereDanger, whereApproach)
	b.submit("Show where she is", nil)
	b.must(wherePlace, whereDanger, whereApproach)
	b.outlined("alert-where")

	if err := front.Post(t.Context(), "/v1/cases/"+caseID+"/response/call-off", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	b.open("/desk/alerts/" + a.Alert)
	b.mustNot(wherePlace, whereDanger, whereApproach)
}

// Incidents leave for figures by a page of their own, which says who may have them.
func TestTheDeskExportsIncidents(t *testing.T) {
	w := begin(t)
	b := w.browser(identity.Principal{Subject: "ana", Agency: journey.FrontDesk, Roles: []string{"caseworker"}})
	b.open("/desk/export")
	b.outlined("export")
}
