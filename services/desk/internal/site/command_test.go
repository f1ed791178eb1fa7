package site

import (
	"net/http"
	"testing"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// A command of which nobody said whether it took effect is sent again as the same one.
func TestAnUnansweredCommandIsSentAgainAsItself(t *testing.T) {
	for status, same := range map[int]bool{
		http.StatusConflict: false, http.StatusPreconditionFailed: false, http.StatusUnprocessableEntity: false,
		http.StatusInternalServerError: true, http.StatusServiceUnavailable: true,
	} {
		const key = "f81d4fae-7dec-41d0-a765-00a0c91e6bf6"
		if next := nextKey(key, &api.Problem{Status: status}); (next == key) != same {
			t.Errorf("after %d the key is %s", status, next)
		}
	}
}
