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
