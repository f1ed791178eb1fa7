package application

import (
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/vault"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// mostFiles is how many files an application may hold: each paper several times over.
const mostFiles = 40

// Content is what an agency writes.
type Content struct {
	Organisation Organisation `json:"organisation,omitzero"`
	// Country is where it works.
	Country  code.Country `json:"country,omitempty"`
	Language string       `json:"language,omitempty"`
	// Months is for how long.
	Months int `json:"months,omitempty"`
	// RequestedCents is how much, in cents of the US dollar.
	RequestedCents int64 `json:"requested_cents,omitempty"`
	// Priorities are those of the call that it serves.
	Priorities []code.FundPriority `json:"priorities,omitempty"`
	Answers    []Answer            `json:"answers,omitempty"`
	Budget     []Line              `json:"budget,omitempty"`
}

// Organisation is what the agency says of itself. Days are written 2006-01-02.
type Organisation struct {
	Name         string `json:"name,omitempty"`
	RegisteredOn string `json:"registered_on,omitempty"`
	// DirectSince is since when it assists victims directly.
	DirectSince string `json:"direct_since,omitempty"`
}

// Answer is the answer to a question of the call.
type Answer struct {
	Question string `json:"question"`
	Text     string `json:"text"`
}

// Line is a line of the budget: so many units, for so many months. What is paid once is for one month.
type Line struct {
	Category    code.BudgetCategory `json:"category"`
	Description string              `json:"description"`
	// UnitCents is what one unit costs in a month, in cents of the US dollar.
	UnitCents int64 `json:"unit_cents"`
	Quantity  int   `json:"quantity"`
	Months    int   `json:"months"`
}

// Cents is what the line comes to. The contract bounds each factor, so that it cannot overflow.
func (l Line) Cents() int64 { return l.UnitCents * int64(l.Quantity) * int64(l.Months) }

// Total is what the budget comes to, in cents.
func (c Content) Total() (sum int64) {
	for _, l := range c.Budget {
		sum += l.Cents()
	}
	return sum
}

// Paper is which file is a paper.
type Paper struct {
	Paper code.FundPaper `json:"paper"`
	File  string         `json:"file"`
}

// among is the papers with this one in the place of the one of its kind.
func (p Paper) among(all []Paper) []Paper {
	rest := slices.DeleteFunc(slices.Clone(all), func(o Paper) bool { return o.Paper == p.Paper })
	return append(rest, p)
}

// Start is the command that begins an application.
type Start struct {
	Call string `json:"call"`
}

// Started is the private half of ApplicationStarted.
type Started struct {
	By string `json:"by"`
}

// Written is the private half of ApplicationSaved.
type Written struct {
	By string `json:"by"`
	Content
}

// Start begins the one application of an agency to a call. Errors: ErrTwice, and those of call.Accepts.
func (a Application) Start(by fact.By, cmd Start, on look.Fresh[call.Call]) ([]fact.Event, error) {
	if a.Exists() {
		return nil, ErrTwice
	}
	if err := on.Value().Accepts(by.At); err != nil {
		return nil, err
	}
	return fact.With(
		trustfundv1.ApplicationStarted{OfApplication: trustfundv1.OfApplication{Application: ID(cmd.Call, by.Agency)}, Call: cmd.Call, Agency: by.Agency},
		Started{By: by.Principal},
	), nil
}

// Save writes the draft anew, as a whole. What was submitted stands meanwhile: an agency that writes
// a last word a minute before the deadline loses nothing. Errors: ErrContent, and those of call.Accepts.
func (a Application) Save(by fact.By, cmd Content) ([]fact.Event, error) {
	if err := a.mayWrite(by); err != nil {
		return nil, err
	}
	if err := cmd.fits(a.terms()); err != nil {
		return nil, err
	}
	return fact.With(trustfundv1.ApplicationSaved{OfApplication: a.of()}, Written{By: by.Principal, Content: cmd}), nil
}

// StoreFile takes a file; NamePaper says then which paper it is. Errors: ErrFull, and those of call.Accepts.
func (a Application) StoreFile(by fact.By, f vault.File, _ struct{}) ([]fact.Event, error) {
	if err := a.mayWrite(by); err != nil {
		return nil, err
	}
	if len(a.Files) >= mostFiles {
		return nil, ErrFull
	}
	return fact.With(trustfundv1.ApplicationFileStored{OfApplication: a.of(), File: f.ID}, f), nil
}

// NamePaper says which file is a paper from now on. Errors: ErrPaper, ErrNoFile, and those of call.Accepts.
func (a Application) NamePaper(by fact.By, cmd Paper) ([]fact.Event, error) {
	if err := a.mayWrite(by); err != nil {
		return nil, err
	}
	if !slices.Contains(a.terms().Papers, cmd.Paper) {
		return nil, ErrPaper.At("/paper", "one that the call asks for")
	}
	if _, there := a.file(cmd.File); !there {
		return nil, ErrNoFile.At("/file", "exists")
	}
	return fact.With(trustfundv1.ApplicationPaperNamed{OfApplication: a.of()}, cmd), nil
}

// file is a file of the application.
func (a Application) file(id string) (vault.File, bool) {
	i := slices.IndexFunc(a.Files, func(f vault.File) bool { return f.ID == id })
	if i < 0 {
		return vault.File{}, false
	}
	return a.Files[i], true
}

// mayWrite is for the agency's own people, while the call is open. What the fund has begun to judge is
// over, also by a clock that went back since.
func (a Application) mayWrite(by fact.By) error {
	if err := cmp.Or(a.isTheirs(by), a.terms().Accepts(by.At)); err != nil {
		return err
	}
	if a.begun() {
		return call.ErrClosed
	}
	return nil
}

// isTheirs gives ErrNotFound to all but the agency that applies.
func (a Application) isTheirs(by fact.By) error {
	if !a.Exists() || by.Agency != a.Agency || !is(by, applicant) {
		return ErrNotFound
	}
	return nil
}

// fits refuses what the call does not ask or take, and names each place. What is left out is not
// refused before it is submitted.
func (c Content) fits(of call.Call) error {
	all := places{fault: ErrContent}
	all.refuse(c.Country != "" && len(of.Countries) > 0 && !slices.Contains(of.Countries, c.Country), "/country", "a country of the call")
	all.refuse(c.Language != "" && !slices.Contains(of.Languages, c.Language), "/language", "a language of the call")
	all.refuse(c.Months != 0 && (c.Months < of.LeastMonths || c.Months > of.MostMonths), "/months", "a duration of the call")
	for i, p := range c.Priorities {
		at := "/priorities/" + strconv.Itoa(i)
		all.refuse(!slices.Contains(of.Priorities, p), at, "a priority of the call")
		all.refuse(slices.Contains(c.Priorities[:i], p), at, "named once")
	}
	for i, given := range c.Answers {
		at := "/answers/" + strconv.Itoa(i)
		q := slices.IndexFunc(of.Questions, func(q call.Question) bool { return q.ID == given.Question })
		all.refuse(q < 0, at+"/question", "a question of the call")
		all.refuse(q >= 0 && utf8.RuneCountInString(given.Text) > of.Questions[max(q, 0)].MostLetters, at+"/text", "at most the letters that the question allows")
		all.refuse(slices.ContainsFunc(c.Answers[:i], func(o Answer) bool { return o.Question == given.Question }), at+"/question", "answered once")
	}
	for i, line := range c.Budget {
		all.refuse(c.Months != 0 && line.Months > c.Months, "/budget/"+strconv.Itoa(i)+"/months", "at most the months of the application")
	}
	return all.err()
}

// places gathers what is wrong, so that an agency is told all of it at once.
type places struct {
	fault *fault.Error
	found bool
}

func (p *places) refuse(wrong bool, pointer, rule string) {
	if wrong {
		p.fault, p.found = p.fault.At(pointer, rule), true
	}
}

func (p *places) err() error {
	if p.found {
		return p.fault
	}
	return nil
}
