package guarantees_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// running is a network as it is seen from outside: where its bus is, and where
// its processes tell how they are.
type running struct {
	bus    network.Bus
	admins []string
}

// answer is how long one request may take: longer than the network itself
// gives it, so that it is the network that ends it.
const answer = patience.Stall

// looking asks the admin addresses. What does not answer has not moved.
var looking = &http.Client{Timeout: 10 * time.Second}

// metrics is what the admin addresses tell, of these names alone when there are some:
// who waits asks often. It is empty when one is away.
func (r running) metrics(ctx context.Context, names ...string) []byte {
	asked := "/metrics?" + url.Values{"name[]": names}.Encode()
	var all []byte
	for _, admin := range r.admins {
		a, err := office.Desk{Base: "http://" + admin, HTTP: looking}.Do(ctx, http.MethodGet, asked, nil, nil)
		if err != nil || a.Status != http.StatusOK {
			return nil
		}
		all = append(all, a.Body...)
	}
	return all
}

// works are the metrics that grow while the network works. Those that grow
// because somebody asks it are not among them: a test that waits asks.
var works = []string{
	"sanad_journal_commits_total", "sanad_relay_published_total", "sanad_relay_healed_total", "sanad_reactions_total",
	"sanad_timers_armed_total", "sanad_notices_total", // a deadline that fires again and again is none
}

// moves is the mark of the network: how much it has stored, published, reacted
// to and been woken for.
func (r running) moves() string {
	raw := r.metrics(context.Background(), works...)
	if raw == nil {
		return "the network is away"
	}
	var far []string
	for _, name := range works {
		if n, known := total(raw, name); known {
			far = append(far, fmt.Sprintf("%s %.0f", name, n))
		}
	}
	return strings.Join(far, ", ")
}

// total adds up what the services tell of one metric; a delivery that failed
// and will be tried again is no progress.
func total(raw []byte, name string) (n float64, known bool) {
	for line := range bytes.Lines(raw) {
		if !bytes.HasPrefix(line, []byte(name)) || name == "sanad_reactions_total" && !bytes.Contains(line, []byte(`result="ok"`)) {
			continue
		}
		fields := bytes.Fields(line)
		if v, err := strconv.ParseFloat(string(fields[len(fields)-1]), 64); err == nil {
			n, known = n+v, true
		}
	}
	return n, known
}

// until waits as long as the network works.
func (r running) until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	patience.Until(t, what, holds, r.moves)
}

// idle waits until every service has published all that it stored, taken every event
// there is, and decided on all that is due.
func (r running) idle(t testing.TB) {
	t.Helper()
	quiet, err := network.Listen(r.bus, r.admins...)
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close()
	r.until(t, "the services come to rest", func() bool { return quiet.Rests(t.Context()) })
}
