package service

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/record"
)

// commanded is a kind of record that people change: it has a table of its commands.
type commanded[S any] interface {
	record.State[S]
	Commands() command.Table[S]
}

// takes is the table of a kind of record; nil for one that only facts change.
func takes[S record.State[S]]() command.Table[S] {
	var s S
	if c, ok := any(s).(commanded[S]); ok {
		return c.Commands()
	}
	return nil
}

// offers keeps the unit from starting where an operation and the table of the kind of
// record that it changes do not know each other: then an answer would not say that the
// command is possible, or would name one that nobody serves.
func offers[S record.State[S]](u *Unit, id string) {
	kind, table := reflect.TypeFor[S](), takes[S]()
	if _, ok := table[id]; !ok {
		u.Refuse(fmt.Errorf("%s changes a %s, whose table of commands lacks it", id, kind.Name()))
		return
	}
	if u.tables[kind] == nil {
		u.tables[kind] = make(map[string]bool)
		for each := range table {
			u.tables[kind][each] = false
		}
	}
	u.tables[kind][id] = true
}

// unserved gives an error for each command of a table that no operation serves.
func (u *Unit) unserved() (errs []error) {
	for kind, table := range u.tables {
		for id, served := range table {
			if !served {
				errs = append(errs, fmt.Errorf("the table of commands of a %s has %s, which no operation serves", kind.Name(), id))
			}
		}
	}
	return errs
}

// permitted leaves of some commands those for which the caller holds the permission.
func (u *Unit) permitted(by fact.By, commands []string) []string {
	return slices.DeleteFunc(commands, func(id string) bool { return !access.May(by.Roles, u.needs[id]) })
}

// actor is what a look says of the caller.
func actor(seen any) command.Actor {
	if s, ok := seen.(interface{ Actor() command.Actor }); ok {
		return s.Actor()
	}
	return command.Anybody
}
