package domain

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
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
	for v, rule := range life {
		if rule.by == 0 || len(rule.from) == 0 {
			t.Errorf("%s: nobody may, or from nowhere", v)
		}
		_, method := reflect.TypeFor[Referral]().MethodByName(string(v))
		if exported := v[0] >= 'A' && v[0] <= 'Z'; exported != method {
			t.Errorf("%s is not the name of a method, or is one of those that are no command", v)
		}
	}
	for v, want := range map[verb]bool{
		receive: true, accept: true, propose: true, confirmDenial: true, returnDenial: true, decline: true,
		declineFor: false, callOff: false, cancel: false, assign: false, expire: false, schedule: false, acknowledge: false,
	} {
		if answers(v) != want {
			t.Errorf("%s is an answer: %t", v, !want)
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
