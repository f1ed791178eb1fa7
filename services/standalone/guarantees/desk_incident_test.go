package guarantees_test

import (
	"strings"
	"testing"
)

// A worker writes down an incident and what she said about danger, by forms that are made of
// the contract. The page says what to ask her next, in words; it says no total and no level.
func TestIncidentsAndDangerStandOnThePageOfACase(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	path := ana.opens(nil)
	ana.open(path)
	ana.follow("Write down an incident")
	ana.outlined("incident")
	ana.submit("Write down an incident", values{"Was she hurt physically": "She said yes", "Was there penetration": "She said no", "Time of day": "Evening or night"})
	ana.must("The incident was written down.", "Physical assault", "Evening or night", "She said no")
	ana.follow("Correct or add to an incident")
	ana.outlined("incident-amend")
	ana.submit("Correct or add to an incident", values{"Reason": "It was not known before", "Kind of place": "Road"})
	ana.must("The incident was put right.", "Road", "Evening or night")

	ana.follow("Ask about danger")
	ana.outlined("danger")
	ana.submit("Ask about danger", values{"Hands, an arm or a rope at her neck, or she could not breathe": "She said yes", "A weapon, used or shown": "She said no"})
	ana.must("What to ask her now", "Ask her whether she wants to see a clinic now", "Ask her whether a team or a shelter should be asked")
	ana.outlined("case-incidents")
	for _, never := range []string{"Total", "Level", "Low"} {
		if strings.Contains(ana.outline(), never) {
			t.Errorf("the page says %q", never)
		}
	}
}
