package image_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

// A name that looks like an instant is a name: its records are on its lists, in
// their place.
func TestANameThatLooksLikeAnInstant(t *testing.T) {
	looks := fact.Sortable(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))
	tab := image.New(func([]string) bool { return false },
		image.List[[]string]{Name: "by_name", Keys: func(s []string) []string { return []string{fact.Key(s[0])} }},
		image.List[[]string]{Name: "by_name_and_rank", Keys: func(s []string) []string { return []string{fact.Key(s...)} }})
	for _, name := range []string{"0zz", looks, "a"} {
		tab.Put("of "+name, image.Row[[]string]{}, image.Row[[]string]{State: []string{name, "1"}, Version: 1})
	}
	for _, list := range []string{"by_name", "by_name_and_rank"} {
		for _, name := range []string{"0zz", looks, "a"} {
			want := []string{"of " + name}
			if diff := gocmp.Diff(want, tab.Find(list, name)); diff != "" {
				t.Errorf("find %s in %s (-want +got):\n%s", name, list, diff)
			}
			if got, _, err := tab.Page(list, []string{name}, "", 10); err != nil || gocmp.Diff(want, got) != "" {
				t.Errorf("page of %s in %s: %v, %v", name, list, got, err)
			}
			if got, total := tab.Span(list, []string{name}, "", 0, 10); total != 1 || gocmp.Diff(want, got) != "" {
				t.Errorf("span of %s in %s: %v of %d", name, list, got, total)
			}
		}
		all := []string{"of 0zz", "of " + looks, "of a"}
		if diff := gocmp.Diff(all, tab.Find(list)); diff != "" {
			t.Errorf("all of %s (-want +got):\n%s", list, diff)
		}
	}
}
