package guarantees_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// follower is a proxy that follows readiness, as those before a network do: it asks
// /readyz from time to time, and holds requests while the answer is no.
type follower struct {
	proxy   *httputil.ReverseProxy
	refused atomic.Int64
	mu      sync.Mutex
	open    chan struct{} // closed while requests go through
}

// asksEvery is how often the proxy looks: what happens between two looks it learns
// too late.
const asksEvery = 250 * time.Millisecond

func newFollower(api string) *follower {
	f := &follower{open: make(chan struct{})}
	f.proxy = httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: api})
	f.proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) {
		f.refused.Add(1)
		w.WriteHeader(http.StatusBadGateway)
	}
	return f
}

// ServeHTTP sends a request on as soon as the process was ready when last asked.
func (f *follower) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	open := f.open
	f.mu.Unlock()
	select {
	case <-open:
		f.proxy.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}

// follow asks until ctx is done.
func (f *follower) follow(ctx context.Context, admin string) {
	was := false
	tick := time.NewTicker(asksEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		a, err := office.Desk{Base: "http://" + admin, HTTP: looking}.Do(ctx, http.MethodGet, "/readyz", nil, nil)
		now := err == nil && a.Status == http.StatusOK
		f.mu.Lock()
		switch {
		case now && !was:
			close(f.open)
		case !now && was:
			f.open = make(chan struct{})
		}
		was = now
		f.mu.Unlock()
	}
}

// restartUnderLoad restarts a network behind such a proxy while desks open cases, and
// counts what was asked, and what the process refused.
func restartUnderLoad(t *testing.T, lameDuck time.Duration) (asked, refused int64) {
	t.Helper()
	api, admin := freeAddr(t), freeAddr(t)
	w := begin(t, func(w *world) {
		w.config.Service.HTTPAddr, w.config.Service.AdminAddr, w.config.Service.LameDuck = api, admin, lameDuck
	})
	f := newFollower(api)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	f.proxy.Transport = transport
	defer transport.CloseIdleConnections()
	front := httptest.NewServer(f)
	defer front.Close()
	ctx, end := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	defer busy.Wait()
	defer end()
	busy.Go(func() { f.follow(ctx, admin) })

	client := front.Client()
	client.Timeout = answer
	desk := w.desk(journey.FrontDesk, "caseworker")
	desk.Base, desk.HTTP = front.URL, client
	var opened, wrong atomic.Int64
	var desks sync.WaitGroup
	done := make(chan struct{})
	for range 16 {
		desks.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if err := desk.Post(ctx, "/v1/cases", m{"channel": "hotline", "country": "GT", "programme": "guatemala"}, nil); err != nil {
					wrong.Add(1)
				}
				opened.Add(1)
			}
		})
	}
	some := func(more int64) {
		from := opened.Load()
		patience.Until(t, "the desks open cases", func() bool { return opened.Load() >= from+more }, w.running().moves)
	}
	some(500)
	w.restart(nil)
	some(500)
	close(done)
	desks.Wait()
	if wrong.Load() != f.refused.Load() {
		t.Errorf("%d requests failed, %d of them were refused", wrong.Load(), f.refused.Load())
	}
	return opened.Load(), f.refused.Load()
}

// A restart refuses nobody who follows readiness: the process says first that it is
// not ready, and still answers until who asks has noticed.
func TestARestartRefusesNobody(t *testing.T) {
	asked, refused := restartUnderLoad(t, 20*asksEvery)
	t.Logf("%d of %d requests were refused", refused, asked)
	if refused > 0 {
		t.Errorf("%d of %d requests were refused", refused, asked)
	}
}
