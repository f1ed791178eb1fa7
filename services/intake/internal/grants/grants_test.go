package grants

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/pkg/look"
)

var begin = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func of(turn int) trustfundv1.Granted {
	return trustfundv1.Granted{Grant: "grant_1", Agency: "clinic-north", Turn: turn}
}

var agreed = Agreed(trustfundv1.GrantAgreed{Granted: of(1), Country: "KG", From: begin, Until: begin.AddDate(1, 0, 0)})

// said is a grant after facts, each an hour after the one before.
func said(t *testing.T, facts ...Said) (g Grant) {
	t.Helper()
	for i, s := range facts {
		events, err := g.Note(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			e.At = begin.Add(time.Duration(i) * time.Hour)
			g = g.Evolve(e)
		}
	}
	return g
}

func TestWhenAGrantIsInForce(t *testing.T) {
	suspended := Suspended(trustfundv1.GrantSuspended{Granted: of(2)})
	restored := Restored(trustfundv1.GrantRestored{Granted: of(3)})
	ended := Ended(trustfundv1.GrantClosed{Granted: of(4), On: begin.AddDate(0, 6, 0)})
	extended := Agreed(trustfundv1.GrantAgreed{Granted: of(5), Country: "KG", From: begin, Until: begin.AddDate(2, 0, 0)})
	for name, c := range map[string]struct {
		facts []Said
		at    time.Time
		want  bool
	}{
		"before":                {[]Said{agreed}, begin.Add(-1), false},
		"from its beginning on": {[]Said{agreed}, begin, true},
		"at its end":            {[]Said{agreed}, begin.AddDate(1, 0, 0), false},
		"extended":              {[]Said{agreed, extended}, begin.AddDate(1, 0, 0), true},
		"suspended":             {[]Said{agreed, suspended}, begin.Add(2 * time.Hour), false},
		"before it was":         {[]Said{agreed, suspended}, begin.Add(30 * time.Minute), true},
		"restored":              {[]Said{agreed, suspended, restored}, begin.Add(3 * time.Hour), true},
		"while it was":          {[]Said{agreed, suspended, restored}, begin.Add(90 * time.Minute), false},
		"closed":                {[]Said{agreed, ended}, begin.AddDate(0, 7, 0), false},
		"before it was closed":  {[]Said{agreed, ended}, begin.AddDate(0, 5, 0), true},
		"told late":             {[]Said{suspended, agreed}, begin.Add(2 * time.Hour), false},
		"told twice":            {[]Said{agreed, suspended, restored, suspended, agreed}, begin.Add(9 * time.Hour), true},
		"not agreed yet":        {[]Said{restored}, begin.Add(time.Hour), false},
	} {
		if got := said(t, c.facts...).InForce(c.at); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestWhichGrantCounts(t *testing.T) {
	later := Agreed(trustfundv1.GrantAgreed{Granted: trustfundv1.Granted{Grant: "grant_2", Agency: "clinic-north", Turn: 1}, From: begin.AddDate(0, 1, 0), Until: begin.AddDate(3, 0, 0)})
	held := Hold([]look.Fresh[Grant]{look.Made(said(t, later)), look.Made(said(t, agreed))})
	got := []string{
		held.Of("clinic-north", begin.AddDate(0, 2, 0)), held.Of("clinic-north", begin.AddDate(2, 0, 0)), held.Of("clinic-north", begin.AddDate(9, 0, 0)),
		held.Of("other", begin), held.Of("clinic-north", time.Time{}), held.Of("", begin),
	}
	if diff := cmp.Diff([]string{"grant_1", "grant_2", "", "", "", ""}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAGrantStaysWithItsAgency(t *testing.T) {
	g := said(t, agreed)
	other := of(2)
	other.Agency = "another"
	if events, err := g.Note(Suspended(trustfundv1.GrantSuspended{Granted: other})); err == nil || len(events) > 0 {
		t.Errorf("%v, %v", events, err)
	}
}
