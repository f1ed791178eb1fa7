package ledger

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// books keeps a ledger as a service would.
type books struct {
	Ledger
	commits int
}

func (b *books) by() fact.By {
	b.commits++
	return fact.By{Principal: "manager", Agency: "secretariat", Roles: []string{Manager}, At: noon, Commit: fmt.Sprint(ID, "/", b.commits)}
}

func (b *books) take(events []fact.Event, err error) error {
	for _, e := range events {
		e.At = noon
		b.Ledger = b.Evolve(e)
	}
	return err
}

// given records a donation that is paid, and tells its identifier.
func (b *books) given(t interface{ Fatal(...any) }, p Pledge) string {
	p.Kind, p.Donor, p.On = code.DonorCompany, "A Company", "2026-02-01"
	if err := b.take(b.Pledge(b.by(), p)); err != nil {
		t.Fatal(err)
	}
	id := b.Donations[len(b.Donations)-1].ID
	if err := b.take(b.Pay(b.by(), Pay{id, Payment{p.Cents, "2026-02-10"}})); err != nil {
		t.Fatal(err)
	}
	return id
}

func award(cents int64, sub code.SubProgramme, in code.Country) On {
	return On{Awarded: look.Made(Awarded{true, sub, in, cents})}
}

// Of earmarked money only what it is for is paid, and what may be used for less is used first.
func TestEarmarks(t *testing.T) {
	var b books
	free := b.given(t, Pledge{Cents: 100})
	kg := b.given(t, Pledge{Cents: 50, For: Earmark{Country: "KG"}})
	short := b.given(t, Pledge{Cents: 30, For: Earmark{SubProgramme: code.ShortTerm}})
	if got := b.Balance(); got != 180 {
		t.Fatalf("balance %d", got)
	}
	for name, c := range map[string]struct {
		of   Use
		want []Draw
	}{
		"here":           {Use{code.ShortTerm, "KG", 70}, []Draw{{kg, 50}, {short, 20}}},
		"elsewhere":      {Use{code.ShortTerm, "GT", 40}, []Draw{{short, 30}, {free, 10}}},
		"another window": {Use{code.MediumTerm, "GT", 100}, []Draw{{free, 100}}},
		"too much":       {Use{code.MediumTerm, "GT", 101}, nil},
	} {
		if diff := cmp.Diff(c.want, b.draw(c.of)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestCommit(t *testing.T) {
	var b books
	free := b.given(t, Pledge{Cents: 100})
	if _, err := b.Commit(b.by(), Commit{"application_1"}, On{Awarded: look.Made(Awarded{})}); !errors.Is(err, ErrNoAward) {
		t.Errorf("what was not awarded: %v", err)
	}
	got, err := b.Commit(b.by(), Commit{"application_1"}, award(60, code.ShortTerm, "KG"))
	want := fact.With(trustfundv1.FundsCommitted{Fund: ID, Application: "application_1", Cents: 60}, Kept{Use{code.ShortTerm, "KG", 60}, []Draw{{free, 60}}})
	if diff := cmp.Diff(want, got); diff != "" || b.take(got, err) != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := b.Commit(b.by(), Commit{"application_1"}, award(60, code.ShortTerm, "KG")); !errors.Is(err, ErrCommitted) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := b.Commit(b.by(), Commit{"application_2"}, award(41, code.ShortTerm, "KG")); !errors.Is(err, ErrBalance) {
		t.Errorf("beyond the balance: %v", err)
	}
	if err := b.take(b.Correct(b.by(), Correct{free, Correction{PledgedCents: 100, Paid: &[]Payment{{59, "2026-02-10"}}, Reason: code.EnteredWrongly}})); !errors.Is(err, ErrSpent) {
		t.Errorf("money in use is corrected away: %v", err)
	}
	if err := b.take(b.Correct(b.by(), Correct{free, Correction{PledgedCents: 60, Paid: &[]Payment{{60, "2026-02-10"}}, Reason: code.EnteredWrongly}})); err != nil || b.Balance() != 0 {
		t.Errorf("%v, balance %d", err, b.Balance())
	}
}

// A promise is not money.
func TestPromises(t *testing.T) {
	var b books
	if err := b.take(b.Pledge(b.by(), Pledge{Kind: code.DonorState, Country: "KG", Donor: "A State", Cents: 100, On: "2026-02-01"})); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Commit(b.by(), Commit{"application_1"}, award(1, code.ShortTerm, "KG")); !errors.Is(err, ErrBalance) {
		t.Errorf("a promise was committed: %v", err)
	}
	for name, p := range map[string]Pledge{
		"nothing":                {Kind: code.DonorCompany, Donor: "c", On: "2026-02-01"},
		"a company of a country": {Kind: code.DonorCompany, Country: "KG", Donor: "c", Cents: 1, On: "2026-02-01"},
		"a State of none":        {Kind: code.DonorState, Donor: "c", Cents: 1, On: "2026-02-01"},
		"in the future":          {Kind: code.DonorCompany, Donor: "c", Cents: 1, On: "2026-04-01"},
	} {
		if _, err := b.Pledge(b.by(), p); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// Whatever happens in whatever order: nothing is below zero, no donation gives more than came of
// it, none gives against its earmark, and the sums agree with what was done.
func TestBalance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b books
		var received, committed, released, returned int64
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			cents := rapid.Int64Range(1, 100).Draw(t, "cents")
			app := fmt.Sprint("application_", rapid.IntRange(1, 8).Draw(t, "application"))
			sub := rapid.SampledFrom(code.SubProgrammes).Draw(t, "window")
			in := rapid.SampledFrom([]code.Country{"KG", "GT"}).Draw(t, "country")
			var err error
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				p := Pledge{Cents: cents}
				if rapid.Bool().Draw(t, "earmarked") {
					p.For = Earmark{Country: in}
				}
				b.given(t, p)
				received += cents
			case 1:
				if err = b.take(b.Commit(b.by(), Commit{app}, award(cents, sub, in))); err == nil {
					committed += cents
				}
			case 2:
				_ = b.take(b.Paid(b.by(), app, cents)) // or it is refused
			case 3:
				if err = b.take(b.Release(b.by(), app, cents)); err == nil {
					released += cents
				}
			case 4:
				if err = b.take(b.Returned(b.by(), app, cents)); err == nil {
					returned += cents
				}
			case 5:
				if len(b.Donations) > 0 {
					d := b.Donations[rapid.IntRange(0, len(b.Donations)-1).Draw(t, "donation")]
					was := d.received()
					if err = b.take(b.Correct(b.by(), Correct{d.ID, Correction{PledgedCents: cents, Paid: &[]Payment{{cents, "2026-02-10"}}}})); err == nil {
						received += cents - was
					}
				}
			}
			if want := received - committed + released + returned; b.Balance() != want || want < 0 {
				t.Fatalf("balance %d, want %d", b.Balance(), want)
			}
			for _, d := range b.Donations {
				if b.free(d) < 0 {
					t.Fatalf("a donation gives more than came")
				}
			}
			for _, a := range b.Awards {
				if a.outstanding() < 0 || a.Returned > a.Paid {
					t.Fatalf("%+v", a)
				}
				for _, draw := range a.Draws {
					if d, _ := b.donation(draw.Donation); !d.For.allows(a.Use) {
						t.Fatalf("%+v is paid of %+v", a.Use, d.For)
					}
				}
			}
		}
	})
}
