package call

import (
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the fund's clock must be there on every machine

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Vienna is where the fund's days end: its secretariat is there, and its calls are written in
// that time (calls of the trust fund: "23:59 CET").
var Vienna = func() *time.Location {
	at, err := time.LoadLocation("Europe/Vienna")
	if err != nil {
		panic(err) // tzdata is in the program
	}
	return at
}()

// Call is one call for applications.
type Call struct {
	ID     string
	Status code.CallStatus
	Terms
	// Deadline is the last instant that counts. What comes after it is late.
	Deadline       time.Time
	Clarifications []Clarification
	// Why says in words why it was revoked or closes later.
	Why string
}

// Terms are what a call says, as a whole: the command that drafts it, and the private half of
// CallDrafted.
type Terms struct {
	// Number is how people name it.
	Number       string              `json:"number"`
	Title        Texts               `json:"title"`
	SubProgramme code.SubProgramme   `json:"sub_programme"`
	LeastCents   int64               `json:"least_cents"`
	MostCents    int64               `json:"most_cents"`
	LeastMonths  int                 `json:"least_months"`
	MostMonths   int                 `json:"most_months"`
	Priorities   []code.FundPriority `json:"priorities,omitempty"`
	// Countries are where the work may be; none: everywhere.
	Countries []code.Country   `json:"countries,omitempty"`
	Languages []string         `json:"languages"`
	Questions []Question       `json:"questions"`
	Criteria  []Criterion      `json:"criteria"`
	Papers    []code.FundPaper `json:"papers"`
	// Opens and Closes are days and times of Vienna: "2026-01-15T09:00", "2026-03-01T23:59". The
	// minute that is named counts to its last second.
	Opens  string `json:"opens"`
	Closes string `json:"closes"`
	// RegisteredBy is the day on which an applicant must have been registered, DirectSince that
	// since which it must have assisted directly.
	RegisteredBy string `json:"registered_by"`
	DirectSince  string `json:"direct_since"`
	// Differ is how many points of 100 two assessors may differ before a third is asked.
	Differ int `json:"differ_points"`
}

// Texts are one text in each language of the call.
type Texts []Wording

// Wording is a text in one language (ISO 639).
type Wording struct {
	Language string `json:"language"`
	Text     string `json:"text"`
}

// Question is one that applicants answer.
type Question struct {
	ID          string `json:"id"`
	Text        Texts  `json:"text"`
	MostLetters int    `json:"most_letters"`
	Required    bool   `json:"required,omitempty"`
}

// Criterion is one by which applications are scored. The weights add up to 100.
type Criterion struct {
	ID     string `json:"id"`
	Text   Texts  `json:"text"`
	Weight int    `json:"weight"`
}

// Clarification is a question about the call, and its answer to all.
type Clarification struct {
	ID       string
	Asker    string // the agency; nobody but the secretariat sees it
	Question string
	Answer   string
	AskedAt  time.Time
	GivenAt  time.Time
}

const minute = "2006-01-02T15:04"

// instant reads a time of Vienna.
func instant(text string) (time.Time, error) { return time.ParseInLocation(minute, text, Vienna) }

// last is the last instant of a minute of Vienna.
func last(text string) time.Time {
	at, err := instant(text)
	if err != nil {
		return time.Time{}
	}
	return at.Add(time.Minute - time.Nanosecond)
}

// OpensAt is from when the call is open.
func (c Call) OpensAt() time.Time {
	at, err := instant(c.Opens)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Accepts says whether the call takes applications at an instant. Errors: ErrNotPublished,
// ErrNotOpen, ErrClosed.
func (c Call) Accepts(at time.Time) error {
	switch {
	case c.Status != code.CallPublished:
		return ErrNotPublished
	case at.Before(c.OpensAt()):
		return ErrNotOpen
	case at.After(c.Deadline):
		return ErrClosed
	}
	return nil
}

// Open says whether the call takes applications at an instant.
func (c Call) Open(at time.Time) bool { return c.Accepts(at) == nil }

// Over says that the deadline of a published call has passed.
func (c Call) Over(at time.Time) bool { return c.Status == code.CallPublished && at.After(c.Deadline) }

// Check refuses terms that contradict each other (ErrTerms).
func (t Terms) Check() error {
	opens, err := instant(t.Opens)
	if err != nil {
		return ErrTerms.At("/opens", "a day and time of Vienna")
	}
	closes, err := instant(t.Closes)
	switch {
	case err != nil:
		return ErrTerms.At("/closes", "a day and time of Vienna")
	case !closes.After(opens):
		return ErrTerms.At("/closes", "after it opens")
	case t.LeastCents <= 0 || t.MostCents < t.LeastCents:
		return ErrTerms.At("/most_cents", "at least the least")
	case t.LeastMonths < 1 || t.MostMonths < t.LeastMonths:
		return ErrTerms.At("/most_months", "at least the least")
	case !isDay(t.RegisteredBy):
		return ErrTerms.At("/registered_by", "a day")
	case !isDay(t.DirectSince):
		return ErrTerms.At("/direct_since", "a day")
	case t.Differ < 1 || t.Differ > 100:
		return ErrTerms.At("/differ_points", "from 1 to 100")
	case !t.said(t.Title):
		return ErrTerms.At("/title", "a text in each language of the call")
	}
	for i, q := range t.Questions {
		at := "/questions/" + strconv.Itoa(i)
		switch {
		case slices.ContainsFunc(t.Questions[:i], func(o Question) bool { return o.ID == q.ID }):
			return ErrTerms.At(at+"/id", "named once")
		case !t.said(q.Text):
			return ErrTerms.At(at+"/text", "a text in each language of the call")
		}
	}
	weights := 0
	for i, k := range t.Criteria {
		at := "/criteria/" + strconv.Itoa(i)
		switch {
		case slices.ContainsFunc(t.Criteria[:i], func(o Criterion) bool { return o.ID == k.ID }):
			return ErrTerms.At(at+"/id", "named once")
		case k.Weight < 1:
			return ErrTerms.At(at+"/weight", "at least 1")
		case !t.said(k.Text):
			return ErrTerms.At(at+"/text", "a text in each language of the call")
		}
		weights += k.Weight
	}
	if weights != 100 {
		return ErrTerms.At("/criteria", "weights that add up to 100")
	}
	return nil
}

// said says that a text is there in each language of the call.
func (t Terms) said(text Texts) bool {
	for _, l := range t.Languages {
		if !slices.ContainsFunc(text, func(w Wording) bool { return w.Language == l && strings.TrimSpace(w.Text) != "" }) {
			return false
		}
	}
	return len(text) == len(t.Languages)
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// Evolve is the call after an event.
func (c Call) Evolve(e fact.Event) Call {
	switch d := e.Data.(type) {
	case trustfundv1.CallDrafted:
		c.ID, c.Status = d.Call, code.CallDraft
		c.Terms, _ = e.Private.(Terms)
		c.Deadline = last(c.Closes)
	case trustfundv1.CallPublished:
		c.Status = code.CallPublished
	case trustfundv1.CallExtended:
		later, _ := e.Private.(Extend)
		c.Closes, c.Deadline, c.Why = later.Closes, last(later.Closes), later.Reason
	case trustfundv1.CallRevoked:
		why, _ := e.Private.(Revoke)
		c.Status, c.Why = code.CallRevoked, why.Reason
	case trustfundv1.ClarificationAsked:
		asked, _ := e.Private.(Asked)
		c.Clarifications = append(slices.Clip(c.Clarifications), Clarification{ID: d.Clarification, Asker: asked.Agency, Question: asked.Question, AskedAt: e.At})
	case trustfundv1.ClarificationGiven:
		given, _ := e.Private.(Answered)
		c.Clarifications = slices.Clone(c.Clarifications)
		for i := range c.Clarifications {
			if c.Clarifications[i].ID == d.Clarification {
				c.Clarifications[i].Answer, c.Clarifications[i].GivenAt = given.Answer, e.At
			}
		}
	}
	return c
}
