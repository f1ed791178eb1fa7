package requirement_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/intake/internal/requirement"
)

type countries = map[code.Country]map[code.Service]requirement.Requirement

func TestPolicy(t *testing.T) {
	want := requirement.Requirement{Purposes: []code.Purpose{code.Prosecution}, Steps: requirement.Steps}
	p, err := requirement.NewPolicy(countries{"GT": {code.Police: want}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, p.For(code.Police, "GT")); d != "" {
		t.Error(d)
	}
	for _, none := range []requirement.Requirement{p.For(code.Food, "GT"), p.For(code.Police, "KG"), {}} {
		if d := cmp.Diff(requirement.Requirement{}, none); d != "" {
			t.Error(d)
		}
	}
}

// What is not known is an error, and never a default.
func TestPolicyRefuses(t *testing.T) {
	for name, c := range map[string]countries{
		"a country":      {"XX": {}},
		"a service":      {"GT": {"haircuts": {}}},
		"a purpose":      {"GT": {code.Police: {Purposes: []code.Purpose{"curiosity"}}}},
		"the service":    {"GT": {code.Police: {Purposes: []code.Purpose{code.ServiceDelivery}}}},
		"a purpose more": {"GT": {code.Police: {Purposes: []code.Purpose{code.Prosecution, code.Prosecution}}}},
		"a step":         {"GT": {code.Police: {Steps: []requirement.Step{"dance"}}}},
		"a step more":    {"GT": {code.Police: {Steps: []requirement.Step{requirement.ConflictCheck, requirement.ConflictCheck}}}},
	} {
		if _, err := requirement.NewPolicy(c); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
