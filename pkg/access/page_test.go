package access

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The page for those who give roles is the second writing of the whole matrix: a
// role that gains or loses a permission must say so there.
func TestMatrixIsThatOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/guides/access.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[Role][]Permission{}
	for _, row := range rows(t, string(page), "Roles", "(?m)^\\| `([a-z_]+)` \\| ") {
		if _, twice := told[Role(row[1])]; twice {
			t.Errorf("%s is there twice", row[1])
		}
		told[Role(row[1])] = nil
	}
	for _, row := range rows(t, string(page), "Permissions", "(?m)^\\| `([a-z]+(?::[a-z]+)?)` \\| [^|]+ \\| ([a-z_, ]+) \\|$") {
		for role := range strings.SplitSeq(row[2], ", ") {
			if _, known := told[Role(role)]; !known {
				t.Errorf("%s: no role %q", row[1], role)
			}
			told[Role(role)] = append(told[Role(role)], Permission(row[1]))
		}
	}
	for _, permissions := range told {
		slices.Sort(permissions)
	}
	meant := map[Role][]Permission{}
	for role, permissions := range held {
		meant[role] = append([]Permission(nil), permissions...)
		slices.Sort(meant[role])
	}
	if diff := cmp.Diff(meant, told); diff != "" {
		t.Errorf("code (-) and docs/guides/access.md (+):\n%s", diff)
	}
}

// rows are the lines of the table in a section of the page, all of which must have
// the form.
func rows(t *testing.T, page, section, form string) [][]string {
	t.Helper()
	_, after, found := strings.Cut(page, "\n## "+section+"\n")
	part, _, _ := strings.Cut(after, "\n## ")
	got := regexp.MustCompile(form).FindAllStringSubmatch(part, -1)
	if lines := strings.Count(part, "\n| "); !found || len(got) != lines-1 { // one is the head
		t.Fatalf("%s: %d rows of %d lines can be read", section, len(got), lines)
	}
	return got
}
