package measure

import (
	"testing"

	"github.com/sanad-network/sanad/pkg/record/recordtest"
)

// Of two processes that write one journal, neither loses her no.
func TestTwoWritersLoseNoWithdrawal(t *testing.T) {
	j := &recordtest.Journal{Beside: true}
	standing, first, err := Withdrawn(t.Context(), j, j, 600)
	if err != nil || len(standing) > 0 {
		t.Errorf("%d of 600 referrals stand on a consent that has ended: %v", len(standing), err)
	}
	t.Logf("%d of 600 requests were done before the withdrawal was", first)
}
