package site

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// A form belongs to the record as it was when the form was made. Where somebody changed the
// record meanwhile, the person is told what happened, and sends what they wrote for the record
// as it is now, or does not. A form is never sent for whatever the record is by then: it would
// undo what nobody saw.

// changed is a record that is not as it was when the form about it was made.
type changed struct {
	// Past is what happened last, the latest first; empty where nobody may tell.
	Past []happening
	// Over says that the record does not take the command any more.
	Over bool
	// Now is what stands in the place of what the form writes anew; Read says that it was read.
	Now  []row
	Read bool
}

// Over says that the record does not take the command of the form any more.
func (s sheet) Over() bool { return s.Changed != nil && s.Changed.Over }

// read keeps what stands there now.
func (c *changed) read(now []row) { c.Now, c.Read = now, true }

// happening is one thing that happened to a record, as a history or a timeline has it.
type happening struct {
	At     time.Time `json:"at"`
	Event  string    `json:"event"`
	Agency string    `json:"agency"`
	Person string    `json:"person"`
}

// lately is how many happenings a form shows.
const lately = 3

// errStale is what a service says to a version that is not that of the record.
var errStale error = &api.Problem{Status: http.StatusPreconditionFailed, Code: "version_stale"}

// blind says that nobody knows for which version of the record the form is. A form that begins
// with what is there knows it: none is for a record that is new.
func (s sheet) blind(v *visit) bool {
	if _, filled := prefills[s.Op.ID]; filled {
		return false
	}
	return s.Op.Versioned && s.Version == "" && v.contract().Reader(s.Op) != ""
}

// reread makes the form one for the record as it is now. Where that does not answer, or is not
// for the person any more, the form stays as it is, and is refused again. Errors: 401.
func (v *visit) reread(s *sheet) (api.Answer, error) {
	s.Changed = &changed{}
	answer, err := v.ask(api.Ask{Op: v.contract().Reader(s.Op), ID: s.ID})
	if err != nil {
		if lost(err) {
			return api.Answer{}, err
		}
		return api.Answer{}, nil
	}
	s.Version = answer.Version
	var now struct {
		Commands []string `json:"commands"`
	}
	s.Changed.Over = json.Unmarshal(answer.Body, &now) == nil && now.Commands != nil && !slices.Contains(now.Commands, s.Op.ID)
	var past struct {
		Items []happening `json:"items"`
	}
	if history := v.contract().History(s.Op); history != "" {
		if _, err := v.get(history, s.ID, nil, &past); err != nil && lost(err) {
			return api.Answer{}, err
		}
	}
	s.Changed.Past = past.Items[max(0, len(past.Items)-lately):]
	slices.Reverse(s.Changed.Past)
	return answer, nil
}
