package pairing

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	id := New()
	for text, want := range map[string]struct {
		id  ID
		err error
	}{
		string(id): {id, nil}, "": {"", nil},
		"short": {"", ErrBroken}, string(id) + "A": {"", ErrBroken}, strings.ToLower(string(id)): {"", ErrBroken}, string(id) + "\n": {"", ErrBroken},
	} {
		if got, err := Parse(text); got != want.id || !errors.Is(err, want.err) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if other := New(); other == id {
		t.Error("two networks have one id")
	}
}

// However many carry an id or none, and in whichever order: they agree when there
// is one id at most among them, and on that.
func TestAgree(t *testing.T) {
	ids := []ID{"", New(), New()}
	rapid.Check(t, func(t *rapid.T) {
		var parts []Part
		there := map[ID]bool{}
		for _, id := range rapid.SliceOf(rapid.SampledFrom(ids)).Draw(t, "ids") {
			parts = append(parts, Part{"a thing", id})
			there[id] = true
		}
		delete(there, "")
		id, err := Agree(parts...)
		if errors.Is(err, ErrOther) != (len(there) > 1) || (err != nil) != (len(there) > 1) {
			t.Fatalf("%v: %v", parts, err)
		}
		if err == nil && (id != "") != (len(there) == 1) || id != "" && !there[id] {
			t.Fatalf("%v agree on %q", parts, id)
		}
	})
	_, err := Agree(Part{"the directory", ids[1]}, Part{"the database", ""}, Part{"the bus", ids[2]})
	if err == nil || !strings.HasPrefix(err.Error(), "the directory and the bus belong to different networks") {
		t.Errorf("it does not say which two: %v", err)
	}
}
