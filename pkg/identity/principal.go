// Package identity says who calls: it turns a bearer token into a principal,
// or refuses it. Every refusal is the same answer, so that a forger learns
// nothing from it. It does not say what a principal may do; access does.
package identity

import (
	"context"
	"time"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// ErrUnauthenticated is the one answer to every token that does not hold.
var ErrUnauthenticated = fault.New(fault.Unauthenticated, "unauthenticated",
	"A valid bearer token is needed.")

// ErrKeysUnavailable says that the token could not be judged: the issuer's
// keys cannot be fetched at the moment.
var ErrKeysUnavailable = fault.New(fault.Unavailable, "keys_unavailable",
	"The keys of the token's issuer cannot be fetched at the moment.")

// Principal is a person, or a system of an agency, who proved who they are.
type Principal struct {
	// Subject names the person at the issuer. It is recorded with every commit
	// and never logged.
	Subject string
	// Agency is the slug of the agency for which they act.
	Agency string
	// Roles are the functions they have in that agency.
	Roles []string
	// Country (ISO 3166-1 alpha-2) and Programme (a slug) are where the person
	// coordinates. Each is empty where the token does not name it.
	Country, Programme string
	// Expires is the instant from which the proof no longer holds.
	Expires time.Time
	// Remote is where an anonymous caller calls from, fit to bound how often
	// they do; empty for others, whose agency is bound. It is never recorded nor
	// logged.
	Remote string
}

// Anonymous reports whether the caller proved nothing. No token makes such a
// principal: each names an agency.
func (p Principal) Anonymous() bool { return p.Subject == fact.Anonymous && p.Agency == "" }

type key struct{}

type caller struct {
	principal Principal
	err       error
}

// With is a context in which the principal acts.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, key{}, &caller{principal: p})
}

// Anonymous is a context in which somebody acts who proved nothing: for no
// agency, without roles.
func Anonymous(ctx context.Context, remote string) context.Context {
	return With(ctx, Principal{Subject: fact.Anonymous, Remote: remote})
}

// Without is a context in which nobody acts, and the reason why.
func Without(ctx context.Context, err error) context.Context {
	return context.WithValue(ctx, key{}, &caller{err: err})
}

// From gives the principal who acts. Where nobody does it gives the zero
// principal and ErrUnauthenticated, or the reason that Without was told.
func From(ctx context.Context) (Principal, error) {
	c, ok := ctx.Value(key{}).(*caller)
	if !ok {
		return Principal{}, ErrUnauthenticated
	}
	return c.principal, c.err
}
