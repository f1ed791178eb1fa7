package work

import (
	"cmp"
	"fmt"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// What is refused where something that was written is put right.
var (
	// ErrAmendment refuses an amendment that says nothing, or two things.
	ErrAmendment = fault.New(fault.Invalid, "entry_amendment_invalid", "An amendment writes its entry anew, whole and once, or says that it was entered in error.")
	// ErrEntryUnknown names an entry that this work does not have.
	ErrEntryUnknown = fault.New(fault.Conflict, "entry_unknown", "This work has no such entry.")
	// ErrEntryInError refuses to go on with an entry that was entered in error.
	ErrEntryInError = fault.New(fault.Conflict, "entry_in_error", "This entry was entered in error. Record what is right as a new one.")
	// ErrUnchanged refuses an answer about a certificate that nothing happened to.
	ErrUnchanged = fault.New(fault.Conflict, "certificate_unchanged", "Nothing about this certificate waits for an answer.")
)

// Before is what an entry held before it was written anew. Nothing is lost: the entry shows
// the present, and this what was there, until when, who changed it and why.
type Before[T any] struct {
	// At is when it was written anew.
	At time.Time `json:"at"`
	// By is the person who did so. Empty in an answer of a court from before it was noted.
	By     string           `json:"by,omitempty"`
	Reason code.AmendReason `json:"reason"`
	What   T                `json:"what"`
}

// Entry is what each amendment says: which entry, why, and whether it should never have
// been written. What is written anew is the room's to know.
type Entry struct {
	Entry   string           `json:"entry"`
	Reason  code.AmendReason `json:"reason"`
	InError bool             `json:"entered_in_error,omitempty"`
}

// Check refuses an amendment that does not say one thing: contents are those that a room
// knows, and whether each is told. Errors: ErrUnknownCode, ErrAmendment.
func (e Entry) Check(contents ...bool) error {
	told := 0
	for _, is := range contents {
		if is {
			told++
		}
	}
	if err := Known("/reason", e.Reason, code.AmendReasons); err != nil {
		return err
	}
	switch {
	case e.InError && told > 0:
		return ErrAmendment.At("/entered_in_error", "not with new content")
	case !e.InError && told != 1:
		return ErrAmendment.At("", "exactly one content")
	}
	return nil
}

// Amender is the private half of what amends an entry, beside the new content.
type Amender struct {
	// By is the person who wrote it.
	By      string `json:"by"`
	InError bool   `json:"entered_in_error,omitempty"`
}

// Amender is who amends.
func (e Entry) Amender(by fact.By) Amender { return Amender{By: by.Principal, InError: e.InError} }

// MayAmend gives the reason why nothing can be put right. Who may read all of it may put it
// right, also after the work was closed: a wrong entry is not wrong for life.
func (s Standing) MayAmend() error {
	if s.Exists() && s.Shows() == Everything {
		return nil
	}
	return cmp.Or(s.MustBeOpen(), error(ErrEnded))
}

// EntryID is the identifier of an entry of a record. One of before entries had identifiers
// is named by its position, so that it can be put right as well.
func EntryID(prefix, id, record string, position ...int) string {
	if id != "" {
		return id
	}
	return fact.ID(prefix, record+"/"+fmt.Sprint(position))
}

// Anew is what an amendment wrote; nothing where the entry was entered in error.
func Anew[T any](written *T) (is T) {
	if written != nil {
		is = *written
	}
	return is
}
