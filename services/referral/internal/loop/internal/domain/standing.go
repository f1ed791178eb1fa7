package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
)

// standing is one agency that is asked or took the referral, and its consents: the
// one to the service, and the further ones. It needs each of them.
type standing struct {
	agency, consent string
	expires         time.Time
	further         []referralv1.Further
}

// stands are those of a referral. A referral without a known consent has none.
func (r Referral) stands() []standing {
	if r.Consent != "" {
		return []standing{{r.Recipient, r.Consent, r.ConsentExpires, r.Further}}
	}
	all := make([]standing, 0, len(r.Candidates))
	for _, c := range r.Candidates {
		all = append(all, standing{c.Agency, c.Consent, c.ConsentExpires, c.Further})
	}
	return all
}

// standingOf is that of an agency, the zero one when it is not asked.
func (r Referral) standingOf(agency string) standing {
	all := r.stands()
	if i := slices.IndexFunc(all, func(s standing) bool { return s.agency == agency }); i >= 0 {
		return all[i]
	}
	return standing{}
}

// ConsentsOf are the consents on which an agency is asked.
func (r Referral) ConsentsOf(agency string) []string { return r.standingOf(agency).consents() }

func (s standing) consents() []string {
	if s.consent == "" {
		return nil
	}
	ids := []string{s.consent}
	for _, f := range s.further {
		ids = append(ids, f.Consent)
	}
	return ids
}

// consentTo is the consent for a purpose: the one to the service is the only one that is
// not further.
func (s standing) consentTo(p code.Purpose) string {
	for _, f := range s.further {
		if f.Purpose == p {
			return f.Consent
		}
	}
	if p != code.ServiceDelivery {
		return ""
	}
	return s.consent
}

func (s standing) on(consent string) bool { return slices.Contains(s.consents(), consent) }

// until is when the first of the consents runs out.
func (s standing) until() time.Time {
	until := s.expires
	for _, f := range s.further {
		if f.Expires.Before(until) {
			until = f.Expires
		}
	}
	return until
}

// lost is the first of the consents that has ended, empty while none has.
func (s standing) lost(ended func(id string, expires time.Time) bool) string {
	if s.consent != "" && ended(s.consent, s.expires) {
		return s.consent
	}
	for _, f := range s.further {
		if ended(f.Consent, f.Expires) {
			return f.Consent
		}
	}
	return ""
}

// Standing is how a referral stands, for whoever keeps something for it. The type has no
// name, so that its user need not know the loop.
type Standing = struct {
	// Sender asked in a programme, Asks wait to answer, and Taken took it; empty for a referral
	// that is not known.
	Sender    string
	Programme string
	Asks      []string
	Taken     string
	// Ended says that it is over.
	Ended bool
}

// Standing is how the referral stands.
func (r Referral) Standing() Standing {
	s := Standing{Sender: r.Sender, Programme: r.programme(), Ended: !r.EndedAt.IsZero()}
	if r.awaitsAnswer() {
		s.Asks = r.Asked()
	}
	if r.taken() {
		s.Taken = r.Recipient
	}
	return s
}
