// Package measure lets the bench weigh what the loop holds in memory. It holds
// made-up referrals and a measure of memory, and no rule.
package measure

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/pkg/record/recordtest"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/loop"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/app"
	"github.com/sanad-network/sanad/services/referral/internal/loop/internal/domain"
)

// Memory is how many live bytes a referral takes in the room of referrals, with
// its places in all lists and what is remembered of its commands. Running is
// what the process holds that served the commands, Started what one holds that
// read them from the journal.
type Memory struct{ Running, Started Bytes }

// Bytes are those of a referral that somebody works on, and of one that was
// closed so long ago that its state has left memory.
type Bytes struct{ Open, Closed float64 }

// Live fills the room with so many referrals and weighs it. What else the
// process does meanwhile is weighed with it.
func Live(ctx context.Context, referrals int) (Memory, error) {
	var m Memory
	for _, of := range []struct {
		closed           bool
		running, started *float64
	}{{false, &m.Running.Open, &m.Started.Open}, {true, &m.Running.Closed, &m.Started.Closed}} {
		var err error
		if *of.running, err = weighed(referrals, func() (*room, error) {
			r, err := openRoom(ctx, forgetful{})
			if err == nil {
				err = r.fill(ctx, referrals, of.closed)
			}
			return r, err
		}); err != nil {
			return m, err
		}
		kept := &recordtest.Journal{}
		now, err := keep(ctx, kept, referrals, of.closed)
		if err != nil {
			return m, err
		}
		if *of.started, err = weighed(referrals, func() (*room, error) {
			r := newRoom(now)
			return r, r.open(ctx, copied{kept})
		}); err != nil {
			return m, err
		}
	}
	return m, nil
}

// keep fills a journal, and tells when that was done.
func keep(ctx context.Context, j record.Journal, referrals int, closed bool) (time.Time, error) {
	r, err := openRoom(ctx, j)
	if err == nil {
		err = r.fill(ctx, referrals, closed)
	}
	return r.now, err
}

// weighed is by how many bytes for each of n what is made makes the heap grow.
func weighed(n int, made func() (*room, error)) (float64, error) {
	before := live()
	r, err := made()
	if err != nil {
		return 0, err
	}
	r.book.Shed(r.now.AddDate(0, 0, -30))
	after := live()
	runtime.KeepAlive(r)
	return (float64(after) - float64(before)) / float64(n), nil
}

func live() uint64 {
	runtime.GC()
	runtime.GC() // what is pooled goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// room is the records of the referral service under a clock of its own.
type room struct {
	now  time.Time
	book *record.Book
	app  app.App
}

func newRoom(now time.Time) *room {
	r := &room{now: now}
	r.book = record.NewBook(event.NewCatalogue(loop.Events()...), func() time.Time { return r.now })
	r.app = app.New(r.book, programmetest.Shipped(), taking{}, taking{})
	return r
}

func (r *room) open(ctx context.Context, j record.Journal) error {
	return r.book.Open(ctx, j, func(*journal.Commit) {}, func(string, []fact.Deadline) {}, nil)
}

func openRoom(ctx context.Context, j record.Journal) (*room, error) {
	r := newRoom(time.Date(2026, time.March, 4, 9, 30, 0, 0, time.UTC))
	return r, r.open(ctx, j)
}

// taking is a directory in which every agency takes every referral, and a register on
// which eight people work at each.
type taking struct{}

func workerName(n int) string { return fmt.Sprintf("worker-%02d", n%8) }

// Staff is the eight.
func (taking) Staff(_ context.Context, agency string) worker.Seen {
	eight := worker.Staff{Of: map[string]worker.Present{}}
	for n := range 8 {
		name := workerName(n)
		eight.Of[name] = worker.Present{Worker: staff.Worker{ID: worker.ID(agency, name), Agency: agency, Turn: 1}}
	}
	return worker.Seen{Staff: look.Made(eight)}
}

func (taking) Asked(context.Context, string, code.Service) (look.Fresh[domain.Agency], error) {
	return look.Made(domain.Agency{Country: "GT"}), nil
}

// agencies are how many ask, and how many answer.
const agencies = 20

// together is how many referrals are open at once before they are closed.
const together = 500

// fill lets agencies ask and answer. Each referral is accepted and assigned, so
// that it is on every list of open ones; closed ones are served, their consents
// run out, and their data are let go of.
func (r *room) fill(ctx context.Context, n int, closed bool) error {
	for i := range n {
		r.now = r.now.Add(time.Minute)
		if err := r.ask(ctx, i); err != nil {
			return fmt.Errorf("ask: %w", err)
		}
		if err := r.answer(ctx, i); err != nil {
			return fmt.Errorf("answer: %w", err)
		}
		if closed && (i+1 == n || (i+1)%together == 0) {
			if err := r.end(ctx, i/together*together, i+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// end closes the referrals from a number up to another, and lets the time pass
// after which they leave memory.
func (r *room) end(ctx context.Context, from, to int) error {
	for i := from; i < to; i++ {
		r.now = r.now.Add(time.Minute)
		if err := change(ctx, r, i, domain.Referral.Complete, domain.Complete{Outcome: code.NeedsMet}); err != nil {
			return fmt.Errorf("complete: %w", err)
		}
	}
	r.now = r.now.AddDate(1, 0, 0)
	for i := from; i < to; i++ {
		r.now = r.now.Add(time.Minute)
		cmd := record.Command{Op: "onConsentDue", Cause: "consent/" + r.now.Format(time.RFC3339)}
		if _, err := r.app.Referrals.Execute(record.With(ctx, cmd), referral(i), consentDue.Decide); err != nil {
			return fmt.Errorf("consent: %w", err)
		}
		if err := change(ctx, r, i, domain.Referral.Acknowledge, domain.Acknowledge{Erasure: code.DataDeleted}); err != nil {
			return fmt.Errorf("acknowledge: %w", err)
		}
	}
	r.now = r.now.Add(40 * 24 * time.Hour)
	r.book.Shed(r.now.AddDate(0, 0, -30))
	return nil
}

func sender(n int) string    { return fmt.Sprintf("front-desk-%02d", n%agencies) }
func recipient(n int) string { return fmt.Sprintf("legal-aid-clinic-%02d", n*7%agencies) }
func referral(n int) string  { return fact.ID("ref", fmt.Sprint("weighed ", n)) }

// ask requests a referral as intake does: by an event from the bus.
func (r *room) ask(ctx context.Context, n int) error {
	name := fmt.Sprint("weighed ", n)
	data, err := json.Marshal(intakev1.ServiceRequested{
		Case: fact.ID("case", name), Referral: referral(n), Sender: sender(n), Recipient: recipient(n),
		Service: code.LegalAssistance, Urgency: code.Standard, Consent: fact.ID("cons", name), Purpose: code.ServiceDelivery,
		Categories: []code.Category{code.Contact, code.SafetyNeeds}, ConsentExpires: r.now.AddDate(1, 0, 0),
	})
	if err != nil {
		return err
	}
	c := event.NewCatalogue(event.Type[intakev1.ServiceRequested]())
	e, err := c.DecodeData(intakev1.ServiceRequested{}.EventType(), data)
	if err != nil {
		return err
	}
	asked := e.(intakev1.ServiceRequested)
	return r.app.OnServiceRequested(record.With(ctx, record.Command{Op: "onServiceRequested", Cause: event.ID{Record: asked.Case, Version: 2, Tail: uint64(n + 1)}.String()}), asked)
}

// answer accepts a referral and assigns it.
func (r *room) answer(ctx context.Context, n int) error {
	accept := func(f domain.Referral, by fact.By, cmd domain.Accept) ([]fact.Event, error) {
		return f.Accept(by, cmd, r.app.StandOn(ctx, f.Referral, by))
	}
	if err := change(ctx, r, n, accept, domain.Accept{}); err != nil {
		return err
	}
	assign := func(f domain.Referral, by fact.By, cmd domain.Assign) ([]fact.Event, error) {
		return f.Assign(by, cmd, r.app.Staff(ctx, f.Referral, by))
	}
	return change(ctx, r, n, assign, domain.Assign{Worker: workerName(n)})
}

// change is a request of the recipient, with a key of its own.
func change[C any](ctx context.Context, r *room, n int, decide func(domain.Referral, fact.By, C) ([]fact.Event, error), cmd C) error {
	key := sha256.Sum256(fmt.Append(nil, n, fmt.Sprintf("%T", cmd)))
	agency := strings.Clone(recipient(n))
	by := fact.By{Principal: "focal-point", Agency: agency, Roles: []string{"focal_point", "supervisor"}}
	_, err := r.app.Referrals.Change(record.With(ctx, record.Command{
		Op: "change", By: by, Digest: key[:],
		Cause: fmt.Sprintf("change/%s/%x-%x-%x-%x-%x", agency, key[:4], key[4:6], key[6:8], key[8:10], key[10:16]),
	}), referral(n), func(f domain.Referral, by fact.By) ([]fact.Event, error) { return decide(f, by, cmd) })
	return err
}

// consentDue is the end of what stands on a consent that has run out.
var consentDue = domain.Dues[slices.IndexFunc(domain.Dues, func(d domain.Due) bool { return d.Name == "consent" })]

// forgetful is a journal that keeps nothing.
type forgetful struct{}

func (forgetful) Append(context.Context, *journal.Commit) error { return nil }

func (forgetful) Replay(context.Context, func(*journal.Commit) error, func(done, total int64)) error {
	return nil
}

func (forgetful) Tail(context.Context, string, uint64) ([]*journal.Commit, error) { return nil, nil }
func (forgetful) Adopt(string, string)                                            {}
func (forgetful) Hold(context.Context) error                                      { return nil }
func (forgetful) Sole(context.Context) (bool, error)                              { return true, nil }
func (forgetful) Others(context.Context, func(string, uint64) error) error        { return nil }

// copied is a journal whose commits are the reader's own, as those of a database
// are.
type copied struct{ *recordtest.Journal }

func (j copied) Replay(ctx context.Context, visit func(*journal.Commit) error, progress func(done, total int64)) error {
	return j.Journal.Replay(ctx, func(c *journal.Commit) error {
		own := *c
		own.Record, own.Cause, own.Digest = strings.Clone(c.Record), strings.Clone(c.Cause), append([]byte(nil), c.Digest...)
		return visit(&own)
	}, progress)
}
