package command_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
)

var errClosed = errors.New("closed")

// door is open, or is not.
type door bool

func (d door) mustBeOpen() error {
	if !d {
		return errClosed
	}
	return nil
}

func (d door) mayKnock(by fact.By) error {
	if by.Agency == "" {
		return errClosed
	}
	return nil
}

var table = command.Table[door]{
	"enter":  {From: command.Hands, When: command.In(door.mustBeOpen)},
	"look":   {From: command.Reader, When: command.Always[door]},
	"knock":  {When: door.mayKnock},
	"shut":   {From: command.Hands, Leads: true, When: command.In(door.mustBeOpen)},
	"either": {When: command.Any(command.In(door.mustBeOpen), door.mayKnock)},
}

func TestNow(t *testing.T) {
	visitor, chief := fact.By{Agency: "desk"}, fact.By{Agency: "desk", Roles: []string{"supervisor"}}
	for _, tt := range []struct {
		name string
		s    door
		by   fact.By
		as   command.Actor
		want []string
	}{
		{"who has it", true, visitor, command.Hands, []string{"either", "enter", "knock", "look", "shut"}},
		{"who has it, closed", false, visitor, command.Hands, []string{"either", "knock", "look"}},
		{"who reads", true, visitor, command.Reader, []string{"either", "knock", "look"}},
		{"anybody", true, visitor, command.Anybody, []string{"either", "knock"}},
		{"who leads", true, chief, command.Anybody, []string{"either", "knock", "shut"}},
		{"who leads, closed", false, chief, command.Anybody, []string{"either", "knock"}},
		{"nobody", false, fact.By{}, command.Anybody, []string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, table.Now(tt.s, tt.by, tt.as)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The fault of the last rule is told: the ones before it were other ways to do the same.
func TestAny(t *testing.T) {
	if err := table["either"].When(false, fact.By{}); !errors.Is(err, errClosed) {
		t.Errorf("%v", err)
	}
}
