package domain

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// What the rules refuse, and why.
var (
	ErrNotFound       = fault.New(fault.NotFound, "not_found", "There is no such record, or it is not yours to see.")
	ErrNotCoordinator = fault.New(fault.Forbidden, "not_a_coordinator", "Only a coordinator can do this.")
	ErrAssessment     = fault.New(fault.Invalid, "assessment_invalid", "The assessment contradicts the standards of the programme, or itself.")
)

// Assessment is how a service of an agency stands against the standards of a programme.
type Assessment struct {
	referralv1.ServiceAssessed
	Assessed
	Earlier []Version
}

// Assessed is the private half of ServiceAssessed: who assessed it, and what else they wrote.
type Assessed struct {
	Assessor string `json:"assessor"`
	Note     string `json:"note,omitempty"`
}

// Version is an assessment of before.
type Version struct {
	Version  int                          `json:"version"`
	Amends   code.AmendReason             `json:"amends,omitempty"`
	On       string                       `json:"on"`
	Assessor string                       `json:"assessor"`
	Findings []referralv1.StandardFinding `json:"findings"`
}

// Found is what somebody found.
type Found struct {
	On       string                       `json:"on"`
	Next     string                       `json:"next"`
	Assessor string                       `json:"assessor"`
	Note     string                       `json:"note,omitempty"`
	Findings []referralv1.StandardFinding `json:"findings"`
}

// Assess says how a service of an agency stood on a day.
type Assess struct {
	Agency    string       `json:"agency"`
	Service   code.Service `json:"service"`
	Programme string       `json:"programme"`
	Found
}

// Name is that of the one record of an agency, a service and a programme.
func (c Assess) Name() string {
	return fact.ID("assess", c.Programme+" "+c.Agency+" "+string(c.Service))
}

// Amend puts right what was said of the last assessment.
type Amend struct {
	Reason code.AmendReason `json:"reason"`
	Found
}

// Listed is what holds of an agency that gives a service. The type has no name, so that the directory need not
// know this package.
type Listed = struct {
	Country       code.Country
	TwoStepDenial bool
	Declines      code.DeclineReason
}

// On is what an assessment hangs on: the agency as the directory has it, and the programme.
type On struct {
	Agency look.Fresh[Listed]
	Err    error
	// Is is the programme of the token, in Zone; not Installed: there is none.
	Is        programme.Essential
	Zone      *time.Location
	Installed bool
}

// Assess takes the first assessment of a service, or a further one. A coordinator assesses in
// their country and programme alone: coordination.ErrNowhere, coordination.ErrElsewhere,
// ErrNotCoordinator. ErrAssessment names the field.
func (a Assessment) Assess(by fact.By, cmd Assess, on On) ([]fact.Event, error) {
	if err := coordination.Check(by, ErrNotCoordinator); err != nil {
		return nil, err
	}
	if on.Err != nil {
		return nil, on.Err
	}
	is := on.Agency.Value()
	if err := coordination.In(by, ErrNotCoordinator, is.Country); err != nil {
		return nil, err
	}
	switch {
	case cmd.Programme != by.Programme || !on.Installed:
		return nil, ErrAssessment.At("/programme", "the programme of the token")
	case is.Declines == code.OutOfScope || is.Declines == code.WrongRecipient:
		return nil, ErrAssessment.At("/service", "one that the agency gives")
	case a.Exists() && cmd.On < a.On:
		return nil, ErrAssessment.At("/on", "not before the last assessment")
	}
	a.ServiceAssessed = referralv1.ServiceAssessed{
		Assessment: cmd.Name(), Agency: cmd.Agency, Service: cmd.Service, Country: is.Country, Programme: cmd.Programme, Version: a.Version,
	}
	return a.found(by, "", cmd.Found, on)
}

// Amend puts the last assessment right. What it said before stays among the earlier versions.
func (a Assessment) Amend(by fact.By, cmd Amend, on On) ([]fact.Event, error) {
	if err := a.mayAmend(by); err != nil {
		return nil, err
	}
	return a.found(by, cmd.Reason, cmd.Found, on)
}

// found compares what was found with the standards: each that the service is judged by, once.
func (a Assessment) found(by fact.By, amends code.AmendReason, f Found, on On) ([]fact.Event, error) {
	zone := on.Zone
	if zone == nil {
		zone = time.UTC
	}
	switch {
	case f.On > by.At.In(zone).Format(time.DateOnly):
		return nil, ErrAssessment.At("/on", "not in the future")
	case f.Next <= f.On:
		return nil, ErrAssessment.At("/next", "after the day of the assessment")
	}
	for i, one := range f.Findings {
		at := "/findings/" + strconv.Itoa(i) + "/standard"
		standard, known := on.Is.Standards[one.Standard]
		switch {
		case !known || !standard.Judges(a.Service):
			return nil, ErrAssessment.At(at, "one by which the programme judges the service")
		case slices.ContainsFunc(f.Findings[:i], func(o referralv1.StandardFinding) bool { return o.Standard == one.Standard }):
			return nil, ErrAssessment.At(at, "named once")
		}
	}
	for _, name := range names(on.Is.Standards) {
		if on.Is.Standards[name].Judges(a.Service) && !slices.ContainsFunc(f.Findings, func(o referralv1.StandardFinding) bool { return o.Standard == name }) {
			return nil, ErrAssessment.At("/findings", "one for each standard of the service")
		}
	}
	next := a.ServiceAssessed
	next.Version, next.Amends, next.On, next.Next, next.Findings = a.Version+1, amends, f.On, f.Next, f.Findings
	return fact.With(next, Assessed{Assessor: f.Assessor, Note: f.Note}), nil
}

// Evolve is the assessment after an event.
func (a Assessment) Evolve(e fact.Event) Assessment {
	if d, ok := e.Data.(referralv1.ServiceAssessed); ok {
		said, _ := e.Private.(Assessed)
		if a.Exists() {
			a.Earlier = append(slices.Clip(a.Earlier), Version{a.Version, a.Amends, a.On, a.Assessor, a.Findings})
		}
		a.ServiceAssessed, a.Assessed = d, said
	}
	return a
}

// Exists says whether the service was ever assessed.
func (a Assessment) Exists() bool { return a.Assessment != "" }

// Case is empty: it belongs to no case.
func (a Assessment) Case() string { return "" }

// Visible lets the coordinators of the programme know of it, and the agency itself.
func (a Assessment) Visible(by fact.By) bool {
	return by.System() || a.Exists() && (by.Agency == a.Agency || a.coordinated(by) == nil)
}

// coordinated refuses all but the coordinators of the country and the programme.
func (a Assessment) coordinated(by fact.By) error {
	if err := coordination.In(by, ErrNotCoordinator, a.Country); err != nil {
		return err
	}
	if by.Programme != a.Programme {
		return ErrNotFound
	}
	return nil
}

// Closed is never: it is assessed again.
func (a Assessment) Closed() bool { return false }

// Deadlines are none: the list of the coordinators says what is due.
func (a Assessment) Deadlines() []fact.Deadline { return nil }

// Commands says which commands an assessment takes.
func (Assessment) Commands() command.Table[Assessment] {
	return command.Table[Assessment]{
		"recordAssessment": {When: Assessment.mayAmend},
		"amendAssessment":  {When: Assessment.mayAmend},
	}
}

// mayAmend is for the coordinators of the programme.
func (a Assessment) mayAmend(by fact.By) error {
	if !a.Exists() {
		return ErrNotFound
	}
	return a.coordinated(by)
}

// AssessmentView is an assessment as its agency and the coordinators see it.
type AssessmentView struct {
	Assessment string           `json:"assessment"`
	Agency     string           `json:"agency"`
	Service    code.Service     `json:"service"`
	Country    code.Country     `json:"country"`
	Programme  string           `json:"programme"`
	Version    int              `json:"version"`
	Amends     code.AmendReason `json:"amends,omitempty"`
	On         string           `json:"on"`
	Next       string           `json:"next"`
	// Due says that the day of the next one has come.
	Due      bool                         `json:"due,omitempty"`
	Assessor string                       `json:"assessor"`
	Note     string                       `json:"note,omitempty"`
	Findings []referralv1.StandardFinding `json:"findings"`
	Earlier  []Version                    `json:"earlier,omitempty"`
}

// View is the same for all who may see it.
func (a Assessment) View(by fact.By) any {
	return AssessmentView{
		Assessment: a.Assessment, Agency: a.Agency, Service: a.Service, Country: a.Country, Programme: a.Programme,
		Version: a.Version, Amends: a.Amends, On: a.On, Next: a.Next, Due: a.due(by.At), Assessor: a.Assessor, Note: a.Note,
		Findings: a.Findings, Earlier: a.Earlier,
	}
}

func (a Assessment) due(now time.Time) bool { return a.Next <= now.UTC().Format(time.DateOnly) }

// ByNext is (coordination, country, programme, next) and (agency, name, next): what is due first
// comes first.
var ByNext = image.List[Assessment]{Keys: func(a Assessment) []string {
	if !a.Exists() {
		return nil
	}
	return []string{
		fact.Key("coordination", string(a.Country)+" "+a.Programme, a.Next),
		fact.Key("agency", a.Agency, a.Next),
	}
}}

// Assessments chooses those of a coordinator's country and programme, or those of one's own
// agency, and of these what is due with due=true.
func Assessments(by fact.By, q url.Values) (image.Part[Assessment], error) {
	part := ByNext.Of("agency", by.Agency)
	if slices.Contains(by.Roles, "coordinator") {
		if err := coordination.Check(by, ErrNotCoordinator); err != nil {
			return part, err
		}
		part = ByNext.Of("coordination", by.Country+" "+by.Programme)
	}
	if q.Get("due") == "true" {
		part = part.Where(func(a Assessment) bool { return a.due(by.At) })
	}
	return part, nil
}
