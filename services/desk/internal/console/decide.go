package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sanad-network/sanad/services/desk/internal/api"
)

// File is a dead letter with what was decided about it.
type File struct {
	Letter
	Decisions []Decision `json:"decisions"`
}

// Decision is what a person decided about a dead letter.
type Decision struct {
	At      time.Time `json:"at"`
	Action  string    `json:"action"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"`
	Agency  string    `json:"agency"`
	Outcome string    `json:"outcome"`
}

// Outcome is what came of a decision: "taken", or "refused" with the code of the fault.
type Outcome struct {
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
	Code    string `json:"code"`
}

// Release is what came of one: the record opens at the next start of its service.
type Release struct {
	Service string `json:"service"`
	Record  string `json:"record"`
	Opens   string `json:"opens"`
}

// Step is one commit on the way of a referral, and which one caused it. A test holds its
// names against what services answer.
type Step struct {
	Service string    `json:"service"`
	Kind    string    `json:"kind"`
	Event   string    `json:"event"`
	At      time.Time `json:"at"`
	// Commit stands for the commit and names no record.
	Commit string `json:"commit"`
	// By is who caused it: person, event, deadline or network.
	By string `json:"by"`
	// After is the commit of the cause, where an event is; it may not be on the way.
	After string `json:"after"`
}

// Way is that of one referral.
type Way struct {
	Steps []Step `json:"items"`
	// Incomplete says that a record of it is set aside.
	Incomplete bool `json:"incomplete"`
	// Away names the services that do not answer.
	Away []string `json:"-"`
}

type reason struct {
	Reason string `json:"reason"`
}

// Letter is one dead letter. Errors: ErrUnknown; api.ErrAway; *api.Problem.
func (c *Client) Letter(ctx context.Context, token, id string) (f File, err error) {
	name, err := c.serviceOf(Letter{ID: id}.Service(), "deadletter_not_found")
	if err != nil {
		return f, err
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	return f, c.ask(ctx, http.MethodGet, name, to("deadletters", id), token, nil, &f)
}

// Replay has the service of a letter judge it once more. Errors: those of Letter.
func (c *Client) Replay(ctx context.Context, token, id, why string) (o Outcome, err error) {
	name, err := c.serviceOf(Letter{ID: id}.Service(), "deadletter_not_found")
	if err != nil {
		return o, err
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	return o, c.ask(ctx, http.MethodPost, name, to("deadletters", id, "replay"), token, reason{why}, &o)
}

// Release passes over the commits of a record that cannot be trusted. Errors: those of Letter.
func (c *Client) Release(ctx context.Context, token, service, record, why string) (r Release, err error) {
	name, err := c.serviceOf(service, "quarantine_not_found")
	if err != nil {
		return r, err
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	return r, c.ask(ctx, http.MethodPost, name, to("quarantine", service, record, "release"), token, reason{why}, &r)
}

// Way asks every service for the way of a referral; each records the look. Errors:
// *api.Problem of any of them: then nothing is shown.
func (c *Client) Way(ctx context.Context, token, referral string) (Way, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var all sync.WaitGroup
	var once sync.Mutex
	var way Way
	var refused error
	for _, names := range c.addresses() {
		all.Go(func() {
			var part Way
			err := c.ask(ctx, http.MethodPost, names[0], "/ways", token, map[string]string{"referral": referral}, &part)
			once.Lock()
			defer once.Unlock()
			if err != nil && !Away(err) {
				// A problem that the person can mend is told before one that they cannot.
				if p := api.Refused(refused); p == nil || p.Status >= http.StatusInternalServerError {
					refused = err
				}
				return
			}
			if err != nil {
				way.Away = append(way.Away, names...)
			}
			way.Steps, way.Incomplete = append(way.Steps, part.Steps...), way.Incomplete || part.Incomplete
		})
	}
	all.Wait()
	if refused != nil {
		return Way{}, refused
	}
	slices.Sort(way.Away)
	slices.SortStableFunc(way.Steps, func(a, b Step) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Commit, b.Commit)) })
	return way, nil
}

// addresses are the services, grouped by their address. Those without one are a group each.
func (c *Client) addresses() (groups [][]string) {
	at := map[string]int{}
	for _, name := range c.services {
		base := c.address(name)
		i, known := at[base]
		if !known || base == "" {
			i = len(groups)
			at[base], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], name)
	}
	return groups
}

// serviceOf is one of the services: what somebody typed into an address is asked of none.
func (c *Client) serviceOf(name, code string) (string, error) {
	if !slices.Contains(c.services, name) {
		return "", &api.Problem{Status: http.StatusNotFound, Code: code}
	}
	return name, nil
}

// Away says that an error is about a service, and not about what was asked of it.
func Away(err error) bool { return errors.Is(err, api.ErrAway) || errors.Is(err, ErrUnknown) }

// Looked is one look at the way of a referral, as a service recorded it.
type Looked struct {
	Service  string    `json:"service"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Agency   string    `json:"agency"`
	Referral string    `json:"referral"`
}

// Looks are those at ways of referrals, the newest first. Each service records a look: one is
// listed once.
type Looks struct {
	Items []Looked `json:"items"`
	Away  []string `json:"-"`
}

// Looks asks every service who looked at ways. Errors: *api.Problem.
func (c *Client) Looks(ctx context.Context, token string) (Looks, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var looks Looks
	type one struct {
		by, agency, referral string
		minute               time.Time
	}
	seen := map[one]bool{}
	for _, names := range c.addresses() {
		var part Looks
		err := c.ask(ctx, http.MethodGet, names[0], "/looks", token, nil, &part)
		if err != nil && !Away(err) {
			return Looks{}, err
		}
		if err != nil {
			looks.Away = append(looks.Away, names...)
		}
		for _, l := range part.Items {
			if key := (one{l.By, l.Agency, l.Referral, l.At.Truncate(time.Minute)}); !seen[key] {
				seen[key] = true
				looks.Items = append(looks.Items, l)
			}
		}
	}
	slices.SortStableFunc(looks.Items, func(a, b Looked) int { return b.At.Compare(a.At) })
	return looks, nil
}
