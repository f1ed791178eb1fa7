package domain

import (
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
)

// AlarmPrefix begins the identifier of every alarm.
const AlarmPrefix = "alarm"

// Alarm calls court security to a room. It knows no booking and nobody in it: what security
// must know is where.
type Alarm struct {
	legalaidv1.AlarmRaised
	RaisedAt       time.Time
	AcknowledgedAt time.Time
}

// Raise is the command that calls court security.
type Raise struct {
	Court string `json:"court"`
	Room  int    `json:"room"`
}

// Raise calls court security to a room that the court has.
func (a Alarm) Raise(by fact.By, cmd Raise, court Court) ([]fact.Event, error) {
	if a.Alarm != "" {
		return nil, nil
	}
	if _, ok := court.room(cmd.Room); !ok {
		return nil, ErrPlace.At("/room", "a room of this court")
	}
	return fact.Of(
		legalaidv1.AlarmRaised{Alarm: record(by), Court: court.Court, Agency: court.Agency, Room: cmd.Room},
		legalaidv1.WorkerAwaited{Awaited: staff.Awaited{Agency: court.Agency}},
	), nil
}

// Acknowledge says that somebody goes. Errors: ErrAnswered.
func (a Alarm) Acknowledge(fact.By, struct{}) ([]fact.Event, error) {
	if !a.AcknowledgedAt.IsZero() {
		return nil, ErrAnswered
	}
	return fact.Of(legalaidv1.AlarmAcknowledged{Alarm: a.Alarm}), nil
}

// Evolve is the alarm after an event.
func (a Alarm) Evolve(e fact.Event) Alarm {
	switch d := e.Data.(type) {
	case legalaidv1.AlarmRaised:
		a.AlarmRaised, a.RaisedAt = d, e.At
	case legalaidv1.AlarmAcknowledged:
		a.AcknowledgedAt = e.At
	}
	return a
}

// Case is empty: an alarm is about a room.
func (a Alarm) Case() string { return "" }

// Visible is for the people of the court.
func (a Alarm) Visible(by fact.By) bool { return by.System() || a.Alarm != "" && by.Agency == a.Agency }

// Closed says that somebody went.
func (a Alarm) Closed() bool { return !a.AcknowledgedAt.IsZero() }

// Deadlines is empty.
func (a Alarm) Deadlines() []fact.Deadline { return nil }

// AlarmView is an alarm.
type AlarmView struct {
	ID             string    `json:"id"`
	Court          string    `json:"court"`
	Room           int       `json:"room"`
	RaisedAt       time.Time `json:"raised_at"`
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
}

// View is the room, and nothing else.
func (a Alarm) View(fact.By) any {
	return AlarmView{ID: a.Alarm, Court: a.Court, Room: a.Room, RaisedAt: a.RaisedAt, AcknowledgedAt: a.AcknowledgedAt}
}

var alarmCommands = command.Table[Alarm]{
	"acknowledgeAlarm": {When: func(a Alarm, _ fact.By) error {
		if a.Closed() {
			return ErrAnswered
		}
		return nil
	}},
}

// Commands says which commands an alarm takes.
func (Alarm) Commands() command.Table[Alarm] { return alarmCommands }

// AlarmsOf is (agency, status, raised at): those that nobody has acknowledged come first.
var AlarmsOf = image.List[Alarm]{
	Keys: func(a Alarm) []string {
		if a.Alarm == "" {
			return nil
		}
		status := "0"
		if a.Closed() {
			status = "1"
		}
		return []string{fact.Key(a.Agency, status, fact.Sortable(a.RaisedAt))}
	},
	Timed: true,
}

// Alarms lists the alarms at the courts of the caller's agency.
func Alarms(by fact.By, _ url.Values) (image.Part[Alarm], error) { return AlarmsOf.Of(by.Agency), nil }
