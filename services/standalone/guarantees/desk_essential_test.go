package guarantees_test

import (
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// A coordinator sees the map and writes down how a service stands, standard by standard; the
// agency reads it, and sees of the map how its own answers stand.
func TestEssentialServicesOnTheDesk(t *testing.T) {
	w := begin(t)
	w.listed()
	b := w.browser(network.Seat(journey.Coordination, "coordinator"))
	b.follow("Essential services")
	b.must("Where essential services are", "For the whole programme", "Who does not answer", "Somebody gives it, and where is not known")
	b.outlined("essential")
	b.open("/desk/essential?of=safe_accommodation")
	b.must("1 agency in reach is open")
	b.mustNot("Somebody in reach is open")
	b.follow("Quality standards")
	b.outlined("assessments")
	b.open("/desk/do/recordAssessment/new?%2Fagency=" + journey.LegalAid + "&%2Fservice=legal_assistance_service&back=%2Fdesk%2Fassessments")
	b.outlined("record-assessment")
	said := values{"/on": "2026-01-12", "/next": "2026-07-12", "/assessor": "A team of the region"}
	for _, row := range []string{"0", "1", "2", "3", "4", "5", "6"} {
		said["/findings/"+row+"/finding"] = "met"
	}
	b.submitMain(said)
	b.must("The assessment is on record.", journey.LegalAid, "The next one was due on 12 July 2026")
	b.follow(journey.LegalAid)
	b.must("A team of the region", "She can speak where nobody else hears", "Met")
	b.command("amendAssessment")
	b.outlined("amend-assessment")
	b.submitMain(values{"/reason": "correction", "/findings/0/finding": "not_met"})
	b.must("The assessment was corrected.", "What was said before", "Not met")
	b.outlined("assessment")
	b.open("/desk/")
	b.must("Assessments that are due")

	own := w.browser(network.Seat(journey.LegalAid, "focal_point"))
	own.follow("Essential services")
	own.must("How our answers stand")
	own.mustNot("Who does not answer")
	own.outlined("essential-own")
	own.follow("Quality standards")
	own.must(journey.LegalAid)
	other := w.browser(network.Seat(journey.Counselling, "focal_point"))
	other.open("/desk/assessments")
	other.mustNot(journey.LegalAid)
}
