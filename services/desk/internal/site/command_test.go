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

// A form comes back to a page of the desk, and to nothing else.
func TestBack(t *testing.T) {
	for path, want := range map[string]string{
		"/desk/cases/case_1?done=x": "/desk/cases/case_1?done=x", "/console/letters": "/console/letters",
		"": "/", "//evil/desk/": "/", "/\\evil": "/", "https://evil/desk/": "/", "https:/desk/": "/", "///desk/": "/", "javascript:alert(1)": "/",
		"/desk/../v1/cases": "/", "/desk/%2e%2e/v1": "/", "/desk/..//evil": "/", "/desk/\r\nX: y": "/", "/v1/cases": "/", "/desk": "/",
	} {
		if got := back(path, "/"); got != want {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}
