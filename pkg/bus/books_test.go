package bus

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestFIFO(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var (
			q     fifo[int]
			model []int
			next  int
		)
		t.Repeat(map[string]func(*rapid.T){
			"push": func(*rapid.T) {
				q.push(next)
				model = append(model, next)
				next++
			},
			"pop": func(t *rapid.T) {
				if len(model) == 0 {
					t.Skip()
				}
				if got := q.peek(); got != model[0] {
					t.Fatalf("peek %d, want %d", got, model[0])
				}
				if got := q.pop(); got != model[0] {
					t.Fatalf("pop %d, want %d", got, model[0])
				}
				model = model[1:]
			},
			"": func(t *rapid.T) {
				if q.len() != len(model) || !slices.Equal(slices.Collect(q.all()), model) {
					t.Fatalf("holds %v, want %v", slices.Collect(q.all()), model)
				}
			},
		})
	})
}

// A queue that is never empty must not keep all that ever went through it.
func TestFIFOReusesMemory(t *testing.T) {
	t.Parallel()
	var q fifo[int]
	for n := range 1000 {
		q.push(n)
	}
	for n := range 1_000_000 {
		q.push(n)
		q.pop()
	}
	if cap(q.items) > 8192 {
		t.Errorf("room for %d where 1000 wait", cap(q.items))
	}
}

func TestSeen(t *testing.T) {
	t.Parallel()
	s := newSeen()
	const n = 10 * seenLately
	for k := range uint64(n) {
		s.add(k)
	}
	if s.has(0) || !s.has(n-1) || !s.has(n-seenLately) {
		t.Error("in steady times it holds the latest and no more")
	}
	s.grow()
	for k := range uint64(n) {
		s.add(k)
	}
	if !s.has(0) || !s.has(n-1) || s.has(n) {
		t.Error("whole, it holds all")
	}
	s.shrink()
	if s.has(n-1) || s.whole {
		t.Error("it did not let go")
	}
}
