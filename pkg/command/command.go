// Package command says which commands a record takes now, and from whom: what a page shows
// as buttons, and a client offers to a person. It is a hint and never a permission: each
// command is decided again when it is given. It refuses to look at any other record, so it
// cannot tell of one.
package command

import (
	"maps"
	"slices"

	"github.com/sanad-network/sanad/api/fact"
)

// Table is the first rule of each command that one kind of record takes, by the
// operationId of the command.
type Table[S any] map[string]Row[S]

// Actor is how near somebody is to a record that they may see.
type Actor uint8

// From the least to the most.
const (
	// Anybody sees that the record is there.
	Anybody Actor = iota
	// Reader is shown what is in it.
	Reader
	// Hands has the work, or covers for who has it.
	Hands
)

// Row is when a record takes a command.
type Row[S any] struct {
	// From is the least that an actor must be. It stands beside When because only a look
	// at another record, the register of workers, tells it.
	From Actor
	// Leads says that a supervisor may as well, whatever they are shown.
	Leads bool
	// When gives the reason why the record, as it stands, does not take the command from
	// an actor. It must not depend on what the command holds.
	When func(S, fact.By) error
}

// In is the rule of a command that asks for the state alone.
func In[S any](rule func(S) error) func(S, fact.By) error {
	return func(s S, _ fact.By) error { return rule(s) }
}

// Any is the rule of a command if one of several rules takes it. The error is that of the
// last one.
func Any[S any](rules ...func(S, fact.By) error) func(S, fact.By) error {
	return func(s S, by fact.By) (err error) {
		for _, rule := range rules {
			if err = rule(s, by); err == nil {
				return nil
			}
		}
		return err
	}
}

// Always is the rule of a command that a record takes in each of its states.
func Always[S any](S, fact.By) error { return nil }

// Now lists the commands that a record takes from an actor, in alphabetical order.
func (t Table[S]) Now(s S, by fact.By, as Actor) []string {
	now := []string{}
	for _, id := range slices.Sorted(maps.Keys(t)) {
		row := t[id]
		near := as >= row.From || row.Leads && slices.Contains(by.Roles, "supervisor")
		if near && row.When(s, by) == nil {
			now = append(now, id)
		}
	}
	return now
}

// Sight is what a person is shown of one record.
type Sight struct {
	// View is fit for JSON.
	View    any
	Version uint64
	// Now is what the record takes from them.
	Now []string
}
