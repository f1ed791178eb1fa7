package app

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/window"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Clinic is who examines at an agency, and when: the duties and the credentials that the register of
// workers has. Opening hours of a place are those of the directory, and there are no others here. What
// somebody lacks limits what they certify; it closes nothing, because care does not wait for a paper.
type Clinic struct {
	// Open says whether somebody who examines is on duty. It is left out where nobody has a duty on
	// record, so that nothing is known.
	Open *bool `json:"open,omitempty"`
	// OpensAt is when the next one begins, while nobody is on duty.
	OpensAt time.Time `json:"opens_at,omitzero"`
	// Items are those who examine, who is on duty first.
	Items []OnDuty `json:"items"`
}

// OnDuty is one person who examines, collects or supervises.
type OnDuty struct {
	Worker string    `json:"worker"`
	Now    bool      `json:"on_duty"`
	From   time.Time `json:"from,omitzero"`
	Until  time.Time `json:"until,omitzero"`
	// May is what their credentials permit now.
	May []code.CredentialScope `json:"may"`
	// Lacks is what certifying requires and they have not, and Supervisor who countersigns then.
	Lacks      []credential.Lack `json:"lacks,omitempty"`
	Supervisor string            `json:"supervisor,omitempty"`
}

// Clinic is that of the agency of the caller.
func (a App) Clinic(_ context.Context, by fact.By, _ string, _ url.Values) (Clinic, error) {
	return a.onDuty(by.Agency, by.At), nil
}

func (a App) onDuty(agency string, now time.Time) Clinic {
	c := Clinic{Items: []OnDuty{}}
	known, open := false, false
	for _, id := range a.Workers.Find(worker.ByAgency.Of(agency)) {
		held, ok := a.Workers.Held(id)
		if !ok {
			continue
		}
		is := a.examines(held.State.Present, now)
		if is.Worker == "" {
			continue
		}
		c.Items = append(c.Items, is)
		if known, open = known || !is.Until.IsZero(), open || is.Now; is.From.After(now) && (c.OpensAt.IsZero() || is.From.Before(c.OpensAt)) {
			c.OpensAt = is.From
		}
	}
	if known {
		c.Open = &open
	}
	if open {
		c.OpensAt = time.Time{}
	}
	slices.SortFunc(c.Items, func(a, b OnDuty) int {
		switch {
		case a.Now != b.Now && a.Now, a.Now == b.Now && a.Worker < b.Worker:
			return -1
		default:
			return 1
		}
	})
	return c
}

// examines is a worker, as far as they examine; the zero value for one who does not.
func (a App) examines(p worker.Present, now time.Time) OnDuty {
	is := OnDuty{Now: p.OnDuty(now), May: []code.CredentialScope{}}
	for _, c := range p.Credentials {
		if status, _ := p.Credentials.Status(c, now); status != code.CredentialInForce {
			continue
		}
		for _, s := range c.Scope {
			if slices.Contains(forensic, s) && !slices.Contains(is.May, s) {
				is.May = append(is.May, s)
			}
		}
	}
	if p.Left || len(is.May) == 0 && !slices.Contains(p.Roles, code.ForensicExaminer) {
		return OnDuty{}
	}
	slices.Sort(is.May)
	is.Worker = p.ID
	if p.DutyUntil.After(now) {
		is.From, is.Until = p.DutyFrom, p.DutyUntil
	}
	if a.requires != nil {
		is.Lacks = a.requires(credential.Place{At: now}, code.ForensicExaminer).Missing(p.Credentials, now)
	}
	if len(is.Lacks) > 0 {
		is.Supervisor = p.Supervisor
	}
	return is
}

// forensic are the scopes of this room.
var forensic = []code.CredentialScope{code.MayExamine, code.MayCollect, code.MayCertify, code.MaySupervise}

// outside says whether nobody is on duty at an instant, within the time for which duties are on record.
func (c Clinic) outside(at time.Time) bool {
	covered := false
	for _, d := range c.Items {
		if !at.Before(d.From) && at.Before(d.Until) {
			return false
		}
		covered = covered || at.Before(d.Until)
	}
	return covered
}

// Windows are what can still be found, what is possible now first, and what will be when somebody
// examines again.
type Windows struct {
	Items []Window `json:"items"`
	// Open and OpensAt are those of the clinic.
	Open    *bool     `json:"open,omitempty"`
	OpensAt time.Time `json:"opens_at,omitzero"`
}

// Window is what can still be found, and until when. Past it nothing is blocked.
type Window struct {
	Window code.Window      `json:"window"`
	State  code.WindowState `json:"state"`
	Until  time.Time        `json:"until,omitzero"`
	// AtOpening is how it stands when somebody is on duty again.
	AtOpening code.WindowState `json:"state_at_opening,omitempty"`
}

// Windows are those of the country, after what she told here of when it happened. While nobody is on
// duty, they stand in the order of what is still possible at the next opening.
func (a App) Windows(ctx context.Context, by fact.By, id string, _ url.Values) (Windows, error) {
	res, err := a.Look(ctx, id, by, seen.Content)
	if err != nil {
		return Windows{}, err
	}
	x, now := res.State, a.clock()
	if err := x.Legible(now); err != nil {
		return Windows{}, err
	}
	of, clinic := x.Consent.Place, a.onDuty(x.Agency, now)
	rules := a.programmes.For(of.Programme, code.Country(of.Country), x.Since, now).Windows
	at := now
	if !clinic.OpensAt.IsZero() {
		at = clinic.OpensAt
	}
	then := map[code.Window]code.WindowState{}
	var order []code.Window
	for _, o := range window.Rank(window.Among(code.ForensicExam, rules, x.Told(now), at), at) {
		then[o.Window], order = o.State, append(order, o.Window)
	}
	all := Windows{Items: []Window{}, Open: clinic.Open, OpensAt: clinic.OpensAt}
	for _, o := range window.Among(code.ForensicExam, rules, x.Told(now), now) {
		w := Window{Window: o.Window, State: o.State}
		if until, still := o.Until(now); still {
			w.Until = until
		}
		if at.After(now) {
			w.AtOpening = then[o.Window]
		}
		all.Items = append(all.Items, w)
	}
	slices.SortFunc(all.Items, func(a, b Window) int { return slices.Index(order, a.Window) - slices.Index(order, b.Window) })
	return all, nil
}
