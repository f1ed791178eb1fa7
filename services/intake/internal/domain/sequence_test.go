package domain

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/intake/internal/sequence"
)

func sequenceOf(t tb, d *desk) Sequence {
	t.Helper()
	p, err := d.state.Sequence(d.by(), basis)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func step(t tb, d *desk, s code.Service) Step {
	t.Helper()
	p := sequenceOf(t, d)
	i := slices.IndexFunc(p.Steps, func(x Step) bool { return x.Service == s })
	if i < 0 {
		t.Fatalf("%s is not in the plan", s)
	}
	return p.Steps[i]
}

func order(p Sequence) (services []code.Service) {
	for _, s := range p.Steps {
		services = append(services, s.Service)
	}
	return services
}

// hear takes a fact about the referral of a service.
func hear(t tb, d *desk, s code.Service, status code.ReferralStatus) {
	t.Helper()
	i := slices.IndexFunc(d.state.Referrals, func(f Referral) bool { return f.Service == s })
	d.must(t)(do(d, news[status], d.loop(d.state.Referrals[i].ID)))
}

func together(visit string, services ...code.Service) RequestServices {
	var cmd RequestServices
	for _, s := range services {
		cmd.Requests = append(cmd.Requests, Request{Recipient: clinic, Service: s, Urgency: code.Standard, Visit: visit})
	}
	return cmd
}

func TestSequence(t *testing.T) {
	d := agreeing(t, since(20*time.Hour, 14*time.Hour), code.WaterSanitation, code.ForensicExam, code.HealthMedical)
	events := d.must(t)(do(d, timely, please(
		Request{Service: code.WaterSanitation, Urgency: code.Standard, Mode: code.Broadcast, Candidates: []Choice{{Recipient: clinic}, {Recipient: legal}}},
		Request{Recipient: clinic, Service: code.ForensicExam, Urgency: code.Standard},
	)))
	if len(events) != 2 {
		t.Fatal("what is best offered later may be asked for now")
	}
	wash, exam := d.state.Referrals[0].ID, d.state.Referrals[1].ID
	happened := d.state.Happened.Earliest
	want := Sequence{
		Case: d.state.ID, At: noon, Visits: []Visit{},
		Steps: []Step{
			{
				Service: code.ForensicExam, Stage: code.PlanWanted,
				Referrals: []StepReferral{{ID: exam, Recipient: clinic, Status: code.Requested, Urgency: code.Urgent, Asked: code.Standard}},
				Windows: []Window{
					{code.WindowForensic, code.WindowUnknown, time.Time{}},
					{code.WindowKit, code.WindowOpen, happened.Add(120 * time.Hour)},
					{code.WindowUrine, code.WindowOpen, happened.Add(120 * time.Hour)},
				},
			},
			{
				Service: code.WaterSanitation, Stage: code.PlanWanted, Waits: true,
				Referrals: []StepReferral{{ID: wash, Mode: code.Broadcast, Candidates: 2, Status: code.Requested, Urgency: code.Standard}},
				After:     []Before{{code.ForensicExam, code.TracesFirst, sequence.Dependencies[0].Words, true}},
			},
			{
				Service: code.HealthMedical, Stage: code.PlanWanted, Referrals: []StepReferral{}, Agreed: []string{clinic, legal},
				Windows: []Window{
					{code.WindowPEP, code.WindowOpen, happened.Add(72 * time.Hour)},
					{code.WindowContraception, code.WindowOpen, happened.Add(120 * time.Hour)},
				},
			},
		},
	}
	if diff := cmp.Diff(want, sequenceOf(t, d)); diff != "" {
		t.Errorf("sequence (-want +got):\n%s", diff)
	}
	for _, s := range []code.ReferralStatus{code.Accepted, code.InService, code.Completed} {
		hear(t, d, code.ForensicExam, s)
		if waits := step(t, d, code.WaterSanitation).Waits; waits != (s != code.Completed) {
			t.Errorf("%s: waits %t", s, waits)
		}
	}
}

// Each status of a referral is a stage of the sequence, and one that has ended holds
// nobody, however it ended.
func TestSequenceAtEveryStatus(t *testing.T) {
	for _, status := range code.ReferralStatuses {
		t.Run(string(status), func(t *testing.T) {
			d := agreeing(t, Opening{}, code.ForensicExam, code.NonFoodItems)
			d.must(t)(do(d, timely, together("", code.NonFoodItems, code.ForensicExam)))
			if status != code.Requested {
				hear(t, d, code.ForensicExam, status)
			}
			ended := !d.state.Referrals[1].open()
			exam, clothes := step(t, d, code.ForensicExam), step(t, d, code.NonFoodItems)
			if (exam.Stage == code.PlanEnded) != ended || exam.Referrals[0].Status != status {
				t.Errorf("%s", exam.Stage)
			}
			if clothes.Waits == ended || clothes.After[0].Holds == ended || clothes.After[0].Words == "" {
				t.Errorf("%+v", clothes)
			}
			if (exam.Windows == nil) != (status == code.Completed) {
				t.Errorf("%d windows: what she had is over, what she was refused is not", len(exam.Windows))
			}
		})
	}
}

func TestShelterBeforeCourt(t *testing.T) {
	d := agreeing(t, Opening{}, code.CourtSafeRoom, code.SafeHouse)
	d.must(t)(do(d, timely, together("", code.CourtSafeRoom, code.SafeHouse)))
	if got := order(sequenceOf(t, d)); !slices.Equal(got, []code.Service{code.SafeHouse, code.CourtSafeRoom}) || !step(t, d, code.CourtSafeRoom).Waits {
		t.Errorf("%v", got)
	}
	hear(t, d, code.SafeHouse, code.InService)
	if step(t, d, code.CourtSafeRoom).Waits {
		t.Error("she is safe, and the court waits until she leaves")
	}
}

// When every window is past nobody waits for the examination; of a window that
// nobody configured it is not known.
func TestNobodyWaitsForWhatIsTooLate(t *testing.T) {
	w := made(func(f *programme.Fields) { f.Windows.Is.Within[code.WindowForensic] = 72 * time.Hour })
	for _, c := range []struct {
		name   string
		told   Opening
		policy Rules
		waits  bool
	}{
		{"day 6", since(144*time.Hour, 144*time.Hour), w, false},
		{"day 6, perhaps day 4", since(144*time.Hour, 96*time.Hour), w, true},
		{"day 6, and the country did not say", since(144*time.Hour, 144*time.Hour), basis, true},
		{"nobody knows when", Opening{}, w, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := agreeing(t, c.told, code.ForensicExam, code.WaterSanitation)
			d.must(t)(do(d, timely, together("", code.WaterSanitation, code.ForensicExam)))
			p, err := d.state.Sequence(d.by(), c.policy)
			if err != nil || p.Steps[1].Service != code.WaterSanitation || p.Steps[1].Waits != c.waits {
				t.Errorf("%+v %v", p.Steps, err)
			}
		})
	}
}

func TestOneVisit(t *testing.T) {
	d := agreeing(t, Opening{}, code.WaterSanitation, code.ForensicExam, code.LegalAssistance, code.Food)
	cmd := together("1", code.WaterSanitation, code.ForensicExam)
	cmd.Requests = append(cmd.Requests, together("2", code.LegalAssistance).Requests...)
	d.must(t)(do(d, timely, cmd))
	visit := d.state.Referrals[0].Visit
	if !strings.HasPrefix(visit, "visit_") || d.state.Referrals[1].Visit != visit || d.state.Referrals[2].Visit == visit {
		t.Fatalf("%+v", d.state.Referrals)
	}
	for _, f := range d.state.Referrals {
		if f.Visit[len("visit"):] == f.ID[len("ref"):] {
			t.Error("the visit tells a referral")
		}
	}
	// The same number in another command is another visit; the visit's own name joins it.
	d.must(t)(do(d, timely, together(visit, code.Food)))
	p := sequenceOf(t, d)
	if want := []Visit{
		{visit, []code.Service{code.ForensicExam, code.WaterSanitation, code.Food}, []string{d.state.Referrals[1].ID, d.state.Referrals[0].ID, d.state.Referrals[3].ID}},
		{d.state.Referrals[2].Visit, []code.Service{code.LegalAssistance}, []string{d.state.Referrals[2].ID}},
	}; cmp.Diff(want, p.Visits) != "" {
		t.Error(cmp.Diff(want, p.Visits))
	}
	if s := step(t, d, code.WaterSanitation); s.Waits || len(s.After) != 1 || s.After[0].Holds {
		t.Errorf("in the same visit the examination comes first, and nothing waits: %+v", s)
	}
	// The next agency may be in another house.
	hear(t, d, code.ForensicExam, code.Declined)
	exam := d.state.Referrals[1].ID
	d.must(t)(do(d, plain(Case.Reroute), Reroute{Referral: exam, Recipient: legal}))
	if d.state.Referrals[4].Visit != "" || !step(t, d, code.WaterSanitation).Waits {
		t.Error("another agency, and the same visit")
	}
}

func TestRerouteIntoTheVisit(t *testing.T) {
	d := agreeing(t, Opening{}, code.ForensicExam)
	d.must(t)(do(d, timely, together("3", code.ForensicExam)))
	hear(t, d, code.ForensicExam, code.Declined)
	f := d.state.Referrals[0]
	d.must(t)(do(d, plain(Case.Reroute), Reroute{Referral: f.ID, Recipient: legal, Visit: f.Visit}))
	if d.state.Referrals[1].Visit != f.Visit {
		t.Error("left the visit")
	}
}

func TestVisitOfNobody(t *testing.T) {
	d := agreeing(t, Opening{}, code.ForensicExam)
	for _, visit := range []string{"0", "21", "-1", "visit_of_another_case", "her name"} {
		events, err := do(d, timely, together(visit, code.ForensicExam))
		refused(t, events, err, ErrVisitUnknown, "/requests/0/visit")
	}
	d.must(t)(do(d, timely, together("", code.ForensicExam)))
	hear(t, d, code.ForensicExam, code.Expired)
	events, err := do(d, plain(Case.Reroute), Reroute{Referral: d.state.Referrals[0].ID, Recipient: legal, Visit: "1"})
	refused(t, events, err, ErrVisitUnknown, "/visit")
}

// Whom she may still be asked about is told while nobody is asked, and never
// when she took it back or the case is closed.
func TestAgreedAndNotAsked(t *testing.T) {
	d := agreeing(t, Opening{}, code.Food)
	if s := step(t, d, code.Food); !slices.Equal(s.Agreed, []string{clinic, legal}) || s.Stage != code.PlanWanted {
		t.Errorf("%+v", s)
	}
	d.must(t)(do(d, timely, together("", code.Food)))
	if s := step(t, d, code.Food); s.Agreed != nil {
		t.Errorf("%+v", s)
	}
	hear(t, d, code.Food, code.Declined)
	d.must(t)(do(d, Case.RefuseConsent, no(clinic, code.Food)))
	if s := step(t, d, code.Food); !slices.Equal(s.Agreed, []string{legal}) {
		t.Errorf("%+v", s)
	}
	d.must(t)(do(d, Case.SettleNeed, SettleNeed{Referral: d.state.Referrals[0].ID, Settlement: code.MetElsewhere}))
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseReasons[0]}))
	if s := step(t, d, code.Food); s.Agreed != nil || s.Stage != code.PlanEnded {
		t.Errorf("%+v", s)
	}
}

// Whatever was asked for and came of it: each service is in the sequence once and
// behind those before it, no two wait for each other, and nobody waits for what
// has ended. A sequence changes nothing.
func TestAnyPlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		services := rapid.SliceOfNDistinct(rapid.SampledFrom(code.Services), 1, 8, rapid.ID).Draw(t, "services")
		d := agreeing(t, since(90*time.Hour, 60*time.Hour), services...)
		for _, s := range services {
			if visit := rapid.SampledFrom([]string{"none", "", "1"}).Draw(t, "visit"); visit != "none" {
				d.must(t)(do(d, timely, together(visit, s)))
				hear(t, d, s, rapid.SampledFrom([]code.ReferralStatus{code.Received, code.Accepted, code.InService, code.Completed, code.Declined}).Draw(t, "status"))
			}
		}
		d.now = d.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "hours")) * time.Hour)
		before := asJSON(t, d.state)
		p := sequenceOf(t, d)
		if string(before) != string(asJSON(t, d.state)) {
			t.Fatal("a sequence changed the case")
		}
		if len(p.Steps) != len(services) {
			t.Fatalf("%v of %v", order(p), services)
		}
		seen := map[code.Service]code.PlanStage{}
		for _, s := range p.Steps {
			holds := false
			for _, b := range s.After {
				stage, placed := seen[b.Service]
				if !placed || b.Holds && stage == code.PlanEnded || b.Words == "" {
					t.Fatalf("%s after %+v at %q", s.Service, b, stage)
				}
				holds = holds || b.Holds
			}
			if s.Waits != holds || s.Waits && s.Stage != code.PlanWanted && s.Stage != code.PlanUnderway {
				t.Fatalf("%+v", s)
			}
			if _, twice := seen[s.Service]; twice {
				t.Fatal("twice")
			}
			seen[s.Service] = s.Stage
		}
	})
}

// The visit is on the request, so that the journal knows it.
func TestVisitIsInTheJournal(t *testing.T) {
	d := agreeing(t, Opening{}, code.Food)
	e := d.must(t)(do(d, timely, together("1", code.Food)))[0].Data.(intakev1.ServiceRequested)
	if e.Visit == "" || e.Visit != d.state.Referrals[0].Visit {
		t.Errorf("%q", e.Visit)
	}
}
