package edge

import (
	"context"
	"sync"

	"github.com/sanad-network/sanad/pkg/identity"
)

const (
	// onTheirWay is how many files one process holds in memory at once: they are sealed whole.
	onTheirWay = 12
	// ofAnAgency is how many of them are of one agency. So two agencies whose lines are slow
	// leave ways for the others.
	ofAnAgency = 4
)

// files on their way into and out of this process.
var onWays = ways{of: map[string]int{}}

// ways counts files by the agency whose people send or fetch them.
type ways struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

// way is that of one file. It is taken once it is known who asks, so that nobody without a
// token takes one.
type way struct {
	taken  bool
	agency string
}

type wayKey struct{}

// enterWay takes a way for the file of a request. Errors: files_busy.
func enterWay(ctx context.Context) error {
	w, _ := ctx.Value(wayKey{}).(*way)
	if w == nil {
		return nil // no file
	}
	p, err := identity.From(ctx)
	if err != nil {
		return err
	}
	onWays.mu.Lock()
	defer onWays.mu.Unlock()
	if onWays.all == onTheirWay || onWays.of[p.Agency] == ofAnAgency {
		return errFileBusy
	}
	onWays.all++
	onWays.of[p.Agency]++
	w.taken, w.agency = true, p.Agency
	return nil
}

// leave gives the way back.
func (w *way) leave() {
	if !w.taken {
		return
	}
	onWays.mu.Lock()
	defer onWays.mu.Unlock()
	onWays.all--
	if onWays.of[w.agency]--; onWays.of[w.agency] == 0 {
		delete(onWays.of, w.agency)
	}
}
