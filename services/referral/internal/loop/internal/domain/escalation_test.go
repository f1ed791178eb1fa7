package domain

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// What nobody answered comes to the network's coordinator with the last rung of
// the ladder, who sees whom to call and nothing of the survivor; an answer takes
// it away.
func TestTheCoordinatorSeesWhatNobodyAnswered(t *testing.T) {
	r := requested(t)
	ladder := r.Policy.Ladder
	for i, rung := range ladder {
		if ByEscalation.Keys(r) != nil {
			t.Fatalf("escalated before step %d", i)
		}
		r = fold(r, rung.At, first(t)(r.EscalationDue(system(rung.At))))
	}
	since := ladder[len(ladder)-1].At
	if keys := ByEscalation.Keys(r); len(keys) != 1 || !strings.HasPrefix(keys[0], fact.Key(atNetwork, "GT", "spotlight")) || !r.AtNetwork().Equal(since) {
		t.Fatalf("%v since %v", keys, r.AtNetwork())
	}
	want := EscalatedView{
		ID: r.Referral, Sender: police, Asked: []string{counsel}, Service: code.LegalAssistance, Urgency: code.Urgent, Due: r.Policy.RespondBy, Awaited: code.ToRespond,
	}
	for _, rung := range ladder {
		want.Steps = append(want.Steps, Step{Step: rung.Step, At: rung.At})
	}
	if d := cmp.Diff(want, r.EscalatedView()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	text, err := json.Marshal(r.EscalatedView())
	if err != nil || strings.Contains(string(text), "case_1") || strings.Contains(string(text), "cons_1") {
		t.Errorf("%s %v", text, err)
	}
	for _, verb := range []string{"accept", "decline"} {
		if answer := after(t, r, at(counsel, since), verb); ByEscalation.Keys(answer) != nil {
			t.Errorf("%s: still with the coordinator", verb)
		}
	}
}

// A coordinator has the escalations of her country and her programme. Those of a
// referral that names neither are counted, and on nobody's list.
func TestEscalationsAreOfACountryAndAProgramme(t *testing.T) {
	up := func(country, programme string) Referral {
		e := serviceRequested()
		e.Country, e.Programme = country, programme
		events, err := Referral{}.OnServiceRequested(system(noon), e, only(clinic()), shipped)
		if err != nil {
			t.Fatal(err)
		}
		r := fold(Referral{}, noon, events)
		for _, rung := range r.Policy.Ladder {
			r = fold(r, rung.At, first(t)(r.EscalationDue(system(rung.At))))
		}
		return r
	}
	here, programme, country, before := up("GT", "spotlight"), up("GT", "rainbow"), up("KG", "spotlight"), up("", "")
	by := func(country, programme string, roles ...string) fact.By {
		return fact.By{Principal: "c", Agency: "coordination", Roles: roles, Country: country, Programme: programme}
	}
	part, err := Escalations(by("GT", "spotlight", "coordinator"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		r    Referral
		sees bool
	}{"hers": {here, true}, "another programme": {programme, false}, "another country": {country, false}, "neither is told": {before, false}} {
		if part.Holds(c.r) != c.sees {
			t.Errorf("%s: seen %t", name, !c.sees)
		}
		if !AllEscalations.Holds(c.r) {
			t.Errorf("%s: is not counted", name)
		}
	}
	for _, by := range []fact.By{
		by("", "", "coordinator"), by("GT", "", "coordinator"), by("", "spotlight", "coordinator"), by("GT", "spotlight", "supervisor"), {},
	} {
		if _, err := Escalations(by); !errors.Is(err, coordination.ErrNowhere) {
			t.Errorf("%+v: %v", by, err)
		}
	}
}
