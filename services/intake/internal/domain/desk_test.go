package domain

import (
	"errors"
	"strconv"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

const (
	agency = "front-desk"
	legal  = "law-society"
	clinic = "clinic-north"
)

// desk is a front desk with one case in front of it: it takes the decisions as
// the journal would, one commit after the other.
type desk struct {
	now     time.Time
	state   Case
	version int
	history []fact.Event
}

func newDesk() *desk { return &desk{now: noon} }

// tb is what a test and a property have in common.
type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// open is a desk whose case was opened with nothing but the essentials.
func open(t tb, told Opening) *desk {
	t.Helper()
	d := newDesk()
	d.must(t)(do(d, Case.Open, opening(told)))
	return d
}

func opening(told Opening) Open {
	return Open{Channel: code.Hotline, Country: "GT", Programme: "csc-guatemala", Opening: told}
}

func (d *desk) by() fact.By {
	return fact.By{
		Principal: "worker-1", Agency: agency, At: d.now,
		Commit: fact.ID("case", "test") + "/" + strconv.Itoa(d.version+1),
	}
}

// do decides on a command and moves the case on.
func do[C any](d *desk, decide func(Case, fact.By, C) ([]fact.Event, error), cmd C) ([]fact.Event, error) {
	events, err := decide(d.state, d.by(), cmd)
	d.commit(events)
	return events, err
}

func (d *desk) commit(events []fact.Event) {
	if len(events) == 0 {
		return
	}
	d.version++
	for _, e := range events {
		e.At = d.now
		d.state = d.state.Evolve(e)
		d.history = append(d.history, e)
	}
}

// must takes what do returned and fails the test on a refusal.
func (d *desk) must(t tb) func([]fact.Event, error) []fact.Event {
	return func(events []fact.Event, err error) []fact.Event {
		t.Helper()
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return events
	}
}

// refused checks that nothing happened, for the reason of the sentinel, and
// that the fields of the fault name exactly these places.
func refused(t tb, events []fact.Event, err error, want *fault.Error, pointers ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
	if len(events) > 0 {
		t.Fatal("refused, and yet it happened")
	}
	var got []string
	for _, f := range fault.Of(err).Fields {
		got = append(got, f.Pointer)
	}
	if diff := cmp.Diff(pointers, got); diff != "" {
		t.Errorf("pointers (-want +got):\n%s", diff)
	}
}

// yes is a consent of an adult for one month.
func yes(recipient string, service code.Service) GiveConsent {
	return GiveConsent{
		Recipient: recipient, Service: service, Purpose: code.ServiceDelivery,
		Categories: []code.Category{code.Incident, code.SafetyNeeds}, Expires: noon.AddDate(0, 1, 0),
		Evidence: Evidence{Method: code.Oral, GivenBy: code.BySurvivor, Witnessed: true},
	}
}

func no(recipient string, service code.Service) RefuseConsent {
	return RefuseConsent{Recipient: recipient, Service: service, Purpose: code.ServiceDelivery}
}

// plain is a decision where no country has decided anything.
func plain[C any](decide func(Case, fact.By, C, Rules) ([]fact.Event, error)) func(Case, fact.By, C) ([]fact.Event, error) {
	return func(c Case, by fact.By, cmd C) ([]fact.Event, error) { return decide(c, by, cmd, basis) }
}

func please(requests ...Request) RequestServices { return RequestServices{Requests: requests} }

func ask(recipient string, service code.Service) Request {
	return Request{Recipient: recipient, Service: service, Urgency: code.Urgent}
}

// consented is a desk whose survivor agreed to a lawyer and a clinic.
func consented(t tb) *desk {
	t.Helper()
	d := open(t, Opening{})
	d.must(t)(do(d, plain(Case.GiveConsent), yes(legal, code.LegalAssistance)))
	d.must(t)(do(d, plain(Case.GiveConsent), yes(clinic, code.ForensicExam)))
	return d
}

// requested is that desk after both were asked.
func requested(t tb) *desk {
	t.Helper()
	d := consented(t)
	d.must(t)(do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance), ask(clinic, code.ForensicExam))))
	return d
}

// news are the facts about a referral that a case follows.
var news = map[code.ReferralStatus]func(Case, fact.By, referralv1.Loop) ([]fact.Event, error){
	code.Accepted: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnAccepted(by, referralv1.Accepted{Loop: l, Consent: on(c, l)})
	},
	code.Declined: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnDeclined(by, referralv1.Declined{Loop: l}, basis)
	},
	code.InService: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnStarted(by, referralv1.Started{Loop: l})
	},
	code.Completed: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnCompleted(by, referralv1.Completed{Loop: l})
	},
	code.Cancelled: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnCancelled(by, referralv1.Cancelled{Loop: l, By: agency, Reason: code.NoLongerNeeded})
	},
	code.Withdrawn: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnWithdrawn(by, referralv1.Withdrawn{Loop: l, Consent: on(c, l)})
	},
	code.Received: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnReceived(by, referralv1.Received{Loop: l})
	},
	code.DenialPending: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnDenialProposed(by, referralv1.DenialProposed{Loop: l})
	},
	code.Scheduled: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnScheduled(by, referralv1.Scheduled{Loop: l, Shared: true})
	},
	code.Missed: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnNoShow(by, referralv1.NoShow{Loop: l, Shared: true})
	},
	code.CancellationRequested: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnCancellationRequested(by, referralv1.CancellationRequested{Loop: l})
	},
	code.Expired: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnExpired(by, referralv1.Expired{Loop: l}, basis)
	},
	code.Lapsed: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnLapsed(by, referralv1.Lapsed{Loop: l, Consent: on(c, l)})
	},
	code.Rerouted: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnRerouted(by, referralv1.Rerouted{Loop: l})
	},
	code.EnteredInError: func(c Case, by fact.By, l referralv1.Loop) ([]fact.Event, error) {
		return c.OnEnteredInError(by, referralv1.EnteredInError{Loop: l})
	},
}

func (d *desk) loop(referral string) referralv1.Loop {
	l := referralv1.Loop{Referral: referral, Case: d.state.ID, Sender: agency}
	if i := find(d.state.Referrals, referral); i >= 0 {
		l.Recipient, l.Service = d.state.Referrals[i].Recipient, d.state.Referrals[i].Service
	}
	return l
}

// on is the consent on which the agency was asked that a fact names, or the first
// one, where it names nobody.
func on(c Case, l referralv1.Loop) string {
	i := find(c.Referrals, l.Referral)
	if i < 0 {
		return ""
	}
	for _, to := range c.Referrals[i].First {
		if l.Recipient == "" || to.Recipient == l.Recipient {
			return to.Consent
		}
	}
	return ""
}

// basis are the rules of the base of the network, for the programme of these tests.
var basis = made(func(*programme.Fields) {})

// made are the rules of a programme that changes the base.
func made(change func(*programme.Fields)) Rules {
	return Rules{Programmes: programmetest.Made("csc-guatemala", "GT", change)}
}
