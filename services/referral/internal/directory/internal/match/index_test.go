package match

import (
	"errors"
	"slices"
	"testing"

	"github.com/sanad-network/sanad/api/code"
)

func TestAnIndexRefuses(t *testing.T) {
	for name, places := range map[string][]*Place{
		"an unknown service": {open("aa"), open("aa", func(o *Place) { o.Service = "massage" })},
		"an unknown country": {open("aa", func(o *Place) { o.Country = "XX" })},
		"the same twice":     {open("aa"), open("aa")},
	} {
		if _, err := NewIndex(slices.Values(places)); !errors.Is(err, ErrUnknownCode) && !errors.Is(err, ErrNeed) {
			t.Errorf("%s: %v", name, err)
		}
		x := index(t, open("aa"))
		if err := x.Replace("aa", places); !errors.Is(err, ErrUnknownCode) && !errors.Is(err, ErrNeed) {
			t.Errorf("%s: %v", name, err)
		}
		if x.Len() != 1 {
			t.Errorf("%s: something was changed", name)
		}
	}
	x := index(t, open("aa"))
	if err := x.Replace("another source", []*Place{open("bb"), open("aa")}); !errors.Is(err, ErrNeed) {
		t.Errorf("what another source has: %v", err)
	}
	if got := x.Of("GT", code.HealthMedical); len(got) != 1 {
		t.Error("something was changed")
	}
}
