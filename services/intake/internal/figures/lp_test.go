package figures_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// system is x >= 0 with sums that are known: each row of a has a 0, 1 or -1 for each variable, and b is what it
// is. The systems of a tree of sums are totally unimodular (each variable is a part of one sum and a whole of
// another), so each corner is of whole numbers, and each step divides by 1 or -1: the bounds are exact, and there
// is a population of whole cases at each.
type system struct {
	a     [][]int
	b     []int
	basis []int
}

// simplex pivots (Bland's rule) until no step lessens the cost: false where it can be lessened for ever.
func (s *system) simplex(t *rapid.T, cost []int) (least int, bounded bool) {
	width := len(cost)
	reduced := slices.Clone(cost)
	for i, j := range s.basis {
		if by := reduced[j]; by != 0 {
			for n := range width {
				reduced[n] -= by * s.a[i][n]
			}
			least += by * s.b[i]
		}
	}
	for {
		enter := slices.IndexFunc(reduced, func(r int) bool { return r < 0 })
		if enter < 0 {
			return least, true
		}
		leave := -1
		for i := range s.a {
			if s.a[i][enter] <= 0 {
				continue
			}
			if leave < 0 || s.b[i]*s.a[leave][enter] < s.b[leave]*s.a[i][enter] ||
				s.b[i]*s.a[leave][enter] == s.b[leave]*s.a[i][enter] && s.basis[i] < s.basis[leave] {
				leave = i
			}
		}
		if leave < 0 {
			return 0, false
		}
		s.pivot(t, leave, enter)
		by := reduced[enter]
		for n := range width {
			reduced[n] -= by * s.a[leave][n]
		}
		least += by * s.b[leave]
	}
}

func (s *system) pivot(t *rapid.T, row, column int) {
	switch s.a[row][column] {
	case 1:
	case -1:
		for n := range s.a[row] {
			s.a[row][n] = -s.a[row][n]
		}
		s.b[row] = -s.b[row]
	default:
		t.Fatalf("a step divides by %d: the bounds are not exact", s.a[row][column])
	}
	for i := range s.a {
		if by := s.a[i][column]; i != row && by != 0 {
			for n := range s.a[i] {
				s.a[i][n] -= by * s.a[row][n]
			}
			s.b[i] -= by * s.b[row]
		}
	}
	s.basis[row] = column
}

// feasible finds a first corner: nil where the sums contradict each other.
func feasible(t *rapid.T, a [][]int, b []int, variables int) *system {
	s := &system{}
	cost := make([]int, variables+len(a))
	for i := range a {
		row := make([]int, variables+len(a))
		copy(row, a[i])
		is := b[i]
		if is < 0 {
			for n := range row {
				row[n] = -row[n]
			}
			is = -is
		}
		row[variables+i], cost[variables+i] = 1, 1
		s.a, s.b, s.basis = append(s.a, row), append(s.b, is), append(s.basis, variables+i)
	}
	if least, _ := s.simplex(t, cost); least != 0 {
		return nil
	}
	// What was made up for the first corner leaves it, or its sum says nothing new.
	for i := 0; i < len(s.a); i++ {
		if s.basis[i] < variables {
			continue
		}
		if column := slices.IndexFunc(s.a[i][:variables], func(v int) bool { return v != 0 }); column >= 0 {
			s.pivot(t, i, column)
			continue
		}
		s.a, s.b, s.basis = slices.Delete(s.a, i, i+1), slices.Delete(s.b, i, i+1), slices.Delete(s.basis, i, i+1)
		i--
	}
	for i := range s.a {
		s.a[i] = s.a[i][:variables]
	}
	return s
}

// bounds of one variable: high is -1 where there is none.
func (s *system) bounds(t *rapid.T, variable, variables int) (low, high int) {
	cost := make([]int, variables)
	cost[variable] = 1
	low, _ = s.simplex(t, cost)
	cost[variable] = -1
	least, bounded := s.simplex(t, cost)
	if !bounded {
		return low, -1
	}
	return low, -least
}

// The bounds are those that one finds by trying every number.
func TestBoundsAreThoseOfEveryPopulation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Variable 0 is divided into 1, 2 and 3, and 3 into 4 and 5.
		const variables, most = 6, 7
		known := map[int]int{0: rapid.IntRange(0, most).Draw(t, "total")}
		for v := 1; v < variables; v++ {
			if rapid.IntRange(0, 3).Draw(t, "known") == 0 {
				known[v] = rapid.IntRange(0, most).Draw(t, "is")
			}
		}
		a, b := [][]int{{1, -1, -1, -1, 0, 0}, {0, 0, 0, 1, -1, -1}}, []int{0, 0}
		for v, is := range known {
			row := make([]int, variables)
			row[v] = 1
			a, b = append(a, row), append(b, is)
		}
		low, high, found := slices.Repeat([]int{most + 1}, variables), slices.Repeat([]int{-1}, variables), false
		for x1 := range most + 1 {
			for x2 := range most + 1 {
				for x4 := range most + 1 {
					for x5 := range most + 1 {
						x := []int{x1 + x2 + x4 + x5, x1, x2, x4 + x5, x4, x5}
						fits := true
						for v, is := range known {
							fits = fits && x[v] == is
						}
						if !fits {
							continue
						}
						found = true
						for v := range x {
							low[v], high[v] = min(low[v], x[v]), max(high[v], x[v])
						}
					}
				}
			}
		}
		s := feasible(t, a, b, variables)
		if (s != nil) != found {
			t.Fatalf("%v: %v", known, s)
		}
		if s == nil {
			return
		}
		for v := range variables {
			if l, h := s.bounds(t, v, variables); l != low[v] || h != high[v] {
				t.Errorf("%v: variable %d is from %d to %d, and not to %d, %d", known, v, low[v], high[v], l, h)
			}
		}
	})
}
