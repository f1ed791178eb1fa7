package domain

import (
	"maps"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/near"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Opened is the private half of case_opened: what was said, and who has the case. A case
// from before says nobody.
type Opened struct {
	Opening
	Owned
	// Zone is where her birthdays begin.
	Zone string `json:"zone,omitempty"`
	// OnPaper is the paper from which it was opened.
	OnPaper *OnPaper `json:"on_paper,omitempty"`
}

// Owned is who has a case: the identifier in the register of workers, and how their token
// names them. A person who is on no register has one, too: nobody waits for a form.
type Owned struct {
	Owner   string `json:"owner,omitempty"`
	Subject string `json:"owner_subject,omitempty"`
}

// Self is the one who acts, as the owner of a case. The network owns nothing.
func Self(by fact.By) Owned {
	if by.Principal == "" {
		return Owned{}
	}
	return Owned{Owner: worker.ID(by.Agency, by.Principal), Subject: by.Principal}
}

// HandOver is the command that gives a case to a colleague.
type HandOver struct {
	// To is the colleague, as their token names them.
	To string `json:"to"`
}

// Restrict is the command that keeps a case out of every search and every hint, because
// people of the desk are involved in it; or that ends this.
type Restrict struct {
	Restricted bool `json:"restricted"`
}

// Colleagues are the people of a desk as a decision sees them.
type Colleagues struct {
	// Hands are those of who commands.
	work.Hands
	// Leads says that who commands is a supervisor of the desk.
	Leads bool
	// Of are the people on the register, by their identifiers.
	Of look.Fresh[map[string]worker.Present]
	// Names are the subjects of those who have cases here: the register tells this room
	// no names.
	Names []string
	// Unread is why somebody may be missing; nil when nobody is.
	Unread error
	Err    error
	// Requires is what a role requires of who has a case; nil where nothing is required.
	Requires credential.Requires
}

// Handed is the private half of case_handed_over: who has the case, and what they lacked when
// it was given to them all the same.
type Handed struct {
	Owned
	Lacks []credential.Lack `json:"lacks,omitempty"`
}

// lacks is what a colleague lacks of what who has a case needs.
func (k Colleagues) lacks(c Case, owner string, at time.Time) []credential.Lack {
	if k.Requires == nil {
		return nil
	}
	return k.Requires(credential.Place{Country: c.Country, Programme: c.Programme, At: at}, code.WorksAsCaseworker).Missing(k.Of.Value()[owner].Credentials, at)
}

// WorkersByAgency lists the people on the register of an agency.
var WorkersByAgency = image.List[worker.Copy]{Keys: func(c worker.Copy) []string { return []string{fact.Key(c.Agency)} }}

// find is the colleague of a subject, but for those who are hidden. Errors:
// worker.ErrUnknown.
func (k Colleagues) find(agency, pointer, subject string, hidden func(id string) bool) (Owned, error) {
	if k.Err != nil {
		return Owned{}, k.Err
	}
	to := Owned{Owner: worker.ID(agency, subject), Subject: subject}
	there := func(id string) bool {
		p, known := k.Of.Value()[id]
		return known && !p.Left && !hidden(id)
	}
	switch _, known := k.Of.Value()[to.Owner]; {
	case there(to.Owner):
		return to, nil
	case !known && k.Unread != nil:
		return Owned{}, k.Unread
	}
	var names []string
	for _, name := range k.Names {
		if there(worker.ID(agency, name)) {
			names = append(names, name)
		}
	}
	return Owned{}, worker.ErrUnknown.At(pointer, "registered at this agency, and not gone").Nearest(near.To(subject, names))
}

// Has is who has the case, by the identifier in the register; empty for nobody.
func (c Case) Has() string { return c.Owner }

// Handled gives ErrNotTheOwner, unless the hands act for who has the case.
func (c Case) Handled(h work.Hands) error {
	switch {
	case h.Err != nil:
		return h.Err
	case h.Worker != c.Owner || !h.Act.Value():
		return ErrNotTheOwner
	}
	return nil
}

// Owns says whether somebody acts for who has the case: they have it and have not left, or
// they cover for who has it. Whether an owner is on the register does not matter: she is
// not to wait because a form is missing.
func Owns(c Case, by fact.By, me, them worker.Present) bool {
	if c.Owner == "" || me.Left || c.barred(by) {
		return false
	}
	return c.Owner == worker.ID(by.Agency, by.Principal) && c.OwnerLeft.IsZero() || me.Covers(them, by.At)
}

// Sees says whether somebody sees what is in a case: who acts for its owner; and the person on
// duty, while her contact is closed, to decide whether it is safe to open it, and while news of
// danger waits, to tell her.
func Sees(c Case, by fact.By, me, them worker.Present) bool {
	return Owns(c, by, me, them) || !c.barred(by) && c.calls() && me.OnDuty(by.At) && me.Agency == c.Agency
}

// calls says that the person on duty is to come to the case.
func (c Case) calls() bool { return !c.ContactClosed.IsZero() || len(c.newsWaiting()) > 0 }

// ActsFor are the people for whom somebody acts: themself, and whom they cover for now.
func ActsFor(by fact.By, staff map[string]worker.Present) []string {
	me := Self(by).Owner
	of := []string{me}
	for _, id := range slices.Sorted(maps.Keys(staff)) {
		if id != me && staff[me].Covers(staff[id], by.At) {
			of = append(of, id)
		}
	}
	return of
}

// ByOwner is a rule for who has the case, and who covers, alone (ErrNotTheOwner).
func ByOwner[C any](decide func(Case, fact.By, C) ([]fact.Event, error)) func(Case, fact.By, C, work.Hands) ([]fact.Event, error) {
	return work.ByWorker[Case](decide)
}

// HandOver gives the case to a colleague: by who has it, who covers, or a supervisor
// (ErrNotTheOwner). The colleague works at the desk (worker.ErrUnknown). Who lacks a credential
// that bars them is refused (credential.ErrMissing), but not while the case has nobody: she does
// not wait for a paper. What was missing is on record.
func (c Case) HandOver(by fact.By, cmd HandOver, k Colleagues) ([]fact.Event, error) {
	if err := c.led(k); err != nil {
		return nil, err
	}
	to, err := c.colleague(k, cmd.To)
	if err != nil {
		return nil, err
	}
	lacks := k.lacks(c, to.Owner, by.At)
	if to.Owner == c.Owner && c.OwnerLeft.IsZero() && credential.Alike(c.Lacks, lacks) {
		return nil, nil
	}
	if !c.ownerless() {
		if err := credential.Refuse("/to", credential.Barring(lacks)); err != nil {
			return nil, err
		}
	}
	return fact.With(intakev1.CaseHandedOver{Case: c.ID, Owner: to.Owner}, Handed{Owned: to, Lacks: lacks}), nil
}

// colleague is who is to get the case. Whom she must not meet is named as such to who has
// the case; to anybody else they are somebody whom the desk does not know.
func (c Case) colleague(k Colleagues, subject string) (Owned, error) {
	if c.Handled(k.Hands) == nil && c.Blocks.Person(worker.ID(c.Agency, subject)) {
		return Owned{}, ErrBlocked.At("/to", "not whom she must not meet")
	}
	return k.find(c.Agency, "/to", subject, c.Blocks.Person)
}

// Restrict keeps the case out of searches and hints, or ends this: by who has it, who
// covers, or a supervisor (ErrNotTheOwner).
func (c Case) Restrict(_ fact.By, cmd Restrict, k Colleagues) ([]fact.Event, error) {
	if err := c.led(k); err != nil || c.Restricted == cmd.Restricted {
		return nil, err
	}
	return fact.Of(intakev1.CaseRestricted{Case: c.ID, Restricted: cmd.Restricted}), nil
}

// led gives ErrNotTheOwner, unless who commands has the case, covers or leads the desk.
func (c Case) led(k Colleagues) error {
	if k.Leads {
		return nil
	}
	return c.Handled(k.Hands)
}

// OnOwnerLeft notes that the person who has the case left the agency: it waits for a
// supervisor. Who covers for them acts for them until then.
func (c Case) OnOwnerLeft(_ fact.By, left worker.Present) ([]fact.Event, error) {
	if !left.Left || c.Owner != left.ID || !c.OwnerLeft.IsZero() {
		return nil, nil
	}
	return fact.Of(intakev1.CaseOwnerLeft{Case: c.ID, Owner: c.Owner}), nil
}

// ownerless says that a supervisor must give the case to somebody. A case that is closed
// waits for nobody.
func (c Case) ownerless() bool {
	return c.Exists() && (!c.Closed() || c.Resumed()) && !c.assigned()
}

// assigned says that somebody has the case who works at the desk, and whom she may meet.
func (c Case) assigned() bool {
	return c.Owner != "" && c.OwnerLeft.IsZero() && !c.Blocks.Person(c.Owner)
}

// lacking says that a supervisor must look after who has the case: they lacked a credential when
// it was given to them.
func (c Case) lacking() bool {
	return len(c.Lacks) > 0 && !c.ownerless() && (!c.Closed() || c.Resumed())
}

func (c Case) ownerlessSince() time.Time {
	if c.OwnerLeft.IsZero() {
		return c.OpenedAt
	}
	return c.OwnerLeft
}

// Waits is what of the case waits for its desk, as everybody there may know.
func (c Case) Waits() []code.Attention {
	var waits []code.Attention
	if len(c.Unmet()) > 0 {
		waits = append(waits, code.UnmetNeed)
	}
	if !c.ContactClosed.IsZero() {
		waits = append(waits, code.ContactUnsafe)
	}
	if len(c.newsWaiting()) > 0 {
		waits = append(waits, code.NewsToTell)
	}
	if len(c.newsLate()) > 0 {
		waits = append(waits, code.NewsLate)
	}
	if c.ownerless() {
		waits = append(waits, code.WithoutOwner)
	}
	if c.lacking() {
		waits = append(waits, code.CredentialMissing)
	}
	if len(c.anew()) > 0 {
		waits = append(waits, code.ConsentAnew)
	}
	if len(c.asksConsent()) > 0 {
		waits = append(waits, code.ConsentAsked)
	}
	if _, open := c.transferOpen(); open {
		waits = append(waits, code.TransferOpen)
	}
	if _, untaken := c.transferUntaken(); untaken {
		waits = append(waits, code.TransferUntaken)
	}
	if c.reviewDue() {
		waits = append(waits, code.ActionPlanDue)
	}
	if _, due := c.conferenceDue(); due {
		waits = append(waits, code.ConferenceDue)
	}
	if _, overdue := c.granteesWaiting(); len(overdue) > 0 {
		waits = append(waits, code.GranteeUnasked)
	}
	if _, overdue := c.unanswered(); len(overdue) > 0 {
		waits = append(waits, code.OnwardUnanswered)
	}
	return waits
}

// awaited tells the desk that something of the case waits for it, and not what.
func (c Case) awaited() intakev1.DeskAwaited {
	return intakev1.DeskAwaited{Agency: c.Agency, Case: c.ID}
}

// owned is the case after an event about who has it, and whether it is to be found.
func (c Case) owned(e fact.Event) Case {
	switch d := e.Data.(type) {
	case intakev1.CaseHandedOver:
		handed, _ := e.Private.(Handed)
		c.Owned, c.Lacks, c.OwnerLeft = handed.Owned, handed.Lacks, time.Time{}
	case intakev1.CaseOwnerLeft:
		if c.Owner == d.Owner {
			c.OwnerLeft = e.At
		}
	case intakev1.CaseRestricted:
		c.Restricted = d.Restricted
	case intakev1.DuplicateHinted:
		c.Hints = append(slices.Clip(c.Hints), Hint{Other: d.Other, Both: d.Both, At: e.At})
	case intakev1.DuplicateSettled:
		c.Hints = settledHint(c.Hints, d.Other)
	case intakev1.CaseMerged:
		c.Into = d.Into
	case intakev1.CaseUnmerged:
		c.Into = ""
	case intakev1.CaseClosedWith:
		c.ClosedWith = d.Leading
	default:
		c = c.transferred(e)
	}
	return c
}
