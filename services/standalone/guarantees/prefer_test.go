package guarantees_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Who prefers not to be shown what they change is not, and it is changed all the
// same: once for a key, whether each sending of it prefers that or not.
func TestAnswersWithoutTheRecord(t *testing.T) {
	w := begin(t)
	front := w.desk(journey.FrontDesk, "caseworker")
	send := func(path, key, body string, prefer ...string) office.Answer {
		t.Helper()
		a, err := front.Do(t.Context(), http.MethodPost, path, []byte(body), http.Header{
			"Content-Type": {"application/json"}, "Idempotency-Key": {key}, "Prefer": prefer,
		})
		if err != nil {
			t.Fatal(err)
		}
		applied := len(prefer) > 0 && a.Status < 300
		if got := a.Header.Get("Preference-Applied") == "return=minimal"; got != applied || applied != (len(a.Body) == 0) {
			t.Errorf("%s, preferring %q: %d %v %q", path, prefer, a.Status, a.Header, a.Body)
		}
		return a
	}
	same := func(path, body string, status, without int) office.Answer {
		t.Helper()
		key := uuid.NewString()
		short := send(path, key, body, "return=minimal")
		full := send(path, key, body)
		again := send(path, key, body, "respond-async, return=minimal")
		if full.Status != status || short.Status != without || again.Status != without {
			t.Fatalf("%s: %d, then %d %s, then %d", path, short.Status, full.Status, full.Body, again.Status)
		}
		for _, name := range []string{"Etag", "Location"} {
			if short.Header.Get(name) != full.Header.Get(name) || again.Header.Get(name) != full.Header.Get(name) {
				t.Errorf("%s: %s %v %v %v", path, name, short.Header, full.Header, again.Header)
			}
		}
		return full
	}
	opened := same("/v1/cases", `{"channel":"citizen_service_office","country":"GT","programme":"guatemala"}`, http.StatusCreated, http.StatusCreated)
	at := opened.Header.Get("Location")
	closed := same(at+"/close", `{"reason":"survivor_request"}`, http.StatusOK, http.StatusNoContent)
	if closed.Header.Get("Etag") != `"2"` {
		t.Errorf("version %s after two commands", closed.Header.Get("Etag"))
	}
	if refused := send(at+"/close", uuid.NewString(), `{"reason":"survivor_request"}`, "return=minimal"); refused.Status != http.StatusConflict {
		t.Errorf("closed twice: %d %s", refused.Status, refused.Body)
	}
}
