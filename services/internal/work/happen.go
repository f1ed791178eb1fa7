package work

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// Event is something that happens to all work, in words of no room. A room has an event
// of its own for each, because journals and subscribers know it by the room's name (Room).
type Event struct {
	Ground
	// Turn is that of the referral, as far as its facts have arrived.
	Turn int
	What What
}

// What is one of the things that happen to all work. It knows what the standing is after
// it, so that the same event means the same in every room.
type What interface {
	after(s Standing, at time.Time, turn int) Standing
}

// After is the work after an event. What it was made for stays: a journal may hold an
// early commit that names another agency. It is read like any other and does not move
// the work.
func (w Work) After(e Event, at time.Time) Work {
	if w.Referral == "" {
		w.Ground = e.Ground
	}
	w.Standing = e.What.after(w.Standing, at, e.Turn)
	return w
}

// Opening says that the agency took the work, on a consent.
type Opening struct{ Consent Consent }

func (o Opening) after(s Standing, at time.Time, turn int) Standing {
	return s.opened(at, o.Consent, turn)
}

// Reopening says that the agency took the work up again, on a consent.
type Reopening struct{ Consent Consent }

func (r Reopening) after(s Standing, at time.Time, turn int) Standing {
	return s.opened(at, r.Consent, turn)
}

// opened is the standing on a consent. One that was heard late, behind a later turn,
// opens nothing: it only says that there was one.
func (s Standing) opened(at time.Time, consent Consent, turn int) Standing {
	if s.Exists() && turn <= s.Turn {
		return s.granted(turn)
	}
	return Standing{Status: Open, Since: at, Consent: consent, Turn: turn}.assigned(s).granted(turn)
}

// granted notes a consent under which the agency took the work. What ended before it
// is of no account any more.
func (s Standing) granted(turn int) Standing {
	if s.Granted = max(s.Granted, turn+1); s.Granted > s.Shut {
		s.Shut, s.Withdrawn, s.Answer = 0, false, ""
	}
	return s
}

// assigned keeps who has the work.
func (s Standing) assigned(was Standing) Standing {
	s.Assignee = was.Assignee
	return s
}

// Renewal says that she gave a consent in the place of another.
type Renewal struct {
	Consent  Consent
	Replaces string
}

func (r Renewal) after(s Standing, at time.Time, turn int) Standing {
	if s.Status == Open && turn == s.Turn && s.Granted == turn+1 {
		s.Replaced = with(s.Replaced, r.Replaces)
		if !slices.Contains(s.Replaced, r.Consent.ID) {
			s.Consent = r.Consent
		}
		return s
	}
	next := s.opened(at, r.Consent, turn)
	if next.Status != Open {
		return next
	}
	if next.Replaced = []string{r.Replaces}; s.Status == Open {
		next.Since, next.Started = s.Since, s.Started
	}
	return next
}

func with(sorted []string, name string) []string {
	i, found := slices.BinarySearch(sorted, name)
	if found {
		return sorted
	}
	return slices.Insert(slices.Clone(sorted), i, name)
}

// Rest says that the consent ran out.
type Rest struct{}

func (Rest) after(s Standing, at time.Time, turn int) Standing { return s.over(Resting, at, turn) }

// End says that the referral ended. Erasure says that her consent ended: then the work
// is closed to readers.
type End struct{ Erasure code.Erasure }

func (e End) after(s Standing, at time.Time, turn int) Standing {
	if turn >= s.Turn {
		s = s.over(Ended, at, turn)
	}
	if e.Erasure != "" {
		s.Shut, s.Since, s.Withdrawn, s.Answer = turn+1, at, false, ""
	}
	return s
}

// over keeps what does not hang on the status: who has the work, which consents were
// given and have ended, and the outcome.
func (s Standing) over(status Status, at time.Time, turn int) Standing {
	return Standing{
		Status: status, Since: at, Turn: turn, Granted: s.Granted, Shut: s.Shut,
		Withdrawn: s.Withdrawn, Answer: s.Answer, Outcome: s.Outcome,
	}.assigned(s)
}

// Assignment says that the work was given to somebody.
type Assignment struct {
	Worker string
	At     time.Time
}

func (a Assignment) after(s Standing, _ time.Time, turn int) Standing {
	s.Assignee = Assignee{a.Worker, turn, a.At}
	return s
}

// Question says that she took the consent back while the agency worked, so that her
// worker is to ask her whether the work ends.
type Question struct{}

func (Question) after(s Standing, _ time.Time, _ int) Standing {
	s.Withdrawn = true
	return s
}

// Reply is what she told her worker. Work that goes on stands on no consent of the desk
// then: nothing new comes from there. It has no outcome yet.
type Reply struct{ Answer code.EndingAnswer }

func (r Reply) after(s Standing, at time.Time, _ int) Standing {
	if s.Since, s.Answer = at, r.Answer; r.Answer == code.KeepWork {
		s.Status, s.Outcome = Open, ""
	}
	return s
}

// Start says to others that the work has begun in this round.
type Start struct{}

func (Start) after(s Standing, _ time.Time, _ int) Standing {
	s.Started = true
	return s
}

// Unreached says to others that the worker could not reach her.
type Unreached struct{}

func (Unreached) after(s Standing, _ time.Time, _ int) Standing { return s }

// Closing says that the agency closed the work.
type Closing struct{ Outcome code.Outcome }

func (c Closing) after(s Standing, at time.Time, turn int) Standing {
	return s.finished(c.Outcome, at, turn)
}

// KeptClosing says that the worker closed what continued on her own word. Her desk hears
// nothing of it.
type KeptClosing struct{ Outcome code.Outcome }

func (c KeptClosing) after(s Standing, at time.Time, turn int) Standing {
	return s.finished(c.Outcome, at, turn)
}

func (s Standing) finished(outcome code.Outcome, at time.Time, turn int) Standing {
	s = s.over(Closed, at, turn)
	s.Outcome = outcome
	return s
}
