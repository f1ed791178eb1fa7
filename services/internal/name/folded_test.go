package name

import (
	"testing"

	"pgregory.net/rapid"
)

// Names are one as people write them, and two where they are two.
func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Ana  Osmonova ", "ana osmonova", true},
		{"José", "Jose\u0301", true},
		{"STRASSE", "straße", true},
		{"فاطمة\u200f", "فاطمة", true},
		{"می\u200cخواهم", "میخواهم", true},
		{"Ａｎａ", "ana", true},
		{"ᎠꭰᎠ", "ꭰᎠꭰ", true},
		{"Ana", "Anna", false},
		{"Jose", "José", false},
		{"", "", false},
		{" ", "\u200b", false},
	} {
		if got := Same(c.a, c.b); got != c.want || Same(c.b, c.a) != c.want {
			t.Errorf("%q and %q: %t", c.a, c.b, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		drawn := rapid.String().Draw(t, "name")
		if Folded(Folded(drawn)) != Folded(drawn) {
			t.Fatalf("%q folds twice into another", drawn)
		}
		if Folded(drawn) != foldedWhole(drawn) {
			t.Fatalf("%q folds in two ways", drawn)
		}
		letters := rapid.StringMatching(`[ -~\t]{0,12}`).Draw(t, "letters")
		if Folded(letters) != foldedWhole(letters) {
			t.Fatalf("%q folds in two ways", letters)
		}
	})
}
