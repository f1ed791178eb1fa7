// Package app holds the use cases of rapid response that need more than one record: who can
// be asked next, and who is told. It decides nothing itself, and refuses to hold a rule.
package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
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

// Circles is what alerts ask of the loop, which keeps what intake says of whom she may meet.
type Circles interface {
	// May says who may come near her, of those who could be asked for an alert, by their
	// identifier on the register; nil is everybody.
	May(ctx context.Context, alert string) (look.Fresh[func(id string) bool], error)
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
	Circles    Circles
	Notices    Notices
	Programmes programme.Set
}

// New adds the records to a book.
func New(b *record.Book, w Workers, c Circles, n Notices, p programme.Set) App {
	return App{
		Teams: record.New(b, "team", &domain.TeamsByAgency), Alerts: record.New(b, "alert", &domain.AlertsByReader),
		Workers: w, Circles: c, Notices: n, Programmes: p,
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
	return a.ladder(ctx, alert.Value().ResponseOpened, alert.Value().OpenedAt)
}

// Rule is what the programme says now of an alert.
func (a App) Rule(ctx context.Context, id string, by fact.By) domain.Rule {
	alert, err := a.Alerts.Fresh(ctx, id)
	if err != nil {
		return domain.Rule{} // the record's own turn says what is wrong with it
	}
	return a.rule(alert.Value().ResponseOpened, alert.Value().OpenedAt)(by.At)
}

// rule is what the programme says of an alert; a zero instant is that of one that is opened now.
func (a App) rule(is referralv1.ResponseOpened, opened time.Time) func(now time.Time) domain.Rule {
	return func(now time.Time) domain.Rule {
		from := opened
		if from.IsZero() {
			from = now
		}
		p := a.Programmes.For(is.Programme, is.Country, from, now)
		return domain.Rule{Acknowledge: p.Acknowledge, SetOut: p.SetOut, Arrive: p.Arrive}
	}
}

// LadderOf is Ladder for a command of a person.
func (a App) LadderOf(ctx context.Context, id string, _ fact.By) domain.Ladder {
	return a.Ladder(ctx, id)
}

// ladder looks at the teams. One that cannot be read is passed over: she must not wait for
// it, and an operator is told of it.
func (a App) ladder(ctx context.Context, is referralv1.ResponseOpened, opened time.Time) domain.Ladder {
	may, err := a.Circles.May(ctx, is.Alert)
	if err != nil {
		return domain.Ladder{Err: err}
	}
	l := domain.Ladder{Teams: map[string]domain.Team{}, Staff: domain.Register{}, May: may.Value(), Rule: a.rule(is, opened)}
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
	on := a.ladder(ctx, referralv1.ResponseOpened{Alert: e.Alert, Programme: e.Programme, Country: e.Country, Teams: e.Teams}, time.Time{})
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

// OnCircle takes out of an alert those whom she must not meet from now on. They are told to look
// again, as after her no.
func (a App) OnCircle(ctx context.Context, e intakev1.CircleDrawn) error {
	if !domain.IsAlert(e.Referral) {
		return nil
	}
	on := a.Ladder(ctx, e.Referral)
	done, err := a.Alerts.Execute(ctx, e.Referral, func(s domain.Alert, by fact.By) ([]fact.Event, error) {
		return s.Close(by, struct{}{}, on)
	})
	if err != nil {
		return err
	}
	return a.tell(ctx, done.State, func(r domain.Rung) bool { return slices.Contains(done.State.ClosedTo, r.Worker) })
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
	return a.tell(ctx, is.Value(), func(domain.Rung) bool { return true })
}

// tell has some of those who were asked look again, each agency once.
func (a App) tell(ctx context.Context, is domain.Alert, whom func(domain.Rung) bool) error {
	told := map[string]bool{}
	return record.Each(is.Rungs, func(r domain.Rung) error {
		if r.Agency == "" || told[r.Agency] || !whom(r) {
			return nil
		}
		told[r.Agency] = true
		return a.Notices.Alarm(ctx, is.Case(), is.Alert, r.Agency)
	})
}

// Called names the alert that is called off.
func Called(e intakev1.ResponseCalledOff) string { return e.Alert }
