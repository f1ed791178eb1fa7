package guarantees_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// The deadline of a call of the fund, to its last instant, in a process that is killed on both sides of it.
// The process's clock alone decides: it stands a month ahead of that of the clients. What was acknowledged at
// the last instant is there with its receipt after the kill; what comes a millisecond later, which is how
// finely the journal tells instants, is refused, and nothing changes. The short form has one round, the long one four.
//
// Of a clock that goes back over the deadline this holds: what the fund has begun to judge is closed for
// good. This does not: where nothing was judged yet, nothing in the room says that the deadline
// has passed, and by a wrong clock the call is open. What is taken then has the wrong instant in its receipt and
// in the journal, behind commits that are later; to keep the clock right is the operators' work.
func TestADeadlineOfTheFundAcrossKills(t *testing.T) {
	t.Parallel() // it waits for processes of its own
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	d := &deadline{clocked: newClocked(t)}
	for round := range rounds {
		// A minute, a month ahead.
		y, month, today := time.Now().UTC().AddDate(0, 0, 30+round).Date()
		minute := time.Date(y, month, today, 22, 59, 0, 0, time.UTC)
		last := minute.Add(time.Minute - time.Millisecond)
		d.stand(last.Add(-time.Second))
		d.prepare(minute)
		d.submitUntilKilled(last.Add(-time.Second))
		d.stand(last)
		d.submitUntilKilled(last)
		d.stand(last.Add([]time.Duration{time.Millisecond, time.Second}[round%2]))
		d.closed(last)
		d.judge()
		d.process.kill()
		d.stand(last.Add(-time.Minute)) // and the clock goes back
		d.back(last)
		d.process.kill()
	}
}

// deadline is a call under a clock, and what each agency was told of its application.
type deadline struct {
	*clocked
	call string
	bids []*bid
}

// bid is an application, and the last receipt that its agency was given.
type bid struct {
	agency, path string
	receipt      fundReceipt
	// earlier are the receipts before it, by number: none of them counts any more.
	earlier map[string]bool
}

type fundReceipt struct {
	Number string
	At     time.Time
	SHA256 string
}

func (d *deadline) manager() office.Desk         { return d.desk(journey.Fund, "fund_manager") }
func (d *deadline) applicant(b *bid) office.Desk { return d.desk(b.agency, "fund_applicant") }

func (d *deadline) prepare(closes time.Time) {
	d.t.Helper()
	ctx := d.t.Context()
	var err error
	if d.call, err = callsFor(ctx, d.manager(), closes); err != nil {
		d.t.Fatal(err)
	}
	d.bids = nil
	for n := range 4 {
		b := &bid{agency: fmt.Sprint("ngo-", n), earlier: map[string]bool{}}
		id, err := prepares(ctx, d.applicant(b), d.call)
		if err != nil {
			d.t.Fatal(err)
		}
		b.path = "/v1/applications/" + id
		d.bids = append(d.bids, b)
	}
}

// submitUntilKilled has all submit again and again, and kills the process amid that, once each was
// acknowledged.
func (d *deadline) submitUntilKilled(at time.Time) {
	d.t.Helper()
	ctx := d.t.Context()
	var mu sync.Mutex
	acknowledged, by := 0, map[*bid]bool{}
	var wg sync.WaitGroup
	killed := make(chan struct{})
	for _, b := range d.bids {
		desk := d.applicant(b)
		wg.Go(func() {
			for {
				var is struct{ Receipt fundReceipt }
				if err := desk.Post(ctx, b.path+"/submit", m{}, &is); err != nil {
					select {
					case <-killed:
					default:
						if refused, was := errors.AsType[*office.Refused](err); was {
							d.t.Errorf("at %s it is refused: %s", at, refused.Body)
						}
					}
					return
				}
				mu.Lock()
				if !is.Receipt.At.Equal(at) {
					d.t.Errorf("the receipt says %s, and the clock %s", is.Receipt.At, at)
				}
				if b.receipt.Number != "" {
					b.earlier[b.receipt.Number] = true
				}
				b.receipt, by[b] = is.Receipt, true
				acknowledged++
				mu.Unlock()
			}
		})
	}
	count := func() (int, int) {
		mu.Lock()
		defer mu.Unlock()
		return acknowledged, len(by)
	}
	moment := rand.IntN(60)
	patience.Until(d.t, "all have submitted", func() bool {
		n, all := count()
		return n >= moment && all == len(d.bids)
	}, func() string { return fmt.Sprint(count()) })
	close(killed)
	d.process.kill()
	wg.Wait()
}

// bidNow is what the process says of an application to its agency.
type bidNow struct {
	Receipt  fundReceipt
	Commands []string
}

func (d *deadline) now(b *bid) (is bidNow) {
	d.t.Helper()
	if err := d.applicant(b).Get(d.t.Context(), b.path, &is); err != nil {
		d.t.Fatal(err)
	}
	return is
}

// closed looks that each has the receipt of the last instant, can change nothing, and is listed.
func (d *deadline) closed(last time.Time) {
	d.t.Helper()
	for _, b := range d.bids {
		is := d.now(b)
		// The last that was acknowledged; or one after it, whose acknowledgement the kill cut off.
		if is.Receipt.Number != b.receipt.Number && b.earlier[is.Receipt.Number] || !is.Receipt.At.Equal(last) || is.Receipt.SHA256 != b.receipt.SHA256 {
			d.t.Errorf("%s was given the receipt %+v, and has %+v", b.agency, b.receipt, is.Receipt)
		}
		b.receipt = is.Receipt
		if len(is.Commands) > 0 {
			d.t.Errorf("%s is offered %v", b.agency, is.Commands)
		}
		d.refuses(b, "/submit", "/take-back", "/draft")
	}
	if listed := d.listed(); listed != len(d.bids) {
		d.t.Errorf("the fund lists %d of %d", listed, len(d.bids))
	}
}

// refuses sends what comes too late.
func (d *deadline) refuses(b *bid, commands ...string) {
	d.t.Helper()
	for _, command := range commands {
		body := `{}`
		if command == "/draft" {
			body = `{"months":6}`
		}
		a, err := d.applicant(b).Do(d.t.Context(), http.MethodPost, b.path+command, []byte(body), http.Header{
			"Content-Type": {"application/json"}, "Idempotency-Key": {uuid.NewString()},
		})
		var problem struct{ Code string }
		if err := errors.Join(err, json.Unmarshal(a.Body, &problem)); err != nil || a.Status != http.StatusConflict || problem.Code != "call_closed" {
			d.t.Errorf("%s of %s is answered %d %s, %v", command, b.agency, a.Status, a.Body, err)
		}
	}
	if is := d.now(b); is.Receipt != b.receipt {
		d.t.Errorf("what was refused changed %+v to %+v", b.receipt, is.Receipt)
	}
}

// listed is how many the fund sees.
func (d *deadline) listed() int {
	d.t.Helper()
	var page struct{ Items []struct{} }
	if err := d.manager().Get(d.t.Context(), "/v1/fund/applications?call="+d.call, &page); err != nil {
		d.t.Fatal(err)
	}
	return len(page.Items)
}

// judge begins to judge all but the last one.
func (d *deadline) judge() {
	d.t.Helper()
	for _, b := range d.bids[:len(d.bids)-1] {
		if err := d.manager().Post(d.t.Context(), b.path+"/eligibility", judges(), nil); err != nil {
			d.t.Error(err)
		}
	}
}

// back is what holds by a clock that went back over the deadline, and what does not: what is judged stays
// as it is, and the one that nobody has judged is taken again. The fund sees none until the clock is right.
func (d *deadline) back(last time.Time) {
	d.t.Helper()
	for _, b := range d.bids[:len(d.bids)-1] {
		d.refuses(b, "/submit", "/take-back", "/draft")
	}
	b := d.bids[len(d.bids)-1]
	var is struct{ Receipt fundReceipt }
	if err := d.applicant(b).Post(d.t.Context(), b.path+"/submit", m{}, &is); err != nil || !is.Receipt.At.Equal(last.Add(-time.Minute)) {
		d.t.Errorf("by a clock that went back: %+v, %v", is.Receipt, err)
	}
	if listed := d.listed(); listed != 0 {
		d.t.Errorf("before the deadline, as the clock says, the fund lists %d", listed)
	}
}
