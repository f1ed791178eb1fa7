// Package programme holds what a country programme decides for itself: consent, deadlines,
// windows, what is in use. Rules get a Programme as an argument; they look nothing up.
//
// A programme has versions, each with the day from which it holds. A record that was opened
// under one version and meets a later one is judged as each field says (Changes). The package
// knows no file, no clock and no store; package files reads the versions. It refuses to guess:
// a record of a programme that nobody installed gets what the whole network has as its base,
// and nothing new can be opened under it.
package programme

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Changes says how a field of a later version meets a record that is open.
type Changes string

// The four ways.
const (
	// AsOpened keeps what held when the record was opened.
	AsOpened Changes = "as_opened"
	// LawFromDate takes the new version from its day on, as a law does.
	LawFromDate Changes = "law_from_date"
	// Min and Max take the lesser and the greater of the two: what protects her better.
	Min Changes = "min"
	Max Changes = "max"
)

// ChangesList lists every Changes.
var ChangesList = []Changes{AsOpened, LawFromDate, Min, Max}

// Programme is what holds for one record at one instant.
type Programme struct {
	// ID is a slug. Empty: the base of the network, for records of which no programme is
	// installed.
	ID      string
	Country code.Country
	// Languages are those in use (ISO 639), the first is that of the office.
	Languages []string
	// Zone is where its days begin.
	Zone *time.Location
	Week Week

	Services Services
	// Channels are the doors in use.
	Channels []code.Channel
	// Asks is what a door asks first, in its order. It is an order, and no bar: nothing on it is
	// required, and a door that is not in it asks in the order of AsksOf.
	Asks    map[code.Channel][]code.FirstAsk
	Reasons Reasons

	Consent     Consent
	Windows     Windows
	Deadlines   Deadlines
	Answers     Answers
	Enquiries   Enquiries
	LegalAid    LegalAid
	Support     Support
	Least       Least
	Requirement map[code.Service]Requirement
	// Roles is what a role requires of a worker who acts in it.
	Roles     map[code.WorkerRole][]Need
	Reporting Reporting
	Essential Essential
	Reach     Reach
	Figures   Figures
	// Hold is how long a place is held, Acknowledge how long a member of a response team has to
	// acknowledge an alert, SetOut how long from then on until they are on the way, Arrive how long
	// from there until they are with her, Reflection how long a person who is presumed trafficked is left in
	// peace, Retention how long a case is kept after the last work on it. Nothing is erased by it.
	Hold, Acknowledge, SetOut, Arrive, Reflection, Retention time.Duration
	// Kits is how long a clinic holds an anonymous kit at least. Nothing destroys it by itself.
	Kits time.Duration
}

// Words are texts by language (ISO 639).
type Words map[string]string

// Services are the services in use, with their words. A service that is not in it cannot be
// asked for.
type Services map[code.Service]Words

// Reasons are the coded reasons in use, with their words, by the list that they are of.
type Reasons struct {
	Decline map[code.DeclineReason]Words
	Cancel  map[code.CancelReason]Words
	Close   map[code.CloseReason]Words
}

// Consent is who may speak for a survivor, and for how long a consent runs at most.
type Consent struct {
	Longest Term
	// Steps are the ages of a child, the youngest first: from 0 to Majority, without a gap.
	Steps []ConsentStep
	// Alone is the age in years from which a child consents alone to a service.
	Alone map[code.Service]int
	// Instead are those who may consent where no caregiver is asked, for a coded reason.
	Instead []code.GivenBy
	// Grace is for how long work goes on, after she came of age, on what others consented to.
	Grace time.Duration
}

// Majority is the age in years at which she is a child no more (Convention on the Rights of
// the Child, article 1).
const Majority = 18

// ConsentStep is who consents for a child from one age to another, in years.
type ConsentStep struct {
	From, Under int
	// By is the survivor, a caregiver, or both together.
	By code.GivenBy
	// Assent says that the child is asked where another person consents.
	Assent bool
}

// Windows is what the country decides of clinical and forensic windows.
type Windows struct {
	Within map[code.Window]time.Duration
	// Soon is when a window counts as closing soon.
	Soon time.Duration
}

// Answers is for how long people may leave unanswered what is no referral.
type Answers struct {
	// Onward is for who has the case, when an agency that helps her says that she needs something
	// more; OnwardEmergency where it says that it is an emergency. Then the whole desk learns of it.
	Onward, OnwardEmergency time.Duration
	// Transfer is for an office that is asked to take a case over. Then the case stays.
	Transfer time.Duration
}

// Enquiries is for how long a desk may leave what it was told while there is no case.
type Enquiries struct {
	// Take is for somebody of the desk to take an enquiry; TakeInDanger where a third person thinks
	// that somebody is in danger now. Settle is for who took it: a safe way to her takes days. Then
	// it is late, and the supervisor of the desk sees it.
	Take, TakeInDanger, Settle time.Duration
	// Cards is how long the codes of cards hold at most, and never longer than LongestCards.
	Cards time.Duration
}

// LongestCards bounds Cards everywhere: a code is as long as it has to be for that time.
const LongestCards = 180 * 24 * time.Hour

// LegalAid is what the country decides of a lawyer's work.
type LegalAid struct {
	// Serve is within what time after a court made an order it is served on him; Warn within what
	// time she is warned before, or told of a release. Then it is late, and waits for her lawyer.
	Serve, Warn time.Duration
	// Expiring is from how long before its end an order ends soon, and Hearing from how long before
	// it begins a hearing is soon.
	Expiring, Hearing time.Duration
	// Eligible are the grounds on which somebody is given legal aid. For those of WhateverMeans
	// nobody is asked for their means.
	Eligible, WhateverMeans []code.AidGround
}

// Support is what counsellors and shelters go by.
type Support struct {
	// RiskAnswer is for the counsellor, or who covers, to take the task that an answer about death
	// or self-harm opened. Then it is late.
	RiskAnswer time.Duration
	// FollowUp and Review are when she is followed up, and when a goal is reviewed, where nobody
	// names a day.
	FollowUp, Review time.Duration
	// PCL5Cut is the score from which PCL-5 asks for an assessment.
	PCL5Cut int
	// PHQ9Percent is the change of PHQ-9 that counts, in percent of the first score; the others
	// are in points.
	PHQ9Percent, GAD7Change, WHO5Change, PCL5Change int
	// Texts are those of the items of an instrument, in their order, which the programme installed.
	Texts map[code.Instrument][]Words
}

// LongestRiskAnswer bounds Support.RiskAnswer everywhere.
const LongestRiskAnswer = 24 * time.Hour

// Least is what a service needs to know beyond the basics. A consent only narrows it.
type Least map[code.Service][]code.Category

// Requirement is what a service requires beside the consent to it.
type Requirement struct {
	// Purposes need further consents, each to the same recipient and service.
	Purposes []code.Purpose
	// ConflictCheck says that the recipient looks for a conflict of interest before it is told
	// anything else.
	ConflictCheck bool
}

// Need is one thing that a role requires: a scope, a course or a content. One of the three is
// given.
type Need struct {
	Scope   code.CredentialScope `json:"scope"`
	Course  code.Course          `json:"course"`
	Content code.CourseContent   `json:"content"`
	// Bars says that who lacks it does not act in the role. Otherwise it only limits what they
	// may certify.
	Bars bool `json:"bars"`
}

// Uses reports whether a service is in use.
func (p Programme) Uses(s code.Service) bool { _, ok := p.Services[s]; return ok }

// Opens reports whether a door is in use.
func (p Programme) Opens(c code.Channel) bool { return slices.Contains(p.Channels, c) }

// AsksOf is everything that a door may ask, what the programme puts first in front. Danger
// comes first, and then how to reach her and her language, where it says nothing.
func (p Programme) AsksOf(c code.Channel) []code.FirstAsk {
	asks := slices.Clone(p.Asks[c])
	for _, a := range code.FirstAsks {
		if !slices.Contains(asks, a) {
			asks = append(asks, a)
		}
	}
	return asks
}
