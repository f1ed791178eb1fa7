package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Blocks are whom she must not meet, by her word and without a reason: nobody has to
// justify it, and a reason would be a new thing to leak. They are a part of what was said
// at the desk, for who has the case alone. No event that leaves the room, no list and no
// answer to anybody else depends on them in a way that another cause could not have: who
// may be asked is told, and never who may not.
//
// Each rule that lets somebody near her asks Blocks, and nothing else does: Agency for who
// is asked, Person for who sees or takes something.
type Blocks struct {
	// Agencies are named by their slugs.
	Agencies []string `json:"agencies,omitempty"`
	// Persons work at an agency: its slug, a slash, and how their token names them. They
	// need not be on the register: to say who is would tell the desk who works elsewhere.
	Persons []string `json:"persons,omitempty"`
}

// Agency says that she must not meet an agency.
func (b *Blocks) Agency(slug string) bool { return b != nil && slices.Contains(b.Agencies, slug) }

// Person says that she must not meet a person, by their identifier in the register of
// workers. Nobody of a blocked agency is named so: their agency is not asked.
func (b *Blocks) Person(id string) bool {
	return b != nil && id != "" && slices.ContainsFunc(b.Persons, func(p string) bool {
		agency, subject, _ := strings.Cut(p, "/")
		return worker.ID(agency, subject) == id
	})
}

// Among says that she must not meet somebody of an agency, or all of it.
func (b *Blocks) Among(slug string) bool {
	return b.Agency(slug) || b != nil && slices.ContainsFunc(b.Persons, func(p string) bool { return strings.HasPrefix(p, slug+"/") })
}

// check refuses what names nobody (ErrSlug), and the desk itself (ErrOwnDesk).
func (b *Blocks) check(own string) error {
	if b == nil {
		return nil
	}
	for i, agency := range b.Agencies {
		at := "/must_not_meet/agencies/" + strconv.Itoa(i)
		if err := slug(at, agency); err != nil {
			return err
		}
		if agency == own {
			return ErrOwnDesk.At(at, "another office")
		}
	}
	for i, person := range b.Persons {
		at := "/must_not_meet/persons/" + strconv.Itoa(i)
		agency, subject, _ := strings.Cut(person, "/")
		if err := slug(at, agency); err != nil {
			return err
		}
		if strings.TrimSpace(subject) == "" {
			return ErrSlug.At(at, "the agency, a slash and the person")
		}
	}
	return nil
}

// barred says that somebody who acts must not come near her.
func (c Case) barred(by fact.By) bool {
	return by.Principal != "" && c.Blocks.Person(worker.ID(by.Agency, by.Principal)) || by.Agency != "" && c.Blocks.Agency(by.Agency)
}

// mayAsk gives ErrBlocked where a command of who has the case names an agency that she
// must not meet. Nobody else gets as far as this rule.
func (c Case) mayAsk(names []Named) error {
	for _, n := range names {
		if c.Blocks.Agency(n.Agency) {
			return ErrBlocked.At(n.Pointer, "not whom she must not meet")
		}
	}
	return nil
}

// Askable are those of some agencies that may be asked for her, in the same order. The
// others are left out, as if nobody had named them.
func (c Case) Askable(agencies []string) []string {
	return slices.DeleteFunc(slices.Clone(agencies), c.Blocks.Agency)
}

// parted takes back what she consented to with the agencies that she must not meet from
// now on. It is her no: what stands on these consents ends as it does when she withdraws
// them by any other way, and the agencies learn no more than then.
func (c Case) parted(now *Blocks) (events []fact.Event) {
	for _, k := range c.Consents {
		if k.stands() && now.Agency(k.Recipient) && !c.Blocks.Agency(k.Recipient) {
			events = append(events, c.withdrawal(k, nil))
		}
	}
	return events
}

// displacing marks the open referrals that a block leaves without anybody to ask.
func (c Case) displacing(was *Blocks) []Referral {
	referrals := slices.Clone(c.Referrals)
	for i, f := range referrals {
		asks := f.Candidates
		if f.Recipient != "" {
			asks = []Candidate{{Choice: Choice{Recipient: f.Recipient}}}
		}
		newly := slices.ContainsFunc(asks, func(to Candidate) bool { return !was.Agency(to.Recipient) })
		left := slices.ContainsFunc(asks, func(to Candidate) bool { return !c.Blocks.Agency(to.Recipient) })
		if f.open() && newly && !left {
			referrals[i].Displaced = true
		}
	}
	return referrals
}

// Displaced are the referrals that ended because she must not meet who was asked. She still
// lacks what they asked for, and only who has the case is told: to anybody else they are
// referrals of which she took the consent back.
func (c Case) Displaced() []Referral {
	var displaced []Referral
	for _, f := range c.Referrals {
		if !c.Closed() && c.displaced(f) {
			displaced = append(displaced, f)
		}
	}
	return displaced
}

func (c Case) displaced(f Referral) bool {
	if !f.Displaced || f.Status != code.Withdrawn || f.Settled != "" {
		return false
	}
	return !c.replaced(f)
}

func displacedSince(all []Referral) time.Time { return all[0].EndedAt }

// misgiven are the open referrals that an agency gave to a person whom she must not meet.
// The agency does not know that, and that person is shown nothing: who has the case finds
// another way with her.
func (c Case) misgiven() []Referral {
	return slices.DeleteFunc(slices.Clone(c.Referrals), func(f Referral) bool {
		return !f.open() || !f.asks(f.Hand.Agency) || !c.Blocks.Person(f.Hand.Worker)
	})
}

// givenSince is since when what is hers is with somebody whom she must not meet; zero where it
// is not.
func (c Case) givenSince() time.Time {
	if given := c.misgiven(); len(given) > 0 {
		return given[0].Hand.AssignedAt
	}
	if given := c.given(); len(given) > 0 {
		return given[0].at
	}
	return time.Time{}
}

// settleDisplaced settles such a need. The event stays in the room: of a referral that she
// withdrew nothing is settled, as far as others know.
func (c Case) settleDisplaced(f Referral, how code.NeedSettlement) []fact.Event {
	return fact.Of(intakev1.DisplacedSettled{Case: c.ID, Referral: f.ID, Settlement: how})
}

// And is whom she must not meet by either; nil for nobody.
func (b *Blocks) And(o *Blocks) *Blocks {
	switch {
	case b == nil:
		return o
	case o == nil:
		return b
	}
	both := func(a, b []string) []string {
		all := append(slices.Clone(a), b...)
		slices.Sort(all)
		return slices.Compact(all)
	}
	return &Blocks{Agencies: both(b.Agencies, o.Agencies), Persons: both(b.Persons, o.Persons)}
}

func (b *Blocks) same(o *Blocks) bool {
	if b == nil || o == nil {
		return b == o
	}
	return slices.Equal(b.Agencies, o.Agencies) && slices.Equal(b.Persons, o.Persons)
}
