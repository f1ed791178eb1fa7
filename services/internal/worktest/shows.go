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

// Shows sees what is shown of work in which everything is known. To everybody of the
// agency that is its frame. To its worker that is every field while the work is open;
// while it rests, what the worker must act on; and once it is closed to readers, what
// has to stay. A field that is new is not among these.
func Shows[S interface {
	View(fact.By) any
	Content(fact.By) any
}](t *testing.T, standing func(*S) *work.Standing, duties, stay []string,
) {
	t.Helper()
	frame := []string{"assigned", "id", "referral", "since", "status"}
	inside := append([]string{"case"}, frame...)
	s := contract.Filled[S](t)
	is := standing(&s)
	is.Answer, is.Withdrawn = "", false
	for name, c := range map[string]struct {
		status work.Status
		shut   int
		shows  func() any
		want   []string
	}{
		"the frame":         {work.Open, 0, func() any { return s.View(Worker()) }, frame},
		"at rest":           {work.Resting, 0, func() any { return s.Content(Worker()) }, append(inside, duties...)},
		"closed to readers": {work.Ended, is.Granted + 1, func() any { return s.Content(Worker()) }, append(inside, stay...)},
	} {
		is.Status, is.Shut = c.status, c.shut
		if diff := cmp.Diff(slices.Sorted(slices.Values(c.want)), shown(t, c.shows())); diff != "" {
			t.Errorf("%s (-may be shown +is):\n%s", name, diff)
		}
	}
	is.Status, is.Shut, is.Withdrawn = work.Ended, is.Granted+1, true
	if diff := cmp.Diff(slices.Sorted(slices.Values(append(inside, duties...))), shown(t, s.Content(Worker()))); diff != "" {
		t.Errorf("while she is to be asked (-may be shown +is):\n%s", diff)
	}
	is.Status, is.Shut, is.Withdrawn = work.Open, 0, false
	view := reflect.ValueOf(s.Content(Worker()))
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
