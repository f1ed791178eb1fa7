package domain

import (
	"slices"

	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/services/internal/work"
)

var commands = command.Table[Matter]{
	"giveAdvice":           {From: command.Hands, When: command.In(Matter.MustBeOpen)},
	"applyProtectionOrder": {From: command.Hands, When: command.In(Matter.MustBeOpen)},
	"recordOrderResult":    {From: command.Hands, When: command.In(Matter.mayRecordResult)},

	"planOrderService":     {From: command.Hands, When: Matter.mayServe},
	"recordOrderServed":    {From: command.Hands, When: Matter.mayServe},
	"recordOrderChange":    {From: command.Hands, When: command.In(Matter.mayChangeOrder)},
	"settleLegalDuty":      {From: command.Hands, When: command.In(Matter.maySettleDuty)},
	"answerFollowing":      {From: command.Hands, When: command.In(Matter.MayDoDuties)},
	"openProceeding":       {From: command.Hands, When: command.In(Matter.mayFollow)},
	"recordProceedingStep": {From: command.Hands, When: command.In(Matter.mayStep)},
	"planHearing":          {From: command.Hands, When: command.In(Matter.MayDoDuties)},
	"moveHearing":          {From: command.Hands, When: command.In(Matter.hasHearing)},
	"settleHearing":        {From: command.Hands, When: command.In(Matter.hasHearing)},
	"assessEligibility":    {From: command.Hands, When: command.In(Matter.MustBeOpen)},
	"explainLegalOptions":  {From: command.Hands, When: command.In(Matter.MustBeOpen)},
	"chooseLegalOptions":   {From: command.Hands, When: command.In(Matter.MustBeOpen)},
	"storeMatterFile":      {From: command.Hands, When: command.In(Matter.MustBeOpen)},
	"keepDocument":         {From: command.Hands, When: command.In(Matter.MustBeOpen)},

	"settleCertificate":          {From: command.Hands, When: command.In(Matter.maySettle)},
	"checkConflicts":             {From: command.Hands, When: command.In(Matter.mayCheck)},
	"amendMatter":                {From: command.Hands, When: command.In(Matter.MayAmend)},
	"closeMatter":                {From: command.Hands, When: command.In(Matter.mayClose)},
	"reportMatterContactProblem": {From: command.Hands, When: command.In(Matter.MayTell)},
	"answerMatterEnding":         {From: command.Hands, When: command.In(Matter.MayAnswer)},
}

// Commands says which commands a matter takes.
func (Matter) Commands() command.Table[Matter] { return commands }

// mayRecordResult gives the reason why no answer of a court can be recorded: a new one, or
// one that corrects what was recorded.
func (m Matter) mayRecordResult() error {
	if m.MayAmend() == nil && slices.ContainsFunc(m.Orders, func(o Order) bool { return o.Result != "" && !o.InError }) {
		return nil
	}
	if err := m.MayDoDuties(); err != nil {
		return err
	}
	if len(m.Orders) == 0 {
		return ErrUnknownApplication.At("/application", "exists")
	}
	return nil
}

// mayClose gives ErrUndecided while an application waits for the court's first answer, and
// ErrDutyWaits while a duty waits: nobody would tell her.
func (m Matter) mayClose() error {
	if err := m.Standing.MustBeOpen(); err != nil {
		return err
	}
	if slices.ContainsFunc(m.Orders, func(o Order) bool { return o.Result == "" && !o.InError }) {
		return ErrUndecided
	}
	if slices.ContainsFunc(m.Duties, Duty.waits) {
		return ErrDutyWaits
	}
	return nil
}

// maySettle gives work.ErrUnchanged where no certificate waits for the lawyer.
func (m Matter) maySettle() error {
	if err := m.MayAmend(); err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Certificates, Certificate.waits) {
		return work.ErrUnchanged
	}
	return nil
}
