package domain

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
)

// An enquiry is what somebody told a desk while there is no case: she herself by a code that she
// was given, or another person who saw something. It is a record of its own, sealed with a key of
// its own, because a case in her name begins with her word and not with a neighbour's. It ends in
// somebody's hands: one person of the desk takes it, alone reads what was told, and settles it.
// What was told sends nobody to her by itself. Before there is a case a response team goes only
// where who has the enquiry records immediate danger to life and the law that permits it.

// unsaid is for how long an enquiry may wait that was written before programmes said it.
var unsaid = programme.Enquiries{Take: 24 * time.Hour, TakeInDanger: 2 * time.Hour, Settle: 72 * time.Hour}

// Desk is where an enquiry comes in. The programmes of its country say for how long it may wait:
// there is no case yet, so nobody can say under which of them it will be.
type Desk struct {
	Agency look.Fresh[agencies.Agency]
	Rules  Rules
}

// may are the times of the desk, for what begins now.
func (d Desk) may(now time.Time) programme.Enquiries {
	return inCountry(d.Rules, d.Agency.Value().Country, now, now, enquiries)
}

// told is an enquiry at the desk.
func (d Desk) told(by fact.By, made intakev1.EnquiryMade, what Enquired) []fact.Event {
	made.Enquiry, made.Agency, made.Country = recordOf(by), by.Agency, string(d.Agency.Value().Country)
	made.Until = by.At.Add(what.within(d.may(by.At)))
	return fact.With(made, what)
}

func enquiries(p programme.Programme) programme.Enquiries { return p.Enquiries }

// inCountry is what the programmes of a country agree on, for what began at an instant. Where they do
// not, and where none is known, it is the base of the network.
func inCountry[T comparable](r Rules, country code.Country, began, now time.Time, of func(programme.Programme) T) T {
	is, ok := programme.In(r.Programmes, country, began, now, of, func(a, b T) bool { return a == b })
	if !ok {
		is = of(r.Programmes.Base())
	}
	return is
}

// SendEnquiry is what she sends with a code. The least is that she comes, or one way and when it
// is safe.
type SendEnquiry struct {
	Code string `json:"code"`
	HerWord
}

// HerWord is what she tells before there is a case.
type HerWord struct {
	// Comes says that she comes herself; ComesWhen is when, in her words.
	Comes     bool   `json:"comes,omitempty"`
	ComesWhen string `json:"comes_when,omitempty"`
	// Way, At and Hours are one safe way to reach her.
	Way   code.ContactChannel `json:"safe_way,omitempty"`
	At    string              `json:"reach_at,omitempty"`
	Hours string              `json:"safe_hours,omitempty"`
	Words string              `json:"her_words,omitempty"`
}

func (w HerWord) check() error {
	if w.Way != "" {
		if err := known("/safe_way", w.Way, code.ContactChannels); err != nil {
			return err
		}
	}
	switch {
	case w.Comes:
		return nil
	case w.Way == "":
		return ErrEnquiry.At("/safe_way", "one safe way, or that she comes")
	case blank(w.At):
		return ErrEnquiry.At("/reach_at", "required with a way")
	case blank(w.Hours):
		return ErrEnquiry.At("/safe_hours", "required with a way")
	}
	return nil
}

// RecordReport writes down what a third person told. The person may stay unnamed.
type RecordReport struct {
	Reporter        string `json:"reporter,omitempty"`
	ReporterContact string `json:"reporter_contact,omitempty"`
	Seen            string `json:"seen"`
	Place           string `json:"seen_where,omitempty"`
	// DangerNow says that the person thinks somebody is in danger now. It sends nobody: the
	// enquiry is late sooner.
	DangerNow bool   `json:"danger_now,omitempty"`
	Danger    string `json:"danger_seen,omitempty"`
}

func (r RecordReport) check() error {
	if blank(r.Seen) {
		return ErrEnquiry.At("/seen", "required")
	}
	return nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// Enquired is the private half of EnquiryMade: one of the two.
type Enquired struct {
	HerWord *HerWord      `json:"her_word,omitempty"`
	Report  *RecordReport `json:"report,omitempty"`
}

// within is for how long somebody has to take it.
func (e Enquired) within(may programme.Enquiries) time.Duration {
	if e.Report != nil && e.Report.DangerNow {
		return may.TakeInDanger
	}
	return may.Take
}

// TakeEnquiry takes an enquiry that nobody has.
type TakeEnquiry struct{}

// HandOverEnquiry gives it to a colleague, as their token names them.
type HandOverEnquiry struct {
	To string `json:"to"`
}

// SettleEnquiry says what came of it.
type SettleEnquiry struct {
	Result code.EnquiryResult `json:"enquiry_result"`
	// Case is hers; it is required with case_opened and stands with nothing else.
	Case string `json:"case,omitempty"`
	// SheAgreed says that she herself agreed to the case. A third person's report opens none
	// without that.
	SheAgreed bool `json:"she_agreed,omitempty"`
}

// HerCase is the case that a settling names, as who settles sees it.
type HerCase struct {
	// Mine says that who settles acts for who has it.
	Mine bool
	Err  error
}

// Enquiry is what somebody told a desk while there is no case.
type Enquiry struct {
	ID     string
	Agency string
	Source code.EnquirySource
	MadeAt time.Time
	// Country is that of the desk, by which it is judged.
	Country code.Country
	// Until is when it is late: nobody took it, or who took it has not settled it.
	Until time.Time
	Cards string
	Card  int
	Enquired
	// Owned is who has it.
	Owned
	OverdueAt time.Time
	Result    code.EnquiryResult
	LinkedTo  string
	SettledAt time.Time
	Responses
	// Disclosures are which member of a team was shown where she is.
	Disclosures []Disclosure
}

// Send records her own word. Nobody of the desk is there when it comes, so its people are told that
// something waits. Errors: ErrEnquiry.
func (Enquiry) Send(by fact.By, w HerWord, cards string, card int, at Desk) ([]fact.Event, error) {
	if err := w.check(); err != nil {
		return nil, err
	}
	made := at.told(by, intakev1.EnquiryMade{Source: code.HerOwnWord, Cards: cards, Card: card}, Enquired{HerWord: &w})
	return append(made, fact.Event{Data: intakev1.DeskAwaited{Agency: by.Agency}}), nil
}

// Check refuses a word that tells no way to her, before any code is looked at: so the refusal says
// nothing of the code. Errors: ErrEnquiry, ErrUnknownCode.
func (s SendEnquiry) Check() error { return s.check() }

// Record records a third person's report. Who writes it down does not have it by that: they
// take it, or somebody else does. Errors: ErrEnquiry.
func (Enquiry) Record(by fact.By, cmd RecordReport, at Desk) ([]fact.Event, error) {
	if err := cmd.check(); err != nil {
		return nil, err
	}
	return at.told(by, intakev1.EnquiryMade{Source: code.ThirdPerson}, Enquired{Report: &cmd}), nil
}

// Take gives it to the caller. Errors: ErrEnquirySettled, ErrEnquiryTaken.
func (e Enquiry) Take(by fact.By, _ TakeEnquiry, rules Rules) ([]fact.Event, error) {
	if err := e.mayTake(by); err != nil {
		return nil, err
	}
	return e.given(by, Self(by), rules), nil
}

// HandOver gives it to a colleague. Errors: ErrEnquirySettled, ErrNotYourEnquiry,
// worker.ErrUnknown.
func (e Enquiry) HandOver(by fact.By, cmd HandOverEnquiry, on Colleagues, rules Rules) ([]fact.Event, error) {
	if err := e.mayHandOver(by); err != nil {
		return nil, err
	}
	to, err := on.find(e.Agency, "/to", cmd.To, func(string) bool { return false })
	if err != nil || to == e.Owned {
		return nil, err
	}
	return e.given(by, to, rules), nil
}

// given is the enquiry in the hands of somebody, who has the time of that day to settle it.
func (e Enquiry) given(by fact.By, to Owned, rules Rules) []fact.Event {
	until := by.At.Add(inCountry(rules, e.Country, e.MadeAt, by.At, enquiries).Settle)
	return fact.With(intakev1.EnquiryTaken{Enquiry: e.ID, Worker: to.Owner, Until: until}, to)
}

// Settle says what came of it. Errors: ErrEnquirySettled, ErrNotYourEnquiry, ErrResponseOpen while
// a team is under way, ErrEnquiry, ErrSheAgrees.
func (e Enquiry) Settle(by fact.By, cmd SettleEnquiry, on HerCase) ([]fact.Event, error) {
	if err := cmp.Or(e.mayAct(by), known("/enquiry_result", cmd.Result, code.EnquiryResults)); err != nil {
		return nil, err
	}
	opened := cmd.Result == code.CaseThere
	switch {
	case !opened && cmd.Case != "":
		return nil, ErrEnquiry.At("/case", "only with case_opened")
	case !opened && cmd.SheAgreed:
		return nil, ErrEnquiry.At("/she_agreed", "only with case_opened")
	case opened && cmd.Case == "":
		return nil, ErrEnquiry.At("/case", "required with case_opened")
	case opened && e.Source == code.ThirdPerson && !cmd.SheAgreed:
		return nil, ErrSheAgrees.At("/she_agreed", "she herself agreed")
	case opened && on.Err != nil:
		return nil, on.Err
	case opened && !on.Mine:
		return nil, ErrEnquiry.At("/case", "a case that you have")
	}
	return fact.Of(intakev1.EnquirySettled{Enquiry: e.ID, Result: cmd.Result, Case: cmd.Case}), nil
}

// EnquiryDue notes that nobody took it, or settled it, in time (ErrNotDue before that). The people
// of the desk are told that something waits.
func (e Enquiry) EnquiryDue(by fact.By) ([]fact.Event, error) {
	if due, err := come(by, e.Until, e.waits()); !due {
		return nil, err
	}
	return fact.Of(intakev1.EnquiryOverdue{Enquiry: e.ID}, intakev1.DeskAwaited{Agency: e.Agency}), nil
}

// waits says that it can become late.
func (e Enquiry) waits() bool { return e.ID != "" && e.SettledAt.IsZero() && e.OverdueAt.IsZero() }

func (e Enquiry) mine(by fact.By) bool { return e.Owner != "" && e.Owner == Self(by).Owner }

func (e Enquiry) mustBeOpen() error {
	if e.ID == "" || !e.SettledAt.IsZero() {
		return ErrEnquirySettled
	}
	return nil
}

func (e Enquiry) mayTake(fact.By) error {
	if err := e.mustBeOpen(); err != nil {
		return err
	}
	if e.Owner != "" {
		return ErrEnquiryTaken
	}
	return nil
}

func (e Enquiry) mayHandOver(by fact.By) error {
	if err := e.mustBeOpen(); err != nil {
		return err
	}
	if !e.mine(by) && !slices.Contains(by.Roles, "supervisor") {
		return ErrNotYourEnquiry
	}
	return nil
}

// mayAct is for who has it, while it is not settled and no team is under way.
func (e Enquiry) mayAct(by fact.By) error {
	if err := e.mustBeOpen(); err != nil {
		return err
	}
	if !e.mine(by) {
		return ErrNotYourEnquiry
	}
	return e.quiet()
}

// Commands says which commands an enquiry takes.
func (Enquiry) Commands() command.Table[Enquiry] {
	return command.Table[Enquiry]{
		"takeEnquiry":     {When: Enquiry.mayTake},
		"handOverEnquiry": {When: Enquiry.mayHandOver},
		"settleEnquiry":   {When: Enquiry.mayAct},

		"askEnquiryResponse":     {When: Enquiry.mayAct},
		"callOffEnquiryResponse": {When: command.In(Enquiry.mayCallOff)},
	}
}

// Evolve is the enquiry after an event. A new hand has its own time.
func (e Enquiry) Evolve(v fact.Event) Enquiry {
	switch d := v.Data.(type) {
	case intakev1.EnquiryMade:
		e.ID, e.Agency, e.Source, e.MadeAt, e.Cards, e.Card = d.Enquiry, d.Agency, d.Source, v.At, d.Cards, d.Card
		e.Enquired, _ = v.Private.(Enquired)
		e.Country, e.Until = code.Country(d.Country), cmp.Or(d.Until, v.At.Add(e.within(unsaid)))
	case intakev1.EnquiryTaken:
		e.Owned, _ = v.Private.(Owned)
		e.OverdueAt, e.Until = time.Time{}, cmp.Or(d.Until, v.At.Add(unsaid.Settle))
	case intakev1.EnquiryOverdue:
		e.OverdueAt = v.At
	case intakev1.EnquirySettled:
		e.Result, e.LinkedTo, e.SettledAt, e.OverdueAt = d.Result, d.Case, v.At, time.Time{}
	case intakev1.ResponseShown:
		e.Disclosures = append(slices.Clip(e.Disclosures), shownWhere(d, v.At))
	}
	e.Responses = e.Responses.evolve(v)
	return e
}

// Case is the enquiry itself: a data key of its own seals it, and its erasure leaves no case
// poorer.
func (e Enquiry) Case() string { return e.ID }

// Visible is for its desk.
func (e Enquiry) Visible(by fact.By) bool { return by.System() || by.Agency == e.Agency }

// Closed is when it is settled.
func (e Enquiry) Closed() bool { return !e.SettledAt.IsZero() }

// EnquiryDeadline names the instant from which it is late.
const EnquiryDeadline = "enquiry"

// Deadlines are that instant.
func (e Enquiry) Deadlines() []fact.Deadline {
	if !e.waits() {
		return nil
	}
	return []fact.Deadline{{Name: EnquiryDeadline, At: e.Until}}
}

// EnquiryView is an enquiry. Everybody of the desk sees its frame: that somebody turned to the
// desk, until when, and whether somebody has it. Who has it sees what was told.
type EnquiryView struct {
	ID     string             `json:"id"`
	Source code.EnquirySource `json:"source"`
	Status code.EnquiryStatus `json:"status"`
	MadeAt time.Time          `json:"made_at"`
	// Due is until when it is taken or settled, as long as it is neither.
	Due     time.Time `json:"due,omitzero"`
	Overdue bool      `json:"overdue,omitempty"`
	Mine    bool      `json:"mine,omitempty"`
	Enquired
	Result    code.EnquiryResult `json:"enquiry_result,omitempty"`
	Case      string             `json:"case,omitempty"`
	SettledAt time.Time          `json:"settled_at,omitzero"`
	// ResponseStatus is how far the last response team has come: everybody of the desk sees it.
	ResponseStatus code.ResponseStatus `json:"response_status,omitempty"`
	// Responses and Disclosures are for who has it.
	Responses   []Response   `json:"responses,omitempty"`
	Disclosures []Disclosure `json:"disclosures,omitempty"`
}

// View shows it.
func (e Enquiry) View(by fact.By) any {
	v := EnquiryView{
		ID: e.ID, Source: e.Source, Status: e.status(), MadeAt: e.MadeAt, Overdue: !e.OverdueAt.IsZero(),
		Mine: e.mine(by), Result: e.Result, SettledAt: e.SettledAt,
	}
	if !e.Closed() {
		v.Due = e.Until
	}
	if n := len(e.Responses); n > 0 {
		v.ResponseStatus = e.Responses[n-1].Status
	}
	if v.Mine {
		v.Enquired, v.Case = e.Enquired, e.LinkedTo
		v.Responses, v.Disclosures = e.Responses, e.Disclosures
	}
	return v
}

func (e Enquiry) status() code.EnquiryStatus {
	switch {
	case !e.SettledAt.IsZero():
		return code.EnquirySettled
	case e.Owner != "":
		return code.EnquiryTaken
	}
	return code.EnquiryWaits
}

// EnquiriesByAgency lists those of a desk by status and the instant from which they are late, the
// late ones, those of each person, and the one that led to a case, for who has both.
var EnquiriesByAgency = image.List[Enquiry]{
	Keys: func(e Enquiry) []string {
		at := e.SettledAt
		if at.IsZero() {
			at = e.Until
		}
		keys := []string{fact.Key(e.Agency, string(e.status()), fact.Sortable(at))}
		if !e.OverdueAt.IsZero() {
			keys = append(keys, fact.Key(e.Agency, "late", fact.Sortable(at)))
		}
		if e.Owner != "" && !e.Closed() {
			keys = append(keys, fact.Key(e.Agency, "mine", e.Owner, fact.Sortable(at)))
		}
		if e.LinkedTo != "" {
			keys = append(keys, fact.Key(e.Agency, "case", e.LinkedTo, e.Owner, fact.Sortable(at)))
		}
		return keys
	},
	Timed: true,
}

// EnquiriesByCard lists what came by one card.
var EnquiriesByCard = image.List[Enquiry]{Keys: func(e Enquiry) []string {
	if e.Cards == "" {
		return nil
	}
	return []string{fact.Key(e.Cards, CardNumber(e.Card))}
}}

// Enquiries chooses a list of enquiries: what waits, without a query.
func Enquiries(by fact.By, q url.Values) (image.Part[Enquiry], error) {
	switch view, led := q.Get("view"), q.Get("case"); {
	case led != "":
		return EnquiriesByAgency.Of(by.Agency, "case", led, Self(by).Owner), nil
	case view == "mine":
		return EnquiriesByAgency.Of(by.Agency, view, Self(by).Owner), nil
	default:
		return EnquiriesByAgency.Of(by.Agency, cmp.Or(view, string(code.EnquiryWaits))), nil
	}
}

// CardNumber is the number of a card as a part of a key.
func CardNumber(card int) string { return strconv.Itoa(card) }

// Spent says whether a card was used as often as it may be, where the use is not one of those.
func Spent(uses []string, this string) bool {
	return len(uses) >= sendsPerCard && !slices.Contains(uses, this)
}

// recordOf is the identifier of the record that a command makes.
func recordOf(by fact.By) string {
	id, _, _ := strings.Cut(by.Commit, "/")
	return id
}
