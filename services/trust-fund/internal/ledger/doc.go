// Package ledger holds the money of the trust fund: what donors promised and paid, what is kept
// for awarded applications, and what was paid to grantees. All of it is one record, so that two
// who award at once decide one after the other. It refuses to keep a balance beside what it is
// made of, to commit a promise, and to commit money for anything but its earmark.
//
// All amounts are US dollars in cents.
package ledger

import (
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// Prefix begins the identifier of the record.
const Prefix = "fund"

// ID is the one record.
var ID = fact.ID(Prefix, "ledger")

// DonationPrefix begins the identifier of a donation.
const DonationPrefix = "donation"

// What the rules refuse, and why.
var (
	ErrNotFound = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	// ErrDonation refuses a donation that contradicts itself.
	ErrDonation = fault.New(fault.Invalid, "donation_invalid", "The donation contradicts itself, or the ledger does not know it.")
	// ErrSpent refuses a correction that would take away money that is in use.
	ErrSpent = fault.New(fault.Conflict, "donation_spent", "This money is kept for a grant, or was paid to one.")
	// ErrBalance refuses a commitment of money that is not there.
	ErrBalance = fault.New(fault.Conflict, "balance_too_small", "The fund has not enough money for this award that is paid in and may be used for it.")
	// ErrCommitted refuses a second commitment for one application.
	ErrCommitted = fault.New(fault.Conflict, "funds_committed", "Money is kept for this application already.")
	// ErrNoAward refuses money for what was not awarded.
	ErrNoAward = fault.New(fault.Conflict, "not_awarded", "The trustees did not award this application.")
	// ErrAmount refuses a fact about more money than there is.
	ErrAmount = fault.New(fault.Conflict, "amount_impossible", "More was paid, released or returned than was committed or paid.")
)
