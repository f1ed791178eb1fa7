package domain

import (
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

// Agency is an organisation that answers referrals. All of it is public in the
// network: codes, and never an address. A safe house is safe because its
// location is secret.
type Agency struct {
	Name     string // the slug by which tokens and referrals name it
	Country  code.Country
	Services []code.Service
	Feed     bool // it wants the events of its referrals on the bus
	Status   code.AgencyStatus
	// TwoStepDenial says that a supervisor of it confirms each decline.
	TwoStepDenial bool
	// turn counts what was said of it.
	turn int
}

// Register says what an agency gives, and lets it take referrals (again).
type Register struct {
	Agency   string         `json:"agency"`
	Country  code.Country   `json:"country"`
	Services []code.Service `json:"services"`
	Feed     bool           `json:"feed,omitempty"`
	// TwoStepDenial lets a supervisor confirm each decline.
	TwoStepDenial bool `json:"two_step_denial,omitempty"`
}

// Name is the agency that is registered.
func (c Register) Name() string { return c.Agency }

// Suspend lets an agency take no new referrals.
type Suspend struct{}

// Declines says whether the agency does not take referrals for a service, and
// why not. An agency that nobody registered takes none.
func (a Agency) Declines(s code.Service) (code.DeclineReason, bool) {
	switch {
	case !a.Exists():
		return code.WrongRecipient, true
	case a.Status == code.AgencySuspended:
		return code.ServiceSuspended, true
	case !slices.Contains(a.Services, s):
		return code.OutOfScope, true
	default:
		return "", false
	}
}

// Asked is what holds where an agency is asked for a service. The type has no name, so
// that its user need not know the directory.
type Asked = struct {
	// Country is where its office hours count.
	Country code.Country
	// TwoStepDenial says that a supervisor of it confirms each decline.
	TwoStepDenial bool
	// Declines is why it takes no such referrals; empty while it does.
	Declines code.DeclineReason
}

// Asked is what holds where the agency is asked for a service.
func (a Agency) Asked(s code.Service) Asked {
	declines, _ := a.Declines(s)
	return Asked{Country: a.Country, TwoStepDenial: a.TwoStepDenial, Declines: declines}
}

// Register replaces the registration before. The same again changes nothing.
// Only a coordinator ends a suspension. A coordinator moves no agency into her
// country and none out of it.
func (a Agency) Register(by fact.By, cmd Register) ([]fact.Event, error) {
	countries := []code.Country{cmd.Country}
	if a.Exists() {
		countries = append(countries, a.Country)
	}
	coordinates := coordination.In(by, ErrNotYourAgency, countries...)
	switch {
	case coordinates == nil:
	case by.Agency != cmd.Agency:
		return nil, coordinates
	case a.Status == code.AgencySuspended:
		return nil, ErrSuspended
	}
	if a.Status == code.AgencyActive && a.Country == cmd.Country && slices.Equal(a.Services, cmd.Services) &&
		a.Feed == cmd.Feed && a.TwoStepDenial == cmd.TwoStepDenial {
		return nil, nil
	}
	return fact.Of(referralv1.AgencyRegistered{
		Agency: cmd.Agency, Country: cmd.Country, Services: cmd.Services, Feed: cmd.Feed, TwoStepDenial: cmd.TwoStepDenial, Turn: a.turn + 1,
	}), nil
}

// Suspend stops new referrals. The agency keeps those that it has: a survivor
// who is being served loses nothing.
func (a Agency) Suspend(by fact.By, _ Suspend) ([]fact.Event, error) {
	if by.Agency != a.Name {
		if err := coordination.In(by, ErrNotYourAgency, a.Country); err != nil {
			return nil, err
		}
	}
	if a.Status != code.AgencyActive {
		return nil, nil
	}
	return fact.Of(referralv1.AgencySuspended{Agency: a.Name, Turn: a.turn + 1}), nil
}

// Exists says whether the agency was ever registered.
func (a Agency) Exists() bool { return a.Name != "" }

// Case is empty: an agency belongs to no case.
func (a Agency) Case() string { return "" }

// Visible lets everybody in the network know of the agency.
func (a Agency) Visible(fact.By) bool { return true }

// Closed is never: a suspended agency may come back.
func (a Agency) Closed() bool { return false }

// Deadlines are none.
func (a Agency) Deadlines() []fact.Deadline { return nil }

// AgencyView is an agency as everybody sees it.
type AgencyView struct {
	Agency   string            `json:"agency"`
	Country  code.Country      `json:"country"`
	Services []code.Service    `json:"services"`
	Feed     bool              `json:"feed"`
	Status   code.AgencyStatus `json:"status"`
	// TwoStepDenial is left out where one person's decline is enough.
	TwoStepDenial bool `json:"two_step_denial,omitempty"`
}

// View is the same for everybody.
func (a Agency) View(fact.By) any {
	return AgencyView{
		Agency: a.Name, Country: a.Country, Services: a.Services, Feed: a.Feed, Status: a.Status, TwoStepDenial: a.TwoStepDenial,
	}
}

// Evolve is the agency after an event.
func (a Agency) Evolve(e fact.Event) Agency {
	switch d := e.Data.(type) {
	case referralv1.AgencyRegistered:
		return Agency{
			Name: d.Agency, Country: d.Country, Services: d.Services, Feed: d.Feed, Status: code.AgencyActive, TwoStepDenial: d.TwoStepDenial,
			turn: a.turn + 1,
		}
	case referralv1.AgencySuspended:
		a.Status = code.AgencySuspended
		a.turn++
	}
	return a
}

// ByService is (service): the active agencies that give it. Under no service
// stand all agencies.
var ByService = image.List[Agency]{Keys: func(a Agency) []string {
	if !a.Exists() {
		return nil
	}
	keys := []string{fact.Key("")}
	for _, s := range a.Services {
		if _, declines := a.Declines(s); !declines {
			keys = append(keys, fact.Key(string(s)))
		}
	}
	return keys
}}

// Directory chooses the agencies by service.
func Directory(_ fact.By, q url.Values) (image.Part[Agency], error) {
	return ByService.Of(q.Get("service")), nil
}
