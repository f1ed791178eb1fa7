package domain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
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
	if keys := ByEscalation.Keys(r); len(keys) != 1 || !strings.HasPrefix(keys[0], fact.Key(atNetwork)) || !r.AtNetwork().Equal(since) {
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
