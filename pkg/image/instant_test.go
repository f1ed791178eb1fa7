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
	lists := map[string]*image.List[[]string]{
		"by name":          {Keys: func(s []string) []string { return []string{fact.Key(s[0])} }},
		"by name and rank": {Keys: func(s []string) []string { return []string{fact.Key(s...)} }},
	}
	tab := image.New(func([]string) bool { return false }, lists["by name"], lists["by name and rank"])
	for _, name := range []string{"0zz", looks, "a"} {
		tab.Put("of "+name, image.Row[[]string]{}, image.Row[[]string]{State: []string{name, "1"}, Version: 1})
	}
	for words, list := range lists {
		for _, name := range []string{"0zz", looks, "a"} {
			want := []string{"of " + name}
			if diff := gocmp.Diff(want, tab.Find(list.Of(name))); diff != "" {
				t.Errorf("find %s in %s (-want +got):\n%s", name, words, diff)
			}
			if got, _, err := tab.Page(list.Of(name), "", 10); err != nil || gocmp.Diff(want, got) != "" {
				t.Errorf("page of %s in %s: %v, %v", name, words, got, err)
			}
			if got, total := tab.Span(list.Of(name), "", 0, 10); total != 1 || gocmp.Diff(want, got) != "" {
				t.Errorf("span of %s in %s: %v of %d", name, words, got, total)
			}
		}
		all := []string{"of 0zz", "of " + looks, "of a"}
		if diff := gocmp.Diff(all, tab.Find(list.Of())); diff != "" {
			t.Errorf("all of %s (-want +got):\n%s", words, diff)
		}
	}
}
