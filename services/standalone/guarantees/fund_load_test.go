package guarantees_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// fundSize is how large a fund is.
type fundSize struct{ states, companies, applications, awards int }

// statesThatGive are as many States as the fund has had.
const statesThatGive = "ATPTDEFRITESSEFICHNLBEIEPLCZHUROBGHRSIEELVLTGRCYMTLUDKNOISGBUSCAAU"

// grantCents is what each application asks for.
const grantCents = 900_000

// The trust fund at its real size: two managers decide at once, and there is money for exactly so many
// awards. So many are awarded, the balance is never below zero, and nobody gets two. The short form is
// smaller.
func TestTheFundAtItsSize(t *testing.T) {
	size := fundSize{states: 31, companies: 32, applications: 330, awards: 60}
	if testing.Short() {
		size = fundSize{states: 4, companies: 3, applications: 24, awards: 6}
	}
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	f := &fundLoad{world: w, size: size, clock: clock}
	began := time.Now()
	took := func(what string) {
		t.Logf("%s: %s", what, time.Since(began).Round(time.Millisecond))
		began = time.Now()
	}
	f.donate()
	took("donations")
	f.apply(clock.now().Add(time.Hour))
	took("applications")
	f.deadline()
	took("a restart after the deadline")
	f.assess()
	took("eligibility and assessment")
	f.vote()
	took("selections and votes")
	f.award()
	took("awards")
	f.refuse()
	took("refusals")
}

type fundLoad struct {
	*world
	size fundSize
	call string
	// ids are the applications, by the number of their agency.
	ids []string
	// voted are those that all trustees are for.
	voted []string
	clock *shiftedClock
	// grant is that of the first application, where there is one.
	grant string
}

// deadline waits until the call is closed.
func (f *fundLoad) deadline() {
	f.t.Helper()
	f.idle()
	f.clock.ahead(2 * time.Hour)
	f.restart(nil)
}

// grants is a fund with one application, which is awarded and has the draft of an agreement.
func (w *world) grants(clock *shiftedClock) *fundLoad {
	w.t.Helper()
	f := &fundLoad{world: w, size: fundSize{states: 1, companies: 1, applications: 1, awards: 1}, clock: clock}
	f.donate()
	f.apply(clock.now().Add(time.Hour))
	f.deadline()
	f.assess()
	f.vote()
	f.award()
	at := func(months int) string { return clock.now().UTC().AddDate(0, months, 0).Format(time.DateOnly) }
	var grant struct{ ID string }
	if err := f.managers()[0].Post(w.t.Context(), "/v1/grants", m{
		"application": f.ids[0], "agency": "ngo-0", "name": "ngo-0", "hidden_place": false, "services": []string{"food_service"}, "cents": grantCents, "months": 6, "from": at(0),
		"instalments": []m{{"cents": grantCents, "report_due": at(7)}}, "budget": []m{{"line": "staff", "cents": grantCents}},
	}, &grant); err != nil {
		w.t.Fatal(err)
	}
	f.grant = grant.ID
	return f
}

// seats are the people who apply.
func (f *fundLoad) seats() (all []identity.Principal) {
	for i := range f.size.applications {
		all = append(all, identity.Principal{Subject: fmt.Sprint("nora-", i), Agency: fmt.Sprint("ngo-", i), Roles: []string{"fund_applicant"}})
	}
	return all
}

func (f *fundLoad) seat(subject, agency, role string) office.Desk {
	f.t.Helper()
	return f.deskOf(identity.Principal{Subject: subject, Agency: agency, Roles: []string{role}})
}

func (f *fundLoad) managers() [2]office.Desk {
	return [2]office.Desk{f.seat("mara", journey.Fund, "fund_manager"), f.seat("milo", journey.Fund, "fund_manager")}
}

// each does something for each of so many, several at once.
func (f *fundLoad) each(n int, do func(i int) error) {
	f.t.Helper()
	var wg sync.WaitGroup
	var next atomic.Int64
	failed := make([]error, n)
	for range 8 {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				failed[i] = do(i)
			}
		})
	}
	wg.Wait()
	if err := errors.Join(failed...); err != nil {
		f.t.Fatal(err)
	}
}

type fundLedger struct {
	Received  int64 `json:"received_cents"`
	Committed int64 `json:"committed_cents"`
	Balance   int64 `json:"balance_cents"`
	Donations []struct {
		ID   string
		Free int64 `json:"free_cents"`
	}
	Awards []struct{ Application string }
}

// donate brings money for exactly so many awards.
func (f *fundLoad) donate() {
	f.t.Helper()
	d, ctx := f.managers()[0], f.t.Context()
	today := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	donors := f.size.states + f.size.companies
	left := int64(f.size.awards) * grantCents
	for n := range donors {
		pledge := m{"kind": "company", "name": fmt.Sprint("Company ", n), "pledged_cents": grantCents, "on": today}
		if n < f.size.states {
			pledge["kind"], pledge["name"], pledge["country"] = "state", fmt.Sprint("State ", n), statesThatGive[2*n:2*n+2]
		}
		if n%3 == 2 {
			pledge["earmark"] = m{"sub_programme": "short_term"}
		}
		cents := int64(f.size.awards) * grantCents / int64(donors)
		if n == donors-1 {
			cents = left
		}
		left -= cents
		var l fundLedger
		if err := d.Post(ctx, "/v1/fund/donations", pledge, &l); err != nil {
			f.t.Fatal(err)
		}
		if err := d.Post(ctx, "/v1/fund/payments", m{"donation": l.Donations[len(l.Donations)-1].ID, "cents": cents, "on": today}, nil); err != nil {
			f.t.Fatal(err)
		}
	}
	for seat := 1; seat <= 5; seat++ {
		if err := d.Post(ctx, "/v1/trustees", m{"seat": seat, "subject": fmt.Sprint("trustee-", seat), "from": today}, nil); err != nil {
			f.t.Fatal(err)
		}
	}
}

// apply has each agency apply until the deadline.
func (f *fundLoad) apply(closes time.Time) {
	f.t.Helper()
	ctx := f.t.Context()
	var err error
	if f.call, err = callsFor(ctx, f.managers()[0], closes); err != nil {
		f.t.Fatal(err)
	}
	applicants := make([]office.Desk, f.size.applications)
	for i, one := range f.seats() {
		applicants[i] = f.deskOf(one)
	}
	f.ids = make([]string, len(applicants))
	f.each(len(applicants), func(i int) (err error) {
		if f.ids[i], err = prepares(ctx, applicants[i], f.call); err != nil {
			return err
		}
		return applicants[i].Post(ctx, "/v1/applications/"+f.ids[i]+"/submit", m{}, nil)
	})
}

// assess judges and scores all.
func (f *fundLoad) assess() {
	f.t.Helper()
	ctx, managers := f.t.Context(), f.managers()
	assessors := map[string]office.Desk{}
	for _, name := range []string{"ines", "igor"} {
		assessors[name] = f.seat(name, "university", "fund_assessor")
	}
	due := time.Now().UTC().AddDate(0, 0, 7).Format(time.RFC3339)
	f.each(len(f.ids), func(i int) error {
		path := "/v1/applications/" + f.ids[i]
		err := errors.Join(
			managers[i%2].Post(ctx, path+"/eligibility", judges(), nil),
			managers[(i+1)%2].Post(ctx, path+"/eligibility/countersign", m{"agrees": true}, nil),
		)
		for name, d := range assessors {
			err = errors.Join(err,
				managers[0].Post(ctx, path+"/assessors", m{"assessor": name, "due": due}, nil),
				d.Post(ctx, path+"/interest", m{"interest": "no_conflict"}, nil),
				d.Post(ctx, path+"/scores", m{"scores": []m{{"criterion": "need", "points": i % 100, "reason": "as it says"}}}, nil),
			)
		}
		return err
	})
}

// vote has both managers propose half as many again as there is money for, at once: what is proposed at
// the same instant may not fit together. The trustees are for all.
func (f *fundLoad) vote() {
	f.t.Helper()
	ctx, managers := f.t.Context(), f.managers()
	candidates := f.size.awards * 3 / 2
	selected := make([]bool, candidates)
	by := time.Now().UTC().AddDate(0, 0, 7).Format(time.RFC3339)
	f.each(candidates, func(i int) error {
		err := managers[i%2].Post(ctx, "/v1/applications/"+f.ids[i]+"/select", m{"amount_cents": grantCents, "reason": "good", "vote_by": by}, nil)
		selected[i] = err == nil
		return unless(err, "selection_beyond_balance")
	})
	for i, is := range selected {
		if is {
			f.voted = append(f.voted, f.ids[i])
		}
	}
	if len(f.voted) < f.size.awards {
		f.t.Fatalf("%d are selected, and there is money for %d", len(f.voted), f.size.awards)
	}
	f.t.Logf("%d are selected, and there is money for %d", len(f.voted), f.size.awards)
	for seat := 1; seat <= 5; seat++ {
		d := f.seat(fmt.Sprint("trustee-", seat), "board", "trustee")
		f.each(len(f.voted), func(i int) error {
			return d.Post(ctx, "/v1/applications/"+f.voted[i]+"/votes", m{"vote": "for", "reason": "good"}, nil)
		})
	}
}

// award has both managers award each, at once, while somebody looks at the balance.
func (f *fundLoad) award() {
	f.t.Helper()
	ctx, managers := f.t.Context(), f.managers()
	watching, done := context.WithCancel(ctx)
	looked := make(chan error, 1)
	go func() {
		var err error
		for err == nil && watching.Err() == nil {
			var l fundLedger
			if err = managers[0].Get(ctx, "/v1/fund/ledger", &l); err == nil && (l.Balance < 0 || l.Committed > l.Received) {
				err = fmt.Errorf("the balance is %d", l.Balance)
			}
		}
		looked <- err
	}()
	f.each(2*len(f.voted), func(i int) error {
		// Both begin with the same one.
		return unless(managers[i%2].Post(ctx, "/v1/applications/"+f.voted[i/2]+"/award", m{}, nil), "balance_too_small")
	})
	done()
	if err := <-looked; err != nil {
		f.t.Error(err)
	}
	var l fundLedger
	if err := managers[0].Get(ctx, "/v1/fund/ledger", &l); err != nil {
		f.t.Fatal(err)
	}
	if len(l.Awards) != f.size.awards || l.Balance != 0 || l.Committed != int64(f.size.awards)*grantCents {
		f.t.Errorf("%d awards, %d committed, %d left", len(l.Awards), l.Committed, l.Balance)
	}
	var kept []string
	for _, a := range l.Awards {
		if slices.Contains(kept, a.Application) || !slices.Contains(f.voted, a.Application) {
			f.t.Errorf("money is kept twice or for nobody: %s", a.Application)
		}
		kept = append(kept, a.Application)
	}
	f.voted = kept
}

// refuse gives the others a reason: who is awarded is refused by nobody. Each is told one thing.
func (f *fundLoad) refuse() {
	f.t.Helper()
	ctx, managers := f.t.Context(), f.managers()
	var awarded atomic.Int64
	f.each(len(f.ids), func(i int) error {
		path := "/v1/applications/" + f.ids[i]
		err := managers[i%2].Post(ctx, path+"/refuse", m{"reason": "funds_too_low", "words": "Thank you"}, nil)
		var is struct{ Status string }
		if slices.Contains(f.voted, f.ids[i]) {
			err = unless(err, "application_stage")
		}
		if err := errors.Join(err, managers[0].Get(ctx, path, &is)); err != nil {
			return err
		}
		if is.Status == "awarded" {
			awarded.Add(1)
		} else if is.Status != "not_awarded" {
			return fmt.Errorf("%s is %s", f.ids[i], is.Status)
		}
		return nil
	})
	if n := int(awarded.Load()); n != f.size.awards {
		f.t.Errorf("%d are awarded", n)
	}
}

// unless is the error, but for a refusal with a code.
func unless(err error, code string) error {
	if r, is := errors.AsType[*office.Refused](err); is && bytes.Contains(r.Body, []byte(`"code":"`+code+`"`)) {
		return nil
	}
	return err
}
