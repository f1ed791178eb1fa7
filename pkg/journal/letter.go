package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What a person decides about a dead letter.
const (
	LetterReplay = "replay"
	LetterDrop   = "drop"
)

// LetterDecision is what a person decided about a dead letter, and why. It is signed
// and never deleted. A replay has two: one before it, so that nothing happens
// without a record of it, and one with what came of it.
type LetterDecision struct {
	At     time.Time `json:"-"`
	ID     string    `json:"id"`
	Action string    `json:"action"`
	// Code is why the letter had been refused.
	Code   string `json:"code"`
	Reason string `json:"reason"`
	// By is the person by the name in their token, and Agency that for which they act.
	By     string `json:"by"`
	Agency string `json:"agency"`
	// Outcome is "taken", or the code with which it was refused again; missing before
	// the replay, and of a letter that was dropped.
	Outcome string `json:"outcome,omitempty"`
}

// settles says whether the letter needs nobody any more. A replay without an outcome
// was interrupted: it can be done again, since a reaction knows what it has seen.
func (d LetterDecision) settles() bool { return d.Action == LetterDrop || d.Outcome != "" }

var errLetter = errors.New("a decision names the letter, what is done, why, and the person")

// DecideLetter records a decision about a dead letter.
func (j *Journal) DecideLetter(ctx context.Context, d LetterDecision) error {
	if d.ID == "" || d.Reason == "" || d.By == "" || d.Action != LetterReplay && d.Action != LetterDrop {
		return errLetter
	}
	if err := j.declare(ctx, Said{Letter: &d}); err != nil {
		return ErrUnavailable.Because(fmt.Errorf("decide on a dead letter: %w", err))
	}
	return nil
}

// LetterDecisions are all decisions about a dead letter, the first one first.
func (j *Journal) LetterDecisions(id string) []LetterDecision {
	j.ledger.mu.RLock()
	defer j.ledger.mu.RUnlock()
	return slices.Clone(j.ledger.letters[id])
}

// LetterSettled says whether a dead letter was dropped, or replayed to an end.
func (j *Journal) LetterSettled(id string) bool {
	return slices.ContainsFunc(j.LetterDecisions(id), LetterDecision.settles)
}
