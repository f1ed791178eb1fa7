package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/fault"
)

var errClosed = fault.New(fault.Conflict, "case_not_open", "The case is closed.")

func TestCodesTellFaultsApart(t *testing.T) {
	wrapped := fmt.Errorf("open: %w", errClosed.At("/a", "is required").Because(errors.New("secret")))
	if !errors.Is(wrapped, errClosed) {
		t.Error("a copy is not the fault")
	}
	if errors.Is(wrapped, fault.New(fault.Conflict, "other", "")) {
		t.Error("another code is the fault")
	}
	if got := fault.Of(wrapped); got.Kind != fault.Conflict || got.Error() != "case_not_open" {
		t.Errorf("%v %v", got.Kind, got)
	}
}

func TestCopiesLeaveTheSentinelAlone(t *testing.T) {
	one := errClosed.At("/a", "x")
	two, three := one.At("/b", "y"), one.At("/c", "z")
	if len(errClosed.Fields) != 0 || len(one.Fields) != 1 {
		t.Error("a copy changed what it was made of")
	}
	if diff := cmp.Diff([]fault.Field{{Pointer: "/a", Rule: "x"}, {Pointer: "/b", Rule: "y"}}, two.Fields); diff != "" {
		t.Error(diff)
	}
	if three.Fields[1].Pointer != "/c" {
		t.Error("two copies share their fields")
	}
	if shown := errClosed.Showing("state", 3); shown.Current != "state" || shown.Version != 3 || errClosed.Current != nil {
		t.Error("showing changed the sentinel")
	}
}

func TestAnythingElseIsOpaque(t *testing.T) {
	cause := errors.New("secret")
	got := fault.Of(cause)
	if got.Kind != fault.Internal || got.Code != "internal" || got.Error() != "internal" || !errors.Is(got, cause) {
		t.Errorf("%v %q %q", got.Kind, got.Code, got.Error())
	}
}

func TestKindsHaveNames(t *testing.T) {
	seen := make(map[string]bool)
	for kind := fault.Internal; kind <= fault.Unavailable; kind++ {
		if name := kind.String(); name == "" || seen[name] {
			t.Errorf("kind %d is named %q", kind, name)
		} else {
			seen[name] = true
		}
	}
}
