package guarantees_test

import (
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// A new consent to one of several agencies that are asked is no work yet: nobody refuses
// what is said of it. Every network of the tests fails for a fact that disagrees.
func TestOneOfSeveralIsAskedOn(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	names := w.lawyers(ctx, 2)
	front := w.desk(journey.FrontDesk, "caseworker")
	id := agree(ctx, t, front, names)
	referral := want(ctx, t, front, id, m{"mode": "broadcast", "candidates": []m{{"recipient": names[0]}, {"recipient": names[1]}}})
	first := w.desk(names[0], "lawyer", "focal_point")
	w.offered(first, referral)
	if err := front.Post(ctx, "/v1/cases/"+id+"/consents", m{
		"recipient": names[0], "service": "legal_assistance_service", "purpose": "service_delivery", "categories": []string{"identity"},
		"expires": time.Now().UTC().AddDate(0, 2, 0).Format(time.RFC3339), "method": "oral", "given_by": "survivor", "witnessed": false,
	}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	if err := first.Post(ctx, "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
}
