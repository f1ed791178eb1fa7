package programme

import (
	"cmp"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Held is a field with the way in which it meets what is open.
type Held[T any] struct {
	Changes Changes
	Is      T
}

// meets is a field after a later version, for a record that is open.
func meets[T any](was T, now Held[T], lesser, greater func(a, b T) T) T {
	switch now.Changes {
	case AsOpened:
		return was
	case Min:
		return lesser(was, now.Is)
	case Max:
		return greater(was, now.Is)
	default:
		return now.Is
	}
}

// whole is for fields of which neither is the lesser: min and max are refused for them when
// they are read.
func whole[T any](was T, now Held[T]) T {
	return meets(was, now, func(_, b T) T { return b }, func(_, b T) T { return b })
}

func number(was time.Duration, now Held[time.Duration]) time.Duration {
	return meets(was, now, func(a, b time.Duration) time.Duration { return min(a, b) }, func(a, b time.Duration) time.Duration { return max(a, b) })
}

// windows meet hour by hour.
func windows(was Windows, now Held[Windows]) Windows {
	each := func(pick func(a, b time.Duration) time.Duration) func(a, b Windows) Windows {
		return func(a, b Windows) Windows {
			w := Windows{Within: map[code.Window]time.Duration{}, Soon: pick(a.Soon, b.Soon)}
			for _, c := range code.Windows {
				switch before, after := a.Within[c], b.Within[c]; {
				case before > 0 && after > 0:
					w.Within[c] = pick(before, after)
				case before+after > 0:
					w.Within[c] = cmp.Or(before, after)
				}
			}
			return w
		}
	}
	return meets(was, now, each(func(a, b time.Duration) time.Duration { return min(a, b) }), each(func(a, b time.Duration) time.Duration { return max(a, b) }))
}

// answers meet one by one.
func answers(was Answers, now Held[Answers]) Answers {
	one := func(was, is time.Duration) time.Duration { return number(was, Held[time.Duration]{now.Changes, is}) }
	return Answers{
		Onward: one(was.Onward, now.Is.Onward), OnwardEmergency: one(was.OnwardEmergency, now.Is.OnwardEmergency), Transfer: one(was.Transfer, now.Is.Transfer),
	}
}

// enquiries meet one by one.
func enquiries(was Enquiries, now Held[Enquiries]) Enquiries {
	one := func(was, is time.Duration) time.Duration { return number(was, Held[time.Duration]{now.Changes, is}) }
	return Enquiries{
		Take: one(was.Take, now.Is.Take), TakeInDanger: one(was.TakeInDanger, now.Is.TakeInDanger), Settle: one(was.Settle, now.Is.Settle),
		Cards: one(was.Cards, now.Is.Cards),
	}
}

// legalAid meets one by one. Of the grounds neither is the lesser: the new ones count.
func legalAid(was LegalAid, now Held[LegalAid]) LegalAid {
	if now.Changes == AsOpened {
		return was
	}
	one := func(was, is time.Duration) time.Duration { return number(was, Held[time.Duration]{now.Changes, is}) }
	return LegalAid{
		Serve: one(was.Serve, now.Is.Serve), Warn: one(was.Warn, now.Is.Warn), Expiring: one(was.Expiring, now.Is.Expiring), Hearing: one(was.Hearing, now.Is.Hearing),
		Eligible: now.Is.Eligible, WhateverMeans: now.Is.WhateverMeans,
	}
}

// support meets number by number. Of the texts neither is the lesser: the new ones count.
func support(was Support, now Held[Support]) Support {
	span := func(was, is time.Duration) time.Duration { return number(was, Held[time.Duration]{now.Changes, is}) }
	count := func(was, is int) int { return int(span(time.Duration(was), time.Duration(is))) }
	is := now.Is
	if now.Changes == AsOpened {
		is.Texts = was.Texts
	}
	return Support{
		RiskAnswer: span(was.RiskAnswer, is.RiskAnswer), FollowUp: span(was.FollowUp, is.FollowUp), Review: span(was.Review, is.Review),
		PCL5Cut: count(was.PCL5Cut, is.PCL5Cut), PHQ9Percent: count(was.PHQ9Percent, is.PHQ9Percent),
		GAD7Change: count(was.GAD7Change, is.GAD7Change), WHO5Change: count(was.WHO5Change, is.WHO5Change), PCL5Change: count(was.PCL5Change, is.PCL5Change),
		Texts: is.Texts,
	}
}

// Fields are the fields of one version, each with how it meets what is open.
type Fields struct {
	Languages   Held[[]string]
	Week        Held[Week]
	Services    Held[Services]
	Channels    Held[[]code.Channel]
	Asks        Held[map[code.Channel][]code.FirstAsk]
	Reasons     Held[Reasons]
	Consent     Held[Consent]
	Windows     Held[Windows]
	Deadlines   Held[Deadlines]
	Answers     Held[Answers]
	Enquiries   Held[Enquiries]
	LegalAid    Held[LegalAid]
	Support     Held[Support]
	Least       Held[Least]
	Requirement Held[map[code.Service]Requirement]
	Roles       Held[map[code.WorkerRole][]Need]
	Reporting   Held[Reporting]
	Essential   Held[Essential]
	Reach       Held[Reach]
	Figures     Held[Figures]
	Hold        Held[time.Duration]
	Acknowledge Held[time.Duration]
	SetOut      Held[time.Duration]
	Arrive      Held[time.Duration]
	Reflection  Held[time.Duration]
	Retention   Held[time.Duration]
	Kits        Held[time.Duration]
}

// alone is a programme that meets nothing: what is opened under it.
func (f Fields) alone(p Programme) Programme {
	p.Languages, p.Week, p.Services, p.Channels, p.Reasons = f.Languages.Is, f.Week.Is, f.Services.Is, f.Channels.Is, f.Reasons.Is
	p.Asks, p.Reporting, p.Answers = f.Asks.Is, f.Reporting.Is, f.Answers.Is
	p.LegalAid = f.LegalAid.Is
	p.Consent, p.Windows, p.Deadlines, p.Least, p.Requirement, p.Roles = f.Consent.Is, f.Windows.Is, f.Deadlines.Is, f.Least.Is, f.Requirement.Is, f.Roles.Is
	p.Essential, p.Reach = f.Essential.Is, f.Reach.Is
	p.Figures = f.Figures.Is
	p.SetOut, p.Arrive, p.Enquiries, p.Kits = f.SetOut.Is, f.Arrive.Is, f.Enquiries.Is, f.Kits.Is
	p.Support = f.Support.Is
	p.Hold, p.Acknowledge, p.Reflection, p.Retention = f.Hold.Is, f.Acknowledge.Is, f.Reflection.Is, f.Retention.Is
	return p
}

// after is a programme as it holds for what was opened before this version.
func (f Fields) after(p Programme) Programme {
	p.Languages, p.Week, p.Services = whole(p.Languages, f.Languages), whole(p.Week, f.Week), whole(p.Services, f.Services)
	p.Channels, p.Reasons, p.Consent = whole(p.Channels, f.Channels), whole(p.Reasons, f.Reasons), whole(p.Consent, f.Consent)
	p.Asks, p.Reporting, p.Answers = whole(p.Asks, f.Asks), whole(p.Reporting, f.Reporting), answers(p.Answers, f.Answers)
	p.LegalAid = legalAid(p.LegalAid, f.LegalAid)
	p.Windows, p.Deadlines = windows(p.Windows, f.Windows), whole(p.Deadlines, f.Deadlines)
	p.Least, p.Requirement, p.Roles = whole(p.Least, f.Least), whole(p.Requirement, f.Requirement), whole(p.Roles, f.Roles)
	p.Essential, p.Reach = whole(p.Essential, f.Essential), whole(p.Reach, f.Reach)
	p.Figures = whole(p.Figures, f.Figures)
	p.SetOut, p.Arrive, p.Enquiries = number(p.SetOut, f.SetOut), number(p.Arrive, f.Arrive), enquiries(p.Enquiries, f.Enquiries)
	p.Support = support(p.Support, f.Support)
	p.Kits = number(p.Kits, f.Kits)
	p.Hold, p.Acknowledge, p.Reflection, p.Retention = number(p.Hold, f.Hold), number(p.Acknowledge, f.Acknowledge), number(p.Reflection, f.Reflection), number(p.Retention, f.Retention)
	return p
}
