package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/work"
)

// Disclose is the command of an agency that asks what it may know of her. It
// names the referral, because the agency does not know the case.
type Disclose struct {
	Referral string `json:"referral"`
}

// Disclosure says which agency was shown what kinds of data, and when. It keeps
// no copy of them: they are the case itself.
type Disclosure struct {
	Referral string `json:"referral,omitempty"`
	// Alert is what it was shown for where it was for no referral.
	Alert      string               `json:"alert,omitempty"`
	Recipient  string               `json:"recipient"`
	Service    code.Service         `json:"service,omitempty"`
	Stage      code.DisclosureStage `json:"stage"`
	Categories []code.Category      `json:"categories"`
	At         time.Time            `json:"at"`
}

// Shown is the answer to an agency. It has a packet or a conflict check, never
// both, so that one is not taken for an empty other.
type Shown struct {
	Referral string               `json:"referral"`
	Service  code.Service         `json:"service"`
	Stage    code.DisclosureStage `json:"stage"`
	// Categories separate what she did not say from what this agency may not
	// know.
	Categories []code.Category `json:"categories"`
	// ContactClosed says that it is not safe to reach her: no address is shown.
	ContactClosed bool           `json:"contact_closed,omitempty"`
	At            time.Time      `json:"at"`
	ConflictCheck *ConflictCheck `json:"conflict_check,omitempty"`
	Packet        *Packet        `json:"packet,omitempty"`
}

// ConflictCheck is what an agency needs to see whether it may help her at all.
type ConflictCheck struct {
	OpposingParty []string `json:"opposing_party"`
}

// Packet is what an agency may know of a survivor. A missing part was not said,
// or no category covers it.
type Packet struct {
	Name     string        `json:"name,omitempty"`
	Survivor SurvivorShown `json:"survivor,omitzero"`
	Contact  Contact       `json:"contact,omitzero"`
	Incident *Incident     `json:"incident,omitempty"`
	Happened *Interval     `json:"happened,omitempty"`
	// Incidents are all that stand, the one of the opening first.
	Incidents     []IncidentShown `json:"incidents,omitempty"`
	OpposingParty []string        `json:"opposing_party,omitempty"`
	Narrative     string          `json:"narrative,omitempty"`
	// Told are topics that she has told, and lets be passed on: nobody needs to ask again.
	Told []code.Topic `json:"told_topics,omitempty"`
}

// SurvivorShown is what an agency may know of her disaggregation: her band, and never when she
// was born.
type SurvivorShown struct {
	Sex           code.Sex           `json:"sex,omitempty"`
	AgeBand       code.AgeBand       `json:"age_band,omitempty"`
	Displacement  code.Displacement  `json:"displacement,omitempty"`
	Disability    code.Disability    `json:"disability,omitempty"`
	MaritalStatus code.MaritalStatus `json:"marital_status,omitempty"`
	Unaccompanied code.Unaccompanied `json:"unaccompanied,omitempty"`
}

// covers is the one table of what each category shows. A field under no
// category is shown to nobody.
var covers = map[code.Category]func(p *Packet, c Case, f Referral){
	code.Identity: func(p *Packet, c Case, _ Referral) {
		p.Name, p.Survivor.Sex, p.Survivor.AgeBand = c.Name, c.Survivor.Sex, c.Survivor.AgeBand
		p.Survivor.Displacement, p.Survivor.MaritalStatus = c.Survivor.Displacement, c.Survivor.MaritalStatus
	},
	// How to reach her comes with what keeps her safe then.
	code.Contact: func(p *Packet, c Case, _ Referral) {
		p.Contact = c.Contact
	},
	// Whom she is up against is a part of what happened.
	code.Incident: func(p *Packet, c Case, f Referral) {
		if _, stands := c.stood(c.first()); stands {
			p.Incident, p.Happened = c.Opening.Incident, c.Happened
		}
		p.Incidents, p.OpposingParty = c.incidentsFor(), f.OpposingParty
	},
	code.Narrative: func(p *Packet, c Case, _ Referral) { p.Narrative = c.Narrative },
	// An agency must know that a child is alone, to keep her safe.
	code.SafetyNeeds: func(p *Packet, c Case, _ Referral) { p.Survivor.Unaccompanied = c.Survivor.Unaccompanied },
	code.HealthData:  func(p *Packet, c Case, _ Referral) { p.Survivor.Disability = c.Survivor.Disability },
	// The clinic itself tells of its certificate: intake has none.
	code.ForensicCertificate: func(*Packet, Case, Referral) {},
	// When she comes is for her desk, and intake does not know it.
	code.Appointments: func(*Packet, Case, Referral) {},
}

// basics are what any service needs: whom it meets, how, and what keeps her safe.
var basics = []code.Category{code.Identity, code.Contact, code.SafetyNeeds, code.Appointments}

// needs says whether a service needs a category, under what a programme says of it (Least). A
// consent only narrows that: a provider of clothes is shown no narrative, however broad the consent.
func needs(least programme.Least, s code.Service, k code.Category) bool {
	return slices.Contains(basics, k) || slices.Contains(least[s], k)
}

// held are the statuses in which an agency has taken a referral and not ended it.
var held = []code.ReferralStatus{
	code.Accepted, code.Scheduled, code.Missed, code.InService, code.CancellationRequested,
}

// awaiting are those in which it may still be taken.
var awaiting = []code.ReferralStatus{code.Requested, code.Received, code.DenialPending}

// Asks says whether a referral is, or may become, the actor's agency's. An
// agency that is not asked at first is never asked later.
func (c Case) Asks(by fact.By, referral string) bool {
	i := find(c.Referrals, referral)
	return i >= 0 && by.Agency != "" && c.Referrals[i].asks(by.Agency)
}

// Knows says whether the actor's agency may know that the referral exists: it
// is asked or has taken it, it has not ended, and the very consents on which it
// was asked are in force.
func (c Case) Knows(by fact.By, referral string) bool {
	_, _, ok := c.ground(by, referral)
	return ok
}

// ground is the referral as it is for an agency, and the consent it stands on.
func (c Case) ground(by fact.By, referral string) (Referral, Consent, bool) {
	// Her consents to a blocked agency have ended; whom she must not meet is looked at all the
	// same, at the instant at which something would be shown.
	if !c.Asks(by, referral) || c.Blocks.Agency(by.Agency) {
		return Referral{}, Consent{}, false
	}
	f := c.Referrals[find(c.Referrals, referral)]
	on := f.on(by.Agency)
	inForce := func(id string) (Consent, bool) {
		i := slices.IndexFunc(c.Consents, func(k Consent) bool { return k.ID == id })
		if i < 0 {
			return Consent{}, false
		}
		k := c.Consents[i]
		return k, k.InForce(by.At) && k.covers(by.Agency, f.Service, k.Purpose)
	}
	k, ok := inForce(on.Consent)
	for _, id := range on.Further {
		_, too := inForce(id)
		ok = ok && too
	}
	return f, k, ok && f.open() && k.Purpose == code.ServiceDelivery
}

// Disclose records what the agency is shown now: after acceptance all that she
// consented to; before it the opposing party, where a conflict check is asked
// for, and else nothing (ErrTooEarly). An acceptance reaches intake a moment
// later; until then it is too early. Where nothing may be shown of a referral that goes on,
// the agency is told why (ErrContactClosed, ErrNothingToShow, ErrConsentAnew): it must not
// take it for one that has ended. An agency that may not know of the referral is shown
// nothing, and neither is a colleague of the worker who has it (work.ErrNotTheWorker).
func (c Case) Disclose(by fact.By, cmd Disclose, h work.Hands, rules Rules) ([]fact.Event, error) {
	f, k, ok := c.ground(by, cmd.Referral)
	if !ok {
		return nil, nil
	}
	if err := c.HandedTo(by, f.ID, h); err != nil {
		return nil, err
	}
	d := intakev1.Disclosed{Case: c.ID, Referral: f.ID, Recipient: by.Agency, Service: f.Service}
	switch {
	case f.Recipient == by.Agency && slices.Contains(held, f.Status):
		if c.packed(f) {
			return nil, ErrPacketOnce
		}
		d.Stage, d.Categories = code.ForService, c.allowed(f, k, rules.of(c, by.At).Least)
		if len(d.Categories) == 0 {
			return nil, c.withheld(k)
		}
	case slices.Contains(awaiting, f.Status) && f.Needs.ConflictCheck && len(f.OpposingParty) > 0 && slices.Contains(k.Categories, code.Incident):
		d.Stage, d.Categories = code.ForConflictCheck, []code.Category{code.Incident}
	default:
		return nil, ErrTooEarly
	}
	if c.halts(f.on(by.Agency), rules.law(c, by.At), by.At) {
		return nil, ErrConsentAnew
	}
	return fact.Of(d), nil
}

// allowed are the categories that the recipient may be shown now: that she consented to,
// that the service needs, and that it is safe to show.
func (c Case) allowed(f Referral, k Consent, least programme.Least) []code.Category {
	return slices.DeleteFunc(slices.Clone(k.Categories), func(category code.Category) bool {
		return !needs(least, f.Service, category) || !c.shows(category)
	})
}

// withheld says why a recipient is shown nothing of a referral that it has taken.
func (c Case) withheld(k Consent) error {
	if !c.shows(code.Contact) && slices.Contains(k.Categories, code.Contact) {
		return ErrContactClosed
	}
	return ErrNothingToShow
}

// Withheld says why the actor's agency is shown nothing of a referral again, where it goes
// on; else nil.
func (c Case) Withheld(by fact.By, referral string, rules Rules) error {
	f, k, ok := c.ground(by, referral)
	switch {
	case !ok:
		return nil
	case c.halts(f.on(by.Agency), rules.law(c, by.At), by.At):
		return ErrConsentAnew
	case f.Recipient != by.Agency || !slices.Contains(held, f.Status) || len(c.allowed(f, k, rules.of(c, by.At).Least)) > 0:
		return nil
	}
	return c.withheld(k)
}

// Shown is what the last disclosure of a referral to the actor's agency showed, as
// far as the consent in force covers it. To show it again is to show it: it reports false
// when that is nothing, and while the consent is asked for anew.
func (c Case) Shown(by fact.By, referral string, rules Rules) (Shown, bool) {
	f, k, ok := c.ground(by, referral)
	if !ok || c.halts(f.on(by.Agency), rules.law(c, by.At), by.At) {
		return Shown{}, false
	}
	for _, d := range slices.Backward(c.Disclosures) {
		if d.Referral == referral && d.Recipient == by.Agency && d.Stage != code.ForContact {
			s := c.shown(d, f, k, rules.of(c, by.At).Least, by.At)
			return s, len(s.Categories) > 0
		}
	}
	return Shown{}, false
}

func (c Case) shown(d Disclosure, f Referral, k Consent, least programme.Least, at time.Time) Shown {
	s := Shown{Referral: d.Referral, Service: d.Service, Stage: d.Stage, At: d.At}
	for _, category := range d.Categories {
		if slices.Contains(k.Categories, category) && needs(least, f.Service, category) && c.shows(category) {
			s.Categories = append(s.Categories, category)
		}
	}
	switch {
	case len(s.Categories) == 0:
		return Shown{}
	case d.Stage != code.ForService:
		s.ConflictCheck = &ConflictCheck{OpposingParty: f.OpposingParty}
		return s
	}
	s.Packet, s.ContactClosed = &Packet{}, !c.ContactClosed.IsZero()
	c.Contact, _ = c.grownContact(at)
	c.Survivor.AgeBand = c.Survivor.band(c.Zone, at)
	for _, category := range s.Categories {
		covers[category](s.Packet, c, f)
	}
	s.Packet.Told = c.toldUnder(s.Categories)
	return s
}

// Ledger is a part of the disclosures, the latest first: at most limit of the
// first ones. before is what is left behind them, 0 when nothing is.
func (c Case) Ledger(first, limit int) (page []Disclosure, before int) {
	first = min(first, len(c.Disclosures))
	before = max(first-limit, 0)
	page = append([]Disclosure{}, c.Disclosures[before:first]...)
	slices.Reverse(page)
	return page, before
}
