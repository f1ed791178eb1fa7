package worktest

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/services/internal/work"
)

// standing are the faults that a person could have been spared: the work as it stands, and
// not what they wrote, is the reason.
var standing = []error{work.ErrEnded, work.ErrResting, work.ErrAsked, work.ErrNotOpen, work.ErrNotAsked, work.ErrKept}

// Offered checks the table of commands of work against its commands, by operationId: after
// any facts and commands, what is not offered is refused, and what is offered is not refused
// for how the work stands.
func Offered[S interface {
	State[S]
	Commands() command.Table[S]
}](t *testing.T, facts []Step[S], commands map[string]Step[S],
) {
	t.Helper()
	var none S
	ids := slices.Sorted(maps.Keys(none.Commands()))
	if d := cmp.Diff(ids, slices.Sorted(maps.Keys(commands))); d != "" {
		t.Fatal(d)
	}
	facts = slices.Concat(facts, slices.Repeat(facts[:1], len(facts))) // mostly on open work
	rapid.Check(t, func(t *rapid.T) {
		var s S
		for n := range rapid.IntRange(1, 30).Draw(t, "steps") {
			by := Worker()
			by.At, by.Commit = Dawn.Add(time.Duration(n)*2*time.Hour), Commit(n+1)
			if rapid.Bool().Draw(t, "fact") {
				events, _ := rapid.SampledFrom(facts).Draw(t, "which")(s, by)
				s = Fold(s, at(by.At, events)...)
				continue
			}
			id := rapid.SampledFrom(ids).Draw(t, "command")
			offered := slices.Contains(s.Commands().Now(s, by, command.Hands), id)
			events, err := commands[id](s, by)
			switch {
			case !offered && len(events) > 0:
				t.Fatalf("%s happened, and was not offered", id)
			case offered && slices.ContainsFunc(standing, func(f error) bool { return errors.Is(err, f) }):
				t.Fatalf("%s was offered, and is refused: %v", id, err)
			}
			s = Fold(s, at(by.At, events)...)
		}
	})
}
