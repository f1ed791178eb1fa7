package domain

import (
	"maps"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
)

// Telling is one notice to one agency: on which of its channels it was told, so that a
// second delivery of what it is about tells nobody twice.
type Telling struct {
	about referralv1.NoticeTold
	told  map[int]code.NoticeOutcome
}

// TellingID names the notice to an agency that an event caused.
func TellingID(cause, agency string) string { return fact.ID("notice", cause+"/"+agency) }

// Told says whether it is known what became of the notice on the nth channel.
func (t Telling) Told(position int) bool { return t.told[position] != "" }

// Sent says whether one of the first channels took the notice.
func (t Telling) Sent(first int) bool {
	for n := range first {
		if t.told[n] == code.NoticeSent {
			return true
		}
	}
	return false
}

// Note notes what became of it, once for each channel.
func (t Telling) Note(_ fact.By, d referralv1.NoticeTold) ([]fact.Event, error) {
	if t.Told(d.Position) {
		return nil, nil
	}
	return fact.Of(d), nil
}

// Case is the survivor's case.
func (t Telling) Case() string { return t.about.Case }

// Visible is for the network only.
func (t Telling) Visible(by fact.By) bool { return by.System() }

// Closed is always: nothing waits for it.
func (t Telling) Closed() bool { return t.told != nil }

// Deadlines are none.
func (t Telling) Deadlines() []fact.Deadline { return nil }

// View is empty.
func (t Telling) View(fact.By) any { return struct{}{} }

// Evolve is the notice after an event.
func (t Telling) Evolve(e fact.Event) Telling {
	if d, ok := e.Data.(referralv1.NoticeTold); ok {
		t.about, t.told = d, maps.Clone(t.told)
		if t.told == nil {
			t.told = map[int]code.NoticeOutcome{}
		}
		t.told[d.Position] = d.Outcome
	}
	return t
}
