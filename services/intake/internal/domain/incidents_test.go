package domain

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
)

// yesNos are what may be said to a question: yes, no, and nothing.
func yesNos() *rapid.Generator[code.YesNo] { return rapid.SampledFrom(append(code.YesNos, "")) }

func answers() *rapid.Generator[Answers] {
	return rapid.Custom(func(t *rapid.T) Answers {
		return Answers{
			Penetration: yesNos().Draw(t, "penetration"), SexualContact: yesNos().Draw(t, "sexual contact"),
			Physical: yesNos().Draw(t, "physical"), ForcedMarriage: yesNos().Draw(t, "forced marriage"),
			Denial: yesNos().Draw(t, "denial"), Psychological: yesNos().Draw(t, "psychological"),
		}
	})
}

// each are the answers in the order of the tool, and the type of each question.
func each(a Answers) (said []code.YesNo) {
	for _, v := range reflect.ValueOf(a).Fields() {
		said = append(said, v.Interface().(code.YesNo))
	}
	return said
}

// accounts of anything: everything but the time and the answers.
func anyAccount() *rapid.Generator[Account] {
	return rapid.Custom(func(t *rapid.T) Account {
		a := Account{
			Answers:         answers().Draw(t, "answers"),
			HarmfulPractice: yesNos().Draw(t, "practice"), Exchange: yesNos().Draw(t, "exchange"), Previous: yesNos().Draw(t, "previous"),
			Abduction: rapid.SampledFrom(append(code.Abductions, "")).Draw(t, "abduction"),
			Reported:  rapid.SampledFrom(append(code.ReportedElsewheres, "")).Draw(t, "reported"),
		}
		a.TimeOfDay = rapid.SampledFrom(append(code.DayTimes, "")).Draw(t, "time of day")
		if rapid.Bool().Draw(t, "known") {
			a.Perpetrators = &Perpetrators{
				Number: rapid.IntRange(1, 9).Draw(t, "number"), Sex: rapid.SampledFrom(code.PerpetratorSexes).Draw(t, "sex"),
				Relationships: rapid.SliceOfNDistinct(rapid.SampledFrom(code.Relationships), 0, 3, rapid.ID).Draw(t, "relationships"),
			}
		}
		return a
	})
}

// The type is that of the first question to which she said yes, whatever was said after it.
// Six noes are no gender-based violence; anything less is not known.
func TestTheFirstYesGivesTheType(t *testing.T) {
	order := []code.GBVType{
		code.Rape, code.SexualAssault, code.PhysicalAssault, code.ForcedMarriage, code.DenialOfResources, code.PsychologicalAbuse,
	}
	rapid.Check(t, func(t *rapid.T) {
		a := answers().Draw(t, "answers")
		said := each(a)
		var want code.GBVType
		switch first := slices.Index(said, code.Yes); {
		case first >= 0:
			want = order[first]
		case !slices.Contains(said, ""):
			want = code.NonGBV
		}
		if got := a.Type(); got != want {
			t.Fatalf("%v: %q, want %q", said, got, want)
		}
	})
}

// A no is never a yes: with each no made into "not asked", no type and no context of violence
// appears or goes, but that nobody knows whether it is none.
func TestNoIsNeverYes(t *testing.T) {
	quiet := func(said code.YesNo) code.YesNo {
		if said == code.No {
			return ""
		}
		return said
	}
	rapid.Check(t, func(t *rapid.T) {
		a := anyAccount().Draw(t, "account")
		b := a
		b.Answers = Answers{
			quiet(a.Answers.Penetration), quiet(a.Answers.SexualContact), quiet(a.Answers.Physical),
			quiet(a.Answers.ForcedMarriage), quiet(a.Answers.Denial), quiet(a.Answers.Psychological),
		}
		b.HarmfulPractice, b.Exchange = quiet(a.HarmfulPractice), quiet(a.Exchange)
		if a.Abduction == code.NoAbduction {
			b.Abduction = ""
		}
		is, other := a.Answers.Type(), b.Answers.Type()
		if is != other && (is != code.NonGBV || other != "") {
			t.Fatalf("%q, and without its noes %q", is, other)
		}
		child := rapid.Bool().Draw(t, "child")
		if is != code.NonGBV && !slices.Equal(a.contexts(is, child), b.contexts(other, child)) {
			t.Fatalf("%v, and without its noes %v", a.contexts(is, child), b.contexts(other, child))
		}
	})
}

func TestContexts(t *testing.T) {
	partner := Circumstances{Perpetrators: &Perpetrators{Relationships: []code.Relationship{code.Employer, code.IntimatePartner}}}
	rape, physical, married := Answers{Penetration: code.Yes}, Answers{Physical: code.Yes}, Answers{ForcedMarriage: code.Yes}
	for name, c := range map[string]struct {
		account Account
		child   bool
		want    []code.CaseContext
	}{
		"a partner":                  {Account{Answers: physical, Circumstances: partner}, false, []code.CaseContext{code.IntimatePartnerViolence}},
		"a partner, not classified":  {Account{Circumstances: partner}, false, []code.CaseContext{code.IntimatePartnerViolence}},
		"a partner, and no violence": {Account{Answers: Answers{code.No, code.No, code.No, code.No, code.No, code.No}, Circumstances: partner}, false, nil},
		"a child":                    {Account{Answers: rape}, true, []code.CaseContext{code.ChildSexualAbuse}},
		"a child, beaten":            {Account{Answers: physical}, true, nil},
		"a child, married":           {Account{Answers: married}, true, []code.CaseContext{code.EarlyMarriage}},
		"a woman, married":           {Account{Answers: married}, false, nil},
		"exchanged":                  {Account{Answers: rape, Exchange: code.Yes}, false, []code.CaseContext{code.PossibleExploitation}},
		"exchanged, and beaten":      {Account{Answers: physical, Exchange: code.Yes}, false, nil},
		"not exchanged":              {Account{Answers: rape, Exchange: code.No}, false, nil},
		"abducted":                   {Account{Answers: Answers{SexualContact: code.Yes}, Abduction: code.ForcedConscription}, false, []code.CaseContext{code.PossibleSexualSlavery}},
		"abducted, and beaten":       {Account{Answers: physical, Abduction: code.ForcedConscription}, false, nil},
		"not abducted":               {Account{Answers: rape, Abduction: code.NoAbduction}, false, nil},
		"a practice":                 {Account{Answers: physical, HarmfulPractice: code.Yes}, false, []code.CaseContext{code.HarmfulPractice}},
		"no practice":                {Account{Answers: physical, HarmfulPractice: code.No}, false, nil},
	} {
		if got := c.account.contexts(c.account.Answers.Type(), c.child); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// toldOf are the incidents of a case as who has it sees them.
func toldOf(d *desk) []IncidentView { return d.state.Content(d.by()).(View).Incidents }

// What was told at the opening is the first incident, as it was before there were several.
func TestWhatWasToldAtTheOpeningIsTheFirst(t *testing.T) {
	d := open(t, everything())
	first := toldOf(d)
	if len(first) != 1 || first[0].Type != code.Rape || first[0].Happened != d.state.Happened || first[0].At != noon {
		t.Fatalf("%+v", first)
	}
	d.now = noon.Add(time.Hour)
	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{Answers: Answers{Physical: code.Yes}}}))
	both := toldOf(d)
	if len(both) != 2 || both[0].ID != first[0].ID || both[1].Type != code.PhysicalAssault || both[1].By != "worker-1" {
		t.Fatalf("%+v", both)
	}
	if empty := open(t, Opening{}); len(toldOf(empty)) != 0 {
		t.Errorf("an incident of which nobody told: %+v", toldOf(empty))
	}

	// It is amended as the others are, and its time stays a part of the opening.
	when := &Interval{Earliest: noon.Add(-5 * time.Hour), Latest: noon.Add(-4 * time.Hour)}
	d.must(t)(do(d, Case.AmendIncident, AmendIncident{
		Incident: first[0].ID, Reason: code.Addition, Account: Account{Happened: when, Answers: Answers{Penetration: code.No, Physical: code.Yes}},
	}))
	anew := toldOf(d)[0]
	if anew.Type != code.PhysicalAssault || anew.Happened != when || d.state.Happened != when {
		t.Errorf("%+v", anew)
	}
	if len(anew.Before) != 1 || anew.Before[0].Before.Happened == when || anew.Before[0].By != "worker-1" || anew.Before[0].Reason != code.Addition {
		t.Errorf("before: %+v", anew.Before)
	}
	d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Correction, Opening: since(3*time.Hour, 2*time.Hour)}))
	if got := toldOf(d)[0]; got.Happened != d.state.Happened || got.Happened.Earliest != noon.Add(-3*time.Hour) {
		t.Errorf("two times of one incident: %+v", got)
	}
	// Taken back it counts no more; told again, it counts again.
	d.must(t)(do(d, Case.EnterIncidentInError, EnterIncidentInError{Incident: first[0].ID}))
	if len(d.state.when()) != 0 || !toldOf(d)[0].InError {
		t.Error("it was taken back, and its time counts")
	}
	d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Correction, Opening: since(3*time.Hour, 2*time.Hour)}))
	if len(d.state.when()) != 1 || len(toldOf(d)) != 2 {
		t.Error("it was told again, and its time does not count")
	}
}

// Parts that are not named stay; each can be removed by itself.
func TestAnIncidentIsAmendedInParts(t *testing.T) {
	whole := Account{
		Happened: &Interval{Earliest: noon.Add(-2 * time.Hour), Latest: noon.Add(-time.Hour)}, TakenAt: noon.Add(-time.Minute),
		Answers:         Answers{code.Yes, code.No, code.Yes, code.No, code.Yes, code.No},
		HarmfulPractice: code.No, Exchange: code.Yes, Abduction: code.NoAbduction, Reported: code.NotReported, Previous: code.Yes,
		Circumstances: Circumstances{TimeOfDay: code.Night, PlaceType: code.AtRoad, Area: "GT-01", Perpetrators: &Perpetrators{Number: 2}},
	}
	for _, p := range code.IncidentParts {
		if accounts[p].told == nil || !accounts[p].told(whole) {
			t.Fatalf("%s is no part of an account, or is not told", p)
		}
		d := open(t, Opening{})
		d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: whole}))
		id := toldOf(d)[0].ID
		d.must(t)(do(d, Case.AmendIncident, AmendIncident{Incident: id, Reason: code.Correction, Remove: []code.IncidentPart{p}}))
		got := toldOf(d)[0].Account
		if accounts[p].told(got) || reflect.DeepEqual(got, whole) {
			t.Errorf("%s is not removed", p)
		}
		var one Account
		accounts[p].take(&one, whole)
		d.must(t)(do(d, Case.AmendIncident, AmendIncident{Incident: id, Reason: code.Addition, Account: one}))
		if diff := cmp.Diff(whole, toldOf(d)[0].Account); diff != "" {
			t.Errorf("%s is told again (-want +got):\n%s", p, diff)
		}
	}
}

func TestIncidentsRefuse(t *testing.T) {
	d := open(t, Opening{})
	refusal := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	record := func(a Account) error {
		_, err := do(d, Case.RecordIncident, RecordIncident{Account: a})
		return err
	}
	refusal("nothing", record(Account{}), ErrIncident)
	refusal("told tomorrow", record(Account{TakenAt: noon.Add(24 * time.Hour)}), ErrIncident)
	refusal("nobody did it", record(Account{Circumstances: Circumstances{Perpetrators: &Perpetrators{Number: -1}}}), ErrIncident)
	refusal("tomorrow", record(Account{Happened: &Interval{Earliest: noon, Latest: noon.Add(48 * time.Hour)}}), ErrInterval)
	amend := func(cmd AmendIncident) error {
		_, err := do(d, Case.AmendIncident, cmd)
		return err
	}
	refusal("none", amend(AmendIncident{Reason: code.Addition, Incident: "inc_1"}), ErrIncidentUnknown)
	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{Previous: code.Yes}}))
	id := toldOf(d)[0].ID
	refusal("another", amend(AmendIncident{Reason: code.Addition, Incident: d.state.first()}), ErrIncidentUnknown)
	refusal("no reason", amend(AmendIncident{Incident: id, Account: Account{Previous: code.No}}), ErrUnknownCode)
	refusal("no part", amend(AmendIncident{Incident: id, Reason: code.Change}), ErrAmend)
	refusal("both", amend(AmendIncident{Incident: id, Reason: code.Change, Account: Account{Previous: code.No}, Remove: []code.IncidentPart{code.IncidentPrevious}}), ErrIncident)
	refusal("all", amend(AmendIncident{Incident: id, Reason: code.Change, Remove: code.IncidentParts}), ErrIncident)
	d.must(t)(do(d, Case.EnterIncidentInError, EnterIncidentInError{Incident: id}))
	_, err := do(d, Case.EnterIncidentInError, EnterIncidentInError{Incident: id})
	refusal("twice", err, ErrIncidentUnknown)
	refusal("taken back", amend(AmendIncident{Incident: id, Reason: code.Change, Account: Account{Previous: code.No}}), ErrIncidentUnknown)
	d.must(t)(do(d, Case.Close, Close{Reason: code.CloseLeftArea}))
	refusal("closed", record(Account{Previous: code.Yes}), ErrNotOpen)
}

// An agency is shown what stands, as it is written now, and neither what was written before
// nor what was taken back. No context of it says that she is a child.
func TestAnAgencyIsShownTheIncidentsThatStand(t *testing.T) {
	d, id := accepted(t)
	d.state.Opening = everything()
	d.state.Survivor.AgeBand = code.AgeTo17
	d.state.Consents[0].Categories = []code.Category{code.Incident}
	told(t, d, legal, id)
	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{Answers: Answers{Penetration: code.Yes}, Exchange: code.Yes}}))
	d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{Answers: Answers{Denial: code.Yes}}}))
	all := toldOf(d)
	d.must(t)(do(d, Case.AmendIncident, AmendIncident{Incident: all[1].ID, Reason: code.Correction, Account: Account{Answers: Answers{Penetration: code.No, Physical: code.Yes}}}))
	d.must(t)(do(d, Case.EnterIncidentInError, EnterIncidentInError{Incident: all[0].ID}))
	d.must(t)(do(d, Case.EnterIncidentInError, EnterIncidentInError{Incident: all[2].ID}))
	p := shown(d, legal, id).Packet
	if p == nil || p.Incident != nil || p.Happened != nil {
		t.Fatalf("what was taken back is shown: %+v", p)
	}
	if diff := cmp.Diff([]IncidentShown{{Type: code.PhysicalAssault}}, p.Incidents); diff != "" {
		t.Errorf("(-want +shown):\n%s", diff)
	}
}

// Of several incidents the one that is still in a window counts, in instants; and each that
// is may make the request urgent.
func TestTheIncidentThatIsStillInAWindowCounts(t *testing.T) {
	const hour = time.Hour
	for _, c := range []struct {
		name string
		ago  [][2]time.Duration
		want code.Urgency
	}{
		{"both are past", [][2]time.Duration{{400 * hour, 399 * hour}, {130 * hour, 130 * hour}}, code.Standard},
		{"the later one is in a window", [][2]time.Duration{{400 * hour, 399 * hour}, {20 * hour, 20 * hour}}, code.Urgent},
		{"told in the other order", [][2]time.Duration{{20 * hour, 20 * hour}, {400 * hour, 399 * hour}}, code.Urgent},
		{"the evidence of the first is lost soon", [][2]time.Duration{{119 * hour, 119 * hour}, {20 * hour, 20 * hour}}, code.Emergency},
		{"a second before the end", [][2]time.Duration{{500 * hour, 499 * hour}, {120*hour - time.Second, 120*hour - time.Second}}, code.Emergency},
		{"at the end", [][2]time.Duration{{500 * hour, 499 * hour}, {120 * hour, 120 * hour}}, code.Standard},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := agreeing(t, since(c.ago[0][0], c.ago[0][1]), code.ForensicExam)
			d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: Account{Happened: since(c.ago[1][0], c.ago[1][1]).Happened}}))
			events := d.must(t)(do(d, timely, alone(code.ForensicExam, code.Standard)))
			if got := events[0].Data.(intakev1.ServiceRequested).Urgency; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// What she answered changes nothing but figures: no public event, no list, no window and no
// hint of a case differs from one in which she answered otherwise.
func TestATypeIsNoInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ago := time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour
		services := rapid.SliceOfNDistinct(rapid.SampledFrom(code.Services), 1, 4, rapid.ID).Draw(t, "services")
		urgency := rapid.SampledFrom(code.Urgencies).Draw(t, "urgency")
		opened := since(ago, ago)
		opened.Survivor.AgeBand = code.AgeAdult
		other := opened
		other.Incident = &Incident{Types: []code.GBVType{rapid.SampledFrom(code.GBVTypes).Draw(t, "type")}}
		of := func(told Opening, account Account) (*desk, [][]byte) {
			d := agreeing(t, told, services...)
			account.Happened = since(ago/2, ago/2).Happened
			d.must(t)(do(d, Case.RecordIncident, RecordIncident{Account: account}))
			for _, s := range services {
				d.must(t)(do(d, timely, alone(s, urgency)))
				last := d.state.Referrals[len(d.state.Referrals)-1].ID
				d.must(t)(do(d, Under(basis, Case.OnDeclined), referralv1.Declined{Loop: d.loop(last)}))
			}
			var public [][]byte
			for _, e := range d.history {
				public = append(public, asJSON(t, e.Data))
			}
			return d, public
		}
		a, publicA := of(opened, anyAccount().Draw(t, "one account"))
		b, publicB := of(other, anyAccount().Draw(t, "another account"))
		if !slices.EqualFunc(publicA, publicB, bytes.Equal) {
			t.Fatal("what is told to others differs")
		}
		for n, list := range lists() {
			if !slices.Equal(list(a.state), list(b.state)) {
				t.Fatalf("list %d differs", n)
			}
		}
		one, err := a.state.Sequence(a.by(), basis)
		two, again := b.state.Sequence(b.by(), basis)
		if err != nil || again != nil || !bytes.Equal(asJSON(t, one), asJSON(t, two)) {
			t.Fatal("the sequence differs")
		}
		if !bytes.Equal(asJSON(t, a.state.View(a.by())), asJSON(t, b.state.View(b.by()))) {
			t.Fatal("the frame differs")
		}
	})
}

// lists are those in which a case stands.
func lists() []func(Case) []string {
	return []func(Case) []string{
		ByAgency.Keys, ByName.Keys, ByOwners.Keys, ByLeading.Keys, ByAttention.Keys, ByReference.Keys, ByReferral.Keys, ByTransfer.Keys, ByTransferID.Keys,
	}
}
