package site

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api"
	client "github.com/sanad-network/sanad/services/desk/internal/api"
)

// places are where the pages of the contracts (x-desk) are found.
var places = map[string]string{
	"home": "/desk/", "referrals": "/desk/referrals", "referral": "/desk/referrals/1", "cases": "/desk/cases", "case": "/desk/cases/1",
	"search": "/desk/search", "export": "/desk/export", "searches": "/desk/searches", "transfers": "/desk/transfers", "shares": "/desk/shares", "agenda": "/desk/agenda", "cards": "/desk/cards", "centres": "/desk/centres", "centre": "/desk/centres/1", "visits": "/desk/visits", "enquiries": "/desk/enquiries", "enquiry": "/desk/enquiries/1", "tell": "/desk/tell", "escalations": "/desk/escalations", "matters": "/desk/matters", "matter": "/desk/matters/1", "plans": "/desk/plans", "duties": "/desk/duties", "caseload": "/desk/caseload", "waiting": "/desk/waiting", "placements": "/desk/placements", "placement": "/desk/placements/1",
	"plan": "/desk/plans/1", "examinations": "/desk/examinations", "examination": "/desk/examinations/1", "custodies": "/desk/custody", "custody": "/desk/custody/1", "custody_keys": "/desk/custody-keys", "custody_key": "/desk/custody-keys/1", "kits": "/desk/kits", "kit": "/desk/kit", "directory": "/desk/directory",
	"place": "/desk/places/1", "free": "/desk/free", "agency": "/desk/agencies/1", "workers": "/desk/workers", "worker": "/desk/workers/1", "console": "/console/",
	"essential": "/desk/essential", "assessments": "/desk/assessments", "assessment": "/desk/assessments/1",
	"courts": "/desk/courts", "court": "/desk/courts/1", "bookings": "/desk/bookings", "booking": "/desk/bookings/1", "alarms": "/desk/alarms",
	"figures": "/desk/figures", "figures_due": "/desk/figures/due", "figure_table": "/desk/figures/1/cases",
	"conflicts": "/desk/conflicts", "conflict": "/desk/conflicts/1",
	"applications": "/desk/applications", "application": "/desk/applications/1", "calls": "/desk/calls", "call": "/desk/calls/1",
	"grants": "/desk/grants", "grant": "/desk/grants/1", "ledger": "/desk/ledger", "trustees": "/desk/trustees",
	"alerts": "/desk/alerts", "alert": "/desk/alerts/1", "teams": "/desk/teams", "team": "/desk/teams/1",
}

// Each operation is on the desk, or it is not for people and says why. Where it is on the
// desk its page answers, and asks it: a command without a flow has a form made for it.
func TestEachOperationIsOnTheDeskOrNotForPeople(t *testing.T) {
	contract, err := client.ReadContract(api.Files)
	if err != nil {
		t.Fatal(err)
	}
	s := open(Config{})
	answers := func(path string) bool {
		_, pattern := s.mux.Handler(httptest.NewRequest(http.MethodGet, path, nil))
		return pattern != ""
	}
	asked := sources(t)
	if answers("/desk/nowhere") || !answers("/desk/") {
		t.Fatal("the test finds no pages")
	}
	for id, o := range contract.Operations {
		if (o.Desk.Page == "") == (o.Desk.Not == "") {
			t.Errorf("%s is on the page %q, and not for people because %q: one of the two is said", id, o.Desk.Page, o.Desk.Not)
		}
		if o.Desk.Page == "" {
			if len(strings.Fields(o.Desk.Not)) < 3 {
				t.Errorf("%s: %q is no reason", id, o.Desk.Not)
			}
			continue
		}
		path := places[o.Desk.Page]
		if path == "" || !answers(path) {
			t.Errorf("%s: its page %q does not answer", id, o.Desk.Page)
			continue
		}
		made := o.Method != http.MethodGet && !o.Desk.Flow && strings.Contains(o.Path, "{id}")
		if !made && !strings.Contains(asked, `"`+id+`"`) {
			t.Errorf("%s: no page asks it", id)
		}
	}
}

// sources are the pages as they are written.
func sources(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
