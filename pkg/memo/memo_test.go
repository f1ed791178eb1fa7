package memo_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sanad-network/sanad/pkg/memo"
)

var errOdd = errors.New("odd")

// However many ask, each value is made once, and so is each error.
func TestEachIsMadeOnce(t *testing.T) {
	var made atomic.Int64
	halves := memo.Of[int, int]{Make: func(n int) (int, error) {
		made.Add(1)
		if n%2 == 1 {
			return 0, errOdd
		}
		return n / 2, nil
	}}
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			n := i % 4
			half, err := halves.Get(n)
			if odd := n%2 == 1; errors.Is(err, errOdd) != odd || !odd && half != n/2 {
				t.Errorf("half of %d is %d, %v", n, half, err)
			}
		})
	}
	all.Wait()
	if n := made.Load(); n != 4 {
		t.Errorf("four values were made %d times", n)
	}
}
