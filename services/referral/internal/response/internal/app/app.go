// Package app holds the use cases of rapid response that need more than one record: who can
// be asked next, and who is told. It decides nothing itself, and refuses to hold a rule.
package app

import (
	"context"
	"errors"
	"time"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/referral/internal/response/internal/domain"
)

// Workers is what teams ask of the register of workers.
type Workers interface {
	// Staff is who is on the register of an agency.
	Staff(ctx context.Context, agency string) worker.Seen
}

// Notices is how people are told that something waits for them, and nothing of what.
type Notices interface {
	// Alarm tells those on duty of an agency of an alert, or the whole agency.
	Alarm(ctx context.Context, caseID, alert, agency string) error
	// AlarmCoordination tells the coordination of a country.
	AlarmCoordination(ctx context.Context, caseID, alert, country string) error
}

// App is the teams and the alerts.
type App struct {
	Teams      *record.Records[domain.Team]
	Alerts     *record.Records[domain.Alert]
	Workers    Workers
	Notices    Notices
	Programmes programme.Set
}

// New adds the records to a book.
func New(b *record.Book, w Workers, n Notices, p programme.Set) App {
	return App{
		Teams: record.New(b, "team", &domain.TeamsByAgency), Alerts: record.New(b, "alert", &domain.AlertsByReader),
		Workers: w, Notices: n, Programmes: p,
	}
}

// Named looks up the staff of the agencies that a command names.
func (a App) Named(ctx context.Context, members []intakev1.TeamMember) domain.Register {
	r := domain.Register{}
	for _, m := range members {
		if _, done := r[m.Agency]; !done {
			r[m.Agency] = a.Workers.Staff(ctx, m.Agency)
		}
	}
	return r
}

// Members looks up the staff of the agencies of a team.
func (a App) Members(ctx context.Context, id string, _ fact.By) domain.Register {
	t, err := a.Teams.Fresh(ctx, id)
	if err != nil {
		return nil // the record's own turn says what is wrong with it
	}
	return a.Named(ctx, t.Value().Members)
}

// Changed looks up the staff of the agencies that a team is to have.
func (a App) Changed(ctx context.Context, _ string, _ fact.By, cmd domain.ChangeTeam) domain.Register {
	return a.Named(ctx, cmd.Members)
}

// Ladder looks up who can be asked for an alert now.
func (a App) Ladder(ctx context.Context, id string) domain.Ladder {
	alert, err := a.Alerts.Fresh(ctx, id)
	if err != nil {
		return domain.Ladder{Err: err}
	}
	at := alert.Value()
	return a.ladder(ctx, at.ResponseOpened, at.OpenedAt)
}

// LadderOf is Ladder for a command of a person.
func (a App) LadderOf(ctx context.Context, id string, _ fact.By) domain.Ladder {
	return a.Ladder(ctx, id)
}

// ladder looks at the teams. One that cannot be read is passed over: she must not wait for
// it, and an operator is told of it.
func (a App) ladder(ctx context.Context, is referralv1.ResponseOpened, opened time.Time) domain.Ladder {
	l := domain.Ladder{Teams: map[string]domain.Team{}, Staff: domain.Register{}, Opened: opened, Rule: func(from, now time.Time) domain.Rule {
		return domain.Rule{Acknowledge: a.Programmes.For(is.Programme, is.Country, from, now).Acknowledge}.OrUnsaid()
	}}
	var members []intakev1.TeamMember
	for _, named := range is.Teams {
		t, err := a.Teams.Fresh(ctx, named.Team)
		switch {
		case errors.Is(err, record.ErrQuarantined):
		case err != nil:
			return domain.Ladder{Err: err}
		default:
			l.Teams[named.Team] = t.Value()
			members = append(members, t.Value().Members...)
		}
	}
	l.Staff = a.Named(ctx, members)
	return l
}

// OnAsked opens the alert, and asks the first one.
func (a App) OnAsked(ctx context.Context, e intakev1.ResponseAsked) error {
	on := a.ladder(ctx, referralv1.ResponseOpened{Programme: e.Programme, Country: e.Country, Teams: e.Teams}, time.Time{})
	_, err := a.Alerts.Execute(ctx, e.Alert, func(s domain.Alert, by fact.By) ([]fact.Event, error) { return s.Open(by, e, on) })
	return err
}

// OnAlerted tells whom a step asks. Who was asked and goes no more is told of nothing: the
// page says so.
func (a App) OnAlerted(ctx context.Context, e referralv1.ResponseAlerted) error {
	if e.Agency != "" {
		return a.Notices.Alarm(ctx, e.Case, e.Alert, e.Agency)
	}
	is, err := a.Alerts.Fresh(ctx, e.Alert)
	if err != nil {
		return err
	}
	return a.Notices.AlarmCoordination(ctx, e.Case, e.Alert, string(is.Value().Country))
}

// OnEnded tells everybody who was asked to look again, where she called it off.
func (a App) OnEnded(ctx context.Context, e referralv1.ResponseEnded) error {
	if !domain.Off(e) {
		return nil
	}
	is, err := a.Alerts.Fresh(ctx, e.Alert)
	if err != nil {
		return err
	}
	told := map[string]bool{}
	return record.Each(is.Value().Rungs, func(r domain.Rung) error {
		if r.Agency == "" || told[r.Agency] {
			return nil
		}
		told[r.Agency] = true
		return a.Notices.Alarm(ctx, e.Case, e.Alert, r.Agency)
	})
}

// Called names the alert that is called off.
func Called(e intakev1.ResponseCalledOff) string { return e.Alert }
