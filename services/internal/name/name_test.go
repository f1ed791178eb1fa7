package name_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/services/internal/name"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want name.Likeness
	}{
		{"Ana Lopez", "ANA  LÓPEZ", name.Alike},
		{"Ana Lopez", "López, Ana", name.Alike},
		{"María de la Luz Xol", "Xol María Luz", name.Alike},
		{"Нургуль Асанова", "Nurgul Asanova", name.Alike},
		{"Straße", "STRASSE", name.Alike},
		{"محمد", "Mohammed", name.Doubtful},
		{"محمد علي", "Muhammad Ali", name.Doubtful},
		{"Mohamed Hassan", "Muhammad Hasan", name.Doubtful},
		{"Fatima", "Fatimah", name.Doubtful},
		{"الحسن", "Al-Hassan", name.Doubtful},
		{"Yusuf Demir", "Youssef Karim", name.Doubtful},
		{"Ana Lopez", "Ana Ramirez", name.Doubtful},
		{"Gonzalez", "Gonzales", name.Doubtful},
		{"Nguyễn Thị Hoa", "Nguyen Van Nam", name.Doubtful},
		{"Ana Lopez", "Berta Choc", name.Unlike},
		{"Ahmad al-Masri", "Karim al-Najjar", name.Unlike},
		{"", "Ana", name.Unlike},
		{"–", "–", name.Unlike},
	} {
		if got := name.Compare(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// A comparison has no direction, and neither the order of the words nor their case counts.
func TestCompareBothWays(t *testing.T) {
	some := rapid.SampledFrom([]string{"ana", "López", "محمد", "Асан", "Fatimah", "de", "O'Neill", "Ngô", "Xol", "-"})
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SliceOfN(some, 1, 4).Draw(t, "a"), rapid.SliceOfN(some, 1, 4).Draw(t, "b")
		one, two := strings.Join(a, " "), strings.Join(b, " ")
		is := name.Compare(one, two)
		if is != name.Compare(two, one) {
			t.Fatalf("%q and %q: it depends on which is first", one, two)
		}
		other := strings.ToUpper(strings.Join(rapid.Permutation(a).Draw(t, "order"), "  "))
		if is != name.Compare(other, two) {
			t.Fatalf("%q and %q: not as %q", other, two, one)
		}
	})
}
