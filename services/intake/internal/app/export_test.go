package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/internal/seen"
)

// counted opens a case of which something is told, and whose rows may be taken out.
func (d *desk) counted(subject, name string) string {
	d.Helper()
	id := d.opens(subject, name)
	for _, err := range []error{
		d.does(d.person(subject), id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return c.Amend(by, domain.Amend{Reason: code.AmendReasons[0], Opening: domain.Opening{Incident: &domain.Incident{Types: []code.GBVType{code.Rape}}}}, d.Rules)
		}),
		d.does(d.person(subject), id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
			return c.GiveConsent(by, domain.GiveConsent{
				Recipient: "gbv-data", Service: code.OtherService, Purpose: code.Statistics, Categories: []code.Category{code.Incident},
				Expires: d.now.AddDate(0, 1, 0), Evidence: domain.Evidence{Method: code.Oral, GivenBy: code.BySurvivor},
			}, d.Rules)
		}),
	} {
		if err != nil {
			d.Fatal(err)
		}
	}
	return id
}

func (d *desk) exports(by fact.By) (app []string, err error) {
	out, err := d.Export(d.as(by), by, domain.Export{
		Recipient: "gbv-data", From: morning.Add(-time.Hour), To: morning.Add(time.Hour), Reason: code.ReportDue,
	})
	for _, r := range out.Rows {
		app = append(app, r[1])
	}
	return app, err
}

// Who has a case takes its rows out, and who covers; nobody else, and no supervisor. Each time
// is recorded with the case, with the reason.
func TestWhoTakesRowsOut(t *testing.T) {
	for name, c := range map[string]struct {
		given func(*desk)
		by    string
		roles []string
		want  int
	}{
		"who has it":                  {func(*desk) {}, "ana", nil, 1},
		"who covers, not needed":      {func(*desk) {}, "eva", nil, 0},
		"who covers":                  {func(d *desk) { d.says("ana", staff.Worker{AbsentUntil: morning.Add(time.Hour)}) }, "eva", nil, 1},
		"who had it, and left":        {func(d *desk) { d.says("ana", staff.Worker{Left: true}) }, "ana", nil, 0},
		"a supervisor":                {func(*desk) {}, "head", []string{"supervisor"}, 0},
		"somebody of the desk":        {func(*desk) {}, "bob", nil, 0},
		"on duty, and contact closed": {closedOnDuty("bob", morning, morning.Add(time.Hour)), "bob", nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := opened(t)
			id := d.counted("ana", "Ana")
			c.given(d)
			for range 2 {
				if rows, err := d.exports(d.person(c.by, c.roles...)); err != nil || len(rows) != c.want {
					t.Errorf("rows %v, %v", rows, err)
				}
			}
			var noted int
			for _, l := range d.looks(id) {
				if l.Part == seen.Export && l.By == c.by && l.Reason == code.ReportDue {
					noted++
				}
			}
			if noted != 2*c.want {
				t.Errorf("%d exports are on record", noted)
			}
		})
	}
}

// Where it cannot be recorded, no row is given.
func TestNoRowsWithoutARecord(t *testing.T) {
	d := opened(t)
	d.counted("ana", "Ana")
	d.journal.of = seen.Prefix
	if rows, err := d.exports(d.person("ana")); !errors.Is(err, errFull) || len(rows) > 0 {
		t.Errorf("rows %v, %v", rows, err)
	}
}
