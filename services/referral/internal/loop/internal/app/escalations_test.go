package app

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/coordination"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Two programmes see nothing of each other's escalations, nor do two countries, also
// after a restart. The gauge counts them all, with one of before there were names.
func TestTwoProgrammesSeeNothingOfEachOther(t *testing.T) {
	journal := &recordtest.Journal{}
	h := hear(t, journal)
	h.register("clinic")
	places := map[string]domain.Place{
		"ref_1": {Country: "GT", Programme: "spotlight"}, "ref_2": {Country: "GT", Programme: "rainbow"}, "ref_3": {Country: "KG", Programme: "spotlight"}, "ref_4": {},
	}
	for _, id := range []string{"ref_1", "ref_2", "ref_3", "ref_4"} {
		e := please(id, "clinic", "cons_"+id)
		e.Country, e.Programme = places[id].Country, places[id].Programme
		h.must(h.OnServiceRequested(h.next(), e))
		r, err := h.Referrals.Get(t.Context(), id)
		h.must(err)
		for _, rung := range r.State.Policy.Ladder {
			h.now = rung.At
			_, err := h.Referrals.Execute(h.next(), id, domain.Referral.EscalationDue)
			h.must(err)
		}
		h.now = now
	}
	again := hear(t, journal)
	again.now = h.now
	for name, a := range map[string]*hearing{"as it was": h, "after a restart": again} {
		for place, want := range map[domain.Place][]string{
			{Country: "GT", Programme: "spotlight"}: {"ref_1"}, {Country: "GT", Programme: "rainbow"}: {"ref_2"},
			{Country: "KG", Programme: "spotlight"}: {"ref_3"}, {Country: "KG", Programme: "rainbow"}: {},
		} {
			page, _, err := a.Escalated(t.Context(), fact.By{Roles: []string{"coordinator"}, Country: place.Country, Programme: place.Programme}, "", 50)
			h.must(err)
			got := []string{}
			for _, item := range page.Items {
				got = append(got, item.ID)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s, %v: %s", name, place, d)
			}
		}
		page, _, err := a.Escalated(t.Context(), fact.By{Roles: []string{"coordinator"}}, "", 50)
		if !errors.Is(err, coordination.ErrNowhere) || len(page.Items) > 0 {
			t.Errorf("%s, no claims: %v, %v", name, page, err)
		}
		if n := a.CountEscalated(); n != 4 {
			t.Errorf("%s: %v are counted", name, n)
		}
	}
}
