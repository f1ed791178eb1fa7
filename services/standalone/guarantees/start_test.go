package guarantees_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/sanad-network/sanad/pkg/telemetry"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// Who asks while the images are filled is told to come again, and does not wait
// for an answer that may take minutes. The probes find somebody as well.
func TestWhoComesEarlyIsToldToComeAgain(t *testing.T) {
	api, admin := freeAddr(t), freeAddr(t)
	w := begin(t, func(w *world) { w.config.Service.HTTPAddr, w.config.Service.AdminAddr = api, admin })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	desk := w.desk(journey.FrontDesk, "caseworker")
	w.stop()
	asked := false
	w.config.Progress = func(string, int64, int64) {
		if asked {
			return
		}
		asked = true // the others wait until this call returns
		for _, q := range []struct {
			method, path, body string
		}{
			{http.MethodGet, "/v1/agencies", ""},
			{http.MethodPost, "/v1/cases", `{"channel": "court"}`},
			{http.MethodGet, "/docs", ""},
			{http.MethodGet, "/no/such/path", ""},
		} {
			early(ctx, t, desk, q.method, q.path, q.body)
		}
		for path, want := range map[string]int{"/livez": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
			if got := probe(ctx, t, "http://"+admin+path); got != want {
				t.Errorf("%s while it starts: %d, want %d", path, got, want)
			}
		}
	}
	w.start()
	if !asked {
		t.Fatal("nothing was read at the start")
	}
	if a, err := desk.Do(ctx, http.MethodGet, "/v1/agencies", nil, nil); err != nil || a.Status != http.StatusOK {
		t.Errorf("once it is ready: %d %s, %v", a.Status, a.Body, err)
	}
	for _, service := range network.With(true) {
		a, err := desk.Do(ctx, http.MethodGet, "/docs/api/"+service, nil, nil)
		if err != nil || !strings.Contains(string(a.Body), `data-contract="/openapi/`+service+`.yaml" data-here="true"`) {
			t.Errorf("the reference of %s, which is served here: %d %s, %v", service, a.Status, a.Body, err)
		}
	}
}

func early(ctx context.Context, t *testing.T, desk office.Desk, method, path, body string) {
	t.Helper()
	header := http.Header{}
	if method == http.MethodPost {
		header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {"0190e5c2-7a44-7c7e-9d5a-2d0a3f1b6c11"}}
	}
	a, err := desk.Do(ctx, method, path, []byte(body), header)
	if err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return
	}
	var p struct {
		Code   string
		Status int
	}
	if err := json.Unmarshal(a.Body, &p); err != nil || a.Status != http.StatusServiceUnavailable || p.Status != a.Status || p.Code != "not_ready" ||
		a.Header.Get("Retry-After") != "1" || a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s %s: %d %s %v", method, path, a.Status, a.Body, a.Header)
	}
}

func probe(ctx context.Context, t *testing.T, url string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

// A service that cannot start stops the others, which start beside it, and
// leaves nothing behind: not the address, and nobody who works on.
func TestAStartThatFailsLeavesNothingBehind(t *testing.T) {
	api := freeAddr(t)
	// Nobody watches: a watch looks for the bus again when it is stopped.
	w := begin(t, func(w *world) { w.config.Service.HTTPAddr, w.unwatched = api, true })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := journey.Register(ctx, w.cast()); err != nil {
		t.Fatal(err)
	}
	w.stop()
	tel, flush, err := telemetry.New(ctx, telemetry.Config{Service: "standalone", Writer: w.logs})
	if err != nil {
		t.Fatal(err)
	}
	leaks := goleak.IgnoreCurrent()
	broken := w.config
	broken.Telemetry = tel
	broken.Service.CheckpointDir = filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(broken.Service.CheckpointDir, []byte("no folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := network.Open(ctx, broken); err == nil || !strings.Contains(err.Error(), "start ") {
		t.Fatalf("%v, %v", n, err)
	}
	goleak.VerifyNone(t, leaks)
	if err := flush(ctx); err != nil {
		t.Error(err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", api)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	w.start()
	desk := w.desk(journey.FrontDesk, "caseworker")
	if a, err := desk.Do(ctx, http.MethodGet, "/v1/agencies", nil, nil); err != nil || a.Status != http.StatusOK {
		t.Errorf("after a start that failed: %d %s, %v", a.Status, a.Body, err)
	}
}
