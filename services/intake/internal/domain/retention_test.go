package domain

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

const retentionDay = 24 * time.Hour

// keeping are the rules of a programme that kept cases for 10 days, and from June on for 30; and of
// another one that keeps them for 20.
func keeping(way programme.Changes) Rules {
	version := func(n int, from time.Time, days int, way programme.Changes) programme.Version {
		f := programmetest.Base()
		f.Retention = programme.Held[time.Duration]{Changes: way, Is: time.Duration(days) * retentionDay}
		return programme.Version{Number: n, From: from, Fields: f}
	}
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	return Rules{Programmes: programme.NewSet(programmetest.Base(),
		programme.Installed{ID: "alpha", Country: "GT", Zone: time.UTC, Versions: []programme.Version{
			version(1, time.Time{}, 10, programme.LawFromDate), version(2, june, 30, way),
		}},
		programme.Installed{ID: "beta", Country: "KG", Zone: time.UTC, Versions: []programme.Version{version(1, time.Time{}, 20, way)}},
	)}
}

// What is kept is over when all that belongs together is closed, and the longest time of it is over.
func TestWhoseTimeIsOver(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	// Each is opened at noon of day 0, and closed on a day.
	closed := func(id string, on int, change ...func(*Case)) Case {
		c := Case{ID: id, Country: "GT", Programme: "alpha", OpenedAt: noon, ClosedAt: day(on), CloseReason: code.CloseNeedsMet}
		for _, f := range change {
			f(&c)
		}
		return c
	}
	opened := func(id string, change ...func(*Case)) Case {
		return closed(id, 0, append(change, func(c *Case) { c.ClosedAt, c.CloseReason = time.Time{}, "" })...)
	}
	settled := func(id string, on int, change ...func(*Enquiry)) Enquiry {
		e := Enquiry{ID: id, Country: "GT", MadeAt: noon, SettledAt: day(on), Result: code.NobodyFound}
		for _, f := range change {
			f(&e)
		}
		return e
	}
	into := func(id string) func(*Case) { return func(c *Case) { c.Into = id } }
	led := func(id string) func(*Enquiry) { return func(e *Enquiry) { e.LinkedTo = id } }
	of := func(country, id string) func(*Case) { return func(c *Case) { c.Country, c.Programme = country, id } }
	referral := func(status code.ReferralStatus, ended int) func(*Case) {
		return func(c *Case) { c.Referrals = []Referral{{ID: "ref_1", Status: status, End: End{EndedAt: day(ended)}}} }
	}
	for _, tt := range []struct {
		name      string
		way       programme.Changes
		cases     []Case
		enquiries []Enquiry
		unread    []string
		on        int
		want      []string
	}{
		{name: "its last day", cases: []Case{closed("a", 5)}, on: 14},
		{name: "its time is over", cases: []Case{closed("a", 5)}, on: 15, want: []string{"a"}},
		{name: "open, however old", cases: []Case{opened("a")}, on: 9999},
		{name: "a referral is open again", cases: []Case{closed("a", 5, referral(code.Accepted, 0))}, on: 9999},
		{name: "news of danger waits", cases: []Case{closed("a", 5, func(c *Case) { c.Brought = []DangerNews{{ID: "news_1", Status: code.NewsWaits}} })}, on: 9999},
		{name: "news of danger was settled", cases: []Case{closed("a", 5, func(c *Case) { c.Brought = []DangerNews{{ID: "news_1", Status: code.NewsSettled}} })}, on: 15, want: []string{"a"}},
		{name: "a referral went on after the closing", cases: []Case{closed("a", 5, referral(code.Completed, 8))}, on: 17},
		{name: "and it is over from its end on", cases: []Case{closed("a", 5, referral(code.Completed, 8))}, on: 18, want: []string{"a"}},
		{name: "entered in error is kept as any other", cases: []Case{closed("a", 5, func(c *Case) { c.CloseReason, c.InError = "", true })}, on: 14},
		{name: "and is over as any other", cases: []Case{closed("a", 5, func(c *Case) { c.CloseReason, c.InError = "", true })}, on: 15, want: []string{"a"}},
		{name: "as its own programme says", cases: []Case{closed("a", 5), closed("b", 5, of("KG", "beta"))}, on: 24, want: []string{"a"}},
		{name: "of no programme it is the base", cases: []Case{closed("a", 5, of("GT", "gone"))}, on: 3654},
		{name: "and the base ends", cases: []Case{closed("a", 5, of("GT", "gone"))}, on: 3655, want: []string{"a"}},
		{name: "a new version, as opened", way: programme.AsOpened, cases: []Case{closed("a", 90)}, on: 100, want: []string{"a"}},
		{name: "a new version, law from its date", way: programme.LawFromDate, cases: []Case{closed("a", 90)}, on: 100},
		{name: "a new version, the greater", way: programme.Max, cases: []Case{closed("a", 90)}, on: 120, want: []string{"a"}},

		{name: "merged, and the one that leads is open", cases: []Case{opened("a"), closed("b", 5, into("a"))}, on: 9999},
		{name: "merged, and is itself open", cases: []Case{closed("a", 5), opened("b", into("a"))}, on: 9999},
		{name: "merged, and the one that leads was closed later", cases: []Case{closed("a", 9), closed("b", 5, into("a"))}, on: 18},
		{name: "merged, and both are over", cases: []Case{closed("a", 9), closed("b", 5, into("a"))}, on: 19, want: []string{"b", "a"}},
		{name: "merged into one that is kept longer", cases: []Case{closed("a", 5, of("KG", "beta")), closed("b", 5, into("a"))}, on: 24},
		{name: "merged into one that was erased", cases: []Case{closed("b", 5, into("a"))}, on: 15, want: []string{"b"}},
		{name: "merged into one that cannot be read", cases: []Case{closed("b", 5, into("a"))}, unread: []string{"a"}, on: 9999},
		{name: "another one that cannot be read", cases: []Case{closed("b", 5)}, unread: []string{"a"}, on: 15, want: []string{"b"}},

		{name: "an enquiry waits", enquiries: []Enquiry{settled("q", 5, func(e *Enquiry) { e.SettledAt = time.Time{} })}, on: 9999},
		{name: "an enquiry is kept", enquiries: []Enquiry{settled("q", 5)}, on: 14},
		{name: "an enquiry is over", enquiries: []Enquiry{settled("q", 5)}, on: 15, want: []string{"q"}},
		{name: "an enquiry of no country", enquiries: []Enquiry{settled("q", 5, func(e *Enquiry) { e.Country = "" })}, on: 3654},
		{name: "an enquiry that led to an open case", cases: []Case{opened("a")}, enquiries: []Enquiry{settled("q", 5, led("a"))}, on: 9999},
		{name: "an enquiry that led to a case which is over", cases: []Case{closed("a", 9)}, enquiries: []Enquiry{settled("q", 5, led("a"))}, on: 19, want: []string{"q", "a"}},
		{name: "an enquiry that led to one which points to an open one", cases: []Case{opened("a"), closed("b", 5, into("a"))}, enquiries: []Enquiry{settled("q", 5, led("b"))}, on: 9999},
		{name: "an enquiry that led to a case which was erased", enquiries: []Enquiry{settled("q", 5, led("a"))}, on: 15, want: []string{"q"}},
		{name: "an enquiry that led to a case which cannot be read", enquiries: []Enquiry{settled("q", 5, led("a"))}, unread: []string{"a"}, on: 9999},

		{name: "the oldest first", cases: []Case{closed("a", 7), closed("b", 5), closed("c", 5), opened("d")}, enquiries: []Enquiry{settled("q", 6)}, on: 99, want: []string{"b", "c", "q", "a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.way == "" {
				tt.way = programme.AsOpened
			}
			rules, now := keeping(tt.way), day(tt.on)
			var all []Kept
			for _, c := range tt.cases {
				all = append(all, c.Kept(rules, now))
			}
			for _, e := range tt.enquiries {
				all = append(all, e.Kept(rules, now))
			}
			var got []string
			for _, k := range Over(all, now, func(id string) bool { return slices.Contains(tt.unread, id) }) {
				got = append(got, k.Record)
				if k.Closed.IsZero() || k.Until.After(now) {
					t.Errorf("over, and %+v", k)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("over (-want +got):\n%s", diff)
			}
		})
	}
}

// A line says by whose rule.
func TestByWhoseRuleItIsKept(t *testing.T) {
	rules := keeping(programme.AsOpened)
	july := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for want, got := range map[string]Kept{
		"alpha/1": Case{ID: "a", Country: "GT", Programme: "alpha", OpenedAt: noon}.Kept(rules, july),
		"alpha/2": Case{ID: "a", Country: "GT", Programme: "alpha", OpenedAt: july}.Kept(rules, july),
		"base":    Case{ID: "a", Country: "MX", Programme: "alpha", OpenedAt: july}.Kept(rules, july),
		"KG":      Enquiry{ID: "q", Country: "KG"}.Kept(rules, july),
	} {
		if got.Programme != want {
			t.Errorf("%q, want %q", got.Programme, want)
		}
	}
}
