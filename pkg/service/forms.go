package service

import (
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"slices"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/record"
)

// Form is what an operation takes and answers, as Go types. A body without fields
// is none; an answer that is nil or an interface is known when it is made, and not
// before.
type Form struct {
	Body, Answer reflect.Type
	// Commands are those that the answer may name beside the record; nil where it names
	// none.
	Commands []string
}

// Forms reads off a room what its service is called, and what the operations in
// its tables take and answer, by operationId. It refuses a room whose tables and
// contract do not have the same operations for the same permissions. It opens
// nothing.
func Forms(contracts fs.FS, room Room) (name string, forms map[string]Form, err error) {
	u, err := plan(contracts, room)
	if err != nil {
		return "", nil, err
	}
	return u.name, u.forms, errors.Join(u.router.Check(), errors.Join(u.unserved()...))
}

func remember[B any](u *Unit, id string, answer reflect.Type) {
	u.forms[id] = Form{Body: reflect.TypeFor[B](), Answer: answer}
}

// offering notes that the answer of an operation names what the record takes.
func offering[S record.State[S]](u *Unit, id string) {
	form := u.forms[id]
	form.Commands = slices.Sorted(maps.Keys(takes[S]()))
	u.forms[id] = form
}

// viewed is the type as which a kind of record is shown: that of the record which
// is not there yet.
func viewed[S record.State[S]]() reflect.Type {
	var s S
	return reflect.TypeOf(s.View(fact.By{}))
}

// paged is Page with the type of its items.
func paged(item reflect.Type) reflect.Type {
	if item == nil {
		return nil
	}
	items := reflect.TypeFor[Page]().Field(0)
	items.Type = reflect.SliceOf(item)
	return reflect.StructOf([]reflect.StructField{items})
}
