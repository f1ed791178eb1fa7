package domain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// Being in one building widens nobody's view: a referral that is a part of a
// visit looks to its recipient as one that is not, at every status and in every
// event that reaches the recipient. The sender sees the visit.
func TestAVisitWidensNothing(t *testing.T) {
	const visit = "visit_of_many"
	shown := func(r Referral, by fact.By) string {
		t.Helper()
		text, err := json.Marshal(r.View(by))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for _, status := range code.ReferralStatuses {
		r := in(t, status)
		part := r
		part.Visit = visit
		if got, alone := shown(part, answered), shown(r, answered); got != alone {
			t.Errorf("%s: the recipient sees\n%s\nand alone\n%s", status, got, alone)
		}
		if part.Visible(at("the-house", later)) {
			t.Errorf("%s: another agency of the house sees it", status)
		}
		if !strings.Contains(shown(part, asked), visit) {
			t.Errorf("%s: the sender does not see the visit", status)
		}
	}

	e := serviceRequested()
	e.Visit = visit
	events := first(t)(Referral{}.OnServiceRequested(system(noon), e, only(clinic()), shipped))
	if r := fold(Referral{}, noon, events); r.Visit != visit {
		t.Errorf("kept %q", r.Visit)
	}
	for _, e := range events {
		text, err := json.Marshal(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		addressed, ok := e.Data.(interface{ Addressees() []string })
		if !ok {
			t.Fatalf("%T goes to nobody", e.Data)
		}
		for _, agency := range addressed.Addressees() {
			if agency != police && strings.Contains(string(text), visit) {
				t.Errorf("%s is told of the visit by %T", agency, e.Data)
			}
		}
	}
}
