// Package seen keeps who looked at what is in a case, a matter, a support plan or an
// examination. Only the worker who has the work, and who covers for them, may look; and
// each look is recorded before the answer. It refuses to show anything that it could
// not record, and to say anything of what was seen.
package seen

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
)

// Prefix begins the identifier of what was seen of one piece of work. It is a record of
// its own, so that a look does not change the version of the work.
const Prefix = "seen"

// ID names it.
func ID(work string) string { return fact.Rename(Prefix, work) }

// Part says what of the work was shown.
type Part string

// What can be looked at.
const (
	Content Part = "content"
	History Part = "history"
	// Sequence is all services of a case together.
	Sequence Part = "plan"
	// Disclosures is which agency was shown what of a case.
	Disclosures Part = "disclosures"
	// Contact is how she may be reached now.
	Contact Part = "contact"
	// Export is that rows of its incidents were taken out.
	Export Part = "export"
	// File is a paper or a photograph of the work.
	File Part = "file"
)

// Glance is the private half of a look: who looked, as their token names them, and at
// what.
type Glance struct {
	By   string `json:"by"`
	Part Part   `json:"part"`
	// Reason is why, where a look needs one.
	Reason code.ExportReason `json:"reason,omitempty"`
}

// Noted is the event with which a room records a look. Each room has a type of its own,
// because a journal holds events of its own service.
type Noted interface {
	fact.Data
	// Of is the case of the work, whose key seals who looked.
	Of() string
}

// Look is one look at one piece of work.
type Look struct {
	At time.Time `json:"at"`
	Glance
}

// Seen is all looks at one piece of work. Nobody reads it as such: who may know is
// decided by the work.
type Seen struct {
	CaseID string
	Looks  []Look
}

// Evolve is what was seen after an event.
func (s Seen) Evolve(e fact.Event) Seen {
	if d, ok := e.Data.(Noted); ok {
		glance, _ := e.Private.(Glance)
		s.CaseID = d.Of()
		s.Looks = append(slices.Clip(s.Looks), Look{At: e.At, Glance: glance})
	}
	return s
}

// Case is the case of the work.
func (s Seen) Case() string { return s.CaseID }

// Visible is for the network alone.
func (s Seen) Visible(by fact.By) bool { return by.System() }

// Closed is always: it is in memory only while somebody looks.
func (s Seen) Closed() bool { return true }

// Deadlines is empty.
func (s Seen) Deadlines() []fact.Deadline { return nil }

// View shows nothing.
func (s Seen) View(fact.By) any { return struct{}{} }
