// Package sequence says in which order several services of one case are best
// given: what comes before what. It is advice on order and pure; it refuses to
// hold back safety or treatment, and to wait for what has ended.
package sequence

import (
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
)

// What is wrong with a sequence.
var (
	// ErrUnknownCode refuses a code that is missing or not on its list.
	ErrUnknownCode = fault.New(fault.Invalid, "unknown_code", "A code is not on its list.")
	// ErrTwice refuses a sequence that names a service twice.
	ErrTwice = fault.New(fault.Invalid, "plan_names_twice", "A sequence names each service once.")
)

// Dependency says that one service is best given before another, and why.
type Dependency struct {
	First, Then code.Service
	Why         code.PlanReason
	Words       string
	// Until is how far the first has to come: an examination has to end, but
	// a survivor who sleeps in a shelter is safe already.
	Until Stage
}

// Dependencies is the whole table. Treatment, shelter, police and the
// examination wait for nothing: safe before fast.
var Dependencies = []Dependency{
	{code.ForensicExam, code.WaterSanitation, code.TracesFirst, "Washing destroys traces: offer the examination before it, and tell her why.", Ended},
	{code.ForensicExam, code.NonFoodItems, code.TracesFirst, "The clothes she wears may hold traces: offer the examination before she changes.", Ended},
	{code.SafeHouse, code.CourtSafeRoom, code.SafetyFirst, "She needs a safe place to come from and go back to before she appears in court.", Given},
	{code.SafeHouse, code.FamilyMediation, code.SafetyFirst, "She needs a safe place of her own before anybody sits down with the family.", Given},
}

// Comes says that one service is best given before another.
func Comes(first, then code.Service) bool {
	return slices.ContainsFunc(Dependencies, func(d Dependency) bool { return d.First == first && d.Then == then })
}

// Stage is how far a service of the sequence has come.
type Stage uint8

// The stages, in order. Every kind of end holds nothing back.
const (
	Wanted   Stage = iota // she wants it; nobody was asked, or nobody took it yet
	Underway              // an agency took it
	Given                 // it is being given
	Ended                 // done, declined, cancelled, withdrawn, expired
)

// stages says how far a referral of a status brings its service.
var stages = map[code.ReferralStatus]Stage{
	code.Requested: Wanted, code.Received: Wanted, code.DenialPending: Wanted,
	code.Accepted: Underway, code.Scheduled: Underway, code.Missed: Underway, code.CancellationRequested: Underway,
	code.InService: Given,
	code.Declined:  Ended, code.Completed: Ended, code.Cancelled: Ended, code.Withdrawn: Ended,
	code.Expired: Ended, code.Lapsed: Ended, code.Rerouted: Ended, code.EnteredInError: Ended,
}

// StageOf is how far a service with these referrals, in any order, has come: as
// far as the furthest that has not ended. Without referrals it is wanted. It
// refuses a status that is not on its list: ErrUnknownCode.
func StageOf(referrals ...code.ReferralStatus) (Stage, error) {
	if len(referrals) == 0 {
		return Wanted, nil
	}
	furthest, open := Wanted, false
	for _, status := range referrals {
		stage, known := stages[status]
		if !known {
			return Wanted, ErrUnknownCode.At("/status", "enum")
		}
		if stage != Ended {
			furthest, open = max(furthest, stage), true
		}
	}
	if !open {
		return Ended, nil
	}
	return furthest, nil
}

// Item is one service of a sequence.
type Item struct {
	Service code.Service
	Stage   Stage
	// Place is where it is given: agency and location, in any notation. Items
	// of one place can be one visit. Empty: not known yet.
	Place string
	// Late says that nobody should wait for it: every window of an examination
	// is past.
	Late bool
}

// Step is a service in its order.
type Step struct {
	Service code.Service
	// Item is its place in what was given.
	Item int
	// After are the services of the sequence that come before it.
	After []Before
}

// Before is a service that comes before another.
type Before struct {
	Service code.Service
	Why     code.PlanReason
	Words   string
	// Holds says that it is worth waiting for. A service of the same visit
	// holds nothing: it comes first there.
	Holds bool
}

// Of puts services in order: each after those that come before it, else as
// given. It refuses unknown services and the same one twice: ErrUnknownCode,
// ErrTwice.
func Of(items []Item) ([]Step, error) {
	at := make(map[code.Service]int, len(items))
	for i, item := range items {
		pointer := "/" + strconv.Itoa(i)
		if !slices.Contains(code.Services, item.Service) {
			return nil, ErrUnknownCode.At(pointer, "enum")
		}
		if _, twice := at[item.Service]; twice {
			return nil, ErrTwice.At(pointer, "named once")
		}
		at[item.Service] = i
	}
	steps := make([]Step, 0, len(items))
	placed := make([]bool, len(items))
	var place func(i int)
	place = func(i int) {
		if placed[i] {
			return
		}
		placed[i] = true
		s := Step{Service: items[i].Service, Item: i}
		for _, d := range Dependencies {
			first, named := at[d.First]
			if d.Then != s.Service || !named {
				continue
			}
			place(first)
			holds := items[first].holds(items[i], d.Until)
			s.After = append(s.After, Before{Service: d.First, Why: d.Why, Words: d.Words, Holds: holds})
		}
		steps = append(steps, s)
	}
	for i := range items {
		place(i)
	}
	return steps, nil
}

// holds says whether an item keeps another waiting until it has come so far.
func (i Item) holds(then Item, until Stage) bool {
	return i.Stage < until && !i.Late && (i.Place == "" || i.Place != then.Place)
}
