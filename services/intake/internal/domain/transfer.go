package domain

import (
	"reflect"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
)

// A case goes to another office on a consent of hers that names this office and this
// purpose, and by no other way. Until the other office accepts, it sees that it is asked
// and nothing of her. Then the case is its own: one commit moves it, so that it is never
// with two offices and never with none.

// AskTransfer is the command that asks another office to take the case over.
type AskTransfer struct {
	To     string              `json:"to"`
	Reason code.TransferReason `json:"reason"`
}

// EndTransfer is the command of her desk that takes the question back; or that says that
// it has seen that the other office does not take the case over.
type EndTransfer struct{}

// AcceptTransfer is the command of the other office that takes the case over.
type AcceptTransfer struct{}

// DeclineTransfer is the command of the other office that does not.
type DeclineTransfer struct {
	Reason code.TransferDecline `json:"reason"`
}

// transferService is the service that a consent to a transfer names: no list of services
// has the keeping of a case.
const transferService = code.OtherService

// Transfer is one time that another office was asked to take the case over.
type Transfer struct {
	ID, From, To  string
	Reason        code.TransferReason
	Consent       string
	AskedAt       time.Time
	Until         time.Time
	Status        code.TransferStatus
	DeclineReason code.TransferDecline
	EndedAt       time.Time
	// Noted says that her desk has seen that the case was not taken over.
	Noted bool
}

// Asking is what asking another office hangs on.
type Asking struct {
	Known
	// Leads says that another case points to this one.
	Leads look.Fresh[bool]
	Err   error
	// Rules say who may consent for her.
	Rules Rules
}

// Taking is what taking a case over hangs on.
type Taking struct {
	// Agency is their own.
	Agency agencies.Seen
	// Leads says that another case points to this one.
	Leads look.Fresh[bool]
	Err   error
	// Rules say who may consent for her.
	Rules Rules
}

// Names is the office that is asked.
func (c AskTransfer) Names() []Named { return []Named{{Pointer: "/to", Agency: c.To, Asks: true}} }

// AskTransfer asks another office, for a week at most: by who has the case, and who covers
// (ErrNotTheOwner). She consented to this office for this purpose, and to all kinds of
// data that the case holds (ErrConsentMissing). The case stands alone, no other office is
// asked, and no referral waits for her new consent (ErrTransfer).
func (c Case) AskTransfer(by fact.By, cmd AskTransfer, k Asking) ([]fact.Event, error) {
	return OwnerNaming(func(c Case, by fact.By, cmd AskTransfer) ([]fact.Event, error) {
		if err := known("/reason", cmd.Reason, code.TransferReasons); err != nil {
			return nil, err
		}
		switch open, asked := c.transferOpen(); {
		case k.Err != nil:
			return nil, k.Err
		case cmd.To == c.Agency:
			return nil, ErrTransfer.At("/to", "another office")
		case asked && open.To == cmd.To && open.Reason == cmd.Reason:
			return nil, nil
		case asked:
			return nil, ErrTransfer.At("/to", "no office is asked already")
		case c.Into != "" || k.Leads.Value():
			return nil, ErrTransfer.At("/to", "a case that is not merged")
		case c.asksHer(by.At):
			return nil, ErrTransfer.At("/to", "no referral waits for her new consent")
		}
		consent, err := c.transferConsent(k.Rules.law(c, by.At), cmd.To, by.At)
		if err != nil {
			return nil, err
		}
		to, err := k.Agencies.Of(cmd.To)
		if err != nil {
			return nil, err
		}
		if err := c.mayGo(to, consent); err != nil {
			return nil, err
		}
		until := by.At.Add(k.Rules.of(c, by.At).Answers.Transfer)
		if consent.Expires.Before(until) {
			until = consent.Expires
		}
		return fact.Of(intakev1.TransferAsked{
			Case: c.ID, Transfer: by.ID("transfer", 0), From: c.Agency, To: cmd.To, Reason: cmd.Reason,
			Consent: consent.ID, Until: until.UTC(),
		}), nil
	})(c, by, cmd, k.Known)
}

// transferConsent is her consent in force to this office and this purpose. It covers each
// kind of data that the case holds: whoever has a case sees all of it.
func (c Case) transferConsent(law programme.Consent, to string, at time.Time) (Consent, error) {
	k, ok := c.consentFor(law, transferService, Choice{Recipient: to}, code.CaseTransfer, at)
	if !ok {
		return k, ErrConsentMissing.At("/to", c.lack(law, transferService, Choice{Recipient: to}, code.CaseTransfer, at))
	}
	missing := ErrConsentMissing
	for _, category := range c.told() {
		if !slices.Contains(k.Categories, category) {
			missing = missing.At("/to", "consent to "+string(category))
		}
	}
	if len(missing.Fields) > 0 {
		return k, missing
	}
	return k, nil
}

// told are the categories of all that the case holds, also of what was written before.
func (c Case) told() []code.Category {
	openings := []Opening{c.Opening}
	for _, a := range c.Amendments {
		openings = append(openings, a.Before)
	}
	referrals := append([]Referral{{}}, c.Referrals...)
	return slices.DeleteFunc(slices.Clone(code.Categories), func(category code.Category) bool {
		// What no agency is shown goes to the other office, too.
		if category == code.Incident && len(c.Told)+len(c.Indicated)+len(c.Identifications)+len(c.Passages) > 0 || category == code.SafetyNeeds && len(c.Danger)+len(c.Brought) > 0 {
			return false
		}
		if slices.ContainsFunc(c.Topics, func(t Topic) bool { return topicUnder[t.Topic] == category }) {
			return false
		}
		for _, o := range openings {
			for _, f := range referrals {
				var p Packet
				covers[category](&p, Case{ID: c.ID, Opening: o}, f)
				if !reflect.ValueOf(p).IsZero() {
					return false
				}
			}
		}
		return true
	})
}

// asksHer says that a referral lapsed and may still be taken up by a new consent of hers:
// her desk is to ask her, and does not leave that to another one.
func (c Case) asksHer(at time.Time) bool {
	return slices.ContainsFunc(c.Referrals, func(f Referral) bool { return f.Status == code.Lapsed && c.renewable(f, at) })
}

// transferOpen is the transfer that waits for the other office.
func (c Case) transferOpen() (Transfer, bool) {
	if n := len(c.Transfers); n > 0 && c.Transfers[n-1].Status == code.TransferAsked {
		return c.Transfers[n-1], true
	}
	return Transfer{}, false
}

// transferUntaken is the last transfer, where the other office did not take the case over
// and her desk has not seen that.
func (c Case) transferUntaken() (Transfer, bool) {
	if n := len(c.Transfers); n > 0 && c.Transfers[n-1].untaken() && c.Transfers[n-1].From == c.Agency {
		return c.Transfers[n-1], true
	}
	return Transfer{}, false
}

func (t Transfer) untaken() bool {
	return !t.Noted && slices.Contains([]code.TransferStatus{code.TransferDeclined, code.TransferLapsed, code.TransferConsentEnded}, t.Status)
}

// transfers is how often the case went to another office.
func (c Case) transfers() (n int) {
	for _, t := range c.Transfers {
		if t.Status == code.TransferAccepted {
			n++
		}
	}
	return n
}

// wasWith says whether an agency is the desk of the case, or was before a transfer: what
// the loop says of a referral may be older than that.
func (c Case) wasWith(agency string) bool {
	return agency == c.Agency || slices.ContainsFunc(c.Transfers, func(t Transfer) bool {
		return t.Status == code.TransferAccepted && t.From == agency
	})
}

// EndTransfer takes the question back, or notes that the answer was seen. Else nothing
// changes.
func (c Case) EndTransfer(_ fact.By, _ EndTransfer) ([]fact.Event, error) {
	if t, open := c.transferOpen(); open {
		return fact.Of(intakev1.TransferEnded{Case: c.ID, Transfer: t.ID, Status: code.TransferTakenBack}), nil
	}
	if t, untaken := c.transferUntaken(); untaken {
		return fact.Of(intakev1.TransferNoted{Case: c.ID, Transfer: t.ID}), nil
	}
	return nil, nil
}

// Asked is a transfer as the office that is asked may know of it. It reports false where
// there is none for it: to any other agency, and when nobody waits for its answer any more.
// So it does not learn whether the time was over, or she said no.
func (c Case) Asked(by fact.By, id string) (Transfer, bool) {
	i := slices.IndexFunc(c.Transfers, func(t Transfer) bool { return t.ID == id })
	if i < 0 || by.Agency == "" || c.Transfers[i].To != by.Agency {
		return Transfer{}, false
	}
	t := c.Transfers[i].at(by.At)
	return t, slices.Contains([]code.TransferStatus{code.TransferAsked, code.TransferAccepted, code.TransferDeclined}, t.Status)
}

// at is a transfer as it stands at an instant: that its time is over counts before it is
// noted. Its consent is in force as long: it ends no earlier, and her withdrawal ends the
// transfer with it (withoutConsent).
func (t Transfer) at(at time.Time) Transfer {
	if t.Status == code.TransferAsked && !at.Before(t.Until) {
		t.Status, t.EndedAt = code.TransferLapsed, t.Until
	}
	return t
}

// AcceptTransfer gives the case to the other office, and there to the person who accepts.
// The office is not suspended (ErrAgencySuspended). Asked again, it changes nothing. A
// caller holds it to Asked first.
func (c Case) AcceptTransfer(by fact.By, id string, k Taking) ([]fact.Event, error) {
	t, asked := c.Asked(by, id)
	if !asked || t.Status != code.TransferAsked {
		return nil, nil
	}
	if c.barred(by) {
		return nil, ErrTransfer.At("/status", "a case that is open, and not merged")
	}
	if err := k.may(by); err != nil {
		return nil, err
	}
	consent, err := c.transferConsent(k.Rules.law(c, by.At), by.Agency, by.At)
	if err != nil {
		consent = Consent{}
	}
	to, err := k.Agency.Of(by.Agency)
	if err != nil {
		return nil, err
	}
	if err := c.mustBeOpen(); err != nil || c.Into != "" || k.Leads.Value() || c.mayGo(to, consent) != nil {
		return nil, ErrTransfer.At("/status", "a case that is open, and not merged")
	}
	referrals := make([]string, len(c.Referrals))
	for i, f := range c.Referrals {
		referrals[i] = f.ID
	}
	return fact.With(intakev1.CaseTransferred{
		Case: c.ID, Transfer: t.ID, From: c.Agency, To: by.Agency, Number: c.transfers() + 1, Referrals: referrals,
	}, Self(by)), nil
}

func (k Taking) may(by fact.By) error {
	agency, err := k.Agency.Of(by.Agency)
	switch {
	case k.Err != nil:
		return k.Err
	case err != nil:
		return err
	case !agency.Exists() || agency.Suspended:
		return ErrAgencySuspended
	}
	return nil
}

// DeclineTransfer says that the other office does not take the case over. Asked again, it
// changes nothing. A caller holds it to Asked first.
func (c Case) DeclineTransfer(by fact.By, id string, cmd DeclineTransfer) ([]fact.Event, error) {
	t, asked := c.Asked(by, id)
	if !asked || t.Status != code.TransferAsked {
		return nil, nil
	}
	if err := known("/reason", cmd.Reason, code.TransferDeclines); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.TransferEnded{Case: c.ID, Transfer: t.ID, Status: code.TransferDeclined, DeclineReason: cmd.Reason}), nil
}

// TransferDue ends a transfer that nobody answered in time.
func (c Case) TransferDue(by fact.By) ([]fact.Event, error) {
	t, open := c.transferOpen()
	if due, err := come(by, t.Until, open); !due {
		return nil, err
	}
	return fact.Of(intakev1.TransferEnded{Case: c.ID, Transfer: t.ID, Status: code.TransferLapsed}), nil
}

// transferred is the case after an event about a transfer.
func (c Case) transferred(e fact.Event) Case {
	switch d := e.Data.(type) {
	case intakev1.TransferAsked:
		c.Transfers = append(slices.Clip(c.Transfers), Transfer{
			ID: d.Transfer, From: d.From, To: d.To, Reason: d.Reason, Consent: d.Consent, AskedAt: e.At, Until: d.Until,
			Status: code.TransferAsked,
		})
	case intakev1.TransferEnded:
		c.Transfers = changed(c.Transfers, d.Transfer, func(t *Transfer) { t.Status, t.DeclineReason, t.EndedAt = d.Status, d.DeclineReason, e.At })
	case intakev1.TransferNoted:
		c.Transfers = changed(c.Transfers, d.Transfer, func(t *Transfer) { t.Noted = true })
	case intakev1.CaseTransferred:
		c.Transfers = changed(c.Transfers, d.Transfer, func(t *Transfer) { t.Status, t.EndedAt = code.TransferAccepted, e.At })
		c.Owned, _ = e.Private.(Owned)
		// The hints name cases of the office that had this one.
		c.Agency, c.OwnerLeft, c.Hints, c.Lacks = d.To, time.Time{}, nil, nil
	}
	return c
}

func changed(transfers []Transfer, id string, change func(*Transfer)) []Transfer {
	transfers = slices.Clone(transfers)
	for i := range transfers {
		if transfers[i].ID == id {
			change(&transfers[i])
		}
	}
	return transfers
}

// withoutConsent ends the open transfer when she takes its consent back: at once, and by
// whatever way she said so.
func (c Case) withoutConsent(id string, at time.Time) Case {
	if t, open := c.transferOpen(); open && t.Consent == id {
		c.Transfers = changed(c.Transfers, t.ID, func(t *Transfer) { t.Status, t.EndedAt = code.TransferConsentEnded, at })
	}
	return c
}
