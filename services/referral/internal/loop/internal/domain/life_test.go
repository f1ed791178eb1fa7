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
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
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
				if id := operations[verb]; err == nil && !slices.Contains(commands.Now(r, moment(actors[actor], verb), command.Anybody), id) {
					t.Errorf("%s %s: %s happened, and was not offered", s, actor, id)
				} else if offered := commands[id].When(r, moment(actors[actor], verb)) == nil; offered && err != nil {
					t.Errorf("%s %s: %s was offered, and is %v", s, actor, id, err)
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

// operations are those of the contract by the names that life.txt has for them.
var operations = map[string]string{
	"receive": "receiveReferral", "accept": "acceptReferral", "decline": "declineReferral", "confirm": "confirmDenial",
	"return": "returnDenial", "schedule": "scheduleReferral", "unschedule": "cancelAppointment", "miss": "recordNoShow",
	"contact": "recordContact", "assign": "assignReferral", "start": "startReferral", "complete": "completeReferral",
	"outcome": "reportOutcome", "cancel": "cancelReferral", "continue": "continueReferral", "error": "enterReferralInError",
	"acknowledge": "acknowledgeWithdrawal",
}

// moment is when a command is given: a missed appointment is noted after it.
func moment(by fact.By, verb string) fact.By {
	if verb == "miss" {
		by.At = by.At.Add(time.Hour)
	}
	return by
}

func TestEveryCommandIsOffered(t *testing.T) {
	if d := cmp.Diff(slices.Sorted(maps.Keys(commands)), slices.Sorted(maps.Values(operations))); d != "" {
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
