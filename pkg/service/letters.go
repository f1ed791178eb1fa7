package service

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/sanad-network/sanad/api/event/keep"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/journal"
)

// What the admin address refuses.
var (
	errNoLetter    = fault.New(fault.NotFound, "deadletter_not_found", "There is no such dead letter here.")
	errBusAway     = fault.New(fault.Unavailable, "bus_unavailable", "The bus is away, and dead letters are there.")
	errSettled     = fault.New(fault.Conflict, "deadletter_decided", "The dead letter was dropped, or replayed to an end.")
	errKept        = fault.New(fault.Conflict, "deadletter_kept", "Nobody may drop this dead letter: it may carry her no, close the contact to her or end what is shown of her. Have it judged again.")
	errNotAside    = fault.New(fault.NotFound, "quarantine_not_found", "There is no such record in quarantine here.")
	errReleased    = fault.New(fault.Conflict, "quarantine_decided", "The record was released. It opens with the next start of its service.")
	errNewerOpens  = fault.New(fault.Conflict, "quarantine_newer", "A newer release wrote the record. It opens with that release, and needs no decision.")
	errNeedsTool   = fault.New(fault.Conflict, "quarantine_needs_tool", "What the bus holds of the record is put back while the service stands still: standalone quarantine.")
	errReferral    = fault.New(fault.Invalid, "referral_unfit", "This is not the name of a referral.")
	errReasonUnfit = fault.New(fault.Invalid, "reason_unfit", "The reason is signed and never deleted. It holds no telephone number, no e-mail and nobody's name.")
	errUnreadable  = fault.New(fault.Malformed, "malformed", "The request cannot be read.")
	errStartingYet = fault.New(fault.Unavailable, "not_ready", "The service is starting. Send the request again later.")
)

const (
	// lettersAtOnce bounds a list, of each service.
	lettersAtOnce = 200
	// answerWithin bounds a question at the admin address: a list reads the stream.
	answerWithin = 30 * time.Second
	// mostBody bounds the body of one: a sentence.
	mostBody = 4 << 10
)

// LetterPage are the dead letters that nobody has decided about.
type LetterPage struct {
	Items []bus.Letter `json:"items"`
	// More says that a service has more of them than were listed.
	More bool `json:"more"`
}

// LetterFile is a dead letter with what was decided about it.
type LetterFile struct {
	bus.Letter
	Decisions []LetterDecision `json:"decisions"`
}

// LetterDecision is what a person decided about a dead letter, as the journal has it.
type LetterDecision struct {
	At      time.Time `json:"at"`
	Action  string    `json:"action"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
	Agency  string    `json:"agency"`
	Outcome string    `json:"outcome,omitempty"`
}

// LetterOutcome is what came of a decision: "taken", "dropped", or "refused" with
// the code of the fault. What was refused is a new dead letter.
type LetterOutcome struct {
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
	Code    string `json:"code,omitempty"`
}

func (h *Host) listLetters(ctx context.Context, _ *http.Request) (any, error) {
	page := LetterPage{Items: []bus.Letter{}}
	for _, u := range h.units {
		list, more, err := u.bus.Letters(ctx, lettersAtOnce, u.journal.LetterSettled)
		if err != nil {
			return nil, errBusAway.Because(err)
		}
		page.Items, page.More = append(page.Items, list...), page.More || more
	}
	return page, nil
}

func (h *Host) showLetter(ctx context.Context, r *http.Request, _ identity.Principal, u *Unit) (any, error) {
	l, err := u.find(ctx, r)
	if err != nil {
		return nil, err
	}
	file := LetterFile{Letter: l, Decisions: []LetterDecision{}}
	for _, d := range u.journal.LetterDecisions(l.ID) {
		file.Decisions = append(file.Decisions, LetterDecision{At: d.At, Action: d.Action, Reason: d.Reason, By: d.By, Agency: d.Agency, Outcome: d.Outcome})
	}
	return file, nil
}

func (h *Host) dropLetter(ctx context.Context, r *http.Request, p identity.Principal, u *Unit) (any, error) {
	return u.decide(ctx, r, p, journal.LetterDrop, func(journal.LetterDecision) (LetterOutcome, error) {
		return LetterOutcome{Outcome: "dropped"}, nil
	})
}

func (h *Host) replayLetter(ctx context.Context, r *http.Request, p identity.Principal, u *Unit) (any, error) {
	return u.decide(ctx, r, p, journal.LetterReplay, func(d journal.LetterDecision) (LetterOutcome, error) {
		code, err := u.bus.Replay(ctx, d.ID)
		if err != nil {
			return LetterOutcome{}, errBusAway.Because(err)
		}
		out := LetterOutcome{Outcome: "refused", Code: code}
		d.Outcome = code
		if code == "" {
			out.Outcome, d.Outcome = "taken", "taken"
		}
		// What happened stays on record also when who asked has gone.
		return out, u.journal.DecideLetter(context.WithoutCancel(ctx), d)
	})
}

// decide records a decision with reason and person, and then carries it out.
func (u *Unit) decide(ctx context.Context, r *http.Request, p identity.Principal, action string, do func(journal.LetterDecision) (LetterOutcome, error)) (LetterOutcome, error) {
	reason, err := readReason(r)
	if err != nil {
		return LetterOutcome{}, err
	}
	u.deciding.Lock() // of two who decide at once the second is told of the first
	defer u.deciding.Unlock()
	l, err := u.find(ctx, r)
	if err != nil {
		return LetterOutcome{}, err
	}
	if u.journal.LetterSettled(l.ID) {
		return LetterOutcome{}, errSettled
	}
	if action == journal.LetterDrop && l.Keep != keep.Free {
		return LetterOutcome{}, errKept
	}
	d := journal.LetterDecision{ID: l.ID, Action: action, Code: l.Code, Reason: reason, By: p.Subject, Agency: p.Agency}
	if err := u.journal.DecideLetter(ctx, d); err != nil {
		return LetterOutcome{}, err
	}
	out, err := do(d)
	out.ID = l.ID
	return out, err
}

// find finds the letter that a request names.
func (u *Unit) find(ctx context.Context, r *http.Request) (bus.Letter, error) {
	l, err := u.bus.Letter(ctx, r.PathValue("id"))
	switch {
	case errors.Is(err, bus.ErrNoLetter):
		return l, errNoLetter
	case err != nil:
		return l, errBusAway.Because(err)
	}
	return l, nil
}
