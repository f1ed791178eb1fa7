// Package app holds the use cases of intake that find their case by something
// other than its identifier, or answer with something other than the case. It
// decides nothing itself, and refuses to hold a rule.
package app

import (
	"context"
	"math"
	"net/url"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/intake/internal/agencies"
	"github.com/sanad-network/sanad/services/intake/internal/centre"
	"github.com/sanad-network/sanad/services/intake/internal/domain"
	"github.com/sanad-network/sanad/services/intake/internal/grants"
	"github.com/sanad-network/sanad/services/intake/internal/period"
	"github.com/sanad-network/sanad/services/intake/internal/teams"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// App is the records of intake, and the windows in which help is possible.
type App struct {
	Cases *record.Records[domain.Case]
	Rules domain.Rules
	// Training says that nothing is real.
	Training bool
	// Workers are copies of the register of workers.
	Workers *record.Records[worker.Copy]
	// Seen is who looked at what is in a case.
	Seen *record.Records[seen.Seen]
	// Searches is who searched for a case, and why.
	Searches *record.Records[domain.Searches]
	// Agencies are copies of the directory, which are listed under agencies.All.
	Agencies *record.Records[agencies.Agency]
	// Circles are who may work on a referral, where not everybody may.
	Circles *record.Records[circle.Circle]
	// Teams are copies of the response teams.
	Teams *record.Records[teams.Team]
	// Cards are those with codes that a desk made, and Enquiries what it was told while there
	// is no case.
	Cards     *record.Records[domain.Cards]
	Enquiries *record.Records[domain.Enquiry]
	// Centres are the one-stop centres of which a desk is the reception.
	Centres *record.Records[centre.Centre]
	// Periods are those of figures that were closed, and Grants copies of those of the trust fund.
	Periods *record.Records[period.Period]
	Grants  *record.Records[grants.Grant]
	// Clock gives the instant at which a code is tried.
	Clock func() time.Time
	// Requires is what a role requires of who is given a case.
	Requires credential.Requires
}

// New adds the records to a book.
func New(b *record.Book, rules domain.Rules) App {
	return App{
		Cases: record.New(b, "case", &domain.ByAgency, &domain.ByName, &domain.ByOwners, &domain.ByLeading, &domain.ByAttention, &domain.ByReference, &domain.ByReferral, &domain.ByAlert, &domain.ByShare, &domain.ByTransfer, &domain.ByTransferID, &domain.ByCircle, &domain.ByHouse, &domain.ByVisit, &domain.Contributions, &domain.ByHelper),
		Rules: rules, Workers: record.New(b, worker.Prefix, &domain.WorkersByAgency), Seen: record.New[seen.Seen](b, seen.Prefix),
		Searches: record.New(b, domain.SearchesPrefix, &domain.SearchesByAgency),
		Teams:    record.New(b, teams.Prefix, &teams.ByCountry),
		Agencies: record.New(b, agencies.Prefix, &agencies.All), Requires: credential.Under(rules.Programmes),
		Circles:   circle.Records(b),
		Periods:   record.New(b, period.Prefix, &period.ByProgramme),
		Grants:    record.New(b, grants.Prefix, &grants.ByAgency),
		Centres:   record.New(b, "centre", &centre.ByAgency),
		Cards:     record.New(b, "cards", &domain.CardsByAgency, &domain.CardsByHandle),
		Enquiries: record.New(b, domain.EnquiryPrefix, &domain.EnquiriesByAgency, &domain.EnquiriesByCard, &domain.EnquiriesByAlert),
	}
}

// Sequence answers with the services of a case together, to who has it.
func (a App) Sequence(ctx context.Context, by fact.By, id string, _ url.Values) (domain.Sequence, error) {
	res, err := a.reading().Look(ctx, id, by, seen.Sequence)
	if err != nil {
		return domain.Sequence{}, err
	}
	return res.State.Sequence(by, a.Rules)
}

// find names the case of a referral; empty when there is none. A case in quarantine
// may be the one.
func (a App) find(ctx context.Context, referral string) (string, error) {
	ids, err := a.Cases.FreshIn(ctx, domain.ByReferral.Of(referral))
	switch {
	case err != nil:
		return "", err
	case len(ids.Value()) > 0:
		return ids.Value()[0], nil
	case !a.Cases.Complete():
		return "", record.ErrQuarantined
	}
	return "", nil
}

// Disclose shows an agency what the stage of its referral allows. The disclosure is
// in the journal before the answer is made, and only a commit on the latest version
// succeeds. So an old consent never counts, not by a late image and not by a
// withdrawal at the same instant. A repeated request appends nothing, so the case
// is read fresh first. The answer is what this agency was shown last, as far as the
// consent still covers it.
func (a App) Disclose(ctx context.Context, by fact.By, cmd domain.Disclose) (domain.Shown, error) {
	id, hands, err := a.knows(ctx, by, cmd.Referral)
	if err != nil {
		return domain.Shown{}, err
	}
	done, err := a.Cases.Execute(ctx, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		if !c.Knows(by, cmd.Referral) {
			return nil, record.ErrNotFound
		}
		return c.Disclose(by, cmd, hands, a.Rules)
	})
	if err != nil {
		return domain.Shown{}, err
	}
	// A repeated request was decided when it came first. The referral may be somebody
	// else's since.
	if err := done.State.HandedTo(by, cmd.Referral, hands); err != nil {
		return domain.Shown{}, err
	}
	// By the clock of the answer: a repeated request is answered by what the
	// consent allows now, and the commit may be later than the request.
	if done.At.After(by.At) {
		by.At = done.At
	}
	shown, ok := done.State.Shown(by, cmd.Referral, a.Rules)
	if !ok {
		return domain.Shown{}, hidden(done.State.Withheld(by, cmd.Referral, a.Rules))
	}
	return shown, nil
}

// knows names the case of a referral of which the caller's agency may know, and looks up
// whether the caller acts for the worker who has it. Errors: record.ErrNotFound.
func (a App) knows(ctx context.Context, by fact.By, referral string) (string, work.Hands, error) {
	id, err := a.find(ctx, referral)
	if err != nil || id == "" {
		return "", work.Hands{}, hidden(err)
	}
	// An agency that is not asked causes no read of the journal, and learns nothing
	// from its time.
	if known, err := a.Cases.Get(ctx, id); err != nil || !known.State.Asks(by, referral) {
		return "", work.Hands{}, hidden(err)
	}
	fresh, err := a.Cases.Fresh(ctx, id)
	if err != nil || !fresh.Value().Knows(by, referral) {
		return "", work.Hands{}, hidden(err)
	}
	return id, a.keeps(ctx, by, fresh.Value().HandOf(by, referral)), nil
}

// keeps looks up whether a caller acts for the worker who has a referral.
func (a App) keeps(ctx context.Context, by fact.By, has string) work.Hands {
	if has == "" {
		return work.Hands{}
	}
	me, err := a.Workers.Fresh(ctx, worker.ID(by.Agency, by.Principal))
	if err != nil {
		return work.Hands{Worker: has, Err: err}
	}
	them, err := a.Workers.Fresh(ctx, has)
	return work.Hands{Worker: has, Err: err, Act: look.As(me, func(c worker.Copy) bool {
		return domain.Keeps(has, by, c.Present, them.Value().Present)
	})}
}

// hidden is the reason to show nothing, when nothing failed.
func hidden(err error) error {
	if err != nil {
		return err
	}
	return record.ErrNotFound
}

// Ledger is a page of who saw what of a case.
type Ledger struct {
	Items []domain.Disclosure `json:"items"`
}

var errCursor = fault.New(fault.Invalid, "cursor_invalid", "The cursor does not belong to this list. Start from the first page.")

// Disclosures shows who has the case the disclosures, the latest first.
func (a App) Disclosures(ctx context.Context, by fact.By, id, cursor string, limit int) (page Ledger, next string, err error) {
	first, err := firstOf(cursor)
	if err != nil {
		return page, "", err
	}
	res, err := a.reading().Look(ctx, id, by, seen.Disclosures)
	if err != nil {
		return page, "", err
	}
	shown, before := res.State.Ledger(first, limit)
	if before > 0 {
		next = strconv.Itoa(before)
	}
	return Ledger{Items: shown}, next, nil
}

// firstOf is how many items of a list come before a cursor; without one, all of them.
func firstOf(cursor string) (int, error) {
	if cursor == "" {
		return math.MaxInt, nil
	}
	first, err := strconv.Atoi(cursor)
	if err != nil || first < 1 {
		return 0, errCursor.At("cursor", "must be a cursor of this list")
	}
	return first, nil
}

// OnReleased follows a candidate that was released. The fact does not name the
// case, which candidates must not know. Intake asks for every referral, so a fact
// about an unknown one is refused.
func (a App) OnReleased(ctx context.Context, e referralv1.Released) error {
	id, err := a.find(ctx, e.Referral)
	if err != nil {
		return err
	}
	if err := agree.That("/referral", id != ""); err != nil {
		return err
	}
	_, err = a.Cases.Execute(ctx, id, func(c domain.Case, by fact.By) ([]fact.Event, error) {
		return c.OnReleased(by, e)
	})
	if err != nil {
		return err
	}
	return a.Draw(ctx, id)
}
