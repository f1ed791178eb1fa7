package fact_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/fact"
)

// Identifiers of decisions sort by their instants, and are the same when the
// decision is taken again.
func TestIdentifiersSort(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var ids []string
	for i := range 100 {
		by := fact.By{At: at.Add(time.Duration(i*i*977) * time.Millisecond), Commit: "case_1/2"}
		ids = append(ids, by.ID("ref", 0))
		if by.ID("ref", 0) != ids[i] {
			t.Fatal("another identifier for the same decision")
		}
	}
	if !slices.IsSorted(ids) {
		t.Error("later ones do not come later")
	}
	by := fact.By{At: at, Commit: "case_1/2"}
	if by.ID("ref", 0) == by.ID("ref", 1) {
		t.Error("two of one decision are one")
	}
	if len(ids[0]) != len(fact.ID("ref", "x")) {
		t.Error("identifiers of two lengths")
	}
}

// Only who has nothing of a person is the network: whatever of an actor came
// from outside keeps it from passing as such.
func TestNobodyFromOutsideIsTheNetwork(t *testing.T) {
	if !(fact.By{}).System() || (fact.By{}).Anonymous() {
		t.Error("the network is not the network")
	}
	for name, by := range map[string]fact.By{
		"anonymous":         {Principal: fact.Anonymous},
		"without an agency": {Principal: "person-1"},
		"without a name":    {Agency: "clinic"},
		"roles alone":       {Roles: []string{"caseworker"}},
		"a person":          {Principal: "person-1", Agency: "clinic", Roles: []string{"caseworker"}},
	} {
		if by.System() {
			t.Errorf("%s passes as the network", name)
		}
		if by.Anonymous() != (name == "anonymous") {
			t.Errorf("%s: anonymous %v", name, by.Anonymous())
		}
	}
	if (fact.By{Principal: fact.Anonymous, Agency: "clinic"}).Anonymous() {
		t.Error("a subject of that name at an agency is anonymous")
	}
}

// Keys sort as their parts do, and instants as part of them as instants do.
func TestKeysSort(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("", 7200))
	keys := []string{
		fact.Key("a"), fact.Key("a", ""), fact.Key("a", fact.Sortable(time.Time{})),
		fact.Key("a", fact.Sortable(time.UnixMilli(-1))), fact.Key("a", fact.Sortable(time.UnixMilli(0))),
		fact.Key("a", fact.Sortable(at)), fact.Key("a", fact.Sortable(at.UTC().Add(time.Millisecond))),
		fact.Key("ab", ""), fact.Key("b"),
	}
	if !slices.IsSorted(keys) || len(slices.Compact(keys)) < 9 {
		t.Errorf("%q", keys)
	}
}

// What Sortable wrote is read again, and nothing else is.
func TestParseSortable(t *testing.T) {
	for _, at := range []time.Time{{}, time.UnixMilli(-1), time.UnixMilli(0), time.Date(2026, 3, 2, 12, 0, 0, 1e6, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if ms, ok := fact.ParseSortable(fact.Sortable(at)); !ok || ms != at.UnixMilli() {
			t.Errorf("%v reads as %d, %v", at, ms, ok)
		}
	}
	for _, s := range []string{"", "4", "front-desk", "4000018f0a1b2c3", "4000018f0a1b2c3dd", "5000018f0a1b2c3d", "4000018F0a1b2c3d", "40000+8f0a1b2c3d", "4000_18f0a1b2c3d"} {
		if ms, ok := fact.ParseSortable(s); ok {
			t.Errorf("%q reads as %d", s, ms)
		}
	}
}
