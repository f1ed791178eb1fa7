// Package conflict holds the conflict check of a matter: the names of its client and of the
// opposing parties, compared in memory with those of the other matters of the agency, and
// what a conflicts officer who acts for neither says of a match or a doubt. It refuses to
// keep anything of a name outside the half of an event that is private, and to tell anybody
// why a matter cannot be taken: a reason would say whom the agency acts for.
package conflict

import (
	"slices"
	"strconv"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/name"
)

// What the rules refuse, and why.
var (
	// ErrNotChecked refuses to write in a matter before its conflict check.
	ErrNotChecked = fault.New(fault.Conflict, "conflict_not_checked", "Check this matter for a conflict of interest first. Until it is cleared, only what keeps her safe can be done.")
	// ErrNames refuses names that cannot be compared.
	ErrNames = fault.New(fault.Invalid, "conflict_names_empty", "A conflict check needs a name of the client, and no name is empty.")
	// ErrNothingWaits refuses an answer where no officer is asked.
	ErrNothingWaits = fault.New(fault.Conflict, "conflict_not_asked", "No conflicts officer is asked about this matter now.")
	// ErrNotNeutral refuses an officer who acts on one of the matters.
	ErrNotNeutral = fault.New(fault.Forbidden, "conflict_not_neutral", "Only a conflicts officer who acts on none of these matters can see the names and answer.")
)

// Names are who a matter is for and whom it is against, as its worker wrote them.
type Names struct {
	// Client are her names: more than one where she is known by more.
	Client []string `json:"client,omitempty"`
	// Opponents are the opposing parties. None where nobody is known.
	Opponents []string `json:"opponents,omitempty"`
}

// Check refuses names that are empty (ErrNames).
func (n Names) Check() error {
	if len(n.Client) == 0 {
		return ErrNames.At("/client", "at least one")
	}
	for field, all := range map[string][]string{"/client/": n.Client, "/opponents/": n.Opponents} {
		if i := slices.IndexFunc(all, func(s string) bool { return name.Folded(s) == "" }); i >= 0 {
			return ErrNames.At(field+strconv.Itoa(i), "a name")
		}
	}
	return nil
}

// Between says how near two matters are to being on two sides: the client of one is an
// opponent of the other, in either direction. That both are against one person is none.
func Between(a, b Names) name.Likeness {
	return max(nearest(a.Client, b.Opponents), nearest(a.Opponents, b.Client))
}

func nearest(these, those []string) (is name.Likeness) {
	for _, a := range these {
		for _, b := range those {
			is = max(is, name.Compare(a, b))
		}
	}
	return is
}

// Named is the private half of ConflictNamed.
type Named struct {
	// By is who wrote it.
	By string `json:"by"`
	Names
}

// Found is the private half of ConflictMatched: the matters on the other side, or that may be.
type Found struct {
	Matters []string `json:"matters,omitempty"`
	// Unread says that a matter could not be read: then it is a doubt.
	Unread bool `json:"unread,omitempty"`
}

// Settler is the private half of ConflictSettled: who answered.
type Settler struct {
	By string `json:"by"`
}

// Compared is what a comparison with the other matters of the agency gave, the worst first.
type Compared struct {
	Found
	Worst name.Likeness
}

// Add takes one more matter into the comparison.
func (c Compared) Add(mine Names, matter string, theirs Names) Compared {
	if is := Between(mine, theirs); is != name.Unlike {
		c.Worst, c.Matters = max(c.Worst, is), append(slices.Clip(c.Matters), matter)
	}
	return c
}

// Result is what the comparison says.
func (c Compared) Result() code.ConflictResult {
	switch {
	case c.Worst == name.Alike:
		return code.ConflictMatch
	case c.Worst == name.Doubtful || c.Unread:
		return code.ConflictDoubt
	default:
		return code.NotFoundAsWritten
	}
}

// Check is the conflict check of one matter. The zero value is that of a matter from before
// there were checks: it counts as checked on paper.
type Check struct {
	// Required says that nothing is shown or written before.
	Required bool
	ID       string
	Names    Names
	Result   code.ConflictResult
	Found    Found
	Answer   code.ConflictAnswer
}

// Standing says how far the check has come; empty for a matter that needs none.
func (c Check) Standing() code.ConflictStanding {
	switch {
	case c.ID == "" && !c.Required:
		return ""
	case c.Answer == code.ConflictCleared:
		return code.ConflictClear
	case c.Answer == code.CannotTakeMatter:
		return code.ConflictCannotTake
	case c.Result == code.NotFoundAsWritten:
		return code.ConflictNotFound
	case c.Result != "":
		return code.ConflictWaits
	default:
		return code.ConflictNotChecked
	}
}

// Cleared gives ErrNotChecked, unless the content of the matter may be shown and written.
func (c Check) Cleared() error {
	switch c.Standing() {
	case "", code.ConflictClear, code.ConflictNotFound:
		return nil
	}
	return ErrNotChecked
}

// Waits says that an officer is asked.
func (c Check) Waits() bool { return c.Standing() == code.ConflictWaits }

// Compares says that names were written that nobody has compared.
func (c Check) Compares(check string) bool { return c.ID == check && c.ID != "" && c.Result == "" }

// After is the check after an event. Names that were written anew begin it anew.
func (c Check) After(e fact.Event) Check {
	switch d := e.Data.(type) {
	case legalaidv1.MatterOpened:
		c.Required = c.Required || d.ConflictCheck
	case legalaidv1.MatterReopened:
		c.Required = c.Required || d.ConflictCheck
	case legalaidv1.MatterRenewed:
		c.Required = c.Required || d.ConflictCheck
	case legalaidv1.ConflictNamed:
		named, _ := e.Private.(Named)
		c = Check{Required: c.Required, ID: d.Check, Names: named.Names}
	case legalaidv1.ConflictMatched:
		if c.Compares(d.Check) {
			c.Result = d.Result
			c.Found, _ = e.Private.(Found)
		}
	case legalaidv1.ConflictSettled:
		if c.ID == d.Check {
			c.Answer = d.Answer
		}
	}
	return c
}
