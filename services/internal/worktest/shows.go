package worktest

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/contract"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Shows sees what the view of work shows in which everything is known. While the work
// is open that is every field. Once it is closed to readers it is that the work was
// there, and what has to stay; a field that is new is not among that.
func Shows[S interface{ View(fact.By) any }](t *testing.T, standing func(*S) *work.Standing, stay ...string) {
	t.Helper()
	s := contract.Filled[S](t)
	is := standing(&s)
	is.Status, is.ClosedToReaders = work.Ended, true
	want := append(stay, "agency", "case", "id", "referral", "since", "status")
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), shown(t, s.View(Worker()))); diff != "" {
		t.Errorf("closed to readers (-may be shown +is):\n%s", diff)
	}
	is.Status, is.ClosedToReaders = work.Open, false
	view := reflect.ValueOf(s.View(Worker()))
	for i := range view.NumField() {
		if view.Field(i).IsZero() {
			t.Errorf("the view leaves %s empty, though everything is known", view.Type().Field(i).Name)
		}
	}
}

// shown are the names of what an answer holds.
func shown(t *testing.T, view any) []string {
	t.Helper()
	raw, err := json.Marshal(view)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(fields))
}
