package files

import (
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// fields are those of a document; what it leaves out is as before. Left out, a field changes
// nothing: it meets what is open as it was.
func (d *document) fields(f programme.Fields) programme.Fields {
	if s := d.Languages; s != nil {
		f.Languages = held(s.section, s.InUse)
	}
	if s := d.Week; s != nil {
		f.Week = held(s.section, s.week(d.zone))
	}
	if s := d.Services; s != nil {
		f.Services = held(s.section, s.InUse)
	}
	if s := d.Channels; s != nil {
		f.Channels = held(s.section, s.InUse)
		if s.Asks != nil {
			f.Asks = held(s.section, s.Asks)
		}
	}
	if s := d.Reasons; s != nil {
		f.Reasons = held(s.section, programme.Reasons{Decline: s.Decline, Cancel: s.Cancel, Close: s.Close})
	}
	if s := d.Consent; s != nil {
		is := programme.Consent{Longest: programme.Term(s.Longest), Alone: s.Alone, Instead: s.Instead, Grace: time.Duration(s.Grace)}
		for _, step := range s.Steps {
			is.Steps = append(is.Steps, programme.ConsentStep(step))
		}
		f.Consent = held(s.section, is)
	}
	if s := d.Windows; s != nil {
		f.Windows = held(s.section, programme.Windows{Soon: time.Duration(s.Soon), Within: spans(s.Within)})
	}
	if s := d.Deadlines; s != nil {
		f.Deadlines = held(s.section, d.deadlines())
	}
	if s := d.Answers; s != nil {
		f.Answers = held(s.section, programme.Answers{
			Onward: time.Duration(s.Onward), OnwardEmergency: time.Duration(s.OnwardEmergency), Transfer: time.Duration(s.Transfer),
		})
	}
	if s := d.Enquiries; s != nil {
		f.Enquiries = held(s.section, programme.Enquiries{
			Take: time.Duration(s.Take), TakeInDanger: time.Duration(s.TakeInDanger), Settle: time.Duration(s.Settle), Cards: time.Duration(s.Cards),
		})
	}
	if s := d.LegalAid; s != nil {
		f.LegalAid = held(s.section, programme.LegalAid{
			Serve: time.Duration(s.Serve), Warn: time.Duration(s.Warn), Expiring: time.Duration(s.Expiring), Hearing: time.Duration(s.Hearing),
			Eligible: s.Eligible, WhateverMeans: s.WhateverMeans,
		})
	}
	if s := d.Support; s != nil {
		f.Support = held(s.section, programme.Support{
			RiskAnswer: time.Duration(s.RiskAnswer), FollowUp: time.Duration(s.FollowUp), Review: time.Duration(s.Review), PCL5Cut: s.PCL5Cut,
			PHQ9Percent: s.PHQ9Percent, GAD7Change: s.GAD7Change, WHO5Change: s.WHO5Change, PCL5Change: s.PCL5Change, Texts: s.Texts,
		})
	}
	if s := d.Least; s != nil {
		f.Least = held(s.section, s.Categories)
	}
	if s := d.Requirements; s != nil {
		all := make(map[code.Service]programme.Requirement, len(s.Services))
		for service, r := range s.Services {
			all[service] = programme.Requirement{Purposes: r.Purposes, ConflictCheck: r.ConflictCheck}
		}
		f.Requirement = held(s.section, all)
	}
	if s := d.Roles; s != nil {
		f.Roles = held(s.section, s.Requires)
	}
	if s := d.Reporting; s != nil {
		laws := make(programme.Reporting, len(s.Laws))
		for name, law := range s.Laws {
			laws[name] = programme.ReportLaw(law)
		}
		f.Reporting = held(s.section, laws)
	}
	if s := d.Essential; s != nil {
		is := programme.Essential{Services: make(map[string]programme.EssentialService, len(s.Services)), Standards: make(map[string]programme.Standard, len(s.Standards))}
		for name, one := range s.Services {
			is.Services[name] = programme.EssentialService{Sector: one.Sector, Services: one.GivenBy, Words: one.Words}
		}
		for name, one := range s.Standards {
			is.Standards[name] = programme.Standard(one)
		}
		f.Essential = held(s.section, is)
	}
	if s := d.Reach; s != nil {
		is := programme.Reach{
			Months: s.Months, Silent: s.Silent, Kilometres: s.Kilometres, Travel: time.Duration(s.Travel), Speed: s.Speed,
			Areas: make(map[string]programme.Area, len(s.Areas)),
		}
		for name, one := range s.Areas {
			is.Areas[name] = programme.Area(one)
		}
		f.Reach = held(s.section, is)
	}
	if d.Figures != nil {
		f.Figures = held(d.Figures.section, d.figures())
	}
	for _, l := range []struct {
		from *length
		into *programme.Held[time.Duration]
	}{
		{d.Hold, &f.Hold},
		{d.Acknowledge, &f.Acknowledge},
		{d.SetOut, &f.SetOut},
		{d.Arrive, &f.Arrive},
		{d.Reflection, &f.Reflection},
		{d.Retention, &f.Retention},
		{d.Kits, &f.Kits},
	} {
		if l.from != nil {
			*l.into = held(l.from.section, time.Duration(l.from.Is))
		}
	}
	return f
}

func held[T any](s section, is T) programme.Held[T] {
	return programme.Held[T]{Changes: s.Changes, Is: is}
}

func spans[K comparable](m map[K]span) map[K]time.Duration {
	all := make(map[K]time.Duration, len(m))
	for k, s := range m {
		all[k] = time.Duration(s)
	}
	return all
}

func (d *document) deadlines() programme.Deadlines {
	s := d.Deadlines
	all := programme.Deadlines{ByUrgency: map[code.Urgency]programme.Terms{}, ByService: map[code.Service]map[code.Urgency]programme.Terms{}}
	for u, t := range d.byUrgency() {
		all.ByUrgency[u] = t.terms()
	}
	for service, by := range s.Services {
		all.ByService[service] = map[code.Urgency]programme.Terms{}
		for u, t := range by {
			all.ByService[service][u] = t.terms()
		}
	}
	return all
}

func (d *document) figures() programme.Figures {
	s := d.Figures
	is := programme.Figures{Period: s.Period, Settles: time.Duration(s.Settles), K: s.K}
	for _, one := range s.Tables {
		is.Tables = append(is.Tables, programme.FigureTable(one))
	}
	return is
}

func (d *document) byUrgency() map[code.Urgency]*terms {
	return map[code.Urgency]*terms{
		code.Standard: &d.Deadlines.Standard, code.Urgent: &d.Deadlines.Urgent, code.Emergency: &d.Deadlines.Emergency,
	}
}

func (t *terms) terms() programme.Terms {
	all := programme.Terms{
		Respond: time.Duration(t.Respond), Expire: time.Duration(t.Expire), Contact: time.Duration(t.Contact),
		Serve: time.Duration(t.Serve), OfficeHours: t.OfficeHours,
	}
	for _, s := range t.Remind {
		all.Remind = append(all.Remind, time.Duration(s))
	}
	for _, step := range code.EscalationSteps {
		all.Ladder = append(all.Ladder, time.Duration(t.Ladder[step]))
	}
	return all
}

var weekdays = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday,
}

func (w *weekly) week(zone *time.Location) programme.Week {
	week := programme.Week{Opens: clock(w.Opens), Closes: clock(w.Closes), Zone: zone}
	for _, d := range w.Days {
		week.Days = append(week.Days, weekdays[d])
	}
	for _, text := range w.Holidays {
		h, _ := holiday(text)
		week.Holidays = append(week.Holidays, h)
	}
	return week
}

func clock(text string) time.Duration {
	t, _ := time.Parse("15:04", text)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}

// holiday reads 2027-03-26, or 09-15 for each year. 02-29 is a day of leap years only.
func holiday(text string) (programme.Holiday, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return programme.Holiday{Year: t.Year(), Month: t.Month(), Day: t.Day()}, nil
	}
	t, err := time.Parse(time.DateOnly, "2024-"+text)
	return programme.Holiday{Month: t.Month(), Day: t.Day()}, err
}
