package conflict_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/name"
	"github.com/sanad-network/sanad/services/legal-aid/internal/conflict"
)

func names(client string, opponents ...string) conflict.Names {
	return conflict.Names{Client: []string{client}, Opponents: opponents}
}

// The client of one matter is the opponent of the other, in either direction. That two women are
// against one man is no conflict, and neither is a second matter of one woman.
func TestBetween(t *testing.T) {
	for what, c := range map[string]struct {
		a, b conflict.Names
		want name.Likeness
	}{
		"he is their client":           {names("Ana Xol", "Pedro Choc"), names("Pedro Choc", "Somebody"), name.Alike},
		"she is their opponent":        {names("Ana Xol"), names("Rosa Ical", "Ana Xol"), name.Alike},
		"written in another order":     {names("Ana Xol", "Choc, PEDRO"), names("Pedro Chóc"), name.Alike},
		"one word in common":           {names("Ana Xol", "Pedro Choc"), names("Pedro Tiul"), name.Doubtful},
		"both against one man":         {names("Ana Xol", "Pedro Choc"), names("Rosa Ical", "Pedro Choc"), name.Unlike},
		"a second matter of one woman": {names("Ana Xol", "Pedro Choc"), names("Ana Xol", "Juan Tiul"), name.Unlike},
		"an old matter without names":  {names("Ana Xol", "Pedro Choc"), conflict.Names{}, name.Unlike},
	} {
		if got, back := conflict.Between(c.a, c.b), conflict.Between(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("%s: %d and %d, want %d", what, got, back, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	for what, n := range map[string]conflict.Names{
		"nobody": {}, "a client without a letter": names("\u200f "), "an opponent without a letter": names("Ana", "Pedro", " "),
	} {
		if err := n.Check(); !errors.Is(err, conflict.ErrNames) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := names("Ana").Check(); err != nil {
		t.Error(err)
	}
}

// A comparison is as bad as the worst that it found, and what could not be read is a doubt.
func TestResult(t *testing.T) {
	mine := names("Ana Xol", "Pedro Choc")
	var c conflict.Compared
	is := func(want code.ConflictResult, found int) {
		t.Helper()
		if c.Result() != want || len(c.Matters) != found {
			t.Errorf("%s with %d, want %s with %d", c.Result(), len(c.Matters), want, found)
		}
	}
	c = c.Add(mine, "mat_1", names("Rosa"))
	is(code.NotFoundAsWritten, 0)
	c.Unread = true
	is(code.ConflictDoubt, 0)
	c = c.Add(mine, "mat_2", names("Pedro Tiul"))
	is(code.ConflictDoubt, 1)
	c = c.Add(mine, "mat_3", names("Pedro Choc"))
	is(code.ConflictMatch, 2)
}

// Whatever happens in whatever order: a matter that needs a check is open only after names that
// nothing was found for, or that an officer cleared; and names written anew begin it anew.
func TestCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c conflict.Check
		c = c.After(fact.Event{Data: legalaidv1.MatterOpened{ConflictCheck: true}})
		id, result, answer := "", code.ConflictResult(""), code.ConflictAnswer("")
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			check := rapid.SampledFrom([]string{"chk_1", "chk_2"}).Draw(t, "check")
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				id, result, answer = check, "", ""
				c = c.After(fact.Event{Data: legalaidv1.ConflictNamed{Check: check}, Private: conflict.Named{Names: names("Ana")}})
			case 1:
				r := rapid.SampledFrom(code.ConflictResults).Draw(t, "result")
				if check == id && result == "" {
					result = r
				}
				c = c.After(fact.Event{Data: legalaidv1.ConflictMatched{Check: check, Result: r}, Private: conflict.Found{}})
			case 2:
				if !c.Waits() {
					continue // it is refused
				}
				a := rapid.SampledFrom(code.ConflictAnswers).Draw(t, "answer")
				if check == id {
					answer = a
				}
				c = c.After(fact.Event{Data: legalaidv1.ConflictSettled{Check: check, Answer: a}})
			}
			if open := result == code.NotFoundAsWritten || answer == code.ConflictCleared; open != (c.Cleared() == nil) {
				t.Fatalf("%+v is cleared: %v", c, c.Cleared())
			}
		}
	})
	if err := (conflict.Check{}).Cleared(); err != nil {
		t.Errorf("a matter from before there were checks: %v", err)
	}
}
