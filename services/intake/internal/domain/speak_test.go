package domain

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
)

var write = flag.Bool("write", false, "write the table of who may consent again")

// strictLaw is a law that no programme has: both consent from 12 on, the child alone from 15, for
// health from 14, and nobody but the caseworker consents instead of a caregiver.
var strictLaw = made(func(f *programme.Fields) {
	f.Consent.Is.Steps = []programme.ConsentStep{
		{From: 0, Under: 6, By: code.ByCaregiver},
		{From: 6, Under: 12, By: code.ByCaregiver, Assent: true},
		{From: 12, Under: 15, By: code.ByBoth, Assent: true},
		{From: 15, Under: 18, By: code.BySurvivor},
	}
	f.Consent.Is.Alone = map[code.Service]int{code.HealthMedical: 14}
	f.Consent.Is.Instead = []code.GivenBy{code.ByTrustedAdult, code.ByCaseworker}
})

// The table of who may consent, as a lawyer reads it: testdata/consent.txt. Each answer is that
// of the decision itself.
func TestTheTableOfWhoMayConsent(t *testing.T) {
	var out bytes.Buffer
	out.WriteString(`Who may consent for a survivor: what the network takes, by the rules of a programme, her age, the service, and what is
written down of the caregiver. "yes": taken. "asked": taken where it is written down what the child said. "-": refused.
"With a supervisor" is the caseworker who names one. "Child says no": what a consent of another person is worth then.
"Danger" is a supervisor who records a danger to her life or health.

`)
	for _, law := range []struct {
		name  string
		rules Rules
		at    Open
	}{
		{"The base of the network", basis, opening(Opening{})},
		{"Guatemala, a proposal", Rules{Programmes: programmetest.Shipped()}, Open{Channel: code.Hotline, Country: "GT", Programme: "guatemala"}},
		{"Kyrgyzstan, a proposal", Rules{Programmes: programmetest.Shipped()}, Open{Channel: code.Hotline, Country: "KG", Programme: "kyrgyzstan"}},
		{"A strict law, made up", strictLaw, opening(Opening{})},
	} {
		for _, service := range []code.Service{code.LegalAssistance, code.HealthMedical} {
			fmt.Fprintf(&out, "%s: %s\n\n", law.name, service)
			w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "age\tcaregiver\tshe alone\tcaregiver\tboth\ttrusted adult\twith a supervisor\tchild says no\tand danger")
			for _, age := range ages {
				for _, care := range caregivers {
					fmt.Fprintln(w, row(t, law.rules, law.at, service, age, care))
				}
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
			out.WriteString("\n")
		}
	}
	lines := bytes.Split(out.Bytes(), []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimRight(line, " ")
	}
	got := bytes.Join(lines, []byte("\n"))
	file := filepath.Join("testdata", "consent.txt")
	if *write {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got; read it, and write it again with -write:\n%s", diff)
	}
}

type aged struct {
	name string
	is   Survivor
}

func born(years int) Survivor {
	return Survivor{Born: Born{Date: noon.AddDate(-years, 0, -1).Format(time.DateOnly)}}
}

var ages = []aged{
	{"not known", Survivor{}},
	{"not known, thought a child", Survivor{ThoughtChild: code.SaysChild}},
	{"0-5", Survivor{AgeBand: code.AgeTo5}},
	{"6-11", Survivor{AgeBand: code.Age6To11}},
	{"12-17, no more is known", Survivor{AgeBand: code.AgeTo17}},
	{"12", born(12)},
	{"14", born(14)},
	{"15", born(15)},
	{"17", born(17)},
	{"18 since yesterday", born(18)},
	{"18+", Survivor{AgeBand: code.AgeAdult}},
}

type care struct {
	name string
	is   Evidence
}

var caregivers = []care{
	{"nobody is named", Evidence{}},
	{"is there", Evidence{Caregiver: &Caregiver{Relation: code.Mother, MayConsent: code.Yes}}},
	{"may not by law", Evidence{Caregiver: &Caregiver{Relation: code.Mother, MayConsent: code.No}, WithoutCaregiver: code.NotInChildsInterest}},
	{"suspected", Evidence{Caregiver: &Caregiver{Relation: code.Mother, Suspected: true}, WithoutCaregiver: code.CaregiverIsAbuser}},
	{"suspected, no reason", Evidence{Caregiver: &Caregiver{Relation: code.Mother, Suspected: true}}},
	{"not there", Evidence{WithoutCaregiver: code.NoCaregiver}},
	{"against her interest", Evidence{WithoutCaregiver: code.NotInChildsInterest}},
}

func row(t *testing.T, rules Rules, at Open, service code.Service, age aged, care care) string {
	t.Helper()
	try := func(by code.GivenBy, assent code.Assent, over code.OverDissent) (taken, counts bool) {
		d := newDesk()
		at.Opening = Opening{Survivor: age.is}
		d.must(t)(do(d, Within(rules), at))
		cmd := yes(legal, service)
		cmd.Evidence = care.is
		cmd.Method, cmd.GivenBy, cmd.Assent, cmd.OverDissent = code.Oral, by, assent, over
		if by == code.ByCaseworker {
			cmd.Supervisor = "supervisor-1"
		}
		who := d.by()
		who.Roles = []string{"supervisor"}
		events, err := d.state.GiveConsent(who, cmd, rules)
		d.commit(events)
		_, counts = d.state.consentFor(rules.law(d.state, d.now), service, Choice{Recipient: legal}, code.ServiceDelivery, d.now)
		return err == nil, counts
	}
	line, no, danger := age.name+"\t"+care.name, "", ""
	defer func() {
		if care.is.Caregiver != nil && care.is.WithoutCaregiver == "" && care.is.Caregiver.Suspected {
			return // the desk writes down the reason, and then somebody may
		}
		if !strings.Contains(line, "\tyes") && !strings.Contains(line, "\tasked") {
			t.Errorf("%s: nobody may consent, and she gets no help", line)
		}
	}()
	for _, by := range []code.GivenBy{code.BySurvivor, code.ByCaregiver, code.ByBoth, code.ByTrustedAdult, code.ByCaseworker} {
		cell := "-"
		if taken, _ := try(by, "", ""); taken {
			cell = "yes"
		} else if taken, counts := try(by, code.AssentGiven, ""); taken && counts {
			cell = "asked"
		}
		line += "\t" + cell
		if cell == "-" || by == code.BySurvivor || by == code.ByBoth {
			continue
		}
		if taken, counts := try(by, code.Dissent, ""); taken && !counts {
			no = "stops it"
		} else {
			t.Errorf("%s: %s against a dissent: taken %t, counts %t", line, by, taken, counts)
		}
		if _, counts := try(by, code.Dissent, code.DangerToLife); counts {
			danger = "goes on"
		} else {
			t.Errorf("%s: %s with a danger does not count", line, by)
		}
	}
	return line + "\t" + no + "\t" + danger
}

// What a consent of others is worth, from the day on which she comes of age.
func TestMajorityInAnOpenCase(t *testing.T) {
	guatemala := Rules{Programmes: programmetest.Shipped()}
	zone := guatemala.Programmes.For("guatemala", "GT", noon, noon).Zone
	day := time.Date(2026, 3, 20, 0, 0, 0, 0, zone)
	d := newDesk()
	o := everything()
	o.Survivor.AgeBand = ""
	o.Survivor.Born = Born{Date: "2008-03-20"}
	d.must(t)(do(d, Within(guatemala), Open{Channel: code.Hotline, Country: "GT", Programme: "guatemala", Opening: o}))
	if got := d.state.Survivor.AgeBand; got != code.AgeTo17 {
		t.Errorf("band %q", got)
	}
	cmd := yes(legal, code.LegalAssistance)
	cmd.GivenBy, cmd.Categories, cmd.Expires = code.ByBoth, code.Categories, noon.AddDate(0, 6, 0)
	d.must(t)(do(d, Ruled(guatemala, Case.GiveConsent), cmd))
	herself := yes(clinic, code.HealthMedical)
	d.must(t)(do(d, Ruled(guatemala, Case.GiveConsent), herself))
	d.must(t)(do(d, Ruled(guatemala, Case.RequestServices), please(ask(legal, code.LegalAssistance))))
	id := d.state.Referrals[0].ID
	d.must(t)(do(d, news[code.Accepted], d.loop(id)))
	d.must(t)(disclose(d, legal, id))
	want := []fact.Deadline{{Name: RecheckDeadline, At: day}}
	if diff := cmp.Diff(want, d.state.Deadlines()); diff != "" {
		t.Fatalf("deadlines (-want +got):\n%s", diff)
	}
	recheck := func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.RecheckDue(by, guatemala) }
	grace := func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.GraceDue(by) }
	shown := func() bool {
		by := d.by()
		by.Agency = legal
		_, again := d.state.Shown(by, id, guatemala)
		return again
	}
	d.now = day.Add(-time.Second)
	events, err := do(d, recheck, struct{}{})
	refused(t, events, err, ErrNotDue)
	if !shown() {
		t.Error("the day before nothing is shown")
	}

	// The gates close by the clock, also while the deadline is late.
	d.now = day
	if shown() {
		t.Error("on the day it is shown on what her mother consented to")
	}
	d.must(t)(do(d, recheck, struct{}{}))
	end := day.Add(30 * 24 * time.Hour)
	if diff := cmp.Diff([]fact.Deadline{{Name: GraceDeadline, At: end}}, d.state.Deadlines()); diff != "" {
		t.Fatalf("deadlines (-want +got):\n%s", diff)
	}
	if !slices.Contains(d.state.Waits(), code.ConsentAnew) || d.state.Survivor.AgeBand != code.AgeAdult || !d.state.Referrals[0].open() {
		t.Errorf("waits %v, band %s, %s", d.state.Waits(), d.state.Survivor.AgeBand, d.state.Referrals[0].Status)
	}
	events, err = do(d, Ruled(guatemala, Case.RequestServices), please(ask(clinic, code.HealthMedical)))
	d.must(t)(events, err) // her own word goes on

	t.Run("she says yes", func(t *testing.T) {
		d := *d
		cmd := yes(legal, code.LegalAssistance)
		cmd.Categories, cmd.Expires = code.Categories, day.AddDate(0, 2, 0)
		d.must(t)(do(&d, Ruled(guatemala, Case.GiveConsent), cmd))
		if len(d.state.Deadlines()) > 0 || slices.Contains(d.state.Waits(), code.ConsentAnew) {
			t.Errorf("deadlines %v, waits %v", d.state.Deadlines(), d.state.Waits())
		}
		d.must(t)(disclose(&d, legal, id))
		d.now = end
		if events := d.must(t)(do(&d, grace, struct{}{})); len(events) > 0 {
			t.Errorf("the end of the grace takes back %v", events)
		}
	})
	t.Run("she does not answer", func(t *testing.T) {
		d := *d
		d.now = end.Add(-1)
		events, err := do(&d, grace, struct{}{})
		refused(t, events, err, ErrNotDue)
		d.now = end
		want := fact.Of(intakev1.ConsentWithdrawn{Case: d.state.ID, Consent: d.state.Consents[0].ID, Recipient: legal, Service: code.LegalAssistance})
		if diff := cmp.Diff(want, d.must(t)(do(&d, grace, struct{}{}))); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if len(d.state.Deadlines()) > 0 {
			t.Errorf("it is due again: %v", d.state.Deadlines())
		}
	})
}

// The one who is suspected is not taken for another service, by somebody who does not know.
func TestASuspectedCaregiverConsentsToNothing(t *testing.T) {
	d := open(t, Opening{Survivor: Survivor{AgeBand: code.Age6To11}})
	cmd := yes(legal, code.LegalAssistance)
	cmd.Evidence = Evidence{
		Method: code.Oral, GivenBy: code.BySurvivor, WithoutCaregiver: code.CaregiverIsAbuser,
		Caregiver: &Caregiver{Relation: code.StepParent, Suspected: true},
	}
	d.must(t)(do(d, plain(Case.GiveConsent), cmd))
	for name, c := range map[string]struct {
		is   *Caregiver
		want *fault.Error
	}{
		"the same":     {&Caregiver{Relation: code.StepParent}, ErrCaregiverBarred},
		"nobody named": {nil, ErrCaregiverBarred},
		"another one":  {&Caregiver{Relation: code.Grandparent}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := *d
			cmd := yes(clinic, code.HealthMedical)
			cmd.Evidence = Evidence{Method: code.Oral, GivenBy: code.ByCaregiver, Caregiver: c.is}
			events, err := do(&d, plain(Case.GiveConsent), cmd)
			if c.want == nil {
				d.must(t)(events, err)
				return
			}
			refused(t, events, err, c.want, "/caregiver")
		})
	}
}

func TestEvidenceRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		is      Evidence
		roles   []string
		want    *fault.Error
		pointer string
	}{
		"a caregiver of no kind":      {Evidence{GivenBy: code.ByCaregiver, Caregiver: &Caregiver{}}, nil, ErrUnknownCode, "/caregiver/relation"},
		"her own yes and no":          {Evidence{GivenBy: code.ByBoth, Assent: code.Dissent}, nil, ErrDissent, "/assent"},
		"a danger without a dissent":  {Evidence{GivenBy: code.ByCaregiver, OverDissent: code.DangerToLife}, []string{"supervisor"}, ErrDissent, "/over_dissent"},
		"a danger by a caseworker":    {Evidence{GivenBy: code.ByCaregiver, Assent: code.Dissent, OverDissent: code.DangerToLife}, []string{"caseworker"}, ErrDissent, "/over_dissent"},
		"a caseworker alone":          {Evidence{GivenBy: code.ByCaseworker, WithoutCaregiver: code.NoCaregiver}, nil, ErrSupervisorNeeded, "/supervisor"},
		"a trusted adult, no reason":  {Evidence{GivenBy: code.ByTrustedAdult}, nil, ErrCaregiverNeeded, "/given_by"},
		"a caregiver, against reason": {Evidence{GivenBy: code.ByCaregiver, WithoutCaregiver: code.NoCaregiver}, nil, ErrCaregiverBarred, "/caregiver"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{Survivor: Survivor{AgeBand: code.Age6To11}})
			cmd := yes(legal, code.LegalAssistance)
			cmd.Evidence, cmd.Method = c.is, code.Oral
			by := d.by()
			by.Roles = c.roles
			events, err := d.state.GiveConsent(by, cmd, basis)
			d.commit(nil)
			refused(t, events, err, c.want, c.pointer)
		})
	}
}

// Who lets a request go on against a dissent is on record as the token names them.
func TestTheSupervisorIsNamed(t *testing.T) {
	d := open(t, Opening{Survivor: Survivor{AgeBand: code.Age6To11}})
	cmd := yes(legal, code.LegalAssistance)
	cmd.Evidence = Evidence{Method: code.Oral, GivenBy: code.ByCaregiver, Assent: code.Dissent, OverDissent: code.DangerToHealth, Supervisor: "somebody else"}
	by := d.by()
	by.Roles = []string{"supervisor"}
	events, err := d.state.GiveConsent(by, cmd, basis)
	d.must(t)(events, err)
	d.commit(events)
	if got := d.state.Consents[0].Supervisor; got != by.Principal {
		t.Errorf("recorded by %q", got)
	}
}

func TestBorn(t *testing.T) {
	for name, c := range map[string]struct {
		is      Survivor
		want    *fault.Error
		pointer string
	}{
		"a date":                    {Survivor{Born: Born{Date: "2012-02-29"}}, nil, ""},
		"an age on a date":          {Survivor{Born: Born{Age: 13, AgeOn: "2026-03-01"}}, nil, ""},
		"a newborn":                 {Survivor{Born: Born{Age: 0, AgeOn: "2026-03-01"}}, nil, ""},
		"the band agrees":           {Survivor{AgeBand: code.AgeTo17, Born: Born{Date: "2012-02-29"}}, nil, ""},
		"the band does not":         {Survivor{AgeBand: code.AgeAdult, Born: Born{Date: "2012-02-29"}}, ErrBorn, "/survivor/age_band"},
		"both":                      {Survivor{Born: Born{Date: "2012-02-29", AgeOn: "2026-03-01"}}, ErrBorn, "/survivor/born"},
		"an age on no date":         {Survivor{Born: Born{Age: 13}}, ErrBorn, "/survivor/born/age_on"},
		"no day":                    {Survivor{Born: Born{Date: "2013-02-29"}}, ErrBorn, "/survivor/born"},
		"to come":                   {Survivor{Born: Born{Date: "2026-03-16"}}, ErrBorn, "/survivor/born"},
		"too long ago":              {Survivor{Born: Born{Date: "1850-01-01"}}, ErrBorn, "/survivor/born"},
		"not yet":                   {Survivor{Born: Born{Age: -1, AgeOn: "2026-03-01"}}, ErrBorn, "/survivor/born"},
		"thought a child":           {Survivor{ThoughtChild: code.LooksChild}, nil, ""},
		"thought one, and known":    {Survivor{AgeBand: code.AgeTo17, ThoughtChild: code.LooksChild}, ErrBorn, "/survivor/thought_child"},
		"thought one for no reason": {Survivor{ThoughtChild: "x"}, ErrUnknownCode, "/survivor/thought_child"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			events, err := do(d, Within(basis), opening(Opening{Survivor: c.is}))
			if c.want == nil {
				d.must(t)(events, err)
				return
			}
			refused(t, events, err, c.want, c.pointer)
		})
	}
}

// An agency sees the band of the day on which it is shown, and never the birth.
func TestThePacketShowsTheBandAlone(t *testing.T) {
	d, id := outgrown(t, code.Age6To11, code.ByBoth)
	is := d.state.Survivor
	is.Born, is.AgeBand = Born{Date: noon.AddDate(-12, 0, 2).Format(time.DateOnly)}, ""
	d.must(t)(do(d, plain(Case.Amend), Amend{Reason: code.Addition, Opening: Opening{Survivor: is}}))
	d.must(t)(disclose(d, legal, id))
	for _, c := range []struct {
		at   time.Time
		want code.AgeBand
	}{{noon, code.Age6To11}, {noon.AddDate(0, 0, 2), code.AgeTo17}} {
		d.now = c.at
		by := d.by()
		by.Agency = legal
		s, ok := d.state.Shown(by, id, basis)
		if !ok || s.Packet.Survivor.AgeBand != c.want {
			t.Errorf("%v: shown %t, %+v", c.at, ok, s.Packet)
		}
	}
}

// What protects a child protects who is thought one: no means are asked of trafficking.
func TestThoughtAChild(t *testing.T) {
	trafficked := Opening{Incident: &Incident{Trafficking: &Trafficking{
		Acts: code.TraffickingActs[:1], Purposes: code.TraffickingPurposes[:1],
	}}}
	d := newDesk()
	d.must(t)(do(d, Within(basis), opening(trafficked)))
	if missing := d.state.elementsMissing(); len(missing) != 1 {
		t.Errorf("%v is missing of a person of unknown age", missing)
	}
	trafficked.Survivor.ThoughtChild = code.DocumentsChild
	d = newDesk()
	d.must(t)(do(d, Within(basis), opening(trafficked)))
	if missing := d.state.elementsMissing(); len(missing) != 0 {
		t.Errorf("%v is missing of who is thought a child", missing)
	}
}

// Whatever is done, and however old she is: the terms of a consent never change, what is over
// is never in force again, and nothing is asked on what others consented to once she is of age.
func TestTheStatesOfAConsent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := open(t, Opening{Survivor: born(rapid.IntRange(0, 18).Draw(t, "age"))})
		type terms struct {
			Recipient string
			Expires   time.Time
			Evidence  Evidence
		}
		first, over := map[string]terms{}, map[string]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"give": func(t *rapid.T) {
				cmd := yes(rapid.SampledFrom([]string{legal, clinic}).Draw(t, "to"), code.LegalAssistance)
				cmd.Expires = d.now.AddDate(0, rapid.IntRange(1, 11).Draw(t, "months"), 0)
				cmd.GivenBy = rapid.SampledFrom(code.GivenByList).Draw(t, "by")
				cmd.WithoutCaregiver = rapid.SampledFrom(append(slices.Clone(code.WithoutCaregiverList), "")).Draw(t, "why")
				cmd.Assent = rapid.SampledFrom(append(slices.Clone(code.Assents), "")).Draw(t, "assent")
				_, _ = do(d, plain(Case.GiveConsent), cmd)
			},
			"refuse": func(*rapid.T) { _, _ = do(d, Case.RefuseConsent, no(legal, code.LegalAssistance)) },
			"withdraw": func(t *rapid.T) {
				if len(d.state.Consents) > 0 {
					_, _ = do(d, Case.WithdrawConsent, WithdrawConsent{Consent: rapid.SampledFrom(d.state.Consents).Draw(t, "which").ID})
				}
			},
			"question": func(*rapid.T) { _, _ = do(d, Case.RequestConsent, mayI(legal, code.LegalAssistance)) },
			"end": func(t *rapid.T) {
				if len(d.state.Consents) > 0 {
					_, _ = do(d, Case.EndConsent, EndConsent{
						Consent: rapid.SampledFrom(d.state.Consents).Draw(t, "which").ID, Ground: rapid.SampledFrom(code.ConsentEndGrounds).Draw(t, "ground"),
						Relation: rapid.SampledFrom(append(slices.Clone(code.CaregiverRelations), "")).Draw(t, "relation"),
					})
				}
			},
			"ask":  func(*rapid.T) { _, _ = do(d, plain(Case.RequestServices), please(ask(legal, code.LegalAssistance))) },
			"time": func(t *rapid.T) { d.now = d.now.AddDate(0, rapid.IntRange(1, 30).Draw(t, "months"), 0) },
			"due": func(*rapid.T) {
				_, _ = do(d, func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.RecheckDue(by, basis) }, struct{}{})
				_, _ = do(d, func(c Case, by fact.By, _ struct{}) ([]fact.Event, error) { return c.GraceDue(by) }, struct{}{})
				_, _ = do(d, lapse, struct{}{})
			},
			"": func(t *rapid.T) {
				adult, _ := d.state.Survivor.Born.turns("", programme.Majority)
				asked := map[string]bool{}
				for _, k := range d.state.Consents {
					if asked[k.ID] {
						t.Fatal("one question has two records")
					}
					if asked[k.ID] = true; !k.given() {
						if k.InForce(d.now) || over[k.ID] {
							t.Fatal("in force without her yes, or an answer that is a question again")
						}
						continue
					}
					is := terms{k.Recipient, k.Expires, k.Evidence}
					if was, seen := first[k.ID]; seen {
						if diff := cmp.Diff(was, is); diff != "" {
							t.Fatalf("the terms of a consent changed: %s", diff)
						}
					}
					first[k.ID] = is
					inForce := k.InForce(d.now)
					if over[k.ID] && inForce {
						t.Fatal("what was over is in force")
					}
					over[k.ID] = !inForce
					best, ok := d.state.consentFor(basis.law(d.state, d.now), k.Service, Choice{Recipient: k.Recipient, Consent: k.ID}, k.Purpose, d.now)
					if ok && !d.now.Before(adult) && best.AnsweredAt.Before(adult) && best.GivenBy != code.BySurvivor {
						t.Fatal("asked on what others consented to")
					}
					if ok && best.Assent == code.Dissent {
						t.Fatal("asked against her dissent")
					}
				}
			},
		})
	})
}
