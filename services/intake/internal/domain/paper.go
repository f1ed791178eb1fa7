package domain

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/work"
)

// What was written on paper is entered later. It was said when it was written, and it acts when
// it is entered: the network did not know of it before. No time for an answer counts from
// paper, so paper makes nothing late.

// OnPaper is the paper from which something was entered. It stays in the private half.
type OnPaper struct {
	// At is when it was written.
	At time.Time `json:"at"`
	// By is who wrote it: a role, or a worker.
	By string `json:"by"`
	// Place is where it was written, where somebody knows it.
	Place string `json:"place,omitempty"`
}

const (
	maxPaperBy    = 200
	maxPaperPlace = 200
)

// check refuses paper that cannot be: from a time to come or from more than 20 years ago
// (work.ErrDate), from before an instant at which there was nothing to write (ErrOnPaper), and
// without who wrote it. No paper is no fault.
func (p *OnPaper) check(now, from time.Time) error {
	if p == nil {
		return nil
	}
	if p.At.IsZero() {
		return ErrOnPaper.At("/on_paper/at", "required")
	}
	if _, err := work.Took("/on_paper/at", p.At, now); err != nil {
		return err
	}
	by := utf8.RuneCountInString(p.By)
	switch {
	case p.At.After(now):
		return work.ErrDate.At("/on_paper/at", "not in the future")
	case p.At.Before(from):
		return ErrOnPaper.At("/on_paper/at", "not before the case")
	case strings.TrimSpace(p.By) == "" || by > maxPaperBy:
		return ErrOnPaper.At("/on_paper/by", "1 to 200 characters")
	case utf8.RuneCountInString(p.Place) > maxPaperPlace:
		return ErrOnPaper.At("/on_paper/place", "1 to 200 characters")
	}
	return nil
}

// or is when something was said: when the paper was written, or else an instant.
func (p *OnPaper) or(at time.Time) time.Time {
	if p == nil {
		return at
	}
	return p.At
}

// utc is the paper as the journal holds it.
func (p *OnPaper) utc() *OnPaper {
	if p == nil {
		return nil
	}
	return &OnPaper{At: p.At.UTC(), By: p.By, Place: p.Place}
}

// tells refuses paper that tells of what happened after it was written (ErrOnPaper).
func (p *OnPaper) tells(of *Interval) error {
	if p != nil && of != nil && of.Earliest.After(p.At) {
		return ErrOnPaper.At("/on_paper/at", "not before what it tells of")
	}
	return nil
}

// early refuses paper from before she told of what is on it (ErrOnPaper).
func (r RecordIncident) early() error {
	if r.OnPaper != nil && r.TakenAt.After(r.OnPaper.At) {
		return ErrOnPaper.At("/on_paper/at", "not before what it tells of")
	}
	return nil
}

// began is when there was a case: when its paper was written, where it was opened from paper.
func (c Case) began() time.Time { return c.OnPaper.or(c.OpenedAt) }

// saidAt is when she answered.
func (k Consent) saidAt() time.Time { return k.OnPaper.or(k.AnsweredAt) }

// noSince refuses a yes from paper that is older than a no of hers to the same question
// (ErrOnPaper): her last answer counts, and not the one that was entered last.
func (c Case) noSince(cmd GiveConsent) error {
	if cmd.OnPaper == nil {
		return nil
	}
	if slices.ContainsFunc(c.Consents, func(k Consent) bool {
		said := k.saidAt()
		switch k.Status {
		case code.ConsentWithdrawn, code.ConsentRevoked:
			said = k.EndOnPaper.or(k.WithdrawnAt)
		case code.ConsentRefused:
		default:
			return false
		}
		return k.covers(cmd.Recipient, cmd.Service, cmd.Purpose) && !said.Before(cmd.OnPaper.At)
	}) {
		return ErrOnPaper.At("/on_paper/at", "after her last no")
	}
	return nil
}

// spoke refuses a consent from a person who could not give it when the paper was written, or
// cannot now: what others consented to is over when she comes of age.
func (c Case) spoke(law programme.Consent, cmd GiveConsent, now time.Time) error {
	if c.outgrown(Consent{Evidence: cmd.Evidence, AnsweredAt: now}, now) {
		return ErrSurvivorNeeded.At("/given_by", "survivor")
	}
	return cmp.Or(
		c.maySpeak(law, cmd.Service, cmd.Evidence, cmd.OnPaper.or(now)),
		c.maySpeak(law, cmd.Service, cmd.Evidence, now),
	)
}

// Declined is the private half of a refusal.
type Declined struct {
	OnPaper *OnPaper `json:"on_paper,omitempty"`
}
