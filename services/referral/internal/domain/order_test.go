package domain

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/forensicv1"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/legalaidv1"
	"github.com/sanad-network/sanad/api/event/psychosocialv1"
	"github.com/sanad-network/sanad/api/fact"
)

// room is the two records that meet when a consent is withdrawn, and the
// use cases of the application as steps: each appends to its own record first
// and looks at the other's then.
type room struct {
	t        *rapid.T
	now      time.Time
	referral Referral
	consent  Consent
}

func (n *room) decide(decide func(Referral, fact.By) ([]fact.Event, error), by fact.By) error {
	by.At = n.now
	events, err := decide(n.referral, by)
	if err != nil && len(events) > 0 {
		n.t.Fatal("refused, and yet it happened")
	}
	before := n.referral
	for _, e := range events {
		e.At = n.now
		was := n.referral.Status
		n.referral = n.referral.Evolve(e)
		if is := n.referral.Status; is != was && is != code.Requested && !slices.Contains(life[is].from, was) {
			n.t.Fatalf("%s → %s", was, is)
		}
	}
	if before.Closed() && !cmp.Equal(before, n.referral) {
		n.t.Fatalf("a referral changed after its end: %s", before.Status)
	}
	return err
}

// fact takes a fact, which must never fail, or a deadline, which may be early.
func (n *room) fact(decide func(Referral, fact.By) ([]fact.Event, error)) {
	if err := n.decide(decide, fact.By{}); err != nil && !errors.Is(err, ErrNotDue) {
		n.t.Fatalf("a fact was refused: %v", err)
	}
}

func (n *room) requestAppends() {
	n.fact(func(r Referral, by fact.By) ([]fact.Event, error) {
		return r.OnServiceRequested(by, serviceRequested(), clinic())
	})
}

func (n *room) requestLooks() {
	if n.consent.Ended() {
		n.fact(Referral.Withdraw)
	}
}

func (n *room) withdrawalAppends() {
	events, err := n.consent.OnConsentWithdrawn(fact.By{At: n.now}, intakev1.ConsentWithdrawn{Case: "case_1", Consent: "cons_1"})
	if err != nil {
		n.t.Fatal(err)
	}
	n.consent = fold(n.consent, n.now, events)
}

func (n *room) withdrawalLooks() {
	if ByConsent(n.referral) != nil {
		n.fact(Referral.Withdraw)
	}
}

// Whatever is delivered, however often, in whatever order, while agencies do
// what they like: no illegal step, no change after the end, no lost withdrawal.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := &room{t: t, now: noon}
		work := []func(Referral, fact.By) ([]fact.Event, error){
			func(r Referral, by fact.By) ([]fact.Event, error) {
				return r.OnAdviceGiven(by, legalaidv1.AdviceGiven{})
			},
			func(r Referral, by fact.By) ([]fact.Event, error) {
				return r.OnSessionRecorded(by, psychosocialv1.SessionRecorded{Attendance: code.Attended})
			},
			func(r Referral, by fact.By) ([]fact.Event, error) {
				return r.OnExaminationRecorded(by, forensicv1.ExaminationRecorded{})
			},
			func(r Referral, by fact.By) ([]fact.Event, error) {
				return r.OnMatterClosed(by, legalaidv1.MatterClosed{Outcome: code.NeedsMet})
			},
			func(r Referral, by fact.By) ([]fact.Event, error) {
				return r.OnPlanClosed(by, psychosocialv1.PlanClosed{Outcome: code.NeedsMet})
			},
			func(r Referral, by fact.By) ([]fact.Event, error) {
				return r.OnExaminationClosed(by, forensicv1.ExaminationClosed{Outcome: code.NeedsMet})
			},
			Referral.ResponseDue,
			Referral.ConsentDue,
		}
		names := slices.Sorted(maps.Keys(verbs))
		withdrawn := false
		t.Repeat(map[string]func(*rapid.T){
			"request":  func(*rapid.T) { n.requestAppends(); n.requestLooks() },
			"withdraw": func(*rapid.T) { n.withdrawalAppends(); n.withdrawalLooks() },
			"time": func(t *rapid.T) {
				n.now = n.now.Add(time.Duration(rapid.Int64Range(1, 40*24*3600).Draw(t, "seconds")) * time.Second)
			},
			"work": func(t *rapid.T) { n.fact(work[rapid.IntRange(0, len(work)-1).Draw(t, "fact")]) },
			"command": func(t *rapid.T) {
				verb := verbs[rapid.SampledFrom(names).Draw(t, "verb")]
				agency := rapid.SampledFrom([]string{police, counsel, stranger}).Draw(t, "agency")
				_ = n.decide(verb, at(agency, n.now)) // a refusal is fine; decide holds what is not
			},
			"": func(t *rapid.T) {
				if n.consent.Ended() && n.referral.Open() {
					t.Fatal("the consent has ended and the referral is open")
				}
				if withdrawn && n.referral.Status != code.Withdrawn {
					t.Fatal("a withdrawn referral came back")
				}
				withdrawn = n.referral.Status == code.Withdrawn
			},
		})
	})
}

// A request and the withdrawal of its consent end the same, in every
// interleaving of their steps, also when both are delivered twice.
func TestNoOrderLosesAWithdrawal(t *testing.T) {
	type step func(*room)
	request := []step{(*room).requestAppends, (*room).requestLooks}
	withdrawal := []step{(*room).withdrawalAppends, (*room).withdrawalLooks}
	rapid.Check(t, func(t *rapid.T) {
		n := &room{t: t, now: noon}
		deliveries := [][]step{request, withdrawal}
		for range rapid.IntRange(0, 3).Draw(t, "redeliveries") {
			deliveries = append(deliveries, rapid.SampledFrom([][]step{request, withdrawal}).Draw(t, "again"))
		}
		for len(deliveries) > 0 {
			i := rapid.IntRange(0, len(deliveries)-1).Draw(t, "next")
			deliveries[i][0](n)
			if deliveries[i] = deliveries[i][1:]; len(deliveries[i]) == 0 {
				deliveries = slices.Delete(deliveries, i, i+1)
			}
		}
		if n.referral.Status != code.Withdrawn {
			t.Fatalf("the referral is %s", n.referral.Status)
		}
	})
}
