// Package domain holds the rules of intake: how a survivor's case is opened,
// what she consents to, which services are asked for on the ground of that
// consent, and how far they have come. It refuses to know of stores, transports
// and clocks.
package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/intake/internal/onestop"
	"github.com/sanad-network/sanad/services/internal/credential"
)

// Case is what intake knows of one survivor's case. The zero Case was never
// opened.
type Case struct {
	ID        string
	Agency    string
	Channel   code.Channel
	Country   string
	Programme string
	Opening
	Owned
	OpenedAt time.Time
	// OnPaper is the paper from which the case was opened; nil where it was opened at the desk.
	OnPaper *OnPaper
	// OwnerLeft is since when the person who has the case works there no more.
	OwnerLeft time.Time
	// Lacks is what the person lacked to whom the case was given all the same.
	Lacks []credential.Lack
	// Restricted keeps the case out of every search and every hint.
	Restricted bool
	// Into is the case that leads, where two are about the same person.
	Into string
	// Transfers are the times that another office was asked to take the case over.
	Transfers []Transfer
	// ClosedWith says with which case it was closed, where nobody closed it by itself.
	ClosedWith string
	// Hints are the cases that may be about the same person.
	Hints []Hint
	// Consents are her answers, yes and no, in the order in which she gave them.
	Consents []Consent
	// Referrals are the services asked for, in the order in which they were.
	Referrals []Referral
	// Disclosures are what agencies were shown, in the order in which they were.
	Disclosures []Disclosure
	ClosedAt    time.Time
	CloseReason code.CloseReason
	// Amendments are what was written anew, in the order in which it was.
	Amendments []Amended
	// InError says that the case should never have been opened.
	InError bool
	// ContactClosed is since when nobody may contact her; zero while somebody may.
	ContactClosed time.Time
	// Told are the incidents that were written down since the opening.
	Told []Told
	// Danger is what she said about danger, each time that she was asked.
	Danger []Danger
	// Indicated is what she said about indicators of trafficking, each time that she was
	// asked. Identifications are who said what of that, Passages what she told of a way across
	// a border, each in the order in which it was written down.
	Indicated       []IndicatorsNoted
	Identifications []Identification
	Passages        []Passage
	// Reflection is the last period in which she is left in peace.
	Reflection *Reflection
	// Topics are what she has told, each once.
	Topics []Topic
	// ActionPlan is what she and who has the case planned.
	ActionPlan ActionPlan
	// Onwards are what agencies found with her that she needs, in the order in which they did.
	Onwards []OnwardReferral
	// Conferences are the talks about her that were planned with her, in the order in which they were.
	Conferences []Conference
	// CentreVisits are her visits to a one-stop centre, and Recordings the accounts of hers that were
	// recorded, each in the order in which they were.
	CentreVisits []onestop.Visit
	Recordings   []Recording
	// Brought is news of danger that was brought to her desk, in the order in which it was.
	Brought []DangerNews
	// Judged is which consents do not count any more at her age.
	Judged Judged
	// Zone is where her birthdays begin; empty where nobody wrote one down.
	Zone string
	// Reports are what was reported because a law asked for it.
	Reports []Report
	// Grantees are the agencies that help her and whose grant was suspended, in the order in which
	// they were.
	Grantees []Grantee
	// Counting is her last answer whether she may be counted in figures; nil where nobody asked.
	Counting *Counting
	Responses
}

// Open is the command that opens a case. It requires only the door and the
// programme through which she came, and nothing that identifies her.
type Open struct {
	Channel   code.Channel `json:"channel"`
	Country   code.Country `json:"country"`
	Programme string       `json:"programme"`
	Opening
	OnPaper *OnPaper `json:"on_paper,omitempty"`
	// zone is where the programme is (Within).
	zone string
}

// Close is the command that ends the work of intake on a case.
type Close struct {
	Reason code.CloseReason `json:"reason"`
}

// Reopen is the command that takes a closed case up again.
type Reopen struct{}

// Open opens a case for the caller's agency. Who opens it has it from then on. What
// she said, and who has it, stays in the private half of the event.
func (c Case) Open(by fact.By, cmd Open) ([]fact.Event, error) {
	if c.Exists() {
		return nil, ErrAlreadyOpened
	}
	if err := cmp.Or(
		known("/channel", cmd.Channel, code.Channels),
		known("/country", cmd.Country, code.Countries),
		slug("/programme", cmd.Programme),
		cmd.OnPaper.check(by.At, time.Time{}),
		cmd.Opening.check(by.At),
		cmd.OnPaper.tells(cmd.Happened),
		cmd.Contact.check(cmd.Country),
		cmd.Blocks.check(by.Agency),
	); err != nil {
		return nil, err
	}
	id, _, _ := strings.Cut(by.Commit, "/")
	return fact.With(intakev1.CaseOpened{
		Case: id, Agency: by.Agency, Channel: cmd.Channel, Country: string(cmd.Country), Programme: cmd.Programme,
	}, Opened{cmd.Opening.asOf(cmd.OnPaper.or(by.At)), Self(by), cmd.zone, cmd.OnPaper.utc()}), nil
}

// Close closes an open case when none of its referrals is open
// (ErrOpenReferrals), no need is unmet (ErrUnmetNeeds), no other office is asked to
// take it over (ErrTransferOpen), no onward referral waits for an answer (ErrOnwardOpen), no
// news of danger waits (ErrNewsOpen), no conference is planned (ErrConferenceOpen), and she is in no centre (ErrVisitOpen): no case is dropped in silence.
func (c Case) Close(_ fact.By, cmd Close) ([]fact.Event, error) {
	if err := c.mayClose(); err != nil {
		return nil, err
	}
	if err := known("/reason", cmd.Reason, code.CloseReasons); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.CaseClosed{Case: c.ID, Reason: cmd.Reason}), nil
}

// waits is why the case cannot be closed; nil when it can.
func (c Case) waits() error {
	_, asked := c.transferOpen()
	onward, _ := c.unanswered()
	_, conferring := c.conferring()
	switch {
	case asked:
		return ErrTransferOpen
	case slices.ContainsFunc(c.Referrals, Referral.open):
		return ErrOpenReferrals
	case c.quiet() != nil:
		return c.quiet()
	case len(c.newsWaiting()) > 0:
		return ErrNewsOpen
	case len(c.Unmet()) > 0, len(c.Displaced()) > 0:
		return ErrUnmetNeeds
	case len(onward) > 0:
		return ErrOnwardOpen
	case conferring:
		return ErrConferenceOpen
	case c.mayLeaveVisit() == nil:
		return ErrVisitOpen
	}
	return nil
}

// Reopen takes a closed case up again: she came back.
func (c Case) Reopen(_ fact.By, _ Reopen) ([]fact.Event, error) {
	if err := c.mayReopen(); err != nil {
		return nil, err
	}
	return fact.Of(intakev1.CaseReopened{Case: c.ID}), nil
}

// Evolve is the case after an event.
func (c Case) Evolve(e fact.Event) Case {
	switch d := e.Data.(type) {
	case intakev1.CaseOpened:
		c.ID, c.Agency, c.Channel, c.Country, c.Programme = d.Case, d.Agency, d.Channel, d.Country, d.Programme
		opened, _ := e.Private.(Opened)
		c.Opening, c.Owned, c.OpenedAt, c.OnPaper = opened.Opening, opened.Owned, e.At, opened.OnPaper
		c.Zone = opened.Zone
	case intakev1.ConsentGiven:
		evidence, _ := e.Private.(Evidence)
		c.Consents = c.answers(Consent{
			ID: d.Consent, Recipient: d.Recipient, Service: d.Service, Purpose: d.Purpose,
			Categories: d.Categories, Expires: d.Expires, Evidence: evidence,
			Status: code.ConsentGiven, AnsweredAt: e.At,
		})
	case intakev1.ConsentRefused:
		declined, _ := e.Private.(Declined)
		c.Consents = c.answers(Consent{
			ID: d.Consent, Recipient: d.Recipient, Service: d.Service, Purpose: d.Purpose,
			Status: code.ConsentRefused, AnsweredAt: e.At, Evidence: Evidence{OnPaper: declined.OnPaper},
		})
	case intakev1.ConsentWithdrawn:
		ended, _ := e.Private.(Ended)
		c.Consents = withdrawn(c.Consents, d.Consent, ended, e.At)
		c = c.withoutConsent(d.Consent, e.At)
	case intakev1.ServiceRequested:
		onward, _ := e.Private.(Onward)
		c.Referrals = asked(c.Referrals, d, onward, e.At)
	case intakev1.ReferralFollowed:
		c.Referrals = c.followed(d, e.At)
	case intakev1.ReferralAssigned:
		c.Referrals = handed(c.Referrals, d)
	case intakev1.ReferralRenewed:
		c = c.renewed(d)
	case intakev1.ReferralResumed:
		c.Referrals = resumed(c.Referrals, d)
	case intakev1.NeedSettled:
		c.Referrals = settled(c.Referrals, d.Referral, d.Settlement)
	case intakev1.DisplacedSettled:
		c.Referrals = settled(c.Referrals, d.Referral, d.Settlement)
	case intakev1.ContactSuspended:
		c = c.suspended(e, d)
	case intakev1.ContactRestored:
		c.ContactClosed, c.Referrals = time.Time{}, heldOn(c.Referrals, d.Referrals, false)
	case intakev1.Disclosed:
		c.Disclosures = append(slices.Clip(c.Disclosures), Disclosure{
			Referral: d.Referral, Recipient: d.Recipient, Service: d.Service,
			Stage: d.Stage, Categories: d.Categories, At: e.At,
		})
	case intakev1.CaseClosed:
		c.ClosedAt, c.CloseReason, c.ClosedWith = e.At, d.Reason, ""
	case intakev1.CaseAmended:
		amendment, _ := e.Private.(Amendment)
		c = c.amended(d, amendment, e.At)
	case intakev1.CaseEnteredInError:
		c.InError, c.ClosedAt = true, e.At
	case intakev1.CaseReopened:
		c.ClosedAt, c.CloseReason, c.ClosedWith = time.Time{}, "", ""
	case intakev1.IncidentRecorded, intakev1.IncidentAmended, intakev1.IncidentEnteredInError:
		c = c.recorded(e)
	case intakev1.ReceiptOffered:
		receipt, _ := e.Private.(Receipt)
		receipt.At = e.At
		c.Consents = receipted(c.Consents, d.Consent, receipt)
	case intakev1.ReportRecorded:
		report, _ := e.Private.(Report)
		report.At = e.At
		c.Reports = append(slices.Clip(c.Reports), report)
	case intakev1.DangerAsked:
		danger, _ := e.Private.(Danger)
		danger.At = e.At
		c.Danger = append(slices.Clip(c.Danger), danger)
	case intakev1.TopicTold:
		c = c.toldTopic(e)
	case intakev1.GranteeSuspended, intakev1.GranteeRestored, intakev1.GranteeAnswered, intakev1.GranteeOverdue:
		c = c.granted(e)
	case intakev1.CountingAnswered:
		c = c.countingAnswered(e)
	case intakev1.OnwardAsked, intakev1.OnwardAnswered, intakev1.OnwardOverdue:
		c = c.onward(e)
	case intakev1.DangerNewsBrought, intakev1.DangerNewsOverdue, intakev1.DangerNewsSettled, intakev1.DangerNewsReopened:
		c = c.newsed(e)
	case intakev1.ConsentRequested, intakev1.ConsentQuestionEnded:
		c = c.asking(e)
	case intakev1.ConferenceProposed, intakev1.ConferenceAgreed, intakev1.ConferenceAnswered, intakev1.ConferenceDue, intakev1.ConferenceHeld, intakev1.ConferenceCalledOff:
		c = c.conferred(e)
	case intakev1.DeskAwaited:
		awaited, _ := e.Private.(Awaited)
		c.Referrals = unseen(c.Referrals, awaited.Referrals, e.At)
	case intakev1.ShareSeen:
		c.Referrals = unseen(c.Referrals, []string{d.Referral}, time.Time{})
	case intakev1.AgeTurned:
		judged, _ := e.Private.(Judged)
		c = c.turned(judged)
	case intakev1.ResponseAsked, intakev1.ResponseCalledOff, intakev1.ResponseFollowed, intakev1.ResponseShown:
		c = c.responded(e)
	case intakev1.VisitBegun, intakev1.VisitStepPlanned, intakev1.VisitStepMoved, intakev1.VisitLeft, intakev1.AccountRecorded, intakev1.AccountHeard:
		c = c.visited(e)
	default:
		c.ActionPlan = c.ActionPlan.planned(e)
		c = c.identified(e)
	}
	return c
}

// Exists reports whether the case was ever opened.
func (c Case) Exists() bool { return c.ID != "" }

// Case is the case itself: its data key seals it.
func (c Case) Case() string { return c.ID }

// Visible reports whether the actor may know of the case: its own agency.
func (c Case) Visible(by fact.By) bool { return by.System() || by.Agency == c.Agency }

// Closed reports whether the work of intake on the case is over. She can still
// withdraw a consent.
func (c Case) Closed() bool { return c.CloseReason != "" || c.InError }

// TransferDeadline names the end of the time that another office has to answer.
const TransferDeadline = "transfer"

// Deadlines are the end of a transfer that is open, and of a period of reflection, the day on
// which an action plan is gone through, the day after a conference, the end of the time for an answer to an onward referral,
// of that for news of danger, of that to ask her about an agency whose grant is suspended, and of that for which a question waits for her, her next birthday as a child, and the end of the time of grace after she came of age. A consent
// that runs out is noticed when it is read.
func (c Case) Deadlines() (list []fact.Deadline) {
	due := func(name string, at time.Time, comes bool) {
		if comes {
			list = append(list, fact.Deadline{Name: name, At: at})
		}
	}
	t, open := c.transferOpen()
	due(TransferDeadline, t.Until, open)
	if c.reflecting() {
		due(ReflectionDeadline, c.Reflection.Until.UTC(), true)
	}
	at, waits := c.reviewAt()
	due(ActionPlanDeadline, at, waits)
	at, waits = c.conferenceAt()
	due(ConferenceDeadline, at, waits)
	at, waits = c.onwardUntil()
	due(OnwardDeadline, at, waits)
	at, waits = c.newsUntil()
	due(NewsDeadline, at, waits)
	at, waits = c.granteeUntil()
	due(GranteeDeadline, at, waits)
	at, waits = c.questionUntil()
	due(QuestionDeadline, at, waits)
	day, comes := c.birthday()
	due(RecheckDeadline, day, comes && !c.Closed())
	end, runs := c.grace()
	due(GraceDeadline, end, runs)
	return list
}

// come says whether a deadline has come: false where no clock runs for it. Before its instant it
// is ErrNotDue, so that a clock that is ahead takes no deadline away.
func come(by fact.By, at time.Time, runs bool) (bool, error) {
	if runs && by.At.Before(at) {
		return false, ErrNotDue
	}
	return runs, nil
}

// Finished reports whether services were asked for, all of them have ended, and no
// need is unmet.
func (c Case) Finished() bool {
	return len(c.Referrals) > 0 && !slices.ContainsFunc(c.Referrals, Referral.open) && len(c.Unmet()) == 0
}

// Resumed reports whether a referral of the closed case is under way again. The
// case stays closed: people decide whether to meet her again, and they see the
// case among the resumed ones.
func (c Case) Resumed() bool { return c.Closed() && slices.ContainsFunc(c.Referrals, Referral.open) }

// Status is where the case stands.
func (c Case) Status() code.CaseStatus {
	switch {
	case c.InError:
		return code.CaseInError
	case c.Resumed():
		return code.CaseResumed
	case c.Closed():
		return code.CaseClosed
	case c.Finished():
		return code.CaseFinished
	default:
		return code.CaseOpen
	}
}

func (c Case) mustBeOpen() error {
	if !c.Exists() || c.Closed() {
		return ErrNotOpen
	}
	return nil
}
