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
		s.add(k, k+1)
	}
	if s.has(0, 1) || !s.has(n-1, n) || !s.has(n-seenLately, n-seenLately+1) {
		t.Error("in steady times it holds the latest and no more")
	}
	s.grow()
	for k := range uint64(n) {
		s.add(k, k+1)
	}
	if !s.has(0, 1) || !s.has(n-1, n) || s.has(n, n+1) {
		t.Error("whole, it holds all")
	}
	s.shrink()
	if s.has(n-1, n) || s.whole {
		t.Error("it did not let go")
	}
}

// One place with two tails is a fork, whichever came first, and is told once.
func TestSeenForks(t *testing.T) {
	t.Parallel()
	s := newSeen()
	if s.add(1, 7) {
		t.Error("the first is a fork")
	}
	if s.add(1, 7) || s.expel(1, 7) != nil || s.expel(2, 7) != nil {
		t.Error("a fork where there is none")
	}
	if !s.add(1, 0) || s.add(1, 0) || !s.has(1, 0) || !s.has(1, 7) {
		t.Error("the old form beside the new one is a fork, once")
	}
	if s.expel(1, 7) != nil || s.expel(1, 0) != nil {
		t.Error("told twice")
	}
	s.add(3, 0)
	if s.expel(3, 9) == nil || s.expel(3, 9) != nil || s.has(3, 0) || s.add(3, 9) {
		t.Error("what the journal does not hold is a fork, once, and makes room")
	}
	for k := range uint64(3 * seenLately) {
		s.add(100+2*k, k)
		s.add(100+2*k, k+1)
	}
	if len(s.more) > 2*seenLately {
		t.Errorf("%d forks are kept in steady times", len(s.more))
	}
}
