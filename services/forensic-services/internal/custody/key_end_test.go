package custody_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/forensic-services/internal/custody"
)

// Everybody reads a public key. Its own agency ends it, and nobody else does, or is offered to.
func TestAKeyIsEndedByItsOwnAgency(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	k := custody.Key{}.Evolve(fact.Event{Data: forensicv1.CustodyKeyRegistered{Key: "ckey_1", Worker: "worker_1", Agency: "clinic", From: at, Until: at.AddDate(1, 0, 0)}})
	own, other := fact.By{Agency: "clinic", At: at}, fact.By{Agency: "another-clinic", At: at}
	if _, err := k.End(other, custody.End{}); !errors.Is(err, custody.ErrKeyOf) {
		t.Errorf("another agency ends it: %v", err)
	}
	if err := k.Commands()["endCustodyKey"].When(k, other); err == nil {
		t.Error("another agency is offered to end it")
	}
	if events, err := k.End(own, custody.End{}); err != nil || len(events) != 1 {
		t.Errorf("its own agency does not: %v", err)
	}
}
