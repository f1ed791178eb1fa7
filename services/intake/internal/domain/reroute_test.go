package domain

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/fault"
)

const other = "bar-association"

// agreed is a desk whose survivor agreed to two agencies for one service.
func agreed(t tb) *desk {
	t.Helper()
	d := open(t, Opening{})
	d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
	d.must(t)(do(d, plain(Case.GiveConsent), yes(other, code.LegalAssistance)))
	return d
}

// several asks both of them.
func several(mode code.ReferralMode) Request {
	return Request{
		Service: code.LegalAssistance, Urgency: code.Urgent, Mode: mode,
		Candidates: []Choice{{Recipient: legal}, {Recipient: other}},
	}
}

// Each candidate is asked on a consent of its own, and the case follows who
// took it.
func TestBroadcast(t *testing.T) {
	d := agreed(t)
	events := d.must(t)(do(d, plain(Case.RequestServices), please(several(code.Broadcast))))
	got := events[0].Data.(intakev1.ServiceRequested)
	if got.Recipient != "" || got.Consent != "" || got.Mode != code.Broadcast || len(got.Candidates) != 2 {
		t.Fatalf("%+v", got)
	}
	for i, c := range got.Candidates {
		if k := d.state.Consents[i]; c.Agency != k.Recipient || c.Consent != k.ID || !c.ConsentExpires.Equal(k.Expires) {
			t.Errorf("%+v stands on %+v", c, k)
		}
	}
	_, err := do(d, plain(Case.RequestServices), please(ask(other, code.LegalAssistance)))
	refused(t, nil, err, ErrAlreadyRequested, "/requests/0")
	l := d.loop(got.Referral)
	l.Recipient, l.Turn = other, 2
	d.must(t)(do(d, Case.OnAccepted, referralv1.Accepted{Loop: l, Consent: on(d.state, l)}))
	f := d.state.Referrals[0]
	if f.Recipient != other || f.Consent != d.state.Consents[1].ID || f.Candidates != nil || f.Status != code.Accepted {
		t.Errorf("%+v", f)
	}
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
}

func TestModesRefuse(t *testing.T) {
	change := func(f func(*Request)) RequestServices {
		r := several(code.Queue)
		f(&r)
		return please(r)
	}
	for name, c := range map[string]struct {
		cmd     RequestServices
		want    *fault.Error
		pointer string
	}{
		"nobody":        {change(func(r *Request) { r.Candidates = nil }), ErrMode, "/requests/0/candidates"},
		"too many":      {change(func(r *Request) { r.Candidates = make([]Choice, maxCandidates+1) }), ErrMode, "/requests/0/candidates"},
		"a recipient":   {change(func(r *Request) { r.Recipient = legal }), ErrMode, "/requests/0/recipient"},
		"directed":      {change(func(r *Request) { r.Mode = code.Directed; r.Recipient = legal }), ErrMode, "/requests/0/candidates"},
		"no mode":       {change(func(r *Request) { r.Mode = "auction" }), ErrUnknownCode, "/requests/0/mode"},
		"twice":         {change(func(r *Request) { r.Candidates[1] = r.Candidates[0] }), ErrMode, "/requests/0/candidates/1/recipient"},
		"no slug":       {change(func(r *Request) { r.Candidates[1].Recipient = "B" }), ErrSlug, "/requests/0/candidates/1/recipient"},
		"not agreed to": {change(func(r *Request) { r.Candidates[1].Recipient = clinic }), ErrConsentMissing, "/requests/0/candidates/1"},
		"a place":       {change(func(r *Request) { r.Needs.Area = "12 Shore Road" }), ErrSlug, "/requests/0/needs/area"},
		"a language":    {change(func(r *Request) { r.Needs.Language = "Amal" }), ErrUnknownCode, "/requests/0/needs/language"},
		"then nobody":   {change(func(r *Request) { r.Then = []Choice{{}} }), ErrSlug, "/requests/0/then/0/recipient"},
	} {
		t.Run(name, func(t *testing.T) {
			d := agreed(t)
			events, err := do(d, plain(Case.RequestServices), c.cmd)
			refused(t, events, err, c.want, c.pointer)
		})
	}
}

// Trap 2 of re-routing: the next agency is asked only if she still agrees to it
// when it is its turn.
func TestNextInLine(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*desk)
		asks   bool
	}{
		"agreed": {func(*desk) {}, true},
		"withdrawn": {func(d *desk) {
			d.must(t)(do(d, Case.WithdrawConsent, WithdrawConsent{Consent: d.state.Consents[1].ID}))
		}, false},
		"expired": {func(d *desk) { d.now = noon.AddDate(0, 2, 0) }, false},
		"asked already": {func(d *desk) {
			d.must(t)(do(d, plain(Case.RequestServices), please(ask(other, code.LegalAssistance))))
		}, false},
	} {
		for status, hear := range map[code.ReferralStatus]func(*desk, referralv1.Loop){
			code.Declined: func(d *desk, l referralv1.Loop) {
				d.must(t)(do(d, plain(Case.OnDeclined), referralv1.Declined{Loop: l}))
			},
			code.Expired: func(d *desk, l referralv1.Loop) {
				d.must(t)(do(d, plain(Case.OnExpired), referralv1.Expired{Loop: l}))
			},
		} {
			t.Run(name+" "+string(status), func(t *testing.T) {
				d := agreed(t)
				r := ask(legal, code.LegalAssistance)
				r.Then, r.Needs.Language = []Choice{{Recipient: clinic}, {Recipient: other}}, "es"
				d.must(t)(do(d, plain(Case.RequestServices), please(r)))
				first := d.state.Referrals[0].ID
				c.before(d)
				n := len(d.state.Referrals)
				hear(d, d.loop(first))
				if asked := len(d.state.Referrals) > n; asked != c.asks {
					t.Fatalf("the next agency is asked: %t", asked)
				}
				if !c.asks {
					return
				}
				next := d.state.Referrals[n]
				if next.Recipient != other || next.Replaces != first || next.Needs.Language != "es" || len(next.Then) != 0 || d.state.Finished() {
					t.Errorf("%+v", next)
				}
				hear(d, d.loop(first)) // again
				if len(d.state.Referrals) != n+1 {
					t.Error("asked twice")
				}
				d.must(t)(do(d, Case.OnRerouted, referralv1.Rerouted{Loop: d.loop(first), Successor: next.ID}))
				if d.state.Referrals[0].Status != code.Rerouted {
					t.Error(d.state.Referrals[0].Status)
				}
			})
		}
	}
}

// Who is asked next travels nowhere.
func TestOnwardIsPrivate(t *testing.T) {
	d := agreed(t)
	r := ask(legal, code.LegalAssistance)
	r.Then = []Choice{{Recipient: other}}
	events := d.must(t)(do(d, plain(Case.RequestServices), please(r)))
	if diff := cmp.Diff(Onward{Then: r.Then}, events[0].Private); diff != "" {
		t.Error(diff)
	}
}

func TestReroute(t *testing.T) {
	d := agreed(t)
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	first := d.state.Referrals[0].ID
	cmd := Reroute{Referral: first, Recipient: other}
	events, err := do(d, plain(Case.Reroute), cmd)
	refused(t, events, err, ErrNotRerouted, "/referral")
	d.must(t)(do(d, news[code.Expired], d.loop(first)))
	events, err = do(d, plain(Case.Reroute), Reroute{Referral: first, Recipient: clinic})
	refused(t, events, err, ErrConsentMissing, "/recipient")
	d.must(t)(do(d, plain(Case.Reroute), cmd))
	if f := d.state.Referrals[1]; f.Recipient != other || f.Replaces != first || f.Urgency != code.Urgent {
		t.Errorf("%+v", f)
	}
	events, err = do(d, plain(Case.Reroute), cmd)
	refused(t, events, err, ErrAlreadyRequested, "/recipient")
}

// Where facts tell their turn the latest counts, in whatever order they come:
// a referral that was taken up again is open again.
func TestTheLatestTurnCounts(t *testing.T) {
	for name, order := range map[string][]int{"in order": {0, 1, 2}, "backwards": {2, 1, 0}, "mixed": {1, 2, 0}} {
		t.Run(name, func(t *testing.T) {
			d := requested(t)
			id := d.state.Referrals[0].ID
			turn := func(n int) referralv1.Loop {
				l := d.loop(id)
				l.Turn = n
				return l
			}
			facts := []func(){
				func() {
					d.must(t)(do(d, Case.OnAccepted, referralv1.Accepted{Loop: turn(2), Consent: on(d.state, turn(2))}))
				},
				func() { d.must(t)(do(d, Case.OnCompleted, referralv1.Completed{Loop: turn(3)})) },
				func() {
					d.must(t)(do(d, Case.OnReopened, referralv1.Reopened{Loop: turn(4), Consent: on(d.state, turn(4))}))
				},
			}
			for _, i := range order {
				facts[i]()
				d.now = d.now.Add(time.Minute)
			}
			if f := d.state.Referrals[0]; f.Status != code.Accepted || !f.open() {
				t.Errorf("%+v", f)
			}
		})
	}
}
