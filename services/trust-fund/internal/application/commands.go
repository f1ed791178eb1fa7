package application

import (
	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
)

// decisions are the events of which an agency is told beside its own. That an application is eligible
// it is not told: the view says when it is not.
var decisions = []string{trustfundv1.ApplicationAwarded{}.EventType(), trustfundv1.ApplicationNotAwarded{}.EventType()}

// Commands says which commands an application takes.
func (Application) Commands() command.Table[Application] { return commands }

var commands = command.Table[Application]{
	"saveApplication":      {When: Application.mayWrite},
	"storeApplicationFile": {When: Application.mayWrite},
	"nameApplicationPaper": {When: Application.names},
	"submitApplication":    {When: Application.mayWrite},
	"takeBackApplication":  {When: Application.takesBack},

	"judgeEligibility":       {When: Application.judges},
	"countersignEligibility": {When: Application.countersigns},
	"assignAssessor":         {When: Application.assigns},
	"freeAssessor":           {When: Application.frees},
	"declareInterest":        {When: Application.declares},
	"scoreApplication":       {When: Application.scores},
	"selectApplication":      {When: Application.selects},
	"voteOnApplication":      {When: Application.votes},
	"refuseApplication":      {When: Application.mayRefuse},
}

func (a Application) names(by fact.By) error {
	if err := a.mayWrite(by); err != nil {
		return err
	}
	if len(a.Files) == 0 {
		return ErrNoFile
	}
	return nil
}

func (a Application) takesBack(by fact.By) error {
	if err := a.mayWrite(by); err != nil {
		return err
	}
	if a.Submitted == nil {
		return ErrNothing
	}
	return nil
}

func (a Application) judges(by fact.By) error {
	if a.Judged.By != "" {
		return ErrStage
	}
	return a.manages(by, code.ApplicationSubmitted)
}

func (a Application) countersigns(by fact.By) error {
	switch a.Judged.By {
	case "":
		return ErrStage
	case by.Principal:
		return ErrCountersign
	}
	return a.manages(by, code.ApplicationSubmitted)
}

func (a Application) assigns(by fact.By) error {
	if len(a.active()) >= a.needed() {
		return ErrAssessors
	}
	return a.manages(by, code.ApplicationEligible)
}

func (a Application) frees(by fact.By) error {
	for _, p := range a.Places {
		if p.waits() {
			return a.manages(by, code.ApplicationEligible)
		}
	}
	return ErrStage
}

func (a Application) declares(by fact.By) error {
	p, err := a.mayAssess(by)
	if err == nil && p.Interest != "" {
		return ErrDeclared
	}
	return err
}

func (a Application) scores(by fact.By) error {
	p, err := a.mayAssess(by)
	switch {
	case err != nil:
		return err
	case p.Interest == "":
		return ErrUndeclared
	case p.Scored != nil:
		return ErrScored
	}
	return nil
}

func (a Application) selects(by fact.By) error { return a.manages(by, code.ApplicationAssessed) }

func (a Application) votes(by fact.By) error {
	if !is(by, trustee) {
		return ErrNotFound
	}
	return a.mayVote(by)
}

// manages is mayManage at a stage. Errors: ErrStage, and those of mayManage.
func (a Application) manages(by fact.By, at code.ApplicationStatus) error {
	if err := a.mayManage(by); err != nil {
		return err
	}
	return a.stands(at)
}
