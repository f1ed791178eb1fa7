package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/services/internal/ending"
)

const day = 24 * time.Hour

// terms are the times of one kind of referral, from its request on; contact
// and serve count from acceptance.
type terms struct {
	respond time.Duration
	remind  []time.Duration
	// ladder are the four rungs, in the order of code.EscalationSteps.
	ladder  [4]time.Duration
	expire  time.Duration
	contact time.Duration
	serve   time.Duration
	// officeHours pauses all of them while offices are closed: only where no
	// survivor may be in danger.
	officeHours bool
}

// byUrgency are the terms of most services. The first reminder comes well
// before the answer is due; the ladder begins when it is.
var byUrgency = map[code.Urgency]terms{
	code.Emergency: {
		respond: time.Hour,
		remind:  []time.Duration{20 * time.Minute, 45 * time.Minute},
		ladder:  [4]time.Duration{time.Hour, 90 * time.Minute, 2 * time.Hour, 3 * time.Hour},
		expire:  6 * time.Hour, contact: 2 * time.Hour, serve: day,
	},
	code.Urgent: {
		respond: day,
		remind:  []time.Duration{12 * time.Hour, 20 * time.Hour},
		ladder:  [4]time.Duration{day, 30 * time.Hour, 36 * time.Hour, 48 * time.Hour},
		expire:  3 * day, contact: day, serve: 7 * day,
	},
	code.Standard: {
		respond: 3 * day,
		remind:  []time.Duration{day, 60 * time.Hour},
		ladder:  [4]time.Duration{3 * day, 4 * day, 5 * day, 6 * day},
		expire:  10 * day, contact: 3 * day, serve: 30 * day,
	},
}

// byService are the terms that differ. A bed for tonight is no use tomorrow;
// an examination has a window; and a course of training can wait for Monday.
var byService = map[code.Service]map[code.Urgency]terms{
	code.SafeHouse:    {code.Emergency: tonight},
	code.ForensicExam: {code.Emergency: tonight},
	code.Livelihoods:  {code.Standard: inOfficeHours(byUrgency[code.Standard])},
	code.Education:    {code.Standard: inOfficeHours(byUrgency[code.Standard])},
	code.Registration: {code.Standard: inOfficeHours(byUrgency[code.Standard])},
}

var tonight = terms{
	respond: 30 * time.Minute,
	remind:  []time.Duration{10 * time.Minute, 20 * time.Minute},
	ladder:  [4]time.Duration{30 * time.Minute, 45 * time.Minute, time.Hour, 90 * time.Minute},
	expire:  3 * time.Hour, contact: time.Hour, serve: 12 * time.Hour,
}

func inOfficeHours(t terms) terms {
	t.officeHours = true
	return t
}

// policy is the times of a referral that is made at an instant, frozen into it.
// A queue has no reminders, and only a referral to one agency has a ladder.
func policy(at time.Time, service code.Service, urgency code.Urgency, mode code.ReferralMode, to Agency) referralv1.Policy {
	t, ok := byService[service][urgency]
	if !ok {
		t = byUrgency[urgency]
	}
	w, known := weeks[to.Country]
	pause := t.officeHours && known && mode == code.Directed
	after := func(d time.Duration) time.Time {
		if pause {
			return w.after(at, d)
		}
		return at.Add(d)
	}
	p := referralv1.Policy{
		RespondBy: after(t.respond), ExpiresAt: after(t.expire),
		ContactWithin: seconds(t.contact), ServeWithin: seconds(t.serve), ReopenWithin: seconds(ending.ResumeWithin),
		OfficeHours: pause, TwoStepDenial: mode == code.Directed && to.TwoStepDenial,
	}
	if mode != code.Queue {
		p.Reminders = make([]time.Time, 0, len(t.remind))
		for _, d := range t.remind {
			p.Reminders = append(p.Reminders, after(d))
		}
	}
	p.Ladder = make([]referralv1.Rung, 0, len(code.EscalationSteps))
	for i, step := range code.EscalationSteps {
		if mode == code.Directed || step == code.ToReferring || step == code.ToNetwork {
			p.Ladder = append(p.Ladder, referralv1.Rung{Step: step, At: after(t.ladder[i])})
		}
	}
	return p
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// week is when the offices of a country are open: from nine to five on the
// days named, at a fixed distance from UTC.
type week struct {
	days   []time.Weekday
	offset time.Duration
}

const (
	opens  = 9 * time.Hour
	closes = 17 * time.Hour
)

var (
	fromMonday = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	fromSunday = []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday}
)

// weeks are unconfirmed, and know neither holidays nor summer time: an agency's
// own schedule is to replace them. In a country that is not here nothing pauses,
// so that nobody waits because of a guess.
var weeks = map[code.Country]week{
	"GT": {fromMonday, -6 * time.Hour},
	"MX": {fromMonday, -6 * time.Hour},
	"VN": {fromMonday, 7 * time.Hour},
	"KG": {fromMonday, 6 * time.Hour},
	"EG": {fromSunday, 2 * time.Hour},
	"PS": {fromSunday, 2 * time.Hour},
}

// after is the instant at which so many open hours have passed. A day of the
// table is eight of them: three days to answer are three days on which the
// office is open.
func (w week) after(from time.Time, d time.Duration) time.Time {
	left := time.Duration(float64(d) * float64(closes-opens) / float64(day))
	local := from.UTC().Add(w.offset)
	for {
		midnight := local.Truncate(day)
		begin, end := midnight.Add(opens), midnight.Add(closes)
		if local.After(begin) {
			begin = local
		}
		if slices.Contains(w.days, local.Weekday()) && begin.Before(end) {
			if left <= end.Sub(begin) {
				return begin.Add(left - w.offset)
			}
			left -= end.Sub(begin)
		}
		local = midnight.Add(day)
	}
}
