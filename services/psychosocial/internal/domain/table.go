package domain

import "github.com/sanad-network/sanad/pkg/command"

var commands = command.Table[Plan]{
	"recordSession":            {From: command.Hands, When: command.In(Plan.MustBeOpen)},
	"makeSafetyPlan":           {From: command.Hands, When: command.In(Plan.MustBeOpen)},
	"answerInstrument":         {From: command.Hands, When: command.In(Plan.MustBeOpen)},
	"handleRisk":               {From: command.Hands, When: command.In(Plan.mayHandle)},
	"setPlanGoal":              {From: command.Hands, When: command.In(Plan.MustBeOpen)},
	"reviewPlanGoal":           {From: command.Hands, When: command.In(Plan.mayReview)},
	"agreeFollowUp":            {From: command.Hands, When: command.In(Plan.MustBeOpen)},
	"recordFollowUp":           {From: command.Hands, When: command.In(Plan.mayFollowUp)},
	"amendSupportPlan":         {From: command.Hands, When: command.In(Plan.MayAmend)},
	"closeSupportPlan":         {From: command.Hands, When: command.In(Plan.MustBeOpen)},
	"reportPlanContactProblem": {From: command.Hands, When: command.In(Plan.MayTell)},
	"answerPlanEnding":         {From: command.Hands, When: command.In(Plan.MayAnswer)},
}

// Commands says which commands a support plan takes.
func (Plan) Commands() command.Table[Plan] { return commands }
