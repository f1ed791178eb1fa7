package domain

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
)

// Request asks one agency for one service.
type Request struct {
	Recipient string       `json:"recipient"`
	Service   code.Service `json:"service"`
	Urgency   code.Urgency `json:"urgency"`
	// Consent chooses among several that cover the request. Empty: the one that
	// lasts longest.
	Consent string `json:"consent,omitempty"`
}

// RequestServices is the command that asks for one or several services at
// once, as in a one-stop centre.
type RequestServices struct {
	Requests []Request `json:"requests"`
}

// maxRequests is more than there are services to ask for in one visit.
const maxRequests = 20

// RequestServices asks for all of the services or for none. Each needs a
// consent that is in force now for exactly its recipient and service
// (ErrConsentMissing), and none may be asked for twice while the first referral
// is open (ErrAlreadyRequested).
func (c Case) RequestServices(by fact.By, cmd RequestServices) ([]fact.Event, error) {
	if err := c.mustBeOpen(); err != nil {
		return nil, err
	}
	if n := len(cmd.Requests); n < 1 || n > maxRequests {
		return nil, ErrRequests.At("/requests", "1 to 20 items")
	}
	var events []fact.Event
	missing, again := ErrConsentMissing, ErrAlreadyRequested
	for i, r := range cmd.Requests {
		pointer := "/requests/" + strconv.Itoa(i)
		if err := cmp.Or(
			known(pointer+"/service", r.Service, code.Services),
			known(pointer+"/urgency", r.Urgency, code.Urgencies),
		); err != nil {
			return nil, err
		}
		consent, ok := c.consentFor(r, by.At)
		if !ok {
			missing = missing.At(pointer, "consent in force")
			continue
		}
		if c.awaits(r) {
			again = again.At(pointer, "no open referral")
			continue
		}
		e := fact.Event{Data: intakev1.ServiceRequested{
			Case: c.ID, Referral: by.ID("ref", i), Sender: c.Agency, Recipient: r.Recipient, Service: r.Service,
			Urgency: r.Urgency, Consent: consent.ID, Purpose: consent.Purpose, Categories: consent.Categories,
			ConsentExpires: consent.Expires,
		}}
		events = append(events, e)
		c = c.Evolve(e) // so that the next request sees this one
	}
	switch {
	case len(missing.Fields) > 0:
		return nil, missing
	case len(again.Fields) > 0:
		return nil, again
	}
	return events, nil
}

// consentFor is the consent in force that covers a request, and of several the
// one that lasts longest.
func (c Case) consentFor(r Request, at time.Time) (Consent, bool) {
	var best Consent
	for _, k := range c.Consents {
		if k.InForce(at) && k.covers(r.Recipient, r.Service, code.ServiceDelivery) &&
			(r.Consent == "" || r.Consent == k.ID) && k.Expires.After(best.Expires) {
			best = k
		}
	}
	return best, best.ID != ""
}

// awaits reports whether this service was asked of this agency and has not
// ended.
func (c Case) awaits(r Request) bool {
	return slices.ContainsFunc(c.Referrals, func(f Referral) bool {
		return f.open() && f.Recipient == r.Recipient && f.Service == r.Service
	})
}
