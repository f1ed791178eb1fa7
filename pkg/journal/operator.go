package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// OperatorLook is a look of an operator at the way of one referral. It is signed and
// never deleted.
type OperatorLook struct {
	At       time.Time `json:"-"`
	Referral string    `json:"referral"`
	// By is the person by the name in their token, and Agency that for which they act.
	By     string `json:"by"`
	Agency string `json:"agency"`
}

var errLook = errors.New("a look names the referral and the person")

// looksKept is how many looks are in memory, the newest. All of them stay in the store.
const looksKept = 100

// Look records a look before anything is shown.
func (j *Journal) Look(ctx context.Context, l OperatorLook) error {
	if l.Referral == "" || l.By == "" {
		return errLook
	}
	if err := j.declare(ctx, Said{Looked: &l}); err != nil {
		return ErrUnavailable.Because(fmt.Errorf("record a look: %w", err))
	}
	return nil
}

// Looks are the newest looks, the last one first.
func (j *Journal) Looks() []OperatorLook {
	j.ledger.mu.RLock()
	defer j.ledger.mu.RUnlock()
	looks := slices.Clone(j.ledger.looks)
	slices.Reverse(looks)
	return looks
}

// Unheard is the number of the last statement by which somebody released a record while
// the service ran, when the service has not been told to hear all events again since; 0
// for none. An event that caused what is lost may still be on the bus.
func (j *Journal) Unheard() uint64 {
	j.ledger.mu.RLock()
	defer j.ledger.mu.RUnlock()
	if j.ledger.decided > j.ledger.heard {
		return j.ledger.decided
	}
	return 0
}

// Heard records that the service hears all events again, after what was decided up to a
// statement.
func (j *Journal) Heard(ctx context.Context, number uint64) error {
	return j.declare(ctx, Said{Heard: number})
}
