package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

var deadlineReferrals = flag.Int("referrals", 10_000, "how many referrals TestEveryDeadline makes")

// clockServices are offered by both agencies of TestEveryDeadline: a case asks
// each of them for each, which makes twenty referrals.
var clockServices = []string{
	"safehouse_service", "health_medical_service", "psychosocial_service", "police_other_service", "legal_assistance_service",
	"livelihoods_service", "child_protection_service", "education_service", "food_service", "forensic_examination_service",
}

const day = 24 * time.Hour

// Ten thousand referrals with deadlines over a week and more, in cases of
// twenty. The network is killed and restarted ten times, each time a day later
// and once an hour back, while they are made, come due and are caught up with:
// every deadline fires once, none early, none lost. They are some 75,000.
func TestEveryDeadline(t *testing.T) {
	t.Parallel() // it waits for processes of its own
	total := *deadlineReferrals
	if testing.Short() {
		total = min(total, 1_000)
	}
	c := newClocked(t)
	made := 0
	for kill := range 10 {
		c.start(c.clock(kill))
		if kill == 0 {
			c.register()
		}
		n := (total - made + 19) / 20 / max(1, 9-kill)
		c.request(n)
		made += 20 * n
		c.catchUp(rand.IntN(max(1, total/2)))
		c.process.kill()
	}
	// What was requested last may not have been made yet: a killed process had
	// fetched it, and the bus waits before it tells another. Made sixty days later
	// it would be due later still, and never come to rest.
	c.start(c.clock(10))
	c.running().idle(t)
	c.process.kill()
	// Everything that will ever come due has, but the longest consents.
	c.start(60 * day)
	c.rest()
	c.t.Logf("at rest %s after the beginning", time.Since(c.began).Round(time.Second))
	c.process.end()
	c.judge(60 * day)
}

// clocked is a network in a process of its own, under a clock that is shifted.
type clocked struct {
	t               *testing.T
	bin, dir        string
	api, admin, bus string
	issuer          *identity.Issuer
	http            *http.Client
	process         *process
	began           time.Time

	mu    sync.Mutex
	asked []string
}

func newClocked(t *testing.T) *clocked {
	c := &clocked{
		t: t, bin: build(t, "github.com/sanad-network/sanad/services/standalone/guarantees/shifted"), dir: t.TempDir(),
		api: freeAddr(t), admin: freeAddr(t), bus: freeAddr(t), began: time.Now(),
	}
	err := os.Mkdir(network.KeysDir(c.dir), 0o700)
	if err != nil {
		t.Fatal(err)
	}
	if c.issuer, err = identity.NewIssuer(filepath.Join(network.KeysDir(c.dir), network.IssuerFile), network.Issuer, network.Audience); err != nil {
		t.Fatal(err)
	}
	pool := http.DefaultTransport.(*http.Transport).Clone()
	pool.MaxIdleConnsPerHost = 64
	t.Cleanup(pool.CloseIdleConnections)
	c.http = &http.Client{Transport: pool, Timeout: answer}
	return c
}

func (c *clocked) at() network.Bus { return busAt(c.dir, c.bus) }

func (c *clocked) running() running { return running{c.at(), []string{c.admin}} }

// catchUp lets some deadlines come due before the next kill. The moment is
// counted and not timed, so that a slow machine is killed amid as much. Where
// fewer are due, it is when no more come.
func (c *clocked) catchUp(some int) {
	c.t.Helper()
	last, quiet := 0.0, 0
	c.running().until(c.t, fmt.Sprint(some, " deadlines come due"), func() bool {
		fired, _ := total(c.running().metrics(c.t.Context()), "sanad_timers_fired_total")
		if quiet++; fired > last {
			last, quiet = fired, 0
		}
		return int(fired) >= some || quiet == 5
	})
	c.t.Logf("killed after %.0f deadlines, %s since the beginning", last, time.Since(c.began).Round(time.Second))
}

// clock is how far it is shifted after so many kills. It comes back just before
// a day has passed, so that some deadlines come due while it runs.
func (c *clocked) clock(kill int) time.Duration {
	shift := time.Duration(kill)*day - time.Since(c.began)
	if kill == 5 {
		shift -= day + time.Hour
	}
	return shift
}

func (c *clocked) start(shift time.Duration) { c.spawn("-shift", shift.String()) }

// stand starts the network under a clock that stands.
func (c *clocked) stand(at time.Time) { c.spawn("-stands", at.Format(time.RFC3339Nano)) }

func (c *clocked) spawn(clock ...string) {
	c.process = spawn(c.t.Context(), c.t, c.bin, c.admin, nil,
		append([]string{"-data", c.dir, "-api", c.api, "-admin", c.admin, "-bus", c.bus}, clock...)...)
}

func (c *clocked) desk(agency, role string) office.Desk {
	c.t.Helper()
	token, err := c.issuer.Token(network.Seat(agency, role), time.Hour)
	if err != nil {
		c.t.Fatal(err)
	}
	return office.Desk{Agency: agency, Token: token, Base: "http://" + c.api, HTTP: c.http}
}

var helpers = []string{"first-helpers", "second-helpers"}

func (c *clocked) register() {
	for _, agency := range helpers {
		if err := c.desk(agency, "coordinator").Post(c.t.Context(), "/v1/agencies", m{
			"agency": agency, "country": "GT", "services": clockServices,
		}, nil); err != nil {
			c.t.Fatal(err)
		}
	}
}

// request makes cases of twenty referrals, and has one of seven accepted.
func (c *clocked) request(cases int) {
	c.t.Helper()
	ctx := c.t.Context()
	front := c.desk("front-desk", "caseworker")
	next := make(chan int)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range next {
				if err := c.oneStop(ctx, front); err != nil {
					c.t.Error(err)
				}
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	wg.Wait()
	if c.t.Failed() {
		c.process.kill()
		c.t.Fatalf("%s", c.process.out.all())
	}
}

// oneStop asks both agencies for all services of one survivor.
func (c *clocked) oneStop(ctx context.Context, front office.Desk) error {
	var record struct {
		ID        string    `json:"id"`
		OpenedAt  time.Time `json:"opened_at"`
		Referrals []struct {
			ID        string `json:"id"`
			Recipient string `json:"recipient"`
		} `json:"referrals"`
	}
	if err := front.Post(ctx, "/v1/cases", m{
		"channel": "hotline", "country": "GT", "programme": "guatemala",
		"survivor": m{"sex": "female", "age_band": "18+"},
	}, &record); err != nil {
		return err
	}
	var requests []m
	for i, service := range clockServices {
		for j, agency := range helpers {
			// Some consents run out among the other deadlines.
			expires := record.OpenedAt.Add(300 * day)
			if n := rand.IntN(12); n < 3 {
				expires = record.OpenedAt.Add(time.Duration(1+rand.IntN(9*24)) * time.Hour)
			}
			if err := front.Post(ctx, "/v1/cases/"+record.ID+"/consents", m{
				"recipient": agency, "service": service, "purpose": "service_delivery", "categories": []string{"contact"},
				"expires": expires.UTC().Format(time.RFC3339), "method": "oral", "given_by": "survivor", "witnessed": false,
			}, nil); err != nil {
				return err
			}
			requests = append(requests, m{
				"recipient": agency, "service": service, "urgency": []string{"emergency", "urgent", "standard"}[(i+j)%3],
			})
		}
	}
	if err := front.Post(ctx, "/v1/cases/"+record.ID+"/requests", m{"requests": requests}, nil); err != nil {
		return err
	}
	// The answer to a command is the frame, which names no agency.
	if err := front.Get(ctx, "/v1/cases/"+record.ID, &record); err != nil {
		return err
	}
	accept := map[string][]m{}
	c.mu.Lock()
	for i, r := range record.Referrals {
		c.asked = append(c.asked, r.ID)
		if i%7 == 0 {
			accept[r.Recipient] = append(accept[r.Recipient], m{"referral": r.ID, "accept": true})
		}
	}
	c.mu.Unlock()
	for agency, answers := range accept {
		// What has not arrived yet is not found, and stays unanswered.
		if err := c.desk(agency, "focal_point").Post(ctx, "/v1/referrals/answers", m{"answers": answers}, nil); err != nil {
			return err
		}
	}
	return nil
}

// rest waits until nothing waits for time to pass, or for anybody.
func (c *clocked) rest() {
	c.t.Helper()
	ctx, cancel := patience.Context(c.t.Context(), c.t, "nothing is open", c.running().moves)
	defer cancel()
	front := c.desk("front-desk", "caseworker")
	var page struct {
		Items []struct{} `json:"items"`
	}
	for _, query := range []string{"status=requested", "view=in_service"} {
		if err := front.Until(ctx, "/v1/referrals?role=sender&limit=1&"+query, &page, func() bool { return len(page.Items) == 0 }); err != nil {
			c.t.Fatalf("%s: %v", query, err)
		}
	}
	js, leave := connect(c.t, c.at())
	defer leave()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	// The bus may hold schedules of deadlines that are gone: it lost that they
	// were handled when it was killed. Quiet is when nothing comes of them.
	var last uint64
	for quiet := 0; quiet < 20; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			c.t.Fatal("deadlines do not come to rest: ", context.Cause(ctx))
		}
		consumer, err := js.Consumer(ctx, bus.Timers("referral"), "referral")
		if err != nil {
			continue
		}
		stream, err := js.Stream(ctx, bus.Timers("referral"))
		if err != nil {
			continue
		}
		info, seq := consumer.CachedInfo(), stream.CachedInfo().State.LastSeq
		if quiet++; seq != last || info.NumPending > 0 || info.NumAckPending > 0 {
			quiet = 0
		}
		last = seq
	}
	c.running().idle(c.t)
}

// entry is one commit of a journal.
type entry struct {
	Record  string            `json:"record"`
	Version uint64            `json:"version"`
	At      time.Time         `json:"at"`
	Types   []string          `json:"types"`
	Data    []json.RawMessage `json:"data"`
}

// life is what a journal tells of one referral.
type life struct {
	made     referralv1.Requested
	accepted time.Time
	// fired are the deadlines by name, with when they did.
	fired map[string][]time.Time
}

// judge reads the journal of the referral service and holds each referral's
// history against the policy that was frozen into it.
func (c *clocked) judge(last time.Duration) {
	c.t.Helper()
	tell := exec.CommandContext(c.t.Context(), c.bin, "-data", c.dir, "-tell", "referral")
	var out, complaints bytes.Buffer
	tell.Stdout, tell.Stderr = &out, &complaints
	if err := tell.Run(); err != nil {
		c.t.Fatalf("%v\n%s", err, complaints.Bytes())
	}
	lives := map[string]*life{}
	for dec := json.NewDecoder(&out); dec.More(); {
		var l entry
		if err := dec.Decode(&l); err != nil {
			c.t.Fatal(err)
		}
		if !strings.HasPrefix(l.Record, "ref_") {
			continue
		}
		if lives[l.Record] == nil {
			lives[l.Record] = &life{fired: map[string][]time.Time{}}
		}
		if err := lives[l.Record].read(l); err != nil {
			c.t.Fatal(err)
		}
	}
	deadlines, faults := 0, 0
	for _, id := range c.asked {
		l := lives[id]
		if l == nil {
			c.t.Fatalf("%s was asked for and never made", id)
		}
		n, wrong := l.judge(time.Now().Add(last))
		deadlines += n
		if wrong != "" {
			if faults++; faults <= 10 {
				c.t.Errorf("%s, made at %s: %s\n%+v", id, l.made.Policy.RespondBy, wrong, l.fired)
			}
		}
	}
	c.t.Logf("%d referrals, %d deadlines, %d referrals wrong", len(c.asked), deadlines, faults)
}

func (l *life) read(c entry) error {
	for i, typ := range c.Types {
		name := ""
		var err error
		switch typ {
		case "referral.requested.v1":
			err = json.Unmarshal(c.Data[i], &l.made)
		case "referral.accepted.v1":
			l.accepted = c.At
		case "referral.overdue.v1":
			var e referralv1.Overdue
			err = json.Unmarshal(c.Data[i], &e)
			name = "overdue " + string(e.Kind)
		case "referral.reminded.v1":
			var e referralv1.Reminded
			err = json.Unmarshal(c.Data[i], &e)
			name = fmt.Sprint("reminder ", e.Number)
		case "referral.escalated.v1":
			var e referralv1.Escalated
			err = json.Unmarshal(c.Data[i], &e)
			name = "step " + string(e.Step)
		case "referral.expired.v1":
			name = "expiry"
		case "referral.lapsed.v1":
			name = "consent"
		}
		if err != nil {
			return err
		}
		if name != "" {
			l.fired[name] = append(l.fired[name], c.At)
		}
	}
	return nil
}

// judge tells how many deadlines the referral had, and what is wrong.
func (l *life) judge(now time.Time) (deadlines int, wrong string) {
	due := map[string]time.Time{"consent": l.made.ConsentExpires}
	p := l.made.Policy
	if l.accepted.IsZero() {
		due["overdue "], due["expiry"] = p.RespondBy, p.ExpiresAt
		for i, at := range p.Reminders {
			due[fmt.Sprint("reminder ", i+1)] = at
		}
		for _, r := range p.Ladder {
			due["step "+string(r.Step)] = r.At
		}
	} else {
		due["overdue contact"] = l.accepted.Add(time.Duration(p.ContactWithin) * time.Second)
		due["overdue service"] = l.accepted.Add(time.Duration(p.ServeWithin) * time.Second)
	}
	// The first end is the last thing that happens.
	end := due["consent"]
	if at, ok := due["expiry"]; ok && at.Before(end) {
		end = at
	}
	for name, at := range due {
		if at.After(end) || at.After(now) {
			delete(due, name)
		}
	}
	var complaints []string
	for name, at := range due {
		switch fired := l.fired[name]; {
		case len(fired) != 1:
			complaints = append(complaints, fmt.Sprintf("%s of %s fired %d times", name, at, len(fired)))
		case fired[0].Before(at):
			complaints = append(complaints, fmt.Sprintf("%s of %s fired early, at %s", name, at, fired[0]))
		}
	}
	for name := range l.fired {
		if _, ok := due[name]; !ok {
			complaints = append(complaints, name+" was not to fire")
		}
	}
	slices.Sort(complaints)
	return len(due), strings.Join(complaints, "; ")
}
