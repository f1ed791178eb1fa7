package ledger

import (
	"maps"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Ledger is the money of the fund. The balance is the fold of what came in and of what was
// committed: nothing keeps it.
type Ledger struct {
	// Donations are in the order in which they were promised.
	Donations []Donation
	// Awards are by application.
	Awards map[string]Award
	order  []string // of the awards
}

// Donation is what one donor promised and paid.
type Donation struct {
	ID string
	Pledge
	Paid []Payment
}

// Pledge is what a donor promised. It is the command that records it, and the private half of
// DonationPledged.
type Pledge struct {
	Kind code.DonorKind `json:"kind"`
	// Donor is the donor's name, as it may be published. A State has its code beside it.
	Donor   string       `json:"name"`
	Country code.Country `json:"country,omitempty"`
	// Cents are what is promised.
	Cents int64 `json:"pledged_cents"`
	// For is what the donor wants it used for; empty: whatever the fund decides.
	For Earmark `json:"earmark,omitzero"`
	// On is the day of the promise.
	On string `json:"on"`
}

// Earmark is for what alone money may be used: one sub-programme, one country, or both.
type Earmark struct {
	SubProgramme code.SubProgramme `json:"sub_programme,omitempty"`
	Country      code.Country      `json:"country,omitempty"`
}

// allows says that money with the earmark may be used for an award.
func (e Earmark) allows(of Use) bool {
	return (e.SubProgramme == "" || e.SubProgramme == of.SubProgramme) && (e.Country == "" || e.Country == of.Country)
}

// narrow orders earmarks: what may be used for less is used first.
func (e Earmark) narrow() int {
	n := 0
	if e.Country != "" {
		n += 2
	}
	if e.SubProgramme != "" {
		n++
	}
	return n
}

// Payment is money that came. It is the private half of DonationPaid.
type Payment struct {
	Cents int64  `json:"cents"`
	On    string `json:"on"`
}

// Use is for what an award is, and how much.
type Use struct {
	SubProgramme code.SubProgramme `json:"sub_programme"`
	Country      code.Country      `json:"country"`
	Cents        int64             `json:"cents"`
}

// Award is money that is kept for one application, and what became of it.
type Award struct {
	Use
	// Draws say from which donations it is taken.
	Draws []Draw
	// Paid, Released and Returned are sums.
	Paid, Released, Returned int64
}

// Draw is what one donation gives to an award.
type Draw struct {
	Donation string `json:"donation"`
	Cents    int64  `json:"cents"`
}

// Kept is the private half of FundsCommitted.
type Kept struct {
	Use
	Draws []Draw `json:"draws"`
}

// received is what came of a donation.
func (d Donation) received() (sum int64) {
	for _, p := range d.Paid {
		sum += p.Cents
	}
	return sum
}

// drawn is what awards take of a donation now. What is released or returned goes back to the
// donations in the order from the last draw to the first.
func (l Ledger) drawn(donation string) (sum int64) {
	for _, a := range l.Awards {
		back := a.Released + a.Returned
		for _, d := range slices.Backward(a.Draws) {
			keeps := max(d.Cents-back, 0)
			back -= d.Cents - keeps
			if d.Donation == donation {
				sum += keeps
			}
		}
	}
	return sum
}

// free is what of a donation may be committed.
func (l Ledger) free(d Donation) int64 { return d.received() - l.drawn(d.ID) }

// Balance is what may be committed of the whole fund.
func (l Ledger) Balance() (sum int64) {
	for _, d := range l.Donations {
		sum += l.free(d)
	}
	return sum
}

// Available is what may be committed for an award of a sub-programme in a country.
func (l Ledger) Available(of Use) (sum int64) {
	for _, d := range l.Donations {
		if d.For.allows(of) {
			sum += l.free(d)
		}
	}
	return sum
}

// draw takes money for an award: the narrowest earmark first, then what came first. It is nil
// where there is not enough.
func (l Ledger) draw(of Use) (draws []Draw) {
	may := slices.DeleteFunc(slices.Clone(l.Donations), func(d Donation) bool { return !d.For.allows(of) })
	slices.SortStableFunc(may, func(a, b Donation) int { return b.For.narrow() - a.For.narrow() })
	lacks := of.Cents
	for _, d := range may {
		if take := min(l.free(d), lacks); take > 0 {
			draws = append(draws, Draw{d.ID, take})
			lacks -= take
		}
	}
	if lacks > 0 {
		return nil
	}
	return draws
}

// Evolve is the ledger after an event.
func (l Ledger) Evolve(e fact.Event) Ledger {
	switch d := e.Data.(type) {
	case trustfundv1.DonationPledged:
		pledge, _ := e.Private.(Pledge)
		l.Donations = append(slices.Clip(l.Donations), Donation{ID: d.Donation, Pledge: pledge})
	case trustfundv1.DonationPaid:
		paid, _ := e.Private.(Payment)
		l = l.with(d.Donation, func(of Donation) Donation {
			of.Paid = append(slices.Clip(of.Paid), paid)
			return of
		})
	case trustfundv1.DonationCorrected:
		right, _ := e.Private.(Correction)
		l = l.with(d.Donation, func(of Donation) Donation {
			of.Cents = right.PledgedCents
			if right.Paid != nil {
				of.Paid = *right.Paid
			}
			return of
		})
	case trustfundv1.FundsCommitted:
		kept, _ := e.Private.(Kept)
		l = l.award(d.Application, func(Award) Award { return Award{Use: kept.Use, Draws: kept.Draws} })
	case trustfundv1.FundsPaid:
		l = l.award(d.Application, func(a Award) Award { a.Paid += d.Cents; return a })
	case trustfundv1.FundsReleased:
		l = l.award(d.Application, func(a Award) Award { a.Released += d.Cents; return a })
	case trustfundv1.FundsReturned:
		l = l.award(d.Application, func(a Award) Award { a.Returned += d.Cents; return a })
	}
	return l
}

func (l Ledger) with(donation string, change func(Donation) Donation) Ledger {
	i := slices.IndexFunc(l.Donations, func(d Donation) bool { return d.ID == donation })
	if i >= 0 {
		l.Donations = slices.Clone(l.Donations)
		l.Donations[i] = change(l.Donations[i])
	}
	return l
}

func (l Ledger) award(application string, change func(Award) Award) Ledger {
	was, known := l.Awards[application]
	l.Awards = maps.Clone(l.Awards)
	if l.Awards == nil {
		l.Awards = map[string]Award{}
	}
	l.Awards[application] = change(was)
	if !known {
		l.order = append(slices.Clip(l.order), application)
	}
	return l
}

func (l Ledger) donation(id string) (Donation, bool) {
	i := slices.IndexFunc(l.Donations, func(d Donation) bool { return d.ID == id })
	if i < 0 {
		return Donation{}, false
	}
	return l.Donations[i], true
}

// day reads a day that is not after the instant of the decision.
func day(text string, by fact.By) bool {
	at, err := time.Parse(time.DateOnly, text)
	return err == nil && !at.After(by.At.Add(14*time.Hour))
}
