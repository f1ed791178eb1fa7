package identity

import (
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The page for those who set up an identity provider names the claims that are
// read, which of them must be there, and the bounds.
func TestPageTellsTheClaims(t *testing.T) {
	page, err := os.ReadFile("../../docs/guides/access.md")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z]{3,9})` \\| (there|–) \\|").FindAllSubmatch(page, -1) {
		name := string(row[1])
		told = append(told, name)
		_, err := readClaims(claimsOf(map[string]any{name: nil}))
		if must := string(row[2]) == "there"; must != (err != nil) {
			t.Errorf("%s must be there: %t; without it: %v", name, must, err)
		}
	}
	if diff := cmp.Diff(names, told); diff != "" {
		t.Errorf("code (-) and docs/guides/access.md (+):\n%s", diff)
	}

	bounds := map[string]time.Duration{}
	for _, row := range regexp.MustCompile("(?m)^\\| ([a-z ]+) \\| `([0-9a-z]+)` \\|$").FindAllSubmatch(page, -1) {
		if bounds[string(row[1])], err = time.ParseDuration(string(row[2])); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(map[string]time.Duration{
		"longest lifetime": longest, "clock of the provider ahead of ours": skew, "known keys are asked for again": refreshAfter,
		"unknown keys are asked for at most every": fetchPause, "oldest keys that are used": keysAge,
	}, bounds); diff != "" {
		t.Errorf("code (-) and docs/guides/access.md (+):\n%s", diff)
	}

	kinds := regexp.MustCompile("is `([A-Za-z+]+)` or `([A-Za-z+]+)`").FindSubmatch(page)
	if kinds == nil || !slices.Equal(types, []string{string(kinds[1]), string(kinds[2])}) {
		t.Errorf("the kinds that the page names: %s", kinds)
	}
}
