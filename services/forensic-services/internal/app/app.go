// Package app holds the records of the forensic room, and what needs more than one of them: an exhibit,
// its chain of custody and the keys that sign it; a kit and the examination that it becomes part of. It
// decides nothing itself.
package app

import (
	"context"
	"net/url"
	"time"

	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/forensic-services/internal/bodymap"
	"github.com/sanad-network/sanad/services/forensic-services/internal/custody"
	"github.com/sanad-network/sanad/services/forensic-services/internal/domain"
	"github.com/sanad-network/sanad/services/forensic-services/internal/kit"
	"github.com/sanad-network/sanad/services/internal/credential"
	"github.com/sanad-network/sanad/services/internal/seen"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// App is the records of the service.
type App struct {
	// Desk is the examinations, and who may read them.
	seen.Desk[domain.Examination]
	Chains *record.Records[custody.Custody]
	Keys   *record.Records[custody.Key]
	Kits   *record.Records[kit.Kit]

	programmes programme.Set
	requires   credential.Requires
	clock      func() time.Time
}

// New adds the records to a book.
func New(b *record.Book, programmes programme.Set, clock func() time.Time) App {
	desk := seen.Desk[domain.Examination]{
		ByAgency: &domain.ByAgency, ByWorker: &domain.ByWorker,
		Note: func(x domain.Examination, g seen.Glance) []fact.Event {
			return fact.With(forensicv1.ExaminationSeen{Work: x.Work}, g)
		},
		// The supervisor whom an examiner in training names sees what they are to answer for.
		Acts: func(x domain.Examination, by fact.By, me, them worker.Present) bool {
			return x.Has() != "" && (me.ActsFor(them, by.At) || me.Works(by.At) && x.Supervises(me.ID))
		},
	}
	a := App{
		Desk:   desk.Open(b, domain.Prefix, &domain.Waiting, &domain.Lacking, &domain.ByExhibit, &domain.ByHold),
		Chains: record.New(b, custody.Prefix, &custody.ByAgency, &custody.Broken, &custody.ByHold),
		Keys:   record.New(b, custody.KeyPrefix, &custody.KeysByAgency),
		Kits:   record.New(b, kit.Prefix, &kit.ByAgency, &kit.ByNumber),

		programmes: programmes, requires: credential.Under(programmes), clock: clock,
	}
	chains := a.Chains
	a.Desk.Content = func(_ context.Context, x domain.Examination, by fact.By) (any, error) {
		v := x.Content(by).(domain.View)
		v.Duties = x.Duties(chained(chains))
		return v, nil
	}
	return a
}

// Examiner looks up, for a decision, who examines or certifies, and what they learned and may do.
func (a App) Examiner(ctx context.Context, id string, by fact.By) domain.Examiner {
	e := domain.Examiner{Hands: a.Hands(ctx, id, by), Requires: a.requires}
	if e.Hands.Err == nil {
		e.Is, e.Hands.Err = a.Workers.Fresh(ctx, worker.ID(by.Agency, by.Principal))
	}
	return e
}

// Worklist is that of the desk, or what of it waits for an answer of its worker. It says not
// what is asked, because a list is for more people than the content is.
func (a App) Worklist(by fact.By, query url.Values) (image.Part[domain.Examination], error) {
	part, err := a.Desk.Worklist(by, query)
	if err == nil && query.Get("attention") == "true" {
		part = part.And(domain.Waiting.Of(by.Agency))
	}
	if err == nil && query.Get("lacking") == "true" {
		part = part.And(domain.Lacking.Of(by.Agency))
	}
	return part, err
}

// Drawing is an image.
type Drawing struct {
	// SVG is the drawing. It holds codes and sizes, and nothing that a person wrote.
	SVG string `json:"svg"`
	// Injuries is how many there are. None says that none was recorded, and nothing of what happened.
	Injuries int `json:"injuries"`
}

// BodyMap draws the injuries that stand.
func (a App) BodyMap(ctx context.Context, by fact.By, id string, _ url.Values) (Drawing, error) {
	res, err := a.Look(ctx, id, by, seen.Content)
	if err != nil {
		return Drawing{}, err
	}
	if err := res.State.Legible(by.At); err != nil {
		return Drawing{}, err
	}
	var marks []bodymap.Mark
	for _, i := range res.State.Shown(by.At) {
		marks = append(marks, bodymap.Mark{Type: i.Type, Region: i.Region, Side: i.Side, Aspect: i.Aspect, Length: i.Length})
	}
	return Drawing{SVG: bodymap.Draw(marks), Injuries: len(marks)}, nil
}
