package service

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/sanad-network/sanad/pkg/chain"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/record"
)

// How often operators may look at the way of a referral, all together: thirty times in a
// minute, ten at once. Who looks at many looks for a person.
const (
	looksPerSecond rate.Limit = 0.5
	looksAtOnce    int        = 10
)

// wayTo finds the records of one kind that a referral has to do with.
type wayTo struct {
	find func(referral string) []string
	// whole says that all that happens to such a record is about that referral. Of others
	// only the events count that name it.
	whole bool
	// complete says whether no record of the kind is set aside, and aside whether one is.
	complete func() bool
	aside    func(name string) bool
}

// Way has the records of a kind take part in the way of a referral (Step). All that happens
// to such a record is about that referral.
func Way[S record.State[S]](u *Unit, rs *record.Records[S], find func(referral string) []string) {
	u.ways = append(u.ways, wayTo{find, true, rs.Complete, rs.Aside})
}

// WayIn is Way for records that are about more than one referral: of these only the events
// count that name it.
func WayIn[S record.State[S]](u *Unit, rs *record.Records[S], find func(referral string) []string) {
	u.ways = append(u.ways, wayTo{find, false, rs.Complete, rs.Aside})
}

// Step is one thing that happened on the way of a referral: where, what and when, and which
// commit led to it. It holds no agency, no person, no text and no name of another record. An
// event that stays in its room, or is for single agencies, is not on the way.
type Step struct {
	Service string    `json:"service"`
	Kind    string    `json:"kind"`
	Event   string    `json:"event"`
	At      time.Time `json:"at"`
	// Commit stands for a commit, and is the same wherever that is meant:
	// "<kind>.<8 hexadecimal digits>/<version>".
	Commit string `json:"commit"`
	// By is what led to it: "person", "event", "deadline" or "network".
	By string `json:"by"`
	// After is the Commit whose event led to it, where By is "event".
	After string `json:"after,omitempty"`
}

// WayPage is the way of one referral, in the order of time. An unknown referral has no steps.
type WayPage struct {
	Items []Step `json:"items"`
	// Incomplete says that a record is set aside that may be on the way.
	Incomplete bool `json:"incomplete"`
}

// LookPage are the newest looks of operators.
type LookPage struct {
	Items []Looked `json:"items"`
}

// Looked is a look of an operator at the way of one referral.
type Looked struct {
	Service  string    `json:"service"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Agency   string    `json:"agency"`
	Referral string    `json:"referral"`
}

var isReferral = regexp.MustCompile(`^ref_[0-9a-hjkmnp-tv-z]{26}$`)

// way answers what happened to one referral in the services of this process. The look is in
// the journal of each before anything is read, also when there turns out to be nothing. The
// referral is asked for in a body, so that no URL holds it.
func (h *Host) way(ctx context.Context, r *http.Request) (any, error) {
	p, err := h.proved(ctx, r)
	if err != nil {
		return nil, err
	}
	var body struct {
		Referral string `json:"referral"`
	}
	if err := readBody(r, &body, "referral"); err != nil {
		return nil, err
	}
	if !isReferral.MatchString(body.Referral) {
		return nil, errReferral.At("/referral", "must be ref_ and 26 digits or small letters")
	}
	if !h.looking.Allow() {
		return nil, chain.ErrRateLimited
	}
	for _, u := range h.units {
		if err := u.journal.Look(ctx, journal.OperatorLook{Referral: body.Referral, By: p.Subject, Agency: p.Agency}); err != nil {
			return nil, err
		}
	}
	page := WayPage{Items: []Step{}}
	for _, u := range h.units {
		steps, complete, err := u.way(ctx, body.Referral)
		if err != nil {
			return nil, fault.Of(err)
		}
		page.Items, page.Incomplete = append(page.Items, steps...), page.Incomplete || !complete
	}
	slices.SortStableFunc(page.Items, func(a, b Step) int { return a.At.Compare(b.At) })
	return page, nil
}

// looks tells who looked at which way, the last one first.
func (h *Host) looks(ctx context.Context, r *http.Request) (any, error) {
	if _, err := h.proved(ctx, r); err != nil {
		return nil, err
	}
	page := LookPage{Items: []Looked{}}
	for _, u := range h.units {
		for _, l := range u.journal.Looks() {
			page.Items = append(page.Items, Looked{u.name, l.At, l.By, l.Agency, l.Referral})
		}
	}
	slices.SortStableFunc(page.Items, func(a, b Looked) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Service, b.Service)) })
	return page, nil
}

func (u *Unit) way(ctx context.Context, referral string) (steps []Step, complete bool, err error) {
	complete = true
	for _, w := range u.ways {
		complete = complete && w.complete()
		for _, name := range w.find(referral) {
			if w.aside(name) {
				continue
			}
			commits, err := u.Book.Tail(ctx, name, 1)
			if err != nil {
				return nil, false, err
			}
			for _, c := range commits {
				steps = append(steps, u.steps(c, func(e event.Recorded) bool { return w.whole || names(e, referral) })...)
			}
		}
	}
	return steps, complete, nil
}

// steps are those of one commit.
func (u *Unit) steps(c *journal.Commit, about func(event.Recorded) bool) (steps []Step) {
	by, after := causeOf(c)
	kind, _, _ := strings.Cut(c.Record, "_")
	for _, e := range c.Events {
		if !u.catalogue.Has(e.Type) || u.confined(e.Type) || !about(e) {
			continue
		}
		steps = append(steps, Step{
			Service: u.name, Kind: kind, Event: e.Type, At: c.At, Commit: standIn(c.Record, c.Version), By: by, After: after,
		})
	}
	return steps
}

// confined says whether an event stays in its room, or is for single agencies.
func (u *Unit) confined(typ string) bool {
	_, confined := u.catalogue.Zero(typ).(interface{ ConfinedToAddressees() })
	return confined
}

// names says whether an event is about a referral.
func names(e event.Recorded, referral string) bool {
	var about struct {
		Referral string `json:"referral"`
	}
	return json.Unmarshal(e.Data, &about) == nil && about.Referral == referral
}

// causeOf says what led to a commit. Of a request nothing is told: its cause names the
// agency.
func causeOf(c *journal.Commit) (by, after string) {
	if c.Actor.Principal != "" {
		return "person", ""
	}
	cause, _, _ := strings.Cut(c.Cause, "#") // one of several effects of one event
	if id, ok := event.ParseID(cause); ok {
		return "event", standIn(id.Record, id.Version)
	}
	if _, at, ok := strings.Cut(cause, "/"); ok {
		if _, err := time.Parse("2006-01-02T15:04:05Z", at); err == nil {
			return "deadline", ""
		}
	}
	return "network", ""
}

// standIn is a name for a commit that is the same in every service and does not name the
// record: a case has other referrals.
func standIn(name string, version uint64) string {
	kind, _, _ := strings.Cut(name, "_")
	sum := sha256.Sum256([]byte("way/" + name))
	return kind + "." + hex.EncodeToString(sum[:4]) + "/" + strconv.FormatUint(version, 10)
}
