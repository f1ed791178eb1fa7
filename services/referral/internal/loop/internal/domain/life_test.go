package domain

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

var update = flag.Bool("update", false, "write testdata/life.txt anew")

// Every command in every status by every party: where it leads, or the code of
// the fault that says why it does not. testdata/life.txt is what agencies may
// rely on; read its diff.
func TestLife(t *testing.T) {
	actors := map[string]fact.By{
		"sender": asked, "recipient": answered, "stranger": at(stranger, later),
		"supervisor": {Agency: counsel, Principal: "boss", Roles: []string{"supervisor"}, At: answered.At},
	}
	var got strings.Builder
	for _, s := range code.ReferralStatuses {
		for _, actor := range slices.Sorted(maps.Keys(actors)) {
			for _, verb := range slices.Sorted(maps.Keys(verbs)) {
				r := in(t, s)
				events, err := verbs[verb](r, actors[actor])
				var result string
				if err != nil {
					if result = err.Error(); len(events) > 0 {
						t.Errorf("%s %s %s: refused, and yet it happened", s, actor, verb)
					}
				} else {
					result = "> " + string(fold(r, later, events).Status)
				}
				fmt.Fprintf(&got, "%-22s %-10s %-12s %s\n", s, actor, verb, result)
			}
		}
	}
	const file = "testdata/life.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")); d != "" {
		t.Error(d)
	}
}

// Only the table moves a status.
func TestEveryVerbIsInTheTable(t *testing.T) {
	for v := receive; v <= reopen; v++ {
		if life[v].by == 0 || len(life[v].from) == 0 {
			t.Errorf("verb %d is not", v)
		}
	}
	reached := map[code.ReferralStatus]bool{code.Requested: true}
	for _, rule := range life {
		reached[rule.to] = true
	}
	for _, s := range code.ReferralStatuses {
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
	}
}
