package domain

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/services/internal/agree"
)

// stranger is an agency that was never asked.
const stranger = "somebody-else"

// lies are the false facts about a referral, for every way to ask.
var lies = map[string]func(*referralv1.Loop){
	"referral":  func(l *referralv1.Loop) { l.Referral = "ref_other" },
	"case":      func(l *referralv1.Loop) { l.Case = "case_other" },
	"sender":    func(l *referralv1.Loop) { l.Sender = stranger },
	"service":   func(l *referralv1.Loop) { l.Service = code.Livelihoods },
	"recipient": func(l *referralv1.Loop) { l.Recipient = stranger },
}

func TestWhatDoesNotAgreeIsRefused(t *testing.T) {
	for _, has := range append(slices.Sorted(maps.Keys(news)), code.Requested) {
		d := requested(t)
		id := d.state.Referrals[0].ID
		if has != code.Requested {
			d.must(t)(do(d, news[has], d.loop(id)))
		}
		for lie, of := range lies {
			l := d.loop(id)
			l.Turn = 9
			of(&l)
			for status, tell := range news {
				events, err := tell(d.state, d.by(), l)
				if !errors.Is(err, agree.Err) || len(events) > 0 {
					t.Errorf("%s, hears %s with another %s: %v, %v", has, status, lie, events, err)
				}
			}
		}
		l := d.loop(id)
		l.Recipient = ""
		for status, tell := range news {
			events, err := tell(d.state, d.by(), l)
			if !errors.Is(err, agree.Err) || len(events) > 0 {
				t.Errorf("%s, hears %s of nobody: %v, %v", has, status, events, err)
			}
		}
	}
}

// A fact that names a consent names the one on which the agency was asked.
func TestAnotherConsentIsRefused(t *testing.T) {
	d := requested(t)
	l, others := d.loop(d.state.Referrals[0].ID), d.state.Consents[1].ID
	for name, tell := range map[string]func(string) ([]fact.Event, error){
		"accepted": func(k string) ([]fact.Event, error) {
			return d.state.OnAccepted(d.by(), referralv1.Accepted{Loop: l, Consent: k})
		},
		"reopened": func(k string) ([]fact.Event, error) {
			return d.state.OnReopened(d.by(), referralv1.Reopened{Loop: l, Consent: k})
		},
		"withdrawn": func(k string) ([]fact.Event, error) {
			return d.state.OnWithdrawn(d.by(), referralv1.Withdrawn{Loop: l, Consent: k})
		},
	} {
		for _, k := range []string{others, "cons_unknown", ""} {
			events, err := tell(k)
			if !errors.Is(err, agree.Err) || len(events) > 0 {
				t.Errorf("%s, on %q: %v, %v", name, k, events, err)
			}
		}
		if events, err := tell(d.state.Consents[0].ID); err != nil || len(events) == 0 {
			t.Errorf("%s, on the consent: %v, %v", name, events, err)
		}
	}
}

// broadcast is a desk with a referral to two agencies.
func broadcast(t tb) (*desk, string) {
	t.Helper()
	d := agreed(t)
	d.must(t)(do(d, plain(Case.RequestServices), please(several(code.Broadcast))))
	return d, d.state.Referrals[0].ID
}

// said is a fact about a referral to several: how far it has come, and who has it.
type said struct {
	status    code.ReferralStatus
	recipient string
	turn      int
}

func (s said) about(d *desk, id string) ([]fact.Event, error) {
	l := d.loop(id)
	l.Recipient, l.Turn = s.recipient, s.turn
	return do(d, news[s.status], l)
}

// Of a referral to several a fact names who took it, once and for good.
func TestWhoTookItIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		given []said
		when  said
		ok    bool
	}{
		"opened by one of several":       {nil, said{code.Received, "", 2}, true},
		"taken by one":                   {nil, said{code.Accepted, other, 2}, true},
		"taken by nobody":                {nil, said{code.Accepted, "", 2}, false},
		"taken by one never asked":       {nil, said{code.Accepted, stranger, 2}, false},
		"completed before it was taken":  {nil, said{code.Completed, other, 4}, true},
		"completed by nobody":            {nil, said{code.Completed, "", 4}, false},
		"declined by all":                {nil, said{code.Declined, "", 2}, true},
		"declined by one":                {nil, said{code.Declined, other, 2}, false},
		"called off":                     {nil, said{code.Cancelled, "", 2}, true},
		"cancelled by who took it":       {nil, said{code.Cancelled, other, 3}, true},
		"a denial of several":            {nil, said{code.DenialPending, other, 2}, false},
		"taken, and taken by another":    {[]said{{code.Accepted, other, 2}}, said{code.Accepted, legal, 9}, false},
		"taken, and completed elsewhere": {[]said{{code.Accepted, other, 2}}, said{code.Completed, legal, 9}, false},
		"taken, and opened late":         {[]said{{code.Accepted, other, 3}}, said{code.Received, "", 2}, true},
		"taken, and declined by all":     {[]said{{code.Accepted, other, 3}}, said{code.Declined, "", 9}, false},
		"taken, and called off":          {[]said{{code.Accepted, other, 3}}, said{code.Cancelled, "", 9}, false},
		"taken, and reopened":            {[]said{{code.Completed, other, 3}}, said{code.Accepted, other, 4}, true},
		"called off, and taken":          {[]said{{code.Cancelled, "", 3}}, said{code.Accepted, other, 9}, false},
		"called off, and in error":       {[]said{{code.Cancelled, "", 3}}, said{code.EnteredInError, "", 4}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d, id := broadcast(t)
			for _, s := range c.given {
				d.must(t)(s.about(d, id))
			}
			was := d.state
			_, err := c.when.about(d, id)
			if c.ok && err != nil || !c.ok && !errors.Is(err, agree.Err) {
				t.Errorf("%v", err)
			}
			if diff := cmp.Diff(was, d.state); !c.ok && diff != "" {
				t.Errorf("it left a trace:\n%s", diff)
			}
		})
	}
}

// Only one of several that were asked is let go, by who asked.
func TestWhoWasNeverAskedIsNotReleased(t *testing.T) {
	d, id := broadcast(t)
	no := referralv1.Released{Referral: id, Sender: agency, Agency: legal, Reason: code.ReleasedDeclined}
	for name, of := range map[string]func(*referralv1.Released){
		"agency":   func(e *referralv1.Released) { e.Agency = stranger },
		"sender":   func(e *referralv1.Released) { e.Sender = stranger },
		"referral": func(e *referralv1.Released) { e.Referral = "ref_other" },
	} {
		for _, reason := range code.ReleaseReasons {
			e := no
			e.Reason = reason
			of(&e)
			if events, err := d.state.OnReleased(d.by(), e); !errors.Is(err, agree.Err) || len(events) > 0 {
				t.Errorf("another %s, %s: %v, %v", name, reason, events, err)
			}
		}
	}
	d.must(t)(do(d, Case.OnReleased, no))
	if events := d.must(t)(do(d, Case.OnReleased, no)); len(events) > 0 {
		t.Errorf("released twice: %v", events)
	}
	if _, err := (said{code.Accepted, legal, 5}).about(d, id); !errors.Is(err, agree.Err) {
		t.Errorf("who said no took it: %v", err)
	}
	d.must(t)(said{code.Accepted, other, 5}.about(d, id))
	if events := d.must(t)(do(d, Case.OnReleased, no)); len(events) > 0 {
		t.Errorf("released after another took it: %v", events)
	}

	d = requested(t)
	e := no
	e.Referral = d.state.Referrals[0].ID
	if events, err := do(d, Case.OnReleased, e); !errors.Is(err, agree.Err) || len(events) > 0 {
		t.Errorf("the one that was asked is released: %v, %v", events, err)
	}
}

// lives are what can come of a referral to several agencies.
var lives = [][]said{
	{{code.Received, "", 2}, {code.Accepted, other, 3}, {code.InService, other, 4}, {code.Completed, other, 5}, {code.Accepted, other, 6}, {code.Withdrawn, other, 7}},
	{{code.Accepted, legal, 2}, {code.Scheduled, legal, 3}, {code.Missed, legal, 4}, {code.CancellationRequested, legal, 5}, {code.Cancelled, legal, 6}},
	{{code.Received, "", 2}, {code.Cancelled, "", 3}, {code.EnteredInError, "", 4}},
	{{code.Received, "", 2}, {code.Declined, "", 3}, {code.Rerouted, "", 4}},
	{{code.Expired, "", 2}, {code.Rerouted, "", 3}},
	{{code.Received, "", 2}, {code.Withdrawn, "", 3}},
}

// The true facts of a referral, doubled and in any order, leave the same with
// forged ones before, between and after them as alone: the case knows from the
// beginning whom it asked. And who was not asked is never told of it.
func TestForgedFactsLeaveNoTrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		alone, id := broadcast(t)
		among, _ := broadcast(t)
		life := rapid.SampledFrom(lives).Draw(t, "life")
		facts := rapid.SliceOfN(rapid.SampledFrom(life), 1, 2*len(life)).Draw(t, "facts")
		forge := func() {
			for range rapid.IntRange(0, 3).Draw(t, "forged") {
				l := among.loop(id)
				l.Turn = rapid.IntRange(0, 9).Draw(t, "turn")
				l.Recipient = rapid.SampledFrom([]string{legal, other, ""}).Draw(t, "recipient")
				lies[rapid.SampledFrom(slices.Sorted(maps.Keys(lies))).Draw(t, "lie")](&l)
				status := rapid.SampledFrom(slices.Sorted(maps.Keys(news))).Draw(t, "status")
				if events, err := do(among, news[status], l); !errors.Is(err, agree.Err) || len(events) > 0 {
					t.Fatalf("%s of %+v: %v, %v", status, l, events, err)
				}
			}
		}
		forge()
		for _, s := range facts {
			alone.must(t)(s.about(alone, id))
			among.must(t)(s.about(among, id))
			forge()
			by := among.by()
			if by.Agency = stranger; among.state.Asks(by, id) {
				t.Fatal("who was never asked may know of it")
			}
		}
		if diff := cmp.Diff(alone.state, among.state); diff != "" {
			t.Fatalf("(-alone +among forged ones):\n%s", diff)
		}
	})
}
