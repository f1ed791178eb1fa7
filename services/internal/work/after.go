package work

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
)

// What the standing is after an event. Each room calls these where it folds its own
// events, so that the same event means the same in all of them.

// Opened is the standing after the agency took the work, on a consent. One that was
// heard late, behind a later turn, opens nothing: it only says that there was one.
func (s Standing) Opened(at time.Time, consent Consent, turn int) Standing {
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

// Renewed is the standing after she gave a consent in the place of another.
func (s Standing) Renewed(at time.Time, consent Consent, turn int, replaces string) Standing {
	if s.Status == Open && turn == s.Turn && s.Granted == turn+1 {
		s.Replaced = with(s.Replaced, replaces)
		if !slices.Contains(s.Replaced, consent.ID) {
			s.Consent = consent
		}
		return s
	}
	next := s.Opened(at, consent, turn)
	if next.Status != Open {
		return next
	}
	if next.Replaced = []string{replaces}; s.Status == Open {
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

// Begun is the standing after others were told that the work has begun.
func (s Standing) Begun() Standing {
	s.Started = true
	return s
}

// Finished is the standing after the agency closed the work.
func (s Standing) Finished(at time.Time, turn int) Standing { return s.over(Closed, at, turn) }

// Rested is the standing after the consent ran out.
func (s Standing) Rested(at time.Time, turn int) Standing { return s.over(Resting, at, turn) }

// Over is the standing after the referral ended. Shut says that her consent ended:
// then the work is closed to readers.
func (s Standing) Over(at time.Time, turn int, shut bool) Standing {
	if turn >= s.Turn {
		s = s.over(Ended, at, turn)
	}
	if shut {
		s.Shut, s.Since, s.Withdrawn, s.Answer = turn+1, at, false, ""
	}
	return s
}

// over keeps what does not hang on the status: who has the work, and which consents
// were given and have ended.
func (s Standing) over(status Status, at time.Time, turn int) Standing {
	return Standing{
		Status: status, Since: at, Turn: turn, Granted: s.Granted, Shut: s.Shut,
		Withdrawn: s.Withdrawn, Answer: s.Answer,
	}.assigned(s)
}

// assigned keeps who has the work.
func (s Standing) assigned(was Standing) Standing {
	s.Worker, s.AssignedTurn, s.AssignedAt = was.Worker, was.AssignedTurn, was.AssignedAt
	return s
}

// Assigned is the standing after the work was given to somebody.
func (s Standing) Assigned(to string, turn int, at time.Time) Standing {
	s.Worker, s.AssignedTurn, s.AssignedAt = to, turn, at
	return s
}

// ToAsk is the standing after she took the consent back while the agency worked.
func (s Standing) ToAsk() Standing {
	s.Withdrawn = true
	return s
}

// Answered is the standing after she told her worker whether the work ends. It stands
// on no consent of the desk then: nothing new comes from there.
func (s Standing) Answered(at time.Time, answer code.EndingAnswer) Standing {
	if s.Since, s.Answer = at, answer; answer == code.KeepWork {
		s.Status = Open
	}
	return s
}
