package call

import (
	"net/url"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
)

func manages(by fact.By) bool { return slices.Contains(by.Roles, Manager) }

// Exists says that the call was ever written.
func (c Call) Exists() bool { return c.ID != "" }

// Case is empty: a call belongs to no case.
func (c Call) Case() string { return "" }

// Visible lets everybody know of a call that was published, and the secretariat of all.
func (c Call) Visible(by fact.By) bool {
	return by.System() || c.Exists() && (c.Status != code.CallDraft || manages(by))
}

// Closed is never: applications are looked at long after the deadline.
func (c Call) Closed() bool { return false }

// Deadlines are none: the deadline is judged at each submission, to the second.
func (c Call) Deadlines() []fact.Deadline { return nil }

// View is a call as its reader sees it.
type View struct {
	ID     string          `json:"id"`
	Status code.CallStatus `json:"status"`
	Terms
	// OpensAt and ClosesAt are the same as opens and closes, as instants.
	OpensAt  time.Time `json:"opens_at"`
	ClosesAt time.Time `json:"closes_at"`
	// Open says that it takes applications now.
	Open           bool                `json:"open"`
	Reason         string              `json:"reason,omitempty"`
	Clarifications []ClarificationView `json:"clarifications,omitempty"`
}

// ClarificationView is a question and its answer. The secretariat and who asked see it before
// it is answered; who asked is told to the secretariat alone.
type ClarificationView struct {
	ID       string    `json:"id"`
	Asker    string    `json:"asker,omitempty"`
	Question string    `json:"question"`
	Answer   string    `json:"answer,omitempty"`
	AskedAt  time.Time `json:"asked_at"`
	GivenAt  time.Time `json:"given_at,omitzero"`
}

// View shows the terms to everybody.
func (c Call) View(by fact.By) any {
	v := View{
		ID: c.ID, Status: c.Status, Terms: c.Terms, OpensAt: c.OpensAt().UTC(), ClosesAt: c.Deadline.UTC(), Open: c.Open(by.At), Reason: c.Why,
	}
	for _, q := range c.Clarifications {
		if q.Answer == "" && !manages(by) && (by.Agency == "" || by.Agency != q.Asker) {
			continue
		}
		one := ClarificationView{ID: q.ID, Question: q.Question, Answer: q.Answer, AskedAt: q.AskedAt, GivenAt: q.GivenAt}
		if manages(by) {
			one.Asker = q.Asker
		}
		v.Clarifications = append(v.Clarifications, one)
	}
	return v
}

// ByDeadline is (closes, call): what closes last comes last.
var ByDeadline = image.List[Call]{Keys: func(c Call) []string {
	if !c.Exists() {
		return nil
	}
	return []string{fact.Key("", fact.Sortable(c.Deadline))}
}}

// All lists all calls that the reader may see.
func All(fact.By, url.Values) (image.Part[Call], error) { return ByDeadline.Of(""), nil }
