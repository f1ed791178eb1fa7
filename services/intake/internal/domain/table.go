package domain

import (
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/services/internal/ending"
)

// commands says what a case takes. Everybody of the desk takes her no.
var commands = command.Table[Case]{
	"giveConsent":           {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"refuseConsent":         {When: command.In(Case.mustHold)},
	"withdrawConsent":       {When: command.In(Case.mustExist)},
	"requestConsent":        {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"endConsent":            {From: command.Hands, When: command.In(Case.mustHaveConsents)},
	"answerCounting":        {When: command.In(Case.mustHold)},
	"offerReceipt":          {From: command.Hands, When: command.In(Case.mayOfferReceipt)},
	"recordMandatoryReport": {From: command.Hands, When: command.In(Case.mustHold)},
	"requestServices":       {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"rerouteReferral":       {From: command.Hands, When: command.In(Case.mayReroute)},
	"resumeReferral":        {From: command.Hands, When: Case.mayResume},
	"askResponse":           {From: command.Hands, When: command.In(Case.mayAskResponse)},
	"callOffResponse":       {When: command.In(Case.mayCallOff)},
	"linkResponse":          {From: command.Hands, When: command.In(Case.mayLink)},
	"settleNeed":            {From: command.Hands, When: command.In(Case.mustLack)},
	"suspendContact":        {When: command.In(Case.maySuspendContact)},
	"restoreContact":        {From: command.Reader, When: command.In(Case.mayRestoreContact)},
	"bringDangerNews":       {When: command.In(Case.mustHold)},
	"settleDangerNews":      {From: command.Reader, When: command.In(Case.maySettleNews)},
	"reopenDangerNews":      {From: command.Reader, When: command.In(Case.mayReopenNews)},
	"amendCase":             {From: command.Hands, When: command.In(Case.mustHold)},
	"recordIncident":        {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"amendIncident":         {From: command.Hands, When: command.In(Case.mayAmendIncident)},
	"enterIncidentInError":  {From: command.Hands, When: command.In(Case.mayAmendIncident)},
	"askDanger":             {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"askIndicators":         {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"recordIdentification":  {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"recordPassage":         {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"tellTopic":             {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"setGoal":               {From: command.Hands, When: command.In(Case.mustBeOpen)},
	"settleGoal":            {From: command.Hands, When: command.In(Case.mustPlan)},
	"setStep":               {From: command.Hands, When: command.In(Case.mustPlan)},
	"settleStep":            {From: command.Hands, When: command.In(Case.mustPlan)},
	"reviewActionPlan":      {From: command.Hands, When: command.In(Case.mustPlan)},
	"closeActionPlan":       {From: command.Hands, When: command.In(Case.mustPlan)},
	"proposeConference":     {From: command.Hands, When: command.In(Case.mayPropose)},
	"agreeConference":       {From: command.Hands, When: command.In(mayConfer(code.ConferenceProposed))},
	"holdConference":        {From: command.Hands, When: command.In(mayConfer(code.ConferenceAgreed))},
	"callOffConference":     {From: command.Hands, When: command.In(mayConfer(code.ConferenceProposed, code.ConferenceAgreed))},
	"beginVisit":            {From: command.Hands, When: command.In(Case.mayBeginVisit)},
	"planVisitStep":         {From: command.Hands, When: command.In(Case.mustBeHere)},
	"moveVisitStep":         {From: command.Hands, When: command.In(Case.mustBeHere)},
	"leaveVisit":            {When: command.In(Case.mayLeaveVisit)},
	"recordAccount":         {From: command.Hands, When: command.In(Case.mayRecord)},
	"hearAccount":           {From: command.Hands, When: command.In(Case.mayHear)},
	"askedGrantee":          {From: command.Hands, When: command.In(Case.mustAskGrantee)},
	"answerOnward":          {From: command.Hands, When: command.In(Case.mustAnswer)},
	"enterCaseInError":      {From: command.Hands, When: command.In(Case.mayEnterInError)},
	"reopenCase":            {From: command.Hands, When: command.In(Case.mayReopen)},
	"closeCase":             {From: command.Hands, When: command.In(Case.mayClose)},
	"handOverCase":          {From: command.Hands, Leads: true, When: command.In(Case.mustExist)},
	"restrictCase":          {From: command.Hands, Leads: true, When: command.In(Case.mustExist)},
	"settleDuplicate":       {From: command.Hands, When: command.In(Case.mustHaveHints)},
	"mergeCase":             {From: command.Hands, When: command.In(Case.mayMerge)},
	"unmergeCase":           {From: command.Hands, When: command.In(Case.mayUnmerge)},
	"askTransfer":           {From: command.Hands, When: Case.mayAskTransfer},
	"endTransfer":           {From: command.Hands, When: command.In(Case.mayEndTransfer)},
}

// Commands says which commands a case takes.
func (Case) Commands() command.Table[Case] { return commands }

func (c Case) mustExist() error {
	if !c.Exists() {
		return ErrNotOpen
	}
	return nil
}

// mustHaveConsents gives ErrConsentUnknown where nothing was given, and no question waits.
func (c Case) mustHaveConsents() error {
	if !slices.ContainsFunc(c.Consents, func(k Consent) bool { return k.stands() || k.Status == code.ConsentRequested }) {
		return ErrConsentUnknown.At("/consent", "exists")
	}
	return nil
}

// mustHold gives ErrNotOpen for a case that was entered in error, or is none.
func (c Case) mustHold() error {
	if !c.Exists() || c.InError {
		return ErrNotOpen
	}
	return nil
}

// mayReroute gives ErrNotRerouted where no referral ended without help.
func (c Case) mayReroute() error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	if !slices.ContainsFunc(c.Referrals, c.rerouted) {
		return ErrNotRerouted.At("/referral", "ended without help")
	}
	return nil
}

func (c Case) rerouted(r Referral) bool { return c.failed(r) && r.Settled == "" }

// mayResume gives ErrNotResumed where nothing that was taken has just ended.
func (c Case) mayResume(by fact.By) error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	if !slices.ContainsFunc(c.Referrals, func(r Referral) bool {
		return c.resumable(r, by.At) && by.At.Before(r.EndedAt.Add(ending.ResumeWithin))
	}) {
		return ErrNotResumed.At("/referral", "ended, after it was taken")
	}
	return nil
}

// mustLack gives ErrNotUnmet where she has what she asked for.
func (c Case) mustLack() error {
	if !slices.ContainsFunc(c.Referrals, c.unmet) && len(c.Displaced()) == 0 {
		return ErrNotUnmet.At("/referral", "an unmet need")
	}
	return nil
}

func (c Case) maySuspendContact() error {
	if !c.Exists() {
		return ErrNotOpen
	}
	if !c.ContactClosed.IsZero() {
		return ErrContact
	}
	return nil
}

func (c Case) mayRestoreContact() error {
	if c.ContactClosed.IsZero() && len(c.restorable()) == 0 {
		return ErrContact
	}
	return nil
}

func (c Case) mayEnterInError() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if slices.ContainsFunc(c.Referrals, Referral.open) {
		return ErrOpenReferrals
	}
	if c.mayLeaveVisit() == nil {
		return ErrVisitOpen
	}
	return c.quiet()
}

func (c Case) mayReopen() error {
	switch {
	case c.InError:
		return ErrNotOpen
	case !c.Closed():
		return ErrStillOpen
	}
	return nil
}

// mayClose gives the reason of waits while somebody must still act.
func (c Case) mayClose() error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	return c.waits()
}

func (c Case) mustHaveHints() error {
	if len(c.openHints()) == 0 {
		return ErrNotOpen
	}
	return nil
}

func (c Case) mayMerge() error {
	if err := c.mustHold(); err != nil {
		return err
	}
	if c.Into != "" {
		return ErrMerge.At("/into", "an older case, and neither of them merged")
	}
	if _, asked := c.transferOpen(); asked {
		return ErrTransferOpen
	}
	return nil
}

func (c Case) mayAskTransfer(by fact.By) error {
	if err := c.mustBeOpen(); err != nil {
		return err
	}
	_, asked := c.transferOpen()
	switch {
	case asked:
		return ErrTransfer.At("/to", "no office is asked already")
	case c.Into != "":
		return ErrTransfer.At("/to", "a case that is not merged")
	case c.asksHer(by.At):
		return ErrTransfer.At("/to", "no referral waits for her new consent")
	}
	return nil
}

func (c Case) mayEndTransfer() error {
	_, open := c.transferOpen()
	if _, untaken := c.transferUntaken(); !open && !untaken {
		return ErrTransfer.At("/status", "another office is asked")
	}
	return nil
}

func (c Case) mayUnmerge() error {
	if c.Into == "" {
		return ErrMerge.At("/into", "a case that was merged")
	}
	return nil
}
