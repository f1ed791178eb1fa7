package app

import (
	"testing"

	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// A stay is counted once, at the place that the shelter names, whatever order it is told in; its end
// gives the place back, once. A place of another agency is not taken by a name.
func TestAStayIsCountedOnce(t *testing.T) {
	referral := fact.ID("ref", "stay")
	loop := referralv1.Loop{Referral: referral, Recipient: shelter, Service: "safehouse_service"}
	about := func(place string) psychosocialv1.Stay {
		return psychosocialv1.Stay{Placement: fact.Rename("stay", referral), Place: place}
	}
	for name, place := range map[string]string{"named": house, "not named": "", "of nobody": "0b6f2c1e-52d4-4a57-9e0c-6d1f8a3b7c22"} {
		for _, acceptedFirst := range []bool{true, false} {
			w := &world{at: noon, taken: map[string]bool{}}
			w.taken[referral] = true
			a := w.writer(t, &recordtest.Journal{})
			a.describe(t, 2, 3)
			accept := func(cause string) {
				if err := a.OnAccepted(as(t.Context(), "", cause), loop); err != nil {
					t.Fatal(err)
				}
			}
			is := func(when string, free int64, stays int) {
				t.Helper()
				p, err := a.Places.Fresh(t.Context(), house)
				if err != nil || p.Value().Free != free || len(p.Value().Stays) != stays {
					t.Errorf("%s, accepted first %t, %s: %d free, %d stay, %v", name, acceptedFirst, when, p.Value().Free, len(p.Value().Stays), err)
				}
			}
			if acceptedFirst {
				accept("accepted")
			}
			if err := a.OnPlacementStarted(as(t.Context(), "", "started"), psychosocialv1.PlacementStarted{Stay: about(place)}); err != nil {
				t.Fatal(err)
			}
			if !acceptedFirst {
				accept("accepted")
			}
			is("while she stays", 1, 1)
			if err := a.OnEnded(as(t.Context(), "", "completed"), referral); err != nil {
				t.Fatal(err)
			}
			is("after the referral", 1, 1)
			for _, cause := range []string{"ended", "ended again"} {
				if err := a.OnPlacementEnded(as(t.Context(), "", cause), psychosocialv1.PlacementEnded{Stay: about(place)}); err != nil {
					t.Fatal(err)
				}
				is("when she left", 2, 0)
			}
		}
	}
}
