package application

import (
	"cmp"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/trustfundv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
)

// Quorum is how many trustees vote at least. It is our design: the fund has five trustees, and no
// source says how many of them decide.
const Quorum = 3

// Selection is the private half of ApplicationSelected: what the manager proposes to the trustees.
type Selection struct {
	By string `json:"by"`
	Select
}

// Select is the command that proposes an award.
type Select struct {
	AmountCents int64  `json:"amount_cents"`
	Reason      string `json:"reason"`
	// VoteBy is until when the trustees vote.
	VoteBy time.Time `json:"vote_by"`
}

// OnFund is what a selection knows of the fund: how many cents it can propose beside what is committed,
// and beside what other selections propose.
type OnFund struct {
	Room look.Fresh[int64]
	Err  error
}

// Board is who is a trustee when.
type Board struct{ Terms []Term }

// Term is from when until before when somebody is a trustee, by principal.
type Term struct {
	Trustee     string
	From, Until time.Time
}

// holds says whether somebody is a trustee at an instant.
func (b Board) holds(principal string, at time.Time) bool {
	return slices.ContainsFunc(b.Terms, func(t Term) bool { return t.Trustee == principal && t.in(at) })
}

func (t Term) in(at time.Time) bool { return !at.Before(t.From) && at.Before(t.Until) }

// OnBoard is what a vote and a decision know.
type OnBoard struct {
	Board look.Fresh[Board]
	// Committed says that the fund has committed money to the application.
	Committed look.Fresh[bool]
	Err       error
}

// Vote is the private half of TrusteeVoted.
type Vote struct {
	Trustee string `json:"trustee"`
	Cast
}

// Cast is the command of a trustee.
type Cast struct {
	Vote   code.TrusteeVote `json:"vote"`
	Reason string           `json:"reason"`
}

// Refused is the private half of ApplicationNotAwarded.
type Refused struct {
	By string `json:"by"`
	Refuse
}

// Refuse is the command that grants nothing.
type Refuse struct {
	Reason code.NotAwardedReason `json:"reason"`
	// Words are what the agency is told beside the code.
	Words string `json:"words"`
}

// Awarded is the private half of ApplicationAwarded.
type Awarded struct {
	AmountCents int64 `json:"amount_cents"`
}

// Decision is how it ended.
type Decision struct {
	Awarded     bool
	AmountCents int64
	Refused
	At time.Time
}

// Select proposes an award within the balance. The ranking is shown and binds nobody; the reason says
// why this one. Two selections at the same instant may both fit and not fit together: what binds is
// the fund's own record, which commits nothing beyond the balance. Errors: ErrStage, ErrAmount,
// ErrBalance, ErrReason, ErrDay, ErrPart.
func (a Application) Select(by fact.By, cmd Select, on OnFund) ([]fact.Event, error) {
	if err := cmp.Or(a.manages(by, code.ApplicationAssessed), on.Err); err != nil {
		return nil, err
	}
	switch {
	case cmd.AmountCents < a.terms().LeastCents || cmd.AmountCents > a.Submitted.RequestedCents:
		return nil, ErrAmount.At("/amount_cents", "from the least of the call to what was requested")
	case blank(cmd.Reason):
		return nil, ErrReason.At("/reason", "required")
	case !cmd.VoteBy.After(by.At):
		return nil, ErrDay.At("/vote_by", "in the future")
	case cmd.AmountCents > on.Room.Value():
		return nil, ErrBalance
	}
	return fact.With(trustfundv1.ApplicationSelected{OfApplication: a.of()}, Selection{By: by.Principal, Select: cmd}), nil
}

// Vote takes the vote of a trustee, with its reason. Who has a conflict of interest says so, and does
// not vote. Errors: ErrNotFound, ErrNotTrustee, ErrVoted, ErrPart, ErrStage, ErrReason.
func (a Application) Vote(by fact.By, cmd Cast, on OnBoard) ([]fact.Event, error) {
	if err := a.mayVote(by); err != nil {
		return nil, err
	}
	switch {
	case on.Err != nil:
		return nil, on.Err
	case !on.Board.Value().holds(by.Principal, by.At):
		return nil, ErrNotTrustee
	case blank(cmd.Reason):
		return nil, ErrReason.At("/reason", "required")
	}
	return fact.With(trustfundv1.TrusteeVoted{OfApplication: a.of()}, Vote{Trustee: by.Principal, Cast: cmd}), nil
}

// mayVote says whether a trustee can vote now, whoever is on the board.
func (a Application) mayVote(by fact.By) error {
	switch {
	case !a.Exists() || !a.over(by.At) || a.stoodAside(by.Principal):
		return ErrNotFound
	case by.Agency == a.Agency || a.assessor(by.Principal) != nil || a.managed(by.Principal):
		return ErrPart
	case a.voted(by.Principal):
		return ErrVoted
	case a.Status() != code.ApplicationSelected:
		return ErrStage
	}
	return nil
}

// Award gives the amount that can be committed now. The fund's record commits it; the application
// is awarded when it hears of that (Commit). Errors: ErrStage, ErrVotes, ErrAgainst, ErrPart.
func (a Application) Award(by fact.By, on OnBoard) (cents int64, err error) {
	if err := cmp.Or(a.mayManage(by), a.stands(code.ApplicationSelected), on.Err); err != nil {
		return 0, err
	}
	if !a.settled(by.At, on.Board.Value()) {
		return 0, ErrVotes
	}
	if !a.carried() {
		return 0, ErrAgainst
	}
	return a.Selection.AmountCents, nil
}

// Commit is the answer to the fact that the fund committed money to the application. That fact decides:
// who said at the same instant that nothing is granted came too late.
func (a Application) Commit(_ fact.By, cents int64) ([]fact.Event, error) {
	switch {
	case a.Submitted == nil:
		return nil, ErrNotFound
	case a.Decision != nil && a.Decision.Awarded:
		return nil, nil
	}
	return fact.With(trustfundv1.ApplicationAwarded{OfApplication: a.of()}, Awarded{AmountCents: cents}), nil
}

// Refuse grants nothing, for a reason that is true of the application. Errors: ErrStage, ErrNotSo,
// ErrReason, ErrCommitted, ErrPart.
func (a Application) Refuse(by fact.By, cmd Refuse, on OnBoard) ([]fact.Event, error) {
	if err := a.mayRefuse(by); err != nil {
		return nil, err
	}
	switch {
	case on.Err != nil:
		return nil, on.Err
	case on.Committed.Value():
		return nil, ErrCommitted
	case blank(cmd.Words):
		return nil, ErrReason.At("/words", "required")
	case !a.so(cmd.Reason, by.At, on.Board.Value()):
		return nil, ErrNotSo.At("/reason", "one that is true of the application")
	}
	return fact.With(trustfundv1.ApplicationNotAwarded{OfApplication: a.of()}, Refused{By: by.Principal, Refuse: cmd}), nil
}

// mayRefuse is for managers, of what is assessed or selected.
func (a Application) mayRefuse(by fact.By) error {
	return cmp.Or(a.mayManage(by), a.stands(code.ApplicationAssessed, code.ApplicationSelected))
}

// so says whether a reason is true of the application.
func (a Application) so(r code.NotAwardedReason, at time.Time, b Board) bool {
	switch r {
	case code.RankedBelow:
		return a.Selection == nil
	case code.FundsTooLow:
		return true
	case code.TrusteesAgainst:
		return a.Selection != nil && a.settled(at, b) && !a.carried()
	case code.NoQuorum:
		return a.Selection != nil && a.cast() < Quorum && (at.After(a.Selection.VoteBy) || a.all(at, b))
	default:
		return false
	}
}

// settled says whether the trustees have decided: a quorum voted, and either nobody else can or the day
// that was set has passed. So no manager decides at the moment that suits one side.
func (a Application) settled(at time.Time, b Board) bool {
	return a.cast() >= Quorum && (a.all(at, b) || at.After(a.Selection.VoteBy))
}

// all says that each trustee in office voted, or stands aside.
func (a Application) all(at time.Time, b Board) bool {
	return !slices.ContainsFunc(b.Terms, func(t Term) bool { return t.in(at) && !a.voted(t.Trustee) })
}

// cast is how many voted. An abstention is a vote.
func (a Application) cast() int {
	return a.count(code.VoteFor) + a.count(code.VoteAgainst) + a.count(code.VoteAbstain)
}

// carried says that more are for it than against it.
func (a Application) carried() bool { return a.count(code.VoteFor) > a.count(code.VoteAgainst) }

func (a Application) count(is code.TrusteeVote) (n int) {
	for _, v := range a.Votes {
		if v.Cast.Vote == is {
			n++
		}
	}
	return n
}

// voted says that somebody voted or stands aside.
func (a Application) voted(principal string) bool {
	return slices.ContainsFunc(a.Votes, func(v Vote) bool { return v.Trustee == principal })
}

// stoodAside says that somebody declared a conflict of interest instead of a vote.
func (a Application) stoodAside(principal string) bool {
	return slices.ContainsFunc(a.Votes, func(v Vote) bool { return v.Trustee == principal && v.Cast.Vote == code.VoteAside })
}
