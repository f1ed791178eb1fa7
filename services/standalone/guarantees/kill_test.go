package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// acknowledged is what the API said was done.
type acknowledged struct {
	mu       sync.Mutex
	cases    []string
	asked    map[string]string // referral to case
	accepted map[string]bool
}

// count tells how much was acknowledged.
func (a *acknowledged) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.cases) + len(a.asked) + len(a.accepted)
}

// perKill is how much is acknowledged at most between two kills.
const perKill = 400

// kill -9 at any moment under load, thirty times: whatever was acknowledged is
// there, its events are on the bus once in effect, no referral is lost, doubled
// or stuck, and every chain verifies.
func TestKill(t *testing.T) {
	t.Parallel() // it waits for processes of its own
	rounds := 30
	if testing.Short() {
		rounds = 8
	}
	bin := build(t, "github.com/sanad-network/sanad/services/standalone")
	dir, api, admin, bus := t.TempDir(), freeAddr(t), freeAddr(t), freeAddr(t)
	env := []string{
		"SANAD_MODE=training", "SANAD_DATA=" + dir, "SANAD_HTTP_ADDR=" + api, "SANAD_ADMIN_ADDR=" + admin, "SANAD_NATS_ADDR=" + bus,
		"SANAD_RATE_PER_SECOND=1000000",
	}
	issuer, err := identity.NewIssuer(filepath.Join(dir, "issuer.pem"), network.Issuer, network.Audience)
	if err != nil {
		t.Fatal(err)
	}
	desk := func(agency, role string) office.Desk {
		token, err := issuer.Token(network.Seat(agency, role), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return office.Desk{Agency: agency, Token: token, Base: "http://" + api, HTTP: &http.Client{Timeout: answer}}
	}
	front, counsellor := desk(journey.FrontDesk, "caseworker"), desk(journey.Counselling, "counsellor")
	start := func() *process { return spawn(t.Context(), t, bin, admin, env, "-journey", "none") }

	p := start()
	if err := journey.Register(t.Context(), func(a string) office.Desk { return desk(a, "coordinator") }); err != nil {
		t.Fatal(err)
	}
	ack := &acknowledged{asked: map[string]string{}, accepted: map[string]bool{}}
	for range rounds {
		load, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for load.Err() == nil {
					ack.work(load, front, counsellor)
				}
			})
		}
		// The moment is drawn, and any will do: it is as full on a slow machine.
		moment := ack.count() + rand.IntN(perKill)
		patience.Until(t, fmt.Sprint(moment, " acknowledgements"), func() bool { return ack.count() >= moment },
			func() string { return fmt.Sprint(ack.count()) })
		p.kill()
		stop()
		wg.Wait()
		p = start()
	}
	t.Logf("%d cases, %d referrals and %d acceptances were acknowledged between %d kills",
		len(ack.cases), len(ack.asked), len(ack.accepted), rounds)
	running{busAt(dir, bus), []string{admin}}.idle(t)
	check(t, ack, front, counsellor, busAt(dir, bus))
	p.end()

	verify := exec.CommandContext(t.Context(), bin, "verify")
	verify.Env = append(append(verify.Environ(), env...), "SANAD_TRUST_FUND=true")
	if out, err := verify.CombinedOutput(); err != nil || strings.Count(string(out), "commits checked") != len(network.With(true)) {
		t.Errorf("verify: %v\n%s", err, out)
	}
}

// work opens a case, asks for a service and, one time in two, has it accepted;
// it notes what was acknowledged and bears that the process dies on it.
func (a *acknowledged) work(ctx context.Context, front, counsellor office.Desk) {
	var c struct {
		ID        string `json:"id"`
		Referrals []struct {
			ID string `json:"id"`
		} `json:"referrals"`
	}
	if front.Post(ctx, "/v1/cases", map[string]any{
		"channel": "court", "country": "EG", "programme": "egypt", "incident": map[string]any{"types": []string{"rape"}},
		"survivor": map[string]any{"sex": "female", "age_band": "18+"},
	}, &c) != nil {
		return
	}
	a.mu.Lock()
	a.cases = append(a.cases, c.ID)
	a.mu.Unlock()
	if front.Post(ctx, "/v1/cases/"+c.ID+"/consents", map[string]any{
		"recipient": journey.Counselling, "service": "psychosocial_service", "purpose": "service_delivery",
		"categories": []string{"contact"}, "expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339),
		"method": "oral", "given_by": "survivor", "witnessed": true,
	}, nil) != nil {
		return
	}
	if front.Post(ctx, "/v1/cases/"+c.ID+"/requests", map[string]any{"requests": []map[string]any{
		{"recipient": journey.Counselling, "service": "psychosocial_service", "urgency": "urgent"},
	}}, &c) != nil {
		return
	}
	referral := c.Referrals[0].ID
	a.mu.Lock()
	a.asked[referral] = c.ID
	a.mu.Unlock()
	if rand.IntN(2) == 0 {
		return
	}
	var r struct{}
	if counsellor.Until(ctx, "/v1/referrals/"+referral, &r, func() bool { return true }) != nil {
		return
	}
	if counsellor.Post(ctx, "/v1/referrals/"+referral+"/accept", map[string]any{}, nil) == nil {
		a.mu.Lock()
		a.accepted[referral] = true
		a.mu.Unlock()
	}
}

// check looks for everything that was acknowledged, and for everything that
// must have followed from it.
func check(t *testing.T, ack *acknowledged, front, counsellor office.Desk, bus network.Bus) {
	t.Helper()
	byID := map[string][]byte{}
	published := map[string]int{}
	for _, m := range stored(t, bus, "EVENTS") {
		id := m.Header.Get("ce-id")
		if first, again := byID[id]; again {
			if !bytes.Equal(first, m.Data) {
				t.Errorf("event %s was published with two contents", id)
			}
			continue
		}
		byID[id] = m.Data
		published[m.Subject]++
	}
	for _, id := range ack.cases {
		if n := published["sanad.events.intake.case_opened."+id]; n != 1 {
			t.Errorf("case %s was opened by %d events", id, n)
		}
	}
	// Also what was done and never acknowledged must have gone all the way.
	for _, raw := range byID {
		var e struct {
			Referral string `json:"referral"`
			Case     string `json:"case"`
		}
		if err := json.Unmarshal(raw, &e); err != nil || e.Referral == "" || e.Case == "" {
			continue
		}
		if _, known := ack.asked[e.Referral]; !known {
			ack.asked[e.Referral] = e.Case
		}
	}
	for referral, id := range ack.asked {
		if n := published["sanad.events.referral.requested."+referral]; n != 1 {
			t.Errorf("referral %s was made by %d events", referral, n)
		}
		var c struct {
			Referrals []struct {
				ID     string `json:"id"`
				Status string `json:"status"`
			} `json:"referrals"`
		}
		if err := front.Get(t.Context(), "/v1/cases/"+id, &c); err != nil {
			t.Errorf("case of referral %s: %v", referral, err)
			continue
		}
		var r struct {
			Status string `json:"status"`
		}
		if err := counsellor.Get(t.Context(), "/v1/referrals/"+referral, &r); err != nil {
			t.Errorf("referral %s: %v", referral, err)
			continue
		}
		if ack.accepted[referral] && r.Status != "accepted" {
			t.Errorf("referral %s was accepted and is %s", referral, r.Status)
		}
		if len(c.Referrals) != 1 || c.Referrals[0].ID != referral || c.Referrals[0].Status != r.Status {
			t.Errorf("referral %s is %s; its case says %+v", referral, r.Status, c.Referrals)
		}
	}
}
