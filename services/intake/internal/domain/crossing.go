package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
)

// To cross to another country's programme is a referral and never a transfer: a transfer would
// take the case, its keys and its programme with it. It needs a consent of its own to the same
// agency and service (programme_crossing): who agreed to a lawyer has not agreed that her data
// leave the country. What she consented to travels as a packet, once. The other side opens a
// case of its own, and neither side sees more of the other than how the referral stands.
//
// An agency belongs to a country and to no programme, so two programmes of one country are
// not told apart here. Of an agency that was noted before its country was, nothing is known,
// and nothing more is asked.

// crosses is a command that is told which of the agencies that it names are abroad.
type crosses[C any] interface{ across(abroad []string) C }

// telling is a command that knows which agencies are abroad, where that matters to it.
func telling[C interface{ Names() []Named }](c Case, cmd C, seen agencies.Seen) C {
	if crossing, ok := any(cmd).(crosses[C]); ok {
		return crossing.across(c.abroad(cmd.Names(), seen))
	}
	return cmd
}

// abroad are those of some agencies that belong to another country than the case.
func (c Case) abroad(names []Named, seen agencies.Seen) (abroad []string) {
	for _, n := range names {
		if a, err := seen.Of(n.Agency); err == nil && c.foreign(a) && !slices.Contains(abroad, n.Agency) {
			abroad = append(abroad, n.Agency)
		}
	}
	return abroad
}

func (c Case) foreign(a agencies.Agency) bool {
	return a.Country != "" && c.Country != "" && string(a.Country) != c.Country
}

func (c RequestServices) across(abroad []string) RequestServices {
	c.Requests = slices.Clone(c.Requests)
	for i := range c.Requests {
		c.Requests[i].abroad = abroad
	}
	return c
}

func (c Reroute) across(abroad []string) Reroute {
	c.abroad = abroad
	return c
}

// needing is what an agency needs: one abroad needs her consent to the crossing, too.
func (r Request) needing(need programme.Requirement, agency string) programme.Requirement {
	if slices.Contains(r.abroad, agency) {
		need.Purposes = append(slices.Clone(need.Purposes), code.ProgrammeCrossing)
	}
	return need
}

// foreigners are those of the agencies abroad that the request asks, or is to ask next.
func (r Request) foreigners() (named []string) {
	for _, to := range append(slices.Clone(r.to()), r.Then...) {
		if slices.Contains(r.abroad, to.Recipient) && !slices.Contains(named, to.Recipient) {
			named = append(named, to.Recipient)
		}
	}
	return named
}

// packed says that the packet of a referral to another programme has travelled. What changes
// afterwards on this side is no business of the other one.
func (c Case) packed(f Referral) bool {
	crossing := slices.ContainsFunc(c.Consents, func(k Consent) bool {
		return k.Purpose == code.ProgrammeCrossing && slices.Contains(f.Further, k.ID)
	})
	return crossing && slices.ContainsFunc(c.Disclosures, func(d Disclosure) bool {
		return d.Referral == f.ID && d.Recipient == f.Recipient && d.Stage == code.ForService
	})
}

// mayGo refuses an office of another country: a case goes there by a referral. While a period
// of reflection goes on, it refuses an office of the police without a consent that she gave in
// it, and for it.
func (c Case) mayGo(to agencies.Agency, consent Consent) error {
	if c.foreign(to) {
		return ErrTransfer.At("/to", "an office of the same country")
	}
	if c.reflecting() && to.Police && !c.fresh(consent) {
		return ErrReflection.At("/to", "a consent of the period of reflection")
	}
	return nil
}
