package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Assign gives the referral to a person of the recipient, or to another one. The
// earlier persons stay on record. The person is on the register of the agency
// (worker.ErrUnknown), and there when something is due, or somebody covers for them
// (ErrWorkerAbsent): a referral with nobody would wait unseen. A focal point and a
// supervisor assign anybody; others take what nobody has, for themselves
// (ErrOthersAssign). Also what has ended is handed over, where the recipient had taken
// it: a worker who leaves may still have dates and duties there, and somebody takes them
// over. Who lacks a credential that bars them is refused (credential.ErrMissing), but never
// where medical care or safety would wait; what was missing is on record.
func (r Referral) Assign(by fact.By, cmd Assign, staff worker.Seen) ([]fact.Event, error) {
	if err := r.mayAssign(by); err != nil {
		return nil, err
	}
	if cmd.Worker == "" {
		return nil, ErrWorker.At("/worker", "required")
	}
	now := r.hand()
	if !leads(by) && (cmd.Worker != by.Principal || now.Worker != "" && now.Worker != by.Principal) {
		return nil, ErrOthersAssign.At("/worker", "oneself, where nobody is assigned")
	}
	is, err := staff.Find("/worker", cmd.Worker)
	if err != nil {
		return nil, err
	}
	if at := r.needed(by.At); is.Absent(at) && !staff.Staff.Value().ByID(is.Cover).Covers(is, at) {
		return nil, ErrWorkerAbsent.At("/worker", "at work when the referral is due, or covered by a colleague who is")
	}
	lacks := staff.Lacks(is, r.place(by.At), credential.Doing(r.Service))
	if now.Worker == cmd.Worker && now.ID == is.ID && credential.Alike(now.Lacks, lacks) {
		return nil, nil
	}
	if err := credential.Given("/worker", r.Service, lacks); err != nil {
		return nil, err
	}
	return fact.With(referralv1.Assigned{Loop: r.Loop, Worker: is.ID, At: by.At}, Hand{Worker: cmd.Worker, ID: is.ID, Lacks: lacks}), nil
}

// place is where the work of the referral is done, for what a role requires there.
func (r Referral) place(at time.Time) credential.Place {
	p := r.Place.Value()
	return credential.Place{Country: p.Country, Programme: p.Programme, At: at}
}

// leads says whether an actor hands out the work of their agency.
func leads(by fact.By) bool {
	return slices.Contains(by.Roles, "focal_point") || slices.Contains(by.Roles, "supervisor")
}

// hand is the person who looks after the referral now, if there is one.
func (r Referral) hand() Hand {
	if n := len(r.Hands); n > 0 {
		return r.Hands[n-1]
	}
	return Hand{}
}

// needed is when somebody must be there: when the answer, the visit, the first contact
// or the service is due, and now where that is past or nothing is.
func (r Referral) needed(now time.Time) time.Time {
	if !r.Open() {
		return now
	}
	due := cmp.Or(r.Appointment, r.contactBy(), r.serviceBy())
	if r.awaitsAnswer() {
		due = r.Policy.RespondBy
	}
	if due.Before(now) {
		return now
	}
	return due
}
