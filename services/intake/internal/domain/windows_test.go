package domain

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/programme"
)

// timely asks for services as the room does.
var timely = Under(basis, Case.RequestServices)

// since is what was told when it happened so long ago.
func since(earliest, latest time.Duration) Opening {
	return Opening{Happened: &Interval{Earliest: noon.Add(-earliest), Latest: noon.Add(-latest)}}
}

// agreeing is a desk whose survivor agreed to each service of each agency.
func agreeing(t tb, told Opening, services ...code.Service) *desk {
	t.Helper()
	d := open(t, told)
	for _, s := range services {
		for _, to := range []string{clinic, legal} {
			d.must(t)(do(d, plain(Case.GiveConsent), yes(to, s)))
		}
	}
	return d
}

func alone(service code.Service, urgency code.Urgency) RequestServices {
	return please(Request{Recipient: clinic, Service: service, Urgency: urgency})
}

func TestWindowsRaiseTheUrgency(t *testing.T) {
	const hour = time.Hour
	day := 24 * hour
	for _, c := range []struct {
		name        string
		told        Opening
		service     code.Service
		asked, want code.Urgency
	}{
		{"nobody knows when", Opening{}, code.HealthMedical, code.Standard, code.Standard},
		{"nobody knows when, and it is urgent", Opening{}, code.ForensicExam, code.Urgent, code.Urgent},
		{"an hour ago", since(hour, hour), code.HealthMedical, code.Standard, code.Emergency},
		{"hour 71:59", since(72*hour-time.Minute, 70*hour), code.HealthMedical, code.Standard, code.Emergency},
		{"hour 72:01, the other window", since(72*hour+time.Minute, 72*hour+time.Minute), code.HealthMedical, code.Standard, code.Urgent},
		{"hour 72:01, or later", since(72*hour+time.Minute, 70*hour), code.HealthMedical, code.Standard, code.Emergency},
		{"day 4", since(4*day, 4*day), code.HealthMedical, code.Standard, code.Emergency},
		{"day 6", since(6*day, 6*day), code.HealthMedical, code.Standard, code.Standard},
		{"day 6, and she bleeds", since(6*day, 6*day), code.HealthMedical, code.Emergency, code.Emergency},
		{"examined today", since(20*hour, 14*hour), code.ForensicExam, code.Standard, code.Urgent},
		{"examined in the last hours", since(110*hour, 110*hour), code.ForensicExam, code.Standard, code.Emergency},
		{"never lowered", since(20*hour, 14*hour), code.ForensicExam, code.Emergency, code.Emergency},
		{"no window", since(hour, hour), code.LegalAssistance, code.Standard, code.Standard},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := agreeing(t, c.told, c.service)
			events := d.must(t)(do(d, timely, alone(c.service, c.asked)))
			onward, _ := events[0].Private.(Onward)
			f, shown := d.state.Referrals[0], d.state.Content(d.by()).(View).Referrals[0]
			if got := events[0].Data.(intakev1.ServiceRequested).Urgency; got != c.want || f.Urgency != c.want || shown.Urgency != c.want {
				t.Errorf("%s, and %s on the case, want %s", got, f.Urgency, c.want)
			}
			asked := c.asked
			if c.asked == c.want {
				asked = ""
			}
			if onward.Asked != asked || f.Asked != asked || shown.Asked != asked {
				t.Errorf("asked %q, on the case %q, want %q", onward.Asked, f.Asked, asked)
			}
		})
	}
}

// The country's own windows count.
func TestTheCountrysWindows(t *testing.T) {
	week := made(func(f *programme.Fields) {
		f.Windows.Is.Within = map[code.Window]time.Duration{code.WindowForensic: 168 * time.Hour}
	})
	for _, c := range []struct {
		rules Rules
		want  code.Urgency
	}{{basis, code.Standard}, {week, code.Urgent}} {
		d := agreeing(t, since(121*time.Hour, 121*time.Hour), code.ForensicExam)
		events := d.must(t)(do(d, Under(c.rules, Case.RequestServices), alone(code.ForensicExam, code.Standard)))
		if got := events[0].Data.(intakev1.ServiceRequested).Urgency; got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// Time passes until somebody else is asked: at the desk or by the network, the
// windows are those of that instant, and what was asked stays what was asked.
func TestWindowsWhenSomebodyElseIsAsked(t *testing.T) {
	for _, c := range []struct {
		name string
		then []Choice
		ask  func(*testing.T, *desk)
	}{
		{"by the desk", nil, func(t *testing.T, d *desk) {
			d.must(t)(do(d, news[code.Declined], d.loop(d.state.Referrals[0].ID)))
			d.must(t)(do(d, Under(basis, Case.Reroute), Reroute{Referral: d.state.Referrals[0].ID, Recipient: legal}))
		}},
		{"by the network", []Choice{{Recipient: legal}}, func(t *testing.T, d *desk) {
			d.must(t)(do(d, Under(basis, Case.OnExpired), referralv1.Expired{Loop: d.loop(d.state.Referrals[0].ID)}))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := agreeing(t, since(50*time.Hour, 50*time.Hour), code.ForensicExam)
			d.must(t)(do(d, timely, please(Request{Recipient: clinic, Service: code.ForensicExam, Urgency: code.Standard, Then: c.then})))
			d.now = noon.Add(60 * time.Hour)
			c.ask(t, d)
			if len(d.state.Referrals) != 2 {
				t.Fatal("nobody else was asked")
			}
			first, second := d.state.Referrals[0], d.state.Referrals[1]
			if first.Urgency != code.Urgent || second.Urgency != code.Emergency || first.Asked != code.Standard || second.Asked != code.Standard {
				t.Errorf("%s of %s, then %s of %s", first.Urgency, first.Asked, second.Urgency, second.Asked)
			}
		})
	}
}

// The public half of a request is the same whenever it happened, but for the
// urgency, and never says that somebody raised it.
func TestWhenItHappenedStaysHere(t *testing.T) {
	var first []byte
	for _, ago := range []time.Duration{73 * time.Hour, 80 * time.Hour, 90 * time.Hour, 95 * time.Hour} {
		d := agreeing(t, since(ago, ago-30*time.Minute), code.HealthMedical)
		events := d.must(t)(do(d, timely, alone(code.HealthMedical, code.Standard)))
		public, err := json.Marshal(events[0].Data)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = public
		}
		if !bytes.Equal(first, public) || bytes.Contains(public, []byte("asked")) {
			t.Errorf("%s\n%s", first, public)
		}
	}
}

// Windows block nothing: with them a command has the same events as without, in
// the same number and order, and no request is less urgent.
func TestWindowsBlockNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var told Opening
		if rapid.Bool().Draw(t, "known") {
			latest := time.Duration(rapid.IntRange(0, 300).Draw(t, "latest")) * time.Hour
			told = since(latest+time.Duration(rapid.IntRange(0, 100).Draw(t, "span"))*time.Hour, latest)
		}
		services := rapid.SliceOfNDistinct(rapid.SampledFrom(code.Services), 1, 5, rapid.ID).Draw(t, "services")
		d := agreeing(t, told, services...)
		var cmd RequestServices
		for _, s := range services {
			cmd.Requests = append(cmd.Requests, Request{
				Recipient: rapid.SampledFrom([]string{clinic, legal, "nobody"}).Draw(t, "recipient"), Service: s,
				Urgency: rapid.SampledFrom(code.Urgencies).Draw(t, "urgency"),
			})
		}
		plain, refusal := d.state.RequestServices(d.by(), cmd, basis)
		raised, err := timely(d.state, d.by(), cmd)
		if (err == nil) != (refusal == nil) || len(plain) != len(raised) {
			t.Fatalf("%v and %v", refusal, err)
		}
		for i := range plain {
			was, is := plain[i].Data.(intakev1.ServiceRequested), raised[i].Data.(intakev1.ServiceRequested)
			if slices.Index(code.Urgencies, is.Urgency) < slices.Index(code.Urgencies, was.Urgency) {
				t.Fatal("less urgent than asked")
			}
			if told.Happened == nil && is.Urgency != was.Urgency {
				t.Fatal("raised, and nobody knows when it happened")
			}
			if is.Referral != was.Referral || is.Recipient != was.Recipient || is.Consent != was.Consent {
				t.Fatal("another request")
			}
		}
	})
}
