package guarantees_test

import (
	"testing"
)

// A worker asks about indicators and records who says what, by forms that are made of the
// contract. The page says until when she is left in peace.
func TestTraffickingStandsOnThePageOfACase(t *testing.T) {
	w := begin(t)
	ana := w.browser(at("ana", "caseworker"))
	path := ana.opens(nil)
	ana.open(path)
	ana.follow("Record that she was smuggled")
	ana.outlined("passage")
	ana.submit("Record that she was smuggled", values{"What was done to her on the way › Her life was put in danger": "yes"})
	ana.must("It was recorded.", "Smuggled across a border", "Her life was put in danger")

	ana.follow("Ask about indicators of trafficking")
	ana.outlined("indicators")
	ana.submit("Ask about indicators of trafficking", values{"Somebody takes what she earns": "She said yes", "Somebody keeps her papers": "She said no"})
	ana.must("Somebody takes what she earns")

	ana.follow("Record whether she is presumed trafficked")
	ana.outlined("identification")
	ana.submit("Record whether she is presumed trafficked", values{
		"Presumed, identified or not": "Presumed", "Who says so": "A person", "Name of the person, agency or authority": "Ana", "Why › Indicators": "yes",
	})
	ana.must("She is left in peace", "Presumed")
	ana.outlined("case-trafficking")
}
