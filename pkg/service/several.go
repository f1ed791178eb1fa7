package service

import (
	"context"
	"net/url"
	"reflect"
	"slices"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/command"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/record"
)

// Answer is a use case that reads more than one record: for whom, of what
// ("id" in the path, empty for none), and how (the query).
type Answer[A any] func(ctx context.Context, by fact.By, id string, q url.Values) (A, error)

// Query serves what is read from more than one record. The use case must check what
// the caller may see of them.
func Query[A any](u *Unit, route, id string, p access.Permission, answer Answer[A]) {
	handle(u, route, id, p, reflect.TypeFor[A](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		body, err := answer(ctx, by, req.ID, req.Query)
		return edge.Response{Body: body}, err
	})
}

// Do serves a command on more than one record. The request's key counts for
// each of them, so that the same request takes effect once on each. It also
// serves a question that is too private for a URL: it comes as a command does,
// and nothing is kept of it.
func Do[C, A any](u *Unit, route, id string, p access.Permission, do func(context.Context, fact.By, C) (A, error)) {
	handle(u, route, id, p, reflect.TypeFor[A](), func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		body, err := do(ctx, by, req.Body)
		return edge.Response{Body: body}, err
	})
}

// DoOn is Do for a command that names the first of the records in its path.
func DoOn[C, A any](u *Unit, route, id string, p access.Permission, do func(ctx context.Context, by fact.By, id string, cmd C) (A, error)) {
	handle(u, route, id, p, reflect.TypeFor[A](), func(ctx context.Context, by fact.By, req edge.Request[C]) (edge.Response, error) {
		body, err := do(ctx, by, req.ID, req.Body)
		return edge.Response{Body: body}, err
	})
}

// Past is what happened to a record, in the order in which it happened.
type Past struct {
	Items []record.Entry `json:"items"`
}

// GetBy is Get for a record in which not everybody who may know of it sees the same:
// read looks up what decides that, appends what has to be recorded, and only then gives
// the answer with its version.
func GetBy[S record.State[S]](
	u *Unit, route, id string, p access.Permission, _ *record.Records[S],
	read func(ctx context.Context, id string, by fact.By) (command.Sight, error),
) {
	handle(u, route, id, p, viewed[S](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		sight, err := read(ctx, req.ID, by)
		return edge.Response{Body: sight.View, Version: sight.Version, Commands: u.permitted(by, sight.Now)}, err
	})
	offering[S](u, id)
}

// HistoryBy is History for whom a use case lets read it, which appends first what has to
// be recorded.
func HistoryBy[S record.State[S]](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S], may func(ctx context.Context, id string, by fact.By) error,
) {
	handle(u, route, id, p, reflect.TypeFor[Past](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		if err := may(ctx, req.ID, by); err != nil {
			return edge.Response{}, err
		}
		res, err := rs.See(ctx, req.ID, by)
		if err != nil {
			return edge.Response{}, err
		}
		entries, err := u.Book.History(ctx, rs.Name(req.ID))
		return edge.Response{Body: Past{Items: entries}, Version: res.Version}, err
	})
}

// Line is one thing that happened to a record, in words. Person is who did it, where that
// is a colleague of the reader.
type Line struct {
	At     time.Time `json:"at"`
	Event  string    `json:"event"`
	Agency string    `json:"agency,omitempty"`
	Person string    `json:"person,omitempty"`
	Words
}

// Words say what happened: in a sentence, about which referral and which other agency.
type Words struct {
	Text     string `json:"words"`
	Referral string `json:"referral,omitempty"`
	About    string `json:"about,omitempty"`
}

// Story is what happened to a record, in the order in which it happened.
type Story struct {
	Items []Line `json:"items"`
}

// Timeline serves what happened to a record in the words of its domain, to whom a use case
// lets read it, which appends first what has to be recorded. What the domain has no words
// for is not for the reader.
func Timeline[S record.State[S]](
	u *Unit, route, id string, p access.Permission, rs *record.Records[S],
	may func(ctx context.Context, id string, by fact.By) error, tell func(fact.Data) Words,
) {
	handle(u, route, id, p, reflect.TypeFor[Story](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		if err := may(ctx, req.ID, by); err != nil {
			return edge.Response{}, err
		}
		res, err := rs.See(ctx, req.ID, by)
		if err != nil {
			return edge.Response{}, err
		}
		entries, err := u.Book.History(ctx, rs.Name(req.ID))
		story := Story{Items: make([]Line, 0, len(entries))}
		for _, e := range entries {
			line := Line{At: e.At, Event: e.Event, Agency: e.Agency, Words: tell(e.Data)}
			if e.Agency == by.Agency {
				line.Person = e.Principal
			}
			if line.Text != "" {
				story.Items = append(story.Items, line)
			}
		}
		return edge.Response{Body: story, Version: res.Version}, err
	})
}

// Told is History for a record of which not everybody may know who else was
// there: tells says whether an actor may see what an agency did.
func Told[S record.State[S]](u *Unit, route, id string, p access.Permission, rs *record.Records[S], tells func(s S, by fact.By, agency, event string) bool) {
	handle(u, route, id, p, reflect.TypeFor[Past](), func(ctx context.Context, by fact.By, req edge.Request[nothing]) (edge.Response, error) {
		res, err := rs.See(ctx, req.ID, by)
		if err != nil {
			return edge.Response{}, err
		}
		entries, err := u.Book.History(ctx, rs.Name(req.ID))
		entries = slices.DeleteFunc(entries, func(e record.Entry) bool { return !tells(res.State, by, e.Agency, e.Event) })
		return edge.Response{Body: Past{Items: entries}, Version: res.Version}, err
	})
}
