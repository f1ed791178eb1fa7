package seen

import (
	"context"
	"net/url"
	"slices"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/record"
	"github.com/sanad-network/sanad/services/internal/circle"
	"github.com/sanad-network/sanad/services/internal/work"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Work is what is read: it knows who has it, and what is in it.
type Work[S any] interface {
	record.State[S]
	Has() string
	Handled(work.Hands) error
	Content(fact.By) any
	Commands() command.Table[S]
}

// Desk is where a room reads its work. It joins the work, the copy of the register of
// workers, and what was seen.
type Desk[S Work[S]] struct {
	Works   *record.Records[S]
	Workers *record.Records[worker.Copy]
	Seen    *record.Records[Seen]
	// Circles are who may work on a referral, where not everybody may; nil where the work
	// itself knows that.
	Circles *record.Records[circle.Circle]
	// ByAgency and ByWorker are the lists of the work (work.Standing, Keys and KeysOf).
	ByAgency, ByWorker *image.List[S]
	// Note makes the room's own event of a look (Noted).
	Note func(S, Glance) []fact.Event
	// Acts says whether a caller acts for who has the work, where more decides that than
	// the register of workers; nil for the register alone. The caller, and who has the
	// work, are as the register knows them.
	Acts func(s S, by fact.By, me, them worker.Present) bool
	// Changes says whether a caller who is shown the work may change it as well; nil where
	// all of them may.
	Changes func(ctx context.Context, id string, by fact.By) work.Hands
	// Content gives what is in a piece of work, where other work belongs to it; nil for what
	// it holds itself.
	Content func(ctx context.Context, s S, by fact.By) (any, error)
}

// Open adds the records to a book, the work under a prefix and with lists beside those
// of the desk.
func (d Desk[S]) Open(b *record.Book, prefix string, more ...*image.List[S]) Desk[S] {
	d.Works = record.New(b, prefix, append([]*image.List[S]{d.ByAgency, d.ByWorker}, more...)...)
	d.Workers = record.New(b, worker.Prefix, &worker.ByAgency)
	d.Seen = record.New[Seen](b, Prefix)
	d.Circles = circle.Records(b)
	return d
}

// Hands looks up, for a decision, whether a caller acts for the worker who has a piece
// of work.
func (d Desk[S]) Hands(ctx context.Context, id string, by fact.By) work.Hands {
	res, err := d.Works.See(ctx, id, by)
	if err != nil {
		return work.Hands{Err: err}
	}
	return d.hands(ctx, res, by)
}

// hands are nobody's for a person outside the circle of the referral: they are answered as a
// colleague who has nothing to do with the work.
func (d Desk[S]) hands(ctx context.Context, res record.Result[S], by fact.By) work.Hands {
	s := res.State
	has := s.Has()
	me, err := d.Workers.Fresh(ctx, worker.ID(by.Agency, by.Principal))
	if err != nil {
		return work.Hands{Worker: has, Err: err}
	}
	if d.Circles != nil {
		in, err := d.Circles.Fresh(ctx, circle.ID(res.ID))
		if err != nil || !in.Value().Has(worker.ID(by.Agency, by.Principal)) {
			return work.Hands{Worker: has, Err: err, Act: look.As(in, func(circle.Circle) bool { return false })}
		}
	}
	var them look.Fresh[worker.Copy]
	if has != "" {
		them, err = d.Workers.Fresh(ctx, has)
	}
	return work.Hands{Worker: has, Err: err, Act: look.As(me, func(c worker.Copy) bool {
		if d.Acts != nil {
			return d.Acts(s, by, c.Present, them.Value().Present)
		}
		return has != "" && c.ActsFor(them.Value().Present, by.At)
	})}
}

// acts says whether a caller may be shown more than the frame. In doubt they may not.
func (d Desk[S]) acts(ctx context.Context, res record.Result[S], by fact.By) bool {
	return res.State.Handled(d.hands(ctx, res, by)) == nil
}

// Read gives a piece of work to whom asks for it: its frame to
// everybody of its agency, and what is in it to who has it or covers. That they looked
// is recorded first; where it cannot be, nothing is shown.
func (d Desk[S]) Read(ctx context.Context, id string, by fact.By) (command.Sight, error) {
	res, err := d.Works.See(ctx, id, by)
	if err != nil {
		return command.Sight{}, err
	}
	if !d.acts(ctx, res, by) {
		return sight(res, res.State.View(by), by, command.Anybody), nil
	}
	if res, err = d.look(ctx, res, by, Glance{Part: Content}); err != nil {
		return command.Sight{}, err
	}
	as := command.Hands
	if d.Changes != nil {
		as = max(command.Reader, d.Changes(ctx, id, by).Actor())
	}
	content, err := res.State.Content(by), error(nil)
	if d.Content != nil {
		content, err = d.Content(ctx, res.State, by)
	}
	return sight(res, content, by, as), err
}

func sight[S Work[S]](res record.Result[S], view any, by fact.By, as command.Actor) command.Sight {
	return command.Sight{View: view, Version: res.Version, Now: res.State.Commands().Now(res.State, by, as)}
}

// Past lets a caller read the history of a piece of work who has it or covers, and
// records that they looked. Errors: that of Handled.
func (d Desk[S]) Past(ctx context.Context, id string, by fact.By) error {
	_, err := d.Look(ctx, id, by, History)
	return err
}

// Look gives a piece of work to a caller who has it or covers, and records first at which
// part they look. Errors: that of Handled.
func (d Desk[S]) Look(ctx context.Context, id string, by fact.By, part Part) (record.Result[S], error) {
	return d.LookFor(ctx, id, by, part, "")
}

// LookFor is Look with a reason, which stands beside the look.
func (d Desk[S]) LookFor(ctx context.Context, id string, by fact.By, part Part, reason code.ExportReason) (record.Result[S], error) {
	res, err := d.Works.See(ctx, id, by)
	if err != nil {
		return res, err
	}
	if err := res.State.Handled(d.hands(ctx, res, by)); err != nil {
		return res, err
	}
	return d.look(ctx, res, by, Glance{Part: part, Reason: reason})
}

// look records a look, and then reads the work once more: what was taken from the
// reader meanwhile is not shown.
func (d Desk[S]) look(ctx context.Context, res record.Result[S], by fact.By, at Glance) (record.Result[S], error) {
	at.By = by.Principal
	noted := d.Note(res.State, at)
	if _, err := d.Seen.Execute(ctx, ID(res.ID), func(Seen, fact.By) ([]fact.Event, error) { return noted, nil }); err != nil {
		return res, err
	}
	res, err := d.Works.See(ctx, res.ID, by)
	if err != nil {
		return res, err
	}
	return res, res.State.Handled(d.hands(ctx, res, by))
}

// Looks is who looked at a piece of work, the earliest first.
type Looks struct {
	Items []Look `json:"items"`
}

// Looked tells a supervisor of the agency, and who has the work or covers, who looked at
// it. Errors: that of Handled.
func (d Desk[S]) Looked(ctx context.Context, by fact.By, id string, _ url.Values) (Looks, error) {
	res, err := d.Works.See(ctx, id, by)
	if err != nil {
		return Looks{}, err
	}
	if !slices.Contains(by.Roles, "supervisor") {
		if err := res.State.Handled(d.hands(ctx, res, by)); err != nil {
			return Looks{}, err
		}
	}
	seen, err := d.Seen.Get(ctx, ID(res.ID))
	return Looks{Items: append([]Look{}, seen.State.Looks...)}, err
}

// Worklist chooses the part of the lists that a query asks for. Those who lead an
// agency list all of its work; everybody else what they have, or what a worker has for
// whom they act. Errors: work.ErrNotTheWorker.
func (d Desk[S]) Worklist(by fact.By, query url.Values) (image.Part[S], error) {
	of, leads := query.Get("worker"), leads(by)
	if of == "" && (query.Get("mine") == "true" || !leads) {
		of = worker.ID(by.Agency, by.Principal)
	}
	list, part := d.ByAgency, []string{by.Agency}
	if of != "" {
		if !leads && !d.actsFor(by, of) {
			return image.Part[S]{}, work.ErrNotTheWorker.At("/worker", "oneself, or whom one covers for")
		}
		list, part = d.ByWorker, append(part, of)
	}
	if status := query.Get("status"); status != "" {
		part = append(part, status)
	}
	return list.Of(part...), nil
}

// leads says whether somebody sees that there is work which others have.
func leads(by fact.By) bool {
	return slices.ContainsFunc(by.Roles, func(r string) bool { return r == "supervisor" || r == "focal_point" })
}

// actsFor is for answers: a list shows frames only.
func (d Desk[S]) actsFor(by fact.By, of string) bool {
	id := worker.ID(by.Agency, by.Principal)
	if id == of {
		return true
	}
	me, _ := d.Workers.Held(id)
	them, _ := d.Workers.Held(of)
	return me.State.ActsFor(them.State.Present, by.At)
}
