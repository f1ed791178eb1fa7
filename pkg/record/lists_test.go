package record_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// thirds are the dossiers that were changed a number of times that three divides.
var thirds = image.List[dossier]{Keys: func(d dossier) []string {
	if d.N%3 != 0 {
		return nil
	}
	return []string{fact.Key("x")}
}}

// A page of what is in two lists is full as long as there is enough, and the pages
// are all of it, each once, in the order of the first list.
func TestAPageOfTwoLists(t *testing.T) {
	j := tampered{Journal: &recordtest.Journal{}}
	f := openFiles(t, j)
	var want []string
	for i := range 40 {
		id := fmt.Sprintf("file_%02d", i)
		for range 1 + i%3 {
			if _, err := f.rs.Execute(somebody(t, ""), id, addTo); err != nil {
				t.Fatal(err)
			}
		}
		if i%3 == 2 {
			want = append(want, id)
		}
	}
	var got []string
	for cursor, pages := "", 0; ; pages++ {
		page, next, err := f.rs.Page(t.Context(), dossiers.Of("a").And(thirds.Of()), cursor, 5)
		if err != nil || len(page) > 5 || len(page) < 5 && next != "" {
			t.Fatalf("page %d: %d of 5, next %q, %v", pages, len(page), next, err)
		}
		for _, r := range page {
			got = append(got, r.ID)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("pages (-want +got):\n%s", d)
	}
}
