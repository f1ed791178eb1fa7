package trustfund

import (
	"testing"

	"github.com/sanad-network/sanad/services/contract"
)

func TestContract(t *testing.T) {
	contract.Room(t, New)
}
