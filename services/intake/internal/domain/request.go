package domain

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
)

// Request asks for one service: one agency or, by mode, several candidates.
type Request struct {
	Recipient string       `json:"recipient,omitempty"`
	Service   code.Service `json:"service"`
	Urgency   code.Urgency `json:"urgency"`
	// Consent chooses among several that cover the request. Empty: the one that
	// she gave last.
	Consent string `json:"consent,omitempty"`
	// Mode is directed when it is left out.
	Mode       code.ReferralMode `json:"mode,omitempty"`
	Candidates []Choice          `json:"candidates,omitempty"`
	// Then are the agencies to ask next, in this order, when nobody takes the
	// referral. Each is asked only if she still agrees to it at that instant.
	Then  []Choice       `json:"then,omitempty"`
	Needs intakev1.Needs `json:"needs,omitzero"`
	// Visit groups what she is to get in one visit: a number that counts within
	// the command, or the identifier of a visit of the case.
	Visit string `json:"visit,omitempty"`
	// OpposingParty are the people whom a conflict check is about. They stay in
	// the private half.
	OpposingParty []string `json:"opposing_party,omitempty"`
	// abroad are agencies of another country, among those that the command names.
	abroad []string
}

// Choice is an agency that may be asked, and the consent for it.
type Choice struct {
	Recipient string `json:"recipient"`
	Consent   string `json:"consent,omitempty"`
}

// Onward is the private half of a request. No other service learns whom to ask
// next, or the urgency before the windows raised it; only an asked agency
// learns the opposing party.
type Onward struct {
	Then          []Choice     `json:"then,omitempty"`
	Asked         code.Urgency `json:"asked,omitempty"`
	OpposingParty []string     `json:"opposing_party,omitempty"`
	// Abroad are those of them that belong to another country.
	Abroad []string `json:"abroad,omitempty"`
}

// Reroute is the command that asks another agency for what nobody took.
type Reroute struct {
	Referral  string   `json:"referral"`
	Recipient string   `json:"recipient"`
	Consent   string   `json:"consent,omitempty"`
	Then      []Choice `json:"then,omitempty"`
	// Visit is one of the case. Another agency may be in another house, so a
	// reroute leaves the visit unless it names it.
	Visit string `json:"visit,omitempty"`
	// abroad is as in Request.
	abroad []string
}

// RequestServices is the command that asks for one or several services at
// once, as in a one-stop centre.
type RequestServices struct {
	Requests []Request `json:"requests"`
}

// maxRequests is more than there are services to ask for in one visit.
const maxRequests = 20

// maxCandidates is more agencies than give one service in one place.
const maxCandidates = 200

// RequestServices asks for all of the services or for none. Each needs a consent in force now for exactly
// its recipient and service, and the further ones that the rules require (ErrConsentMissing). None may be
// asked for twice while the first referral is open (ErrAlreadyRequested).
func (c Case) RequestServices(by fact.By, cmd RequestServices, rules Rules) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if n := len(cmd.Requests); n < 1 || n > maxRequests {
		return nil, ErrRequests.At("/requests", "1 to 20 items")
	}
	var events []fact.Event
	missing, again, untold := ErrConsentMissing, ErrAlreadyRequested, ErrOpposingUntold
	for i, r := range cmd.Requests {
		pointer := "/requests/" + strconv.Itoa(i)
		need := rules.required(c, r.Service, by.At)
		if err := cmp.Or(r.check(pointer), rules.uses(c, r.Service, pointer, by.At), r.steps(pointer, need)); err != nil {
			return nil, err
		}
		if gaps := c.gaps(r, need, by.At); len(gaps) > 0 {
			for _, gap := range gaps {
				missing = missing.At(pointer+gap.pointer, gap.rule)
			}
			continue
		}
		if c.awaits(r) {
			again = again.At(pointer, "no open referral")
			continue
		}
		if gaps := c.untold(r, need, by.At); len(gaps) > 0 {
			for _, gap := range gaps {
				untold = untold.At(pointer+gap, "consent to "+string(code.Incident))
			}
			continue
		}
		var err error
		if r.Visit, err = c.visit(by, r.Visit, pointer+"/visit"); err != nil {
			return nil, err
		}
		e := c.request(by, i, r, need, "")
		events = append(events, e)
		c = c.Evolve(e) // so that the next request sees this one
	}
	switch {
	case len(missing.Fields) > 0:
		return nil, missing
	case len(again.Fields) > 0:
		return nil, again
	case len(untold.Fields) > 0:
		return nil, untold
	}
	return c.guarded(events), nil
}

// Reroute asks another agency for a service that she did not get (ErrNotRerouted),
// on a consent of its own.
func (c Case) Reroute(by fact.By, cmd Reroute, rules Rules) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	i := find(c.Referrals, cmd.Referral)
	if i < 0 || !c.failed(c.Referrals[i]) || c.Referrals[i].Settled != "" {
		return nil, ErrNotRerouted.At("/referral", "ended without help")
	}
	r := c.Referrals[i].again(Choice{Recipient: cmd.Recipient, Consent: cmd.Consent}, cmd.Then)
	r.Visit, r.abroad = cmd.Visit, append(slices.Clone(r.abroad), cmd.abroad...)
	need := rules.required(c, r.Service, by.At)
	if err := cmp.Or(r.check(""), r.steps("", need), c.mustKnow(r.Visit, "/visit")); err != nil {
		return nil, err
	}
	if gaps := c.gaps(r, need, by.At); len(gaps) > 0 {
		return nil, ErrConsentMissing.At("/recipient", gaps[0].rule)
	}
	if c.awaits(r) {
		return nil, ErrAlreadyRequested.At("/recipient", "no open referral")
	}
	return c.guarded([]fact.Event{c.request(by, 0, r, need, cmd.Referral)}), nil
}

// next asks the first agency to which she still agrees, after a referral that
// nobody took. A past consent is not enough.
func (c Case) next(by fact.By, f Referral, rules Rules) []fact.Event {
	if c.Closed() || !f.untaken() {
		return nil
	}
	need := rules.required(c, f.Service, by.At)
	for i, to := range f.Then {
		if c.Blocks.Agency(to.Recipient) {
			continue // as if it had not been named
		}
		if r := f.again(to, f.Then[i+1:]); r.steps("", need) == nil && len(c.gaps(r, need, by.At)) == 0 && !c.awaits(r) {
			return c.guarded([]fact.Event{c.request(by, 0, r, need, f.ID)})
		}
	}
	return nil
}

// check refuses a request that says too little or too much about whom to ask.
func (r Request) check(pointer string) error {
	if err := cmp.Or(
		known(pointer+"/service", r.Service, code.Services),
		known(pointer+"/urgency", r.Urgency, code.Urgencies),
		r.checkMode(pointer),
		checkNeeds(pointer+"/needs", r.Needs),
		r.checkOpposing(pointer+"/opposing_party"),
	); err != nil {
		return err
	}
	for i, to := range r.Candidates {
		at := pointer + "/candidates/" + strconv.Itoa(i) + "/recipient"
		if err := slug(at, to.Recipient); err != nil {
			return err
		}
		if slices.ContainsFunc(r.Candidates[:i], func(o Choice) bool { return o.Recipient == to.Recipient }) {
			return ErrMode.At(at, "unique")
		}
	}
	for i, to := range r.Then {
		if err := slug(pointer+"/then/"+strconv.Itoa(i)+"/recipient", to.Recipient); err != nil {
			return err
		}
	}
	return nil
}

// steps refuses a request without a step that is required.
func (r Request) steps(pointer string, need requirement) error {
	if need.ConflictCheck && !r.Needs.ConflictCheck {
		return ErrStepRequired.At(pointer+"/needs/conflict_check", "required for this service")
	}
	return nil
}

func (r Request) checkMode(pointer string) error {
	if r.directed() {
		if len(r.Candidates) > 0 {
			return ErrMode.At(pointer+"/candidates", "not with a directed request")
		}
		return nil
	}
	switch n := len(r.Candidates); {
	case !slices.Contains(code.ReferralModes, r.Mode):
		return ErrUnknownCode.At(pointer+"/mode", "enum")
	case r.Recipient != "" || r.Consent != "":
		return ErrMode.At(pointer+"/recipient", "directed requests only")
	case n < 1 || n > maxCandidates:
		return ErrMode.At(pointer+"/candidates", "1 to 200 items")
	}
	return nil
}

// partial are the services whose people may be on the other side: they act for
// both, judge, or are one of them. No other service makes a conflict check.
var partial = []code.Service{code.LegalAssistance, code.FamilyMediation, code.Police, code.CourtSafeRoom}

// maxOpposing is more people than one conflict check is about, maxName the
// length of a name.
const (
	maxOpposing = 10
	maxName     = 200
)

// checkOpposing refuses names without a conflict check.
func (r Request) checkOpposing(pointer string) error {
	switch {
	case len(r.OpposingParty) == 0:
		return nil
	case !r.Needs.ConflictCheck:
		return ErrOpposingParty.At(pointer, "with needs.conflict_check")
	case !slices.Contains(partial, r.Service):
		return ErrOpposingParty.At(pointer, "a service with a conflict check")
	case len(r.OpposingParty) > maxOpposing:
		return ErrOpposingParty.At(pointer, "1 to 10 items")
	}
	for i, name := range r.OpposingParty {
		if strings.TrimSpace(name) == "" || utf8.RuneCountInString(name) > maxName {
			return ErrOpposingParty.At(pointer+"/"+strconv.Itoa(i), "1 to 200 characters")
		}
	}
	return nil
}

func checkNeeds(pointer string, n intakev1.Needs) error {
	if n.Area != "" {
		if err := slug(pointer+"/area", n.Area); err != nil {
			return err
		}
	}
	if n.Language != "" && !isLanguage(n.Language) {
		return ErrUnknownCode.At(pointer+"/language", "pattern")
	}
	if n.AgeBand != "" {
		if err := known(pointer+"/age_band", n.AgeBand, code.AgeBands); err != nil {
			return err
		}
	}
	if n.Sex != "" {
		return known(pointer+"/sex", n.Sex, code.Sexes)
	}
	return nil
}

// isLanguage takes codes of ISO 639, of two letters or three.
func isLanguage(s string) bool {
	return (len(s) == 2 || len(s) == 3) && !slices.ContainsFunc([]byte(s), func(b byte) bool { return b < 'a' || b > 'z' })
}

func (r Request) directed() bool { return r.Mode == "" || r.Mode == code.Directed }

// to are the agencies that a request asks.
func (r Request) to() []Choice {
	if r.directed() {
		return []Choice{{Recipient: r.Recipient, Consent: r.Consent}}
	}
	return r.Candidates
}

// gap is a missing consent and its place in the request.
type gap struct{ pointer, rule string }

// gaps are the consents that a request lacks.
func (c Case) gaps(r Request, need requirement, at time.Time) []gap {
	var gaps []gap
	for i, to := range r.to() {
		pointer := ""
		if !r.directed() {
			pointer = "/candidates/" + strconv.Itoa(i)
		}
		if _, ok := c.consentFor(need.law, r.Service, to, code.ServiceDelivery, at); !ok {
			gaps = append(gaps, gap{pointer, c.lack(need.law, r.Service, to, code.ServiceDelivery, at)})
		}
		for _, purpose := range r.needing(need.Requirement, to.Recipient).Purposes {
			if _, ok := c.consentFor(need.law, r.Service, to, purpose, at); !ok {
				gaps = append(gaps, gap{pointer, c.lack(need.law, r.Service, to, purpose, at)})
			}
		}
	}
	return gaps
}

// untold names the agencies that may not know the opposing party, as gaps does.
func (c Case) untold(r Request, need requirement, at time.Time) []string {
	var gaps []string
	for i, to := range r.to() {
		if k, _ := c.consentFor(need.law, r.Service, to, code.ServiceDelivery, at); len(r.OpposingParty) == 0 || slices.Contains(k.Categories, code.Incident) {
			continue
		}
		if r.directed() {
			return []string{"/opposing_party"}
		}
		gaps = append(gaps, "/candidates/"+strconv.Itoa(i))
	}
	return gaps
}

// request is the nth request of a decision. Its consents are in force.
func (c Case) request(by fact.By, n int, r Request, need requirement, replaces string) fact.Event {
	d := intakev1.ServiceRequested{
		Case: c.ID, Referral: by.ID("ref", n), Sender: c.Agency, Recipient: r.Recipient, Service: r.Service,
		Urgency: r.Urgency, Purpose: code.ServiceDelivery, Needs: r.Needs, Replaces: replaces, Visit: r.Visit,
		Country: c.Country, Programme: c.Programme, Transfers: c.transfers(),
	}
	for _, to := range r.to() {
		k, _ := c.consentFor(need.law, r.Service, to, code.ServiceDelivery, by.At)
		further := c.further(r.Service, to, requirement{r.needing(need.Requirement, to.Recipient), need.law}, by.At)
		if r.directed() {
			d.Consent, d.Categories, d.ConsentExpires, d.Further = k.ID, k.Categories, k.Expires, further
			continue
		}
		d.Mode = r.Mode
		d.Candidates = append(d.Candidates, intakev1.Candidate{
			Agency: to.Recipient, Consent: k.ID, Categories: k.Categories, ConsentExpires: k.Expires, Further: further,
		})
	}
	if abroad := r.foreigners(); len(r.Then) > 0 || len(r.OpposingParty) > 0 || len(abroad) > 0 {
		return fact.Event{Data: d, Private: Onward{Then: r.Then, OpposingParty: r.OpposingParty, Abroad: abroad}}
	}
	return fact.Event{Data: d}
}

// visit is the identifier of a visit: a new one for each number of a command, or
// one of the case.
func (c Case) visit(by fact.By, name, pointer string) (string, error) {
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= maxRequests {
		return by.ID("visit", maxRequests+n), nil // behind those of the referrals
	}
	return name, c.mustKnow(name, pointer)
}

func (c Case) mustKnow(visit, pointer string) error {
	if visit != "" && !slices.ContainsFunc(c.Referrals, func(f Referral) bool { return f.Visit == visit }) {
		return ErrVisitUnknown.At(pointer, "a visit of the case")
	}
	return nil
}

// consentFor is the consent in force that covers a choice for a purpose, and of several
// the one that she gave last: who agreed to less, or for a shorter time, has changed her
// mind. A choice may name the one to the service. A consent of a person who may not speak
// for her at the age that is on record now is asked for anew.
func (c Case) consentFor(law programme.Consent, service code.Service, to Choice, purpose code.Purpose, at time.Time) (Consent, bool) {
	var best Consent
	for _, k := range c.Consents {
		if k.InForce(at) && !c.heldBack(k) && k.covers(to.Recipient, service, purpose) && c.speaks(law, k, at) &&
			(to.Consent == "" || to.Consent == k.ID || purpose != code.ServiceDelivery) {
			best = k
		}
	}
	return best, best.ID != ""
}

// further are the consents that are required beside the one to the service.
func (c Case) further(service code.Service, to Choice, need requirement, at time.Time) []intakev1.Further {
	var further []intakev1.Further
	for _, purpose := range need.Purposes {
		k, _ := c.consentFor(need.law, service, to, purpose, at)
		further = append(further, intakev1.Further{Consent: k.ID, Purpose: purpose, Expires: k.Expires})
	}
	return further
}

// awaits reports whether this service was asked of one of these agencies and
// has not ended.
func (c Case) awaits(r Request) bool {
	return slices.ContainsFunc(c.Referrals, func(f Referral) bool {
		return f.open() && f.Service == r.Service && slices.ContainsFunc(r.to(), func(to Choice) bool { return f.asks(to.Recipient) })
	})
}
