package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Account is what she told of one incident: answers, and no type. The type and the contexts
// follow from the answers each time (Account.Type, Account.Contexts), and are stored nowhere.
// An empty answer was not asked or not answered: it means neither yes nor no.
//
// The type is for figures. It is never an input to urgency, to matching or to what a service
// is given for.
type Account struct {
	Happened *Interval `json:"happened,omitempty"`
	// TakenAt is when she told of it. Zero: when it was recorded.
	TakenAt time.Time `json:"taken_at,omitzero"`
	Answers Answers   `json:"answers,omitzero"`
	// HarmfulPractice is whether it was a harmful traditional practice.
	HarmfulPractice code.YesNo             `json:"harmful_traditional_practice,omitempty"`
	Exchange        code.YesNo             `json:"goods_money_exchanged,omitempty"`
	Abduction       code.Abduction         `json:"abduction,omitempty"`
	Reported        code.ReportedElsewhere `json:"reported_elsewhere,omitempty"`
	Previous        code.YesNo             `json:"previous_incidents,omitempty"`
	Circumstances
}

// Circumstances are where it was, when in the day, and what is known of who did it.
type Circumstances struct {
	TimeOfDay code.DayTime   `json:"time_of_day,omitempty"`
	PlaceType code.PlaceType `json:"place_type,omitempty"`
	// Area is the code of an area, as in the directory.
	Area         string        `json:"area,omitempty"`
	Perpetrators *Perpetrators `json:"perpetrators,omitempty"`
}

// Answers are those to the questions of the GBVIMS classification tool, in its order.
type Answers struct {
	Penetration    code.YesNo `json:"penetration,omitempty"`
	SexualContact  code.YesNo `json:"sexual_contact,omitempty"`
	Physical       code.YesNo `json:"physical,omitempty"`
	ForcedMarriage code.YesNo `json:"forced_marriage,omitempty"`
	Denial         code.YesNo `json:"denial,omitempty"`
	Psychological  code.YesNo `json:"psychological,omitempty"`
}

// Perpetrators are the primary ones (GBVIMS intake form). Number 0 is not known.
type Perpetrators struct {
	Number        int                 `json:"number,omitempty"`
	Sex           code.PerpetratorSex `json:"sex,omitempty"`
	Former        code.YesNo          `json:"former,omitempty"`
	Age           code.PerpetratorAge `json:"age_group,omitempty"`
	Relationships []code.Relationship `json:"relationships,omitempty"`
	// Occupation is a code of the programme.
	Occupation string `json:"occupation,omitempty"`
}

// Type is that of the first question to which she said yes: one for each incident. When she
// said no to all of them it is no gender-based violence; else nobody knows yet, and it is
// empty. A no, and a question that was not asked, are never a yes.
func (a Answers) Type() code.GBVType {
	asked := []struct {
		said code.YesNo
		is   code.GBVType
	}{
		{a.Penetration, code.Rape},
		{a.SexualContact, code.SexualAssault},
		{a.Physical, code.PhysicalAssault},
		{a.ForcedMarriage, code.ForcedMarriage},
		{a.Denial, code.DenialOfResources},
		{a.Psychological, code.PsychologicalAbuse},
	}
	no := true
	for _, q := range asked {
		if q.said == code.Yes {
			return q.is
		}
		no = no && q.said == code.No
	}
	if no {
		return code.NonGBV
	}
	return ""
}

// contexts are what follows from the answers beside a type, for a survivor who is known to
// be a child, or is not. What is no gender-based violence has none.
func (a Account) contexts(is code.GBVType, child bool) []code.CaseContext {
	if is == code.NonGBV {
		return nil
	}
	sexual := is == code.Rape || is == code.SexualAssault
	follows := map[code.CaseContext]bool{
		code.IntimatePartnerViolence: a.Perpetrators != nil && slices.Contains(a.Perpetrators.Relationships, code.IntimatePartner),
		code.ChildSexualAbuse:        child && sexual,
		code.EarlyMarriage:           child && is == code.ForcedMarriage,
		code.PossibleExploitation:    a.Exchange == code.Yes && sexual,
		code.PossibleSexualSlavery:   a.Abduction != "" && a.Abduction != code.NoAbduction && sexual,
		code.HarmfulPractice:         a.HarmfulPractice == code.Yes,
	}
	var found []code.CaseContext
	for _, context := range code.CaseContexts {
		if follows[context] {
			found = append(found, context)
		}
	}
	return found
}

// accountPart is whether an account holds a part, and how the part is taken over from another
// one.
type accountPart struct {
	told func(Account) bool
	take func(to *Account, from Account)
}

// field is a part of an account that is one value.
func field[T comparable](at func(*Account) *T) accountPart {
	var nothing T
	return accountPart{
		func(a Account) bool { return *at(&a) != nothing },
		func(to *Account, from Account) { *at(to) = *at(&from) },
	}
}

// accounts are the parts of an account.
var accounts = map[code.IncidentPart]accountPart{
	code.IncidentHappened:       field(func(a *Account) **Interval { return &a.Happened }),
	code.IncidentTakenAt:        field(func(a *Account) *time.Time { return &a.TakenAt }),
	code.IncidentPenetration:    field(func(a *Account) *code.YesNo { return &a.Answers.Penetration }),
	code.IncidentSexualContact:  field(func(a *Account) *code.YesNo { return &a.Answers.SexualContact }),
	code.IncidentPhysical:       field(func(a *Account) *code.YesNo { return &a.Answers.Physical }),
	code.IncidentForcedMarriage: field(func(a *Account) *code.YesNo { return &a.Answers.ForcedMarriage }),
	code.IncidentDenial:         field(func(a *Account) *code.YesNo { return &a.Answers.Denial }),
	code.IncidentPsychological:  field(func(a *Account) *code.YesNo { return &a.Answers.Psychological }),
	code.IncidentPractice:       field(func(a *Account) *code.YesNo { return &a.HarmfulPractice }),
	code.IncidentExchange:       field(func(a *Account) *code.YesNo { return &a.Exchange }),
	code.IncidentAbduction:      field(func(a *Account) *code.Abduction { return &a.Abduction }),
	code.IncidentReported:       field(func(a *Account) *code.ReportedElsewhere { return &a.Reported }),
	code.IncidentPrevious:       field(func(a *Account) *code.YesNo { return &a.Previous }),
	code.IncidentTimeOfDay:      field(func(a *Account) *code.DayTime { return &a.TimeOfDay }),
	code.IncidentPlaceType:      field(func(a *Account) *code.PlaceType { return &a.PlaceType }),
	code.IncidentArea:           field(func(a *Account) *string { return &a.Area }),
	code.IncidentPerpetrators:   field(func(a *Account) **Perpetrators { return &a.Perpetrators }),
}

// says reports whether an account says anything.
func (a Account) says() bool {
	return slices.ContainsFunc(code.IncidentParts, func(p code.IncidentPart) bool { return accounts[p].told(a) })
}

// with is the account with the parts that another one tells, and without some: ErrIncident
// for a part that is both.
func (a Account) with(anew Account, without []code.IncidentPart) (Account, error) {
	for _, p := range code.IncidentParts {
		removed := slices.Contains(without, p)
		switch {
		case removed && accounts[p].told(anew):
			return a, ErrIncident.At("/remove", "not a part that is written anew")
		case removed:
			accounts[p].take(&a, Account{})
		case accounts[p].told(anew):
			accounts[p].take(&a, anew)
		}
	}
	return a, nil
}

// check refuses an account of nothing, and what contradicts itself: ErrIncident,
// ErrInterval.
func (a Account) check(now time.Time) error {
	switch {
	case !a.says():
		return ErrIncident.At("", "says at least one thing")
	case a.TakenAt.After(now.Add(fastClock)):
		return ErrIncident.At("/taken_at", "not in the future")
	case a.Perpetrators != nil && (a.Perpetrators.Number < 0 || a.Perpetrators.Number > mostPerpetrators):
		return ErrIncident.At("/perpetrators/number", "must be at most 999")
	}
	return a.Happened.check(now)
}

// mostPerpetrators is a number beyond which nobody counts.
const mostPerpetrators = 999

// asOf is the account as it can be true at an instant.
func (a Account) asOf(now time.Time) Account {
	a.Happened = a.Happened.asOf(now)
	if a.TakenAt.After(now) {
		a.TakenAt = now
	}
	return a
}
