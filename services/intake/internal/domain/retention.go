package domain

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

// How long a closed case is kept, its programme says. Nothing is erased when that time is over: a
// room may have to keep what a law names. People see what is over, and decide.

// Kept is a case or an enquiry, and for how long it is kept.
type Kept struct {
	Record string
	// Programme is by whose rule: a programme with the version under which it was opened
	// (guatemala/1), the country whose programmes count for an enquiry, or the base of the network.
	Programme string
	// Closed is when the last work on it ended; zero as long as somebody works on it.
	Closed time.Time
	// Until is the first instant at which it need not be kept.
	Until time.Time
	// with is the case to which it belongs; empty for one that stands alone.
	with string
}

const ofBase = "base"

// Kept says for how long the case is kept. A closed case of which a referral is open again, or
// for which news of danger waits, is worked on. Where a referral went on after the case was
// closed, the time runs from its end. A case that was entered in error is kept as any other: what was done on it was done.
func (c Case) Kept(rules Rules, now time.Time) Kept {
	k := Kept{Record: c.ID, Programme: ofBase, with: c.Into}
	country := code.Country(c.Country)
	if version := rules.Programmes.VersionOf(c.Programme, country, c.OpenedAt); version > 0 {
		k.Programme = c.Programme + "/" + strconv.Itoa(version)
	}
	if !c.Closed() || slices.ContainsFunc(c.Referrals, Referral.open) || len(c.newsWaiting()) > 0 {
		return k
	}
	k.Closed = c.ClosedAt
	for _, r := range c.Referrals {
		if r.EndedAt.After(k.Closed) {
			k.Closed = r.EndedAt
		}
	}
	k.Until = k.Closed.Add(rules.of(c, now).Retention)
	return k
}

// Kept says for how long the enquiry is kept, from the day on which it was settled. One that led to a
// case belongs to it.
func (e Enquiry) Kept(rules Rules, now time.Time) Kept {
	k := Kept{Record: e.ID, Programme: cmp.Or(string(e.Country), ofBase), with: e.LinkedTo}
	if e.Closed() {
		keep := inCountry(rules, e.Country, e.MadeAt, now, func(p programme.Programme) time.Duration { return p.Retention })
		k.Closed, k.Until = e.SettledAt, e.SettledAt.Add(keep)
	}
	return k
}

// Over are those whose time is over, which is over the longest first. What belongs together is about the
// same person, so none of it is over before all of it is: a case that points to another, the one
// that leads, and the enquiries that led to either. Of what belongs to a case that cannot be
// read now nobody knows whether somebody works on it, so it is not over.
func Over(all []Kept, now time.Time, unread func(id string) bool) (over []Kept) {
	with := make(map[string]string, len(all))
	for _, k := range all {
		with[k.Record] = k.with
	}
	// An enquiry leads to a case, which may point to the one that leads; that one points to none.
	first := func(id string) string {
		for range 2 {
			id = cmp.Or(with[id], id)
		}
		return id
	}
	until, open := map[string]time.Time{}, map[string]bool{}
	for _, k := range all {
		of := first(k.Record)
		open[of] = open[of] || k.Closed.IsZero() || unread(of)
		if k.Until.After(until[of]) {
			until[of] = k.Until
		}
	}
	for _, k := range all {
		of := first(k.Record)
		if k.Until = until[of]; !open[of] && !now.Before(k.Until) {
			over = append(over, k)
		}
	}
	slices.SortFunc(over, func(a, b Kept) int {
		return cmp.Or(a.Until.Compare(b.Until), a.Closed.Compare(b.Closed), cmp.Compare(a.Record, b.Record))
	})
	return over
}
