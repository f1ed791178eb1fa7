package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/sequence"
	"github.com/sanad-network/sanad/services/internal/window"
)

// Sequence is all services of a case together: what comes before what, and what can
// still be done. It is advice, for the case's own agency, and holds back nothing.
type Sequence struct {
	Case   string    `json:"case"`
	At     time.Time `json:"at"`
	Steps  []Step    `json:"steps"`
	Visits []Visit   `json:"visits"`
}

// Step is one service, after those that come before it.
type Step struct {
	Service code.Service   `json:"service"`
	Stage   code.PlanStage `json:"stage"`
	// Referrals are those of the service, in the order in which they were made.
	Referrals []StepReferral `json:"referrals"`
	// Agreed are the agencies that may be asked, while none is.
	Agreed []string `json:"agreed,omitempty"`
	// Waits says that it is better to wait for one of those before it.
	Waits bool     `json:"waits"`
	After []Before `json:"after,omitempty"`
	// Windows are those of a service that she has not had yet: after a decline
	// another agency may still be in time.
	Windows []Window `json:"windows,omitempty"`
}

// StepReferral is a referral as far as the sequence needs it.
type StepReferral struct {
	ID        string            `json:"id"`
	Recipient string            `json:"recipient,omitempty"`
	Mode      code.ReferralMode `json:"mode,omitempty"`
	// Candidates is how many agencies are asked, while nobody took it.
	Candidates int                 `json:"candidates,omitempty"`
	Status     code.ReferralStatus `json:"status"`
	Urgency    code.Urgency        `json:"urgency"`
	Asked      code.Urgency        `json:"asked_urgency,omitempty"`
	Visit      string              `json:"visit,omitempty"`
}

// Before is a service that comes before another, and why.
type Before struct {
	Service code.Service    `json:"service"`
	Code    code.PlanReason `json:"code"`
	Words   string          `json:"words"`
	// Holds says that this is worth waiting for.
	Holds bool `json:"holds"`
}

// Window is what can still be done, and until when. An unknown one has no
// instant; a past one may still be open, counted from the latest instant.
type Window struct {
	Window code.Window      `json:"window"`
	State  code.WindowState `json:"state"`
	Until  time.Time        `json:"until,omitzero"`
}

// Visit is what she is to get in one visit, in the order of the steps.
type Visit struct {
	ID        string         `json:"id"`
	Services  []code.Service `json:"services"`
	Referrals []string       `json:"referrals"`
}

// part is one service of the case, before it has its place in the sequence.
type part struct {
	service   code.Service
	referrals []Referral
	agreed    []string
	options   []window.Option
	stage     sequence.Stage
}

// Sequence puts the services of the case in order.
func (c Case) Sequence(by fact.By, rules Rules) (Sequence, error) {
	parts, err := c.parts(by, rules.of(c, by.At).Windows)
	if err != nil {
		return Sequence{}, err
	}
	items := make([]sequence.Item, len(parts))
	for i, p := range parts {
		items[i] = sequence.Item{Service: p.service, Stage: p.stage, Place: p.place(), Late: late(p.options, by.At)}
	}
	order, err := sequence.Of(items)
	if err != nil {
		return Sequence{}, err
	}
	v := Sequence{Case: c.ID, At: by.At, Steps: make([]Step, len(order)), Visits: []Visit{}}
	for i, s := range order {
		p := parts[s.Item]
		v.Steps[i] = p.step(s.After, by.At)
		v.Visits = p.gather(v.Visits)
	}
	return v, nil
}

// parts are the services that were asked for or that she agreed to: what has not
// ended first, and of that the most urgent.
func (c Case) parts(by fact.By, w programme.Windows) ([]part, error) {
	var parts []part
	at := func(s code.Service) *part {
		i := slices.IndexFunc(parts, func(p part) bool { return p.service == s })
		if i < 0 {
			i = len(parts)
			parts = append(parts, part{service: s, options: c.options(w, by, s)})
		}
		return &parts[i]
	}
	for _, f := range c.Referrals {
		p := at(f.Service)
		p.referrals = append(p.referrals, f)
	}
	for _, k := range c.Consents {
		if c.Closed() || !k.InForce(by.At) || k.Purpose != code.ServiceDelivery {
			continue
		}
		if p := at(k.Service); p.unasked() && !slices.Contains(p.agreed, k.Recipient) {
			p.agreed = append(p.agreed, k.Recipient)
		}
	}
	for i := range parts {
		var err error
		if parts[i].stage, err = sequence.StageOf(parts[i].statuses()...); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		return cmp.Or(boolean(a.stage == sequence.Ended)-boolean(b.stage == sequence.Ended), b.urgency()-a.urgency())
	})
	return parts, nil
}

// step is the service after those that come before it. A service that is given,
// or was, waits for nothing.
func (p part) step(after []sequence.Before, now time.Time) Step {
	s := Step{
		Service: p.service, Stage: code.PlanStages[p.stage], Agreed: p.agreed,
		Referrals: make([]StepReferral, len(p.referrals)),
	}
	for i, f := range p.referrals {
		s.Referrals[i] = StepReferral{
			ID: f.ID, Recipient: f.Recipient, Mode: f.Mode, Candidates: len(f.Candidates),
			Status: f.Status, Urgency: f.Urgency, Asked: f.Asked, Visit: f.Visit,
		}
	}
	for _, b := range after {
		holds := b.Holds && p.stage < sequence.Given
		s.Waits = s.Waits || holds
		s.After = append(s.After, Before{Service: b.Service, Code: b.Why, Words: b.Words, Holds: holds})
	}
	if p.stage != sequence.Ended || p.unasked() {
		s.Windows = stillOpen(p.options, now)
	}
	return s
}

// gather adds the service to the visits of which it is a part.
func (p part) gather(visits []Visit) []Visit {
	for _, f := range p.referrals {
		if f.Visit == "" {
			continue
		}
		i := slices.IndexFunc(visits, func(v Visit) bool { return v.ID == f.Visit })
		if i < 0 {
			i = len(visits)
			visits = append(visits, Visit{ID: f.Visit})
		}
		v := &visits[i]
		v.Referrals = append(v.Referrals, f.ID)
		if !slices.Contains(v.Services, f.Service) {
			v.Services = append(v.Services, f.Service)
		}
	}
	return visits
}

func (p part) statuses() []code.ReferralStatus {
	statuses := make([]code.ReferralStatus, len(p.referrals))
	for i, f := range p.referrals {
		statuses[i] = f.Status
	}
	return statuses
}

// unasked says that nobody is asked for the service, and nobody gave it.
func (p part) unasked() bool {
	return !slices.ContainsFunc(p.referrals, func(f Referral) bool { return f.open() || f.Status == code.Completed })
}

// place is the visit in which the service is given: that of all referrals which
// are open, or none.
func (p part) place() string {
	var place string
	for i, f := range slices.DeleteFunc(slices.Clone(p.referrals), func(f Referral) bool { return !f.open() }) {
		if i > 0 && f.Visit != place {
			return ""
		}
		place = f.Visit
	}
	return place
}

func (p part) urgency() int {
	most := 0
	for _, f := range p.referrals {
		if f.open() {
			most = max(most, slices.Index(code.Urgencies, f.Urgency))
		}
	}
	return most
}

// late says that every window of a service is past. An unknown window is not
// past, and a service without windows is never late.
func late(options []window.Option, now time.Time) bool {
	return len(options) > 0 && !slices.ContainsFunc(options, func(o window.Option) bool {
		_, open := o.Until(now)
		return open || o.State == code.WindowUnknown
	})
}

// stillOpen are the windows through which something can be done, or perhaps.
func stillOpen(options []window.Option, now time.Time) []Window {
	var windows []Window
	for _, o := range options {
		until, ok := o.Until(now)
		if ok || o.State == code.WindowUnknown {
			windows = append(windows, Window{Window: o.Window, State: o.State, Until: until})
		}
	}
	return windows
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
