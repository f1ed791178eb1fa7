package application

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/trust-fund/internal/call"
)

// Submitted is what stands: a copy that no later draft changes.
type Submitted struct {
	Content
	Papers []Handed
	Receipt
}

// Handed is a paper as it was submitted.
type Handed struct {
	Paper  code.FundPaper `json:"paper"`
	File   string         `json:"file"`
	Type   string         `json:"type"`
	Size   int            `json:"size"`
	SHA256 string         `json:"sha256"`
}

// Receipt says what was submitted, and when. SHA256 is Hash of it, in hexadecimal digits.
type Receipt struct {
	Number string    `json:"number"`
	At     time.Time `json:"at"`
	SHA256 string    `json:"sha256"`
}

// Final is the private half of ApplicationSubmitted. What was submitted is the draft and the papers
// as the events before have them: it is not kept a second time.
type Final struct {
	By     string `json:"by"`
	SHA256 string `json:"sha256"`
}

// Hash is the SHA-256 over what is submitted: JSON of the call, the agency, what was written, and each
// paper with the hash of its file, in the order of the names of the papers.
func Hash(call, agency string, c Content, papers []Handed) string {
	written, err := json.Marshal(struct {
		Call    string   `json:"call"`
		Agency  string   `json:"agency"`
		Content Content  `json:"content"`
		Papers  []Handed `json:"papers"`
	}{call, agency, c, papers})
	if err != nil {
		panic(err) // texts and numbers have JSON
	}
	sum := sha256.Sum256(written)
	return hex.EncodeToString(sum[:])
}

// papers are the current ones with the hashes of their files, in the order of their names.
func (a Application) papers() (all []Handed) {
	for _, p := range a.Papers {
		f, _ := a.file(p.File)
		all = append(all, Handed{Paper: p.Paper, File: p.File, Type: f.Type, Size: f.Size, SHA256: f.SHA256})
	}
	slices.SortFunc(all, func(x, y Handed) int { return strings.Compare(string(x.Paper), string(y.Paper)) })
	return all
}

// Nothing is a command without content.
type Nothing struct{}

// Submit submits the draft as it is, in the place of what was submitted before. Errors: ErrIncomplete
// names each field and paper that is missing, ErrBudget, ErrContent where the call has changed
// meanwhile, and those of call.Accepts.
func (a Application) Submit(by fact.By, _ Nothing) ([]fact.Event, error) {
	if err := a.mayWrite(by); err != nil {
		return nil, err
	}
	c := a.terms()
	for _, err := range []error{a.complete(c), a.Draft.fits(c), a.Draft.addsUp(c)} {
		if err != nil {
			return nil, err
		}
	}
	return fact.With(
		trustfundv1.ApplicationSubmitted{OfApplication: a.of(), Receipt: by.ID("receipt", 0)},
		Final{By: by.Principal, SHA256: Hash(a.Call, a.Agency, a.Draft, a.papers())},
	), nil
}

// TakeBack leaves nothing submitted. The draft stays, and can be submitted again until the deadline.
// Errors: ErrNothing, and those of call.Accepts.
func (a Application) TakeBack(by fact.By, _ Nothing) ([]fact.Event, error) {
	if err := a.mayWrite(by); err != nil {
		return nil, err
	}
	if a.Submitted == nil {
		return nil, ErrNothing
	}
	return fact.Of(trustfundv1.ApplicationTakenBack{OfApplication: a.of()}), nil
}

// complete gives ErrIncomplete with each place that is empty.
func (a Application) complete(of call.Call) error {
	d, all := a.Draft, places{fault: ErrIncomplete}
	all.refuse(blank(d.Organisation.Name), "/organisation/name", "required")
	all.refuse(d.Organisation.RegisteredOn == "", "/organisation/registered_on", "required")
	all.refuse(d.Organisation.DirectSince == "", "/organisation/direct_since", "required")
	all.refuse(d.Country == "", "/country", "required")
	all.refuse(d.Language == "", "/language", "required")
	all.refuse(d.Months == 0, "/months", "required")
	all.refuse(d.RequestedCents == 0, "/requested_cents", "required")
	all.refuse(len(d.Priorities) == 0 && len(of.Priorities) > 0, "/priorities", "required")
	all.refuse(len(d.Budget) == 0, "/budget", "required")
	for _, q := range of.Questions {
		all.refuse(q.Required && blank(d.answer(q.ID)), "/answers/"+q.ID, "required")
	}
	for _, p := range of.Papers {
		all.refuse(!slices.ContainsFunc(a.Papers, func(o Paper) bool { return o.Paper == p }), "/papers/"+string(p), "required")
	}
	return all.err()
}

// answer is the answer to a question, empty for none.
func (c Content) answer(question string) string {
	for _, given := range c.Answers {
		if given.Question == question {
			return given.Text
		}
	}
	return ""
}

// addsUp gives ErrBudget unless the lines come to what is requested, and that is an amount of the call.
func (c Content) addsUp(of call.Call) error {
	all := places{fault: ErrBudget}
	for i, l := range c.Budget {
		all.refuse(l.Cents() <= 0, "/budget/"+strconv.Itoa(i), "more than nothing")
	}
	all.refuse(c.Total() != c.RequestedCents, "/budget", "adds up to what is requested")
	all.refuse(c.RequestedCents < of.LeastCents || c.RequestedCents > of.MostCents, "/requested_cents", "an amount of the call")
	return all.err()
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }
