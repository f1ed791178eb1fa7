// Package near finds the names that a misspelt one may have meant. It refuses to
// give names that are far from it, and to know what is named: its callers give only
// names that the person who asks may know.
package near

import (
	"cmp"
	"slices"

	"github.com/hbollon/go-edlib"
)

// most is how many names are given: few enough to be read out on the telephone.
const most = 3

// To are the names that are nearest to a word, the nearest first. A name is near when
// at most one in three letters, and always two, would have to be changed, added, left
// out or exchanged with its neighbour. It is empty, and never nil, when none is.
func To(word string, names []string) []string {
	type ranked struct {
		name     string
		distance int
	}
	var all []ranked
	for _, name := range names {
		distance := edlib.OSADamerauLevenshteinDistance(word, name)
		if distance <= max(2, max(len([]rune(word)), len([]rune(name)))/3) {
			all = append(all, ranked{name, distance})
		}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	found := []string{}
	for _, r := range all[:min(most, len(all))] {
		found = append(found, r.name)
	}
	return found
}
