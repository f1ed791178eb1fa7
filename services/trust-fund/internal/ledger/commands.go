package ledger

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// Name is that of the one ledger.
func (Pledge) Name() string { return ID }

// Pledge records what a donor promised. A State is named by its country, and nobody else has
// one. Errors: ErrDonation.
func (l Ledger) Pledge(by fact.By, cmd Pledge) ([]fact.Event, error) {
	switch {
	case cmd.Cents <= 0:
		return nil, ErrDonation.At("/pledged_cents", "more than nothing")
	case (cmd.Kind == code.DonorState) != (cmd.Country != ""):
		return nil, ErrDonation.At("/country", "of a State, and of nobody else")
	case !day(cmd.On, by):
		return nil, ErrDonation.At("/on", "not in the future")
	}
	return fact.With(trustfundv1.DonationPledged{Fund: ID, Donation: by.ID(DonationPrefix, 0)}, cmd), nil
}

// Pay says that money of a donation came.
type Pay struct {
	Donation string `json:"donation"`
	Payment
}

// Name is that of the one ledger.
func (Pay) Name() string { return ID }

// Pay records money that came. More than was promised is a gift, and no error. Errors:
// ErrDonation.
func (l Ledger) Pay(by fact.By, cmd Pay) ([]fact.Event, error) {
	_, known := l.donation(cmd.Donation)
	switch {
	case !known:
		return nil, ErrDonation.At("/donation", "one that the ledger knows")
	case cmd.Cents <= 0:
		return nil, ErrDonation.At("/cents", "more than nothing")
	case !day(cmd.On, by):
		return nil, ErrDonation.At("/on", "not in the future")
	}
	return fact.With(trustfundv1.DonationPaid{Fund: ID, Donation: cmd.Donation}, cmd.Payment), nil
}

// Correct says what is right of a donation. What came is written anew as a whole, where it is
// given.
type Correct struct {
	Donation string `json:"donation"`
	Correction
}

// Correction is the private half of DonationCorrected.
type Correction struct {
	PledgedCents int64                   `json:"pledged_cents"`
	Paid         *[]Payment              `json:"paid,omitempty"`
	Reason       code.DonationCorrection `json:"reason"`
	// By is who corrected, and why in their words.
	Note string `json:"note,omitempty"`
}

// Name is that of the one ledger.
func (Correct) Name() string { return ID }

// Correct puts a donation right. It takes away no money that is kept for a grant (ErrSpent).
// Errors: ErrDonation.
func (l Ledger) Correct(by fact.By, cmd Correct) ([]fact.Event, error) {
	of, known := l.donation(cmd.Donation)
	if !known {
		return nil, ErrDonation.At("/donation", "one that the ledger knows")
	}
	if cmd.PledgedCents < 0 {
		return nil, ErrDonation.At("/pledged_cents", "not less than nothing")
	}
	if cmd.Paid != nil {
		for _, p := range *cmd.Paid {
			if p.Cents <= 0 || !day(p.On, by) {
				return nil, ErrDonation.At("/paid", "more than nothing, on a day that was")
			}
		}
		of.Paid = *cmd.Paid
	}
	if of.received() < l.drawn(of.ID) {
		return nil, ErrSpent
	}
	return fact.With(trustfundv1.DonationCorrected{Fund: ID, Donation: of.ID}, cmd.Correction), nil
}

// Commit keeps money for an application that the trustees awarded.
type Commit struct {
	Application string `json:"application"`
}

// Name is that of the one ledger.
func (Commit) Name() string { return ID }

// Awarded is what the trustees decided of an application; not Exists: they did not award it. The
// type has no name, so that applications need not know this package.
type Awarded = struct {
	Exists       bool
	SubProgramme code.SubProgramme
	Country      code.Country
	Cents        int64
}

// On is what a commitment hangs on.
type On struct {
	Awarded look.Fresh[Awarded]
	Err     error
}

// Commit keeps the money. Who asks again is answered with what stands. Errors: ErrNoAward,
// ErrBalance.
func (l Ledger) Commit(_ fact.By, cmd Commit, on On) ([]fact.Event, error) {
	if on.Err != nil {
		return nil, on.Err
	}
	is := on.Awarded.Value()
	if _, twice := l.Awards[cmd.Application]; twice {
		return nil, ErrCommitted
	}
	if !is.Exists || is.Cents <= 0 {
		return nil, ErrNoAward
	}
	use := Use{is.SubProgramme, is.Country, is.Cents}
	draws := l.draw(use)
	if draws == nil {
		return nil, ErrBalance
	}
	return fact.With(trustfundv1.FundsCommitted{Fund: ID, Application: cmd.Application, Cents: is.Cents}, Kept{use, draws}), nil
}

// outstanding is what is still to be paid of an award.
func (a Award) outstanding() int64 { return a.Cents - a.Paid - a.Released }

// Paid notes that committed money was paid to a grantee. Errors: ErrAmount.
func (l Ledger) Paid(_ fact.By, application string, cents int64) ([]fact.Event, error) {
	if a := l.Awards[application]; cents <= 0 || cents > a.outstanding() {
		return nil, ErrAmount
	}
	return fact.Of(trustfundv1.FundsPaid{Fund: ID, Application: application, Cents: cents}), nil
}

// Release notes that committed money will not be paid. Errors: ErrAmount.
func (l Ledger) Release(_ fact.By, application string, cents int64) ([]fact.Event, error) {
	if a := l.Awards[application]; cents <= 0 || cents > a.outstanding() {
		return nil, ErrAmount
	}
	return fact.Of(trustfundv1.FundsReleased{Fund: ID, Application: application, Cents: cents}), nil
}

// Returned notes that a grantee gave paid money back. Errors: ErrAmount.
func (l Ledger) Returned(_ fact.By, application string, cents int64) ([]fact.Event, error) {
	if a := l.Awards[application]; cents <= 0 || cents > a.Paid-a.Returned {
		return nil, ErrAmount
	}
	return fact.Of(trustfundv1.FundsReturned{Fund: ID, Application: application, Cents: cents}), nil
}
