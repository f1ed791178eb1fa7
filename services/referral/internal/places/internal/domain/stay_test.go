package domain

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// What the shelter's record of a stay says keeps the place taken beyond the end of the referral, and
// gives it back once. Where nobody keeps such a record it is as before: somebody is asked.
func TestAStayThatIsTold(t *testing.T) {
	told := func(p Place) Place { return fold(p, noon, must(p.StayTold(by(shelter, noon), "ref_1"))) }
	ends := func(p Place) Place { return fold(p, noon, must(p.ReferralEnded(by("", noon), "ref_1", rule))) }
	takes := func(p Place) Place { return fold(p, noon, must(p.Take(by(shelter, noon), "ref_1"))) }
	over := func(p Place) Place { return fold(p, noon, must(p.StayOver(by("", noon), "ref_1", code.StayLeft))) }
	do := func(steps ...func(Place) Place) Place {
		p := described(2, 6)
		for _, s := range steps {
			p = s(p)
		}
		return p
	}
	for name, c := range map[string]struct {
		p     Place
		free  int64
		asked bool
		stays int
	}{
		"accepted, told and ended":          {do(takes, told, ends), 1, false, 1},
		"accepted, ended and told":          {do(takes, ends, told), 1, false, 1},
		"told before the acceptance":        {do(told, takes), 1, false, 1},
		"told twice":                        {do(takes, told, told), 1, false, 1},
		"over":                              {do(takes, told, over), 2, false, 0},
		"over twice":                        {do(takes, told, over, over), 2, false, 0},
		"over after the referral":           {do(takes, told, ends, over), 2, false, 0},
		"nobody keeps a record, as before":  {do(takes, ends), 1, true, 1},
		"taken up again while she is there": {do(takes, told, ends, takes), 1, false, 1},
		"she left by the word of the agency": {do(takes, told, func(p Place) Place {
			return fold(p, noon, must(p.Leave(by(shelter, noon), Leave{"ref_1", code.StayLeft})))
		}, over), 2, false, 0},
	} {
		if c.p.Free != c.free || (!c.p.stayDue().IsZero()) != c.asked || len(c.p.Stays) != c.stays {
			t.Errorf("%s: %d free, %d stay, asked at %s", name, c.p.Free, len(c.p.Stays), c.p.stayDue())
		}
	}
	held := described(1, 6).reserve(t, noon, Reserve{Adults: 1, Referral: "ref_1"})
	want := fact.Of(referralv1.HoldEnded{Place: house, Hold: held.Holds[0].ID, Reason: code.HoldTaken}, referralv1.PlacementBegun{Place: house, Referral: "ref_1", Hold: held.Holds[0].ID, Told: true})
	if diff := cmp.Diff(want, must(held.StayTold(by("", noon), "ref_1"))); diff != "" {
		t.Error("what is held for it is taken (-want +got):\n" + diff)
	}
}
