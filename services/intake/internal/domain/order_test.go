package domain

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/services/internal/agree"
	"github.com/sanad-network/sanad/services/internal/worker"
)

// Whatever a front desk asks for and whatever the network tells it, in any
// order: nothing is requested without a consent in force, a refusal changes
// nothing, and the journal alone makes the same case again.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := open(t, tellings().Draw(t, "opening"))
		// seen is each state as it looked when it was new.
		var seen []Case
		var looks [][]byte
		anything := func(t *rapid.T, events []fact.Event, err error) {
			if err != nil && len(events) > 0 {
				t.Fatal("refused, and yet it happened")
			}
			if err != nil && fault.Of(err).Kind == fault.Internal {
				t.Fatalf("not a fault: %v", err)
			}
			seen, looks = append(seen, d.state), append(looks, asJSON(t, d.state))
		}
		agencies := rapid.SampledFrom([]string{legal, clinic})
		services := rapid.SampledFrom([]code.Service{code.LegalAssistance, code.LegalAssistance, code.ForensicExam})
		purposes := rapid.SampledFrom([]code.Purpose{code.ServiceDelivery, code.ServiceDelivery, code.Statistics})
		statuses := rapid.SampledFrom(slices.Sorted(maps.Keys(news)))

		t.Repeat(map[string]func(*rapid.T){
			"give": func(t *rapid.T) {
				cmd := yes(agencies.Draw(t, "recipient"), services.Draw(t, "service"))
				cmd.Purpose = purposes.Draw(t, "purpose")
				cmd.Expires = d.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour)
				cmd.GivenBy = rapid.SampledFrom([]code.GivenBy{code.ByBoth, code.ByBoth, code.BySurvivor, code.ByCaregiver}).Draw(t, "given by")
				events, err := do(d, plain(Case.GiveConsent), cmd)
				anything(t, events, err)
			},
			"refuse": func(t *rapid.T) {
				events, err := do(d, Case.RefuseConsent, no(agencies.Draw(t, "recipient"), services.Draw(t, "service")))
				anything(t, events, err)
			},
			"withdraw": func(t *rapid.T) {
				ids := []string{"cons_unknown"}
				for _, k := range d.state.Consents {
					ids = append(ids, k.ID)
				}
				id := rapid.SampledFrom(ids).Draw(t, "consent")
				events, err := do(d, Case.WithdrawConsent, WithdrawConsent{Consent: id})
				anything(t, events, err)
				for _, k := range d.state.Consents {
					if k.ID == id && k.InForce(d.now) {
						t.Fatal("a withdrawn consent is in force")
					}
				}
			},
			"request": func(t *rapid.T) {
				requests := make([]Request, rapid.IntRange(1, 2).Draw(t, "requests"))
				for i := range requests {
					requests[i] = ask(agencies.Draw(t, "recipient"), services.Draw(t, "service"))
				}
				events, err := do(d, plain(Case.RequestServices), please(requests...))
				anything(t, events, err)
				if err == nil && len(events) != len(requests) {
					t.Fatalf("%d of %d requests were made", len(events), len(requests))
				}
			},
			"hear": func(t *rapid.T) {
				if len(d.state.Referrals) == 0 {
					return
				}
				status, id := statuses.Draw(t, "status"), rapid.SampledFrom(referralsOf(d.state)).Draw(t, "referral")
				events, err := do(d, news[status], d.loop(id))
				anything(t, events, err)
				if err != nil {
					t.Fatalf("a fact was refused: %v", err)
				}
			},
			"forged": func(t *rapid.T) {
				id := rapid.SampledFrom(append(referralsOf(d.state), "ref_unknown")).Draw(t, "referral")
				status, l := statuses.Draw(t, "status"), d.loop(id)
				l.Turn = rapid.IntRange(0, 9).Draw(t, "turn")
				lies[rapid.SampledFrom(slices.Sorted(maps.Keys(lies))).Draw(t, "lie")](&l)
				events, err := do(d, news[status], l)
				anything(t, events, err)
				if !errors.Is(err, agree.Err) {
					t.Fatalf("a forged fact was not refused: %v", err)
				}
			},
			"close": func(t *rapid.T) {
				events, err := do(d, Case.Close, Close{Reason: rapid.SampledFrom(code.CloseReasons).Draw(t, "reason")})
				anything(t, events, err)
				if err == nil && slices.ContainsFunc(d.state.Referrals, Referral.open) {
					t.Fatal("closed with an open referral")
				}
			},
			"disclose": func(t *rapid.T) {
				id := rapid.SampledFrom(append(referralsOf(d.state), "ref_unknown")).Draw(t, "referral")
				by := d.by()
				by.Agency = agencies.Draw(t, "agency")
				has := d.state.HandOf(by, id)
				events, err := discloseTo(d, by, id, nil)
				anything(t, events, err)
				if len(events) > 0 && has != "" && has != worker.ID(by.Agency, by.Principal) {
					t.Fatal("shown to a colleague of who has it")
				}
			},
			"assign": func(t *rapid.T) {
				id := rapid.SampledFrom(append(referralsOf(d.state), "ref_unknown")).Draw(t, "referral")
				l := d.loop(id)
				l.Turn = rapid.IntRange(0, 9).Draw(t, "turn")
				who := worker.ID(l.Recipient, rapid.SampledFrom([]string{"worker-1", "worker-2"}).Draw(t, "worker"))
				events, err := do(d, Case.OnAssigned, referralv1.Assigned{Loop: l, Worker: who, At: d.now})
				anything(t, events, err)
			},
			"wait": func(t *rapid.T) {
				d.now = d.now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
			},
		})

		if err := lawful(d.history); err != nil {
			t.Fatal(err)
		}
		var replayed Case
		for _, e := range d.history {
			replayed = replayed.Evolve(reread(t, e))
		}
		if diff := cmp.Diff(d.state, replayed); diff != "" {
			t.Fatalf("the journal tells another case (-was +replayed):\n%s", diff)
		}
		for i, c := range seen {
			if string(asJSON(t, c)) != string(looks[i]) {
				t.Fatal("a later event changed an earlier state")
			}
		}
	})
}

// tellings are openings of survivors of every age.
func tellings() *rapid.Generator[Opening] {
	return rapid.Custom(func(t *rapid.T) Opening {
		o := everything()
		o.Survivor.AgeBand = rapid.SampledFrom(append(code.AgeBands, "")).Draw(t, "age band")
		if rapid.Bool().Draw(t, "quiet") {
			o = Opening{Survivor: o.Survivor}
		}
		return o
	})
}

// lawful reads a history with eyes of its own: every service requested stands
// on a consent that was given for exactly this and was in force at that
// instant, and nothing is requested after the case was closed.
func lawful(history []fact.Event) error {
	inForce := map[string]intakev1.ConsentGiven{}
	closed := false
	asked := map[string]intakev1.ServiceRequested{}
	status := map[string]code.ReferralStatus{}
	for _, e := range history {
		switch d := e.Data.(type) {
		case intakev1.ConsentGiven:
			inForce[d.Consent] = d
		case intakev1.ConsentWithdrawn:
			delete(inForce, d.Consent)
		case intakev1.ConsentRefused:
			maps.DeleteFunc(inForce, func(_ string, k intakev1.ConsentGiven) bool {
				return k.Recipient == d.Recipient && k.Service == d.Service && k.Purpose == d.Purpose
			})
		case intakev1.CaseClosed:
			closed = true
		case intakev1.ReferralFollowed:
			status[d.Referral] = d.Status
		case intakev1.Disclosed:
			k, ok := inForce[asked[d.Referral].Consent]
			switch {
			case !ok || !e.At.Before(k.Expires):
				return errors.New("shown without a consent in force")
			case k.Recipient != d.Recipient || k.Service != d.Service:
				return errors.New("shown on a consent to something else")
			case !slices.Equal(d.Categories, k.Categories) || d.Stage != code.ForService:
				return errors.New("shown something else than she consented to")
			case !slices.Contains(held, status[d.Referral]):
				return errors.New("shown before acceptance, or after the end")
			}
		case intakev1.ServiceRequested:
			asked[d.Referral] = d
			k, ok := inForce[d.Consent]
			switch {
			case closed:
				return errors.New("requested on a closed case")
			case !ok:
				return errors.New("requested without a consent")
			case k.Recipient != d.Recipient || k.Service != d.Service || k.Purpose != code.ServiceDelivery:
				return errors.New("requested on a consent to something else")
			case !e.At.Before(k.Expires):
				return errors.New("requested on an expired consent")
			case d.Sender != agency || d.Purpose != code.ServiceDelivery || !d.ConsentExpires.Equal(k.Expires) || !slices.Equal(d.Categories, k.Categories):
				return errors.New("the request tells another consent than was given")
			}
		}
	}
	return nil
}

// The facts about the referrals of a case may arrive in any order, and more
// than once: the case ends the same, and is announced as finished once.
func TestFinishingHasNoOrder(t *testing.T) {
	type piece struct {
		referral int
		status   code.ReferralStatus
	}
	pieces := rapid.Custom(func(t *rapid.T) piece {
		return piece{
			referral: rapid.IntRange(0, 1).Draw(t, "referral"),
			status:   rapid.SampledFrom(slices.Sorted(maps.Keys(news))).Draw(t, "status"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(pieces, 0, 6).Draw(t, "facts")
		var ends []Case
		for _, label := range []string{"one order", "another order"} {
			d := requested(t)
			finished := 0
			for _, p := range rapid.Permutation(append(facts, facts...)).Draw(t, label) {
				events, err := do(d, news[p.status], d.loop(d.state.Referrals[p.referral].ID))
				if err != nil {
					t.Fatalf("a fact was refused: %v", err)
				}
				for _, e := range events {
					if _, ok := e.Data.(intakev1.ReferralsFinished); ok {
						finished++
					}
				}
			}
			want := 0
			if d.state.Finished() {
				want = 1
			}
			if finished != want {
				t.Fatalf("announced as finished %d times, want %d", finished, want)
			}
			ends = append(ends, d.state)
		}
		if diff := cmp.Diff(ends[0], ends[1]); diff != "" {
			t.Fatalf("the order made a difference:\n%s", diff)
		}
	})
}

// reread is an event as it comes back from the journal.
func reread(t *rapid.T, e fact.Event) fact.Event {
	e.Data = throughJSON(t, e.Data).(fact.Data)
	if e.Private != nil {
		e.Private = throughJSON(t, e.Private)
	}
	return e
}

func throughJSON(t *rapid.T, v any) any {
	again := reflect.New(reflect.TypeOf(v))
	if err := json.Unmarshal(asJSON(t, v), again.Interface()); err != nil {
		t.Fatalf("%T cannot be read again: %v", v, err)
	}
	return again.Elem().Interface()
}

func asJSON(t *rapid.T, v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
