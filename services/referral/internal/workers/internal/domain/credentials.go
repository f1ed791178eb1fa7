package domain

import (
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/api/staff"
	"github.com/sanad-network/sanad/services/internal/credential"
)

// Paper is the private half of all that is said of a credential: what stands on the paper, and
// why it is suspended. No other service and no other agency learns it.
type Paper struct {
	// Issuer is who gave it, and Name how the course or the programme is called there.
	Issuer string `json:"issuer"`
	Name   string `json:"name,omitempty"`
	// Reason is why it is suspended.
	Reason code.SuspensionReason `json:"reason,omitempty"`
	// By is who said so, as their token names them.
	By string `json:"by"`
}

// RecordCredential records a credential of a worker.
type RecordCredential struct {
	Issuer     string                 `json:"issuer"`
	Course     code.Course            `json:"course"`
	Name       string                 `json:"name,omitempty"`
	Content    []code.CourseContent   `json:"content,omitempty"`
	Scope      []code.CredentialScope `json:"scope,omitempty"`
	ValidFrom  time.Time              `json:"valid_from"`
	ValidUntil time.Time              `json:"valid_until,omitzero"`
}

// SuspendCredential has a credential not count for now. Left out, it is from now on.
type SuspendCredential struct {
	Credential string                `json:"credential"`
	From       time.Time             `json:"from,omitzero"`
	Reason     code.SuspensionReason `json:"reason"`
}

// ReinstateCredential has a credential count again.
type ReinstateCredential struct {
	Credential string `json:"credential"`
}

// RevokeCredential takes a credential away for good.
type RevokeCredential struct {
	Credential string `json:"credential"`
}

// CorrectCredential puts a wrong entry right: another one stands in its place.
type CorrectCredential struct {
	Credential string `json:"credential"`
	RecordCredential
}

// RecordCredential records what a worker learned and may do. The same again changes nothing,
// whoever sends it. Nobody records their own (ErrOwnCredential). A paper that is known with
// other content is corrected, not recorded twice (ErrCredentialKnown), and one that was revoked
// does not come back (ErrCredentialRevoked). Errors: ErrLeft, ErrCredentialTime.
func (w Worker) RecordCredential(by fact.By, cmd RecordCredential) ([]fact.Event, error) {
	if err := w.mayVouch(by); err != nil {
		return nil, err
	}
	is, paper, err := w.reads(by, cmd)
	if err != nil {
		return nil, err
	}
	if known, ok := w.known(is, paper, ""); ok {
		switch {
		case !known.Revoked.IsZero():
			return nil, ErrCredentialRevoked.At("/course", "not revoked")
		case !credential.SameContent(known, is):
			return nil, ErrCredentialKnown.At("/course", "not on record")
		}
		return nil, nil
	}
	return w.says(is, paper), nil
}

// CorrectCredential puts an entry right by a new one that names it. The old one counts no more
// and stays on record. A suspension goes over to the new one: a correction lifts nothing. The
// same again changes nothing. Errors: those of RecordCredential and of present.
func (w Worker) CorrectCredential(by fact.By, cmd CorrectCredential) ([]fact.Event, error) {
	if err := w.mayVouch(by); err != nil {
		return nil, err
	}
	is, paper, err := w.reads(by, cmd.RecordCredential)
	if err != nil {
		return nil, err
	}
	was, err := w.present(cmd.Credential)
	if err != nil {
		return nil, err
	}
	old := w.Papers[was.ID]
	if credential.SameContent(was, is) && old.Issuer == paper.Issuer && old.Name == paper.Name {
		return nil, nil
	}
	if _, ok := w.known(is, paper, was.ID); ok {
		return nil, ErrCredentialKnown.At("/course", "not on record")
	}
	is.Replaces, is.Suspended, paper.Reason = was.ID, was.Suspended, old.Reason
	return w.says(is, paper), nil
}

// SuspendCredential has a credential not count from an instant on, until somebody reinstates it.
// The same again changes nothing. Errors: ErrLeft, and those of present.
func (w Worker) SuspendCredential(by fact.By, cmd SuspendCredential) ([]fact.Event, error) {
	is, paper, err := w.judged(by, cmd.Credential)
	if err != nil {
		return nil, err
	}
	from := cmd.From.UTC()
	if cmd.From.IsZero() {
		if from = by.At.UTC(); !is.Suspended.IsZero() && is.Suspended.Before(from) {
			from = is.Suspended
		}
	}
	if is.Suspended.Equal(from) && paper.Reason == cmd.Reason {
		return nil, nil
	}
	paper.Reason, is.Suspended = cmd.Reason, from
	return w.says(is, w.said(by, paper)), nil
}

// ReinstateCredential ends a suspension. Nobody ends that of their own credential
// (ErrOwnCredential). What is not suspended stays as it is. Errors: as for SuspendCredential.
func (w Worker) ReinstateCredential(by fact.By, cmd ReinstateCredential) ([]fact.Event, error) {
	if err := w.mayVouch(by); err != nil {
		return nil, err
	}
	is, paper, err := w.judged(by, cmd.Credential)
	if err != nil || is.Suspended.IsZero() {
		return nil, err
	}
	paper.Reason, is.Suspended = "", time.Time{}
	return w.says(is, w.said(by, paper)), nil
}

// RevokeCredential takes a credential away, for good. One that was revoked stays so. Errors:
// ErrLeft, and those of present.
func (w Worker) RevokeCredential(by fact.By, cmd RevokeCredential) ([]fact.Event, error) {
	if is, known := w.Present.Credentials.Find(cmd.Credential); known && !is.Revoked.IsZero() {
		return nil, w.mustWork()
	}
	is, paper, err := w.judged(by, cmd.Credential)
	if err != nil {
		return nil, err
	}
	is.Revoked = by.At.UTC()
	return w.says(is, w.said(by, paper)), nil
}

// mayVouch refuses who speaks for themself (ErrOwnCredential), and to record with somebody who
// has left (ErrLeft).
func (w Worker) mayVouch(by fact.By) error {
	if by.Principal == w.Subject {
		return ErrOwnCredential
	}
	return w.mustWork()
}

// judged is a credential that can still change. Errors: ErrLeft, and those of present.
func (w Worker) judged(_ fact.By, id string) (staff.Credential, Paper, error) {
	if err := w.mustWork(); err != nil {
		return staff.Credential{}, Paper{}, err
	}
	is, err := w.present(id)
	return is, w.Papers[id], err
}

// present is a credential that nobody corrected and nobody revoked. Errors:
// ErrCredentialUnknown, ErrCredentialCorrected, ErrCredentialRevoked.
func (w Worker) present(id string) (staff.Credential, error) {
	is, known := w.Present.Credentials.Find(id)
	switch {
	case !known:
		return is, ErrCredentialUnknown.At("/credential", "exists")
	case w.Present.Credentials.Corrected(id):
		return is, ErrCredentialCorrected.At("/credential", "the entry that stands")
	case !is.Revoked.IsZero():
		return is, ErrCredentialRevoked.At("/credential", "not revoked")
	}
	return is, nil
}

// reads is what a new entry says. It counts for some time at least (ErrCredentialTime).
func (w Worker) reads(by fact.By, cmd RecordCredential) (staff.Credential, Paper, error) {
	if cmd.ValidFrom.IsZero() {
		return staff.Credential{}, Paper{}, ErrCredentialTime.At("/valid_from", "required")
	}
	if !cmd.ValidUntil.IsZero() && !cmd.ValidFrom.Before(cmd.ValidUntil) {
		return staff.Credential{}, Paper{}, ErrCredentialTime.At("/valid_until", "after the beginning")
	}
	is := staff.Credential{
		ID: by.ID("cred", 0), Course: cmd.Course, Scope: sorted(cmd.Scope), Content: sorted(cmd.Content),
		ValidFrom: cmd.ValidFrom.UTC(), ValidUntil: cmd.ValidUntil.UTC(),
	}
	return is, Paper{Issuer: cmd.Issuer, Name: cmd.Name, By: by.Principal}, nil
}

// known is the entry of the same paper, but one: of the same course, issuer, name and
// beginning. One that was corrected was never right.
func (w Worker) known(is staff.Credential, paper Paper, but string) (staff.Credential, bool) {
	held := w.Present.Credentials
	i := slices.IndexFunc(held, func(o staff.Credential) bool {
		p := w.Papers[o.ID]
		return o.ID != but && !held.Corrected(o.ID) && o.Course == is.Course && o.ValidFrom.Equal(is.ValidFrom) &&
			p.Issuer == paper.Issuer && p.Name == paper.Name
	})
	if i < 0 {
		return staff.Credential{}, false
	}
	return held[i], true
}

// said is a paper with who said something of it last.
func (w Worker) said(by fact.By, paper Paper) Paper {
	paper.By = by.Principal
	return paper
}

// says is the event that says what holds of a credential from now on.
func (w Worker) says(is staff.Credential, paper Paper) []fact.Event {
	is.Worker, is.Agency = w.ID, w.Agency
	is.Turn++
	return fact.With(referralv1.CredentialChanged{Credential: is}, paper)
}

func sorted[T ~string](codes []T) []T {
	all := slices.Sorted(slices.Values(codes))
	return slices.Compact(all)
}
