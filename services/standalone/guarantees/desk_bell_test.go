package guarantees_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// listens opens the stream of a browser. What it says comes out of the channel.
func (b *browser) listens() <-chan string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.origin()+"/desk/live", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.jar.Cookies(secure(req.URL)) {
		req.AddCookie(c)
	}
	res, err := (&http.Client{}).Do(req) // no limit: the stream lasts
	if err != nil {
		b.t.Fatal(err)
	}
	said := make(chan string, 100)
	go func() {
		defer close(said)
		defer func() { _ = res.Body.Close() }()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if word, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				said <- word
			}
		}
	}()
	if word := <-said; word != "hello" {
		b.t.Fatalf("the stream begins with %q", word)
	}
	return said
}

// What happens in the network rings at the desks of those who may see it, and at no other,
// long before they would look again by themselves.
func TestTheDeskIsRung(t *testing.T) {
	w := begin(t, func(w *world) { w.config.DeskBeat = time.Hour })
	p := w.deskStory(t.Context())
	asked := w.browser(network.Seat(p.lawyer.Agency, "lawyer")).listens()
	asks := w.browser(network.Seat(journey.FrontDesk, "caseworker")).listens()
	other := w.browser(network.Seat(journey.Forensics, "examiner")).listens()
	js, leave := as(t, w.Bus, bus.Steward)
	defer leave()
	patience.Until(t, "the bell reads headers", func() bool {
		c, err := js.Consumer(t.Context(), bus.Events, bus.IntegratorConsumer(bus.Pages, 1))
		return err == nil && c.CachedInfo().NumWaiting > 0 && c.CachedInfo().Config.HeadersOnly && c.CachedInfo().Config.DeliverPolicy == jetstream.DeliverNewPolicy
	}, w.running().moves)
	if err := p.lawyer.Post(t.Context(), "/v1/referrals/"+p.referral+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	for who, said := range map[string]<-chan string{"who is asked": asked, "who asks": asks} {
		patience.Until(t, who+" is rung", func() bool { return len(said) > 0 }, w.running().moves)
		if word := <-said; word != "ring" {
			t.Errorf("%s hears %q", who, word)
		}
	}
	w.idle()
	w.stop()
	for word := range other {
		t.Errorf("another agency hears %q, and nothing happened there", word)
	}
}
