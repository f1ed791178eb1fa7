package domain

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/intakev1"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
)

// An indicator is never about nationality or papers that she lacks, and what is kept of a
// person who was smuggled has no place for an offence of hers.
func TestNobodyIsIdentifiedByPapers(t *testing.T) {
	for _, i := range code.Indicators {
		for _, word := range []string{"nationality", "visa", "passport", "illegal", "irregular", "undocumented", "origin"} {
			if strings.Contains(string(i), word) {
				t.Errorf("%s is asked", i)
			}
		}
	}
	var kept []string
	for f := range fields(reflect.TypeFor[Passage]()) {
		kept = append(kept, f)
	}
	if diff := cmp.Diff([]string{"At", "By", "Aggravations", "Words"}, kept); diff != "" {
		t.Errorf("a passage keeps (-want +got):\n%s", diff)
	}
}

func fields(typ reflect.Type) func(func(string) bool) {
	return func(yield func(string) bool) {
		for f := range typ.Fields() {
			if !yield(f.Name) {
				return
			}
		}
	}
}

// What is known of trafficking is written down, also in parts. A child needs no means, and
// neither does somebody of unknown age whom there is reason to think a child.
func TestElementsThatAreMissing(t *testing.T) {
	whole := everything().Incident.Trafficking
	for name, c := range map[string]struct {
		age     code.AgeBand
		seems   code.YesNo
		told    *Trafficking
		missing []code.TraffickingElement
	}{
		"nothing":                       {code.AgeAdult, "", nil, nil},
		"all":                           {code.AgeAdult, "", whole, nil},
		"an act alone":                  {code.AgeAdult, "", &Trafficking{Acts: whole.Acts}, []code.TraffickingElement{code.ElementMeans, code.ElementPurpose}},
		"a means alone":                 {code.AgeAdult, "", &Trafficking{Means: whole.Means}, []code.TraffickingElement{code.ElementAct, code.ElementPurpose}},
		"an adult, no means":            {code.AgeAdult, "", &Trafficking{Acts: whole.Acts, Purposes: whole.Purposes}, []code.TraffickingElement{code.ElementMeans}},
		"an adult who seems a child":    {code.AgeAdult, code.Yes, &Trafficking{Acts: whole.Acts, Purposes: whole.Purposes}, []code.TraffickingElement{code.ElementMeans}},
		"seventeen":                     {code.AgeTo17, "", &Trafficking{Acts: whole.Acts, Purposes: whole.Purposes}, nil},
		"five, who does not seem so":    {code.AgeTo5, code.No, &Trafficking{Acts: whole.Acts, Purposes: whole.Purposes}, nil},
		"unknown age":                   {"", "", &Trafficking{Acts: whole.Acts, Purposes: whole.Purposes}, []code.TraffickingElement{code.ElementMeans}},
		"unknown age, seems a child":    {"", code.Yes, &Trafficking{Acts: whole.Acts, Purposes: whole.Purposes}, nil},
		"unknown age, seems no child":   {"", code.No, &Trafficking{Acts: whole.Acts, Purposes: whole.Purposes}, []code.TraffickingElement{code.ElementMeans}},
		"a child, and no act and means": {code.AgeTo17, "", &Trafficking{Purposes: whole.Purposes}, []code.TraffickingElement{code.ElementAct}},
	} {
		t.Run(name, func(t *testing.T) {
			o := Opening{Survivor: Survivor{AgeBand: c.age}}
			if c.told != nil {
				o.Incident = &Incident{Trafficking: c.told}
			}
			d := open(t, o)
			if c.seems != "" {
				d.commit(fact.With(intakev1.IndicatorsAsked{Case: d.state.ID}, IndicatorsNoted{SeemsChild: c.seems}))
			}
			if diff := cmp.Diff(c.missing, d.state.Content(d.by()).(View).ElementsMissing); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What was written with the indicators before is read as what is known of her: one fact, also
// where it was taken back or where her desk wrote why.
func TestWhetherSheSeemsAChildIsOneFact(t *testing.T) {
	for name, c := range map[string]struct {
		known Survivor
		seems []code.YesNo
		want  code.ThoughtChild
	}{
		"yes":                     {Survivor{}, []code.YesNo{code.Yes}, code.LooksChild},
		"no":                      {Survivor{}, []code.YesNo{code.No}, ""},
		"yes, and not asked":      {Survivor{}, []code.YesNo{code.Yes, ""}, code.LooksChild},
		"yes, then no":            {Survivor{}, []code.YesNo{code.Yes, code.No}, ""},
		"no, and she says so":     {Survivor{ThoughtChild: code.SaysChild}, []code.YesNo{code.Yes, code.No}, code.SaysChild},
		"no, and the desk saw so": {Survivor{ThoughtChild: code.LooksChild}, []code.YesNo{code.No}, code.LooksChild},
		"an adult":                {Survivor{AgeBand: code.AgeAdult}, []code.YesNo{code.Yes}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{Survivor: c.known})
			for _, seems := range c.seems {
				d.commit(fact.With(intakev1.IndicatorsAsked{Case: d.state.ID}, IndicatorsNoted{SeemsChild: seems}))
			}
			v := d.state.Content(d.by()).(View)
			if v.Survivor.ThoughtChild != c.want {
				t.Errorf("it is %q, want %q", v.Survivor.ThoughtChild, c.want)
			}
		})
	}
}

func TestIdentificationRefuses(t *testing.T) {
	with := func(change func(*RecordIdentification)) RecordIdentification {
		cmd := stated(code.Presumed)
		change(&cmd)
		return cmd
	}
	for name, c := range map[string]struct {
		cmd     RecordIdentification
		want    *fault.Error
		pointer string
	}{
		"no status":      {with(func(c *RecordIdentification) { c.Status = "" }), ErrUnknownCode, "/identification"},
		"nobody":         {with(func(c *RecordIdentification) { c.SaidBy = "" }), ErrUnknownCode, "/said_by"},
		"no name":        {with(func(c *RecordIdentification) { c.Name = " " }), ErrIdentification, "/said_by_name"},
		"a long name":    {with(func(c *RecordIdentification) { c.Name = strings.Repeat("n", 201) }), ErrIdentification, "/said_by_name"},
		"no ground":      {with(func(c *RecordIdentification) { c.Grounds = nil }), ErrIdentification, "/grounds"},
		"another ground": {with(func(c *RecordIdentification) { c.Grounds = []code.IdentificationGround{"nationality"} }), ErrUnknownCode, "/grounds/0"},
		"to come":        {with(func(c *RecordIdentification) { c.SaidAt = noon.Add(time.Hour) }), ErrIdentification, "/said_at"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, Opening{})
			events, err := do(d, plain(Case.RecordIdentification), c.cmd)
			refused(t, events, err, c.want, c.pointer)
		})
	}
	d := open(t, Opening{})
	for name, c := range map[string]AskIndicators{
		"/indicators": {},
		"/asked_at":   {AskedAt: noon.Add(time.Hour), Words: "w"},
	} {
		events, err := do(d, Case.AskIndicators, c)
		refused(t, events, err, ErrIndicators, name)
	}
	events, err := do(d, Case.AskIndicators, AskIndicators{Indicators: Indicators{"nationality": code.Yes}})
	refused(t, events, err, ErrUnknownCode, "/indicators")
	events, err = do(d, Case.RecordPassage, RecordPassage{Aggravations: []code.Aggravation{"entered_illegally"}})
	refused(t, events, err, ErrUnknownCode, "/aggravations/0")
}

// The way from a person who was smuggled to one who is presumed trafficked: what was written of
// the passage stays as it was.
func TestFromSmugglingToTrafficking(t *testing.T) {
	d := open(t, Opening{})
	d.must(t)(do(d, Case.RecordPassage, RecordPassage{Aggravations: []code.Aggravation{code.InhumanTreatment, code.LifeEndangered}, Words: "on a lorry"}))
	before := d.state.Content(d.by()).(View)
	if before.Reflection != nil || before.Identifications != nil {
		t.Fatal("a passage is a label")
	}
	d.now = d.now.Add(aDay)
	d.must(t)(do(d, Case.AskIndicators, AskIndicators{Indicators: Indicators{code.TakesEarnings: code.Yes}, Words: "all of it"}))
	if d.state.Reflection != nil {
		t.Fatal("an indicator presumes something")
	}
	d.must(t)(identify(d, code.Presumed))
	after := d.state.Content(d.by()).(View)
	if diff := cmp.Diff(before.Passages, after.Passages); diff != "" || after.Reflection == nil {
		t.Errorf("(-before +after):\n%s", diff)
	}
	want := []fact.Data{
		intakev1.PassageRecorded{Case: d.state.ID}, intakev1.IndicatorsAsked{Case: d.state.ID}, intakev1.IdentificationRecorded{Case: d.state.ID},
	}
	if diff := cmp.Diff(want, data(d.history[1:])); diff != "" {
		t.Errorf("public halves (-want +got):\n%s", diff)
	}
	if v := d.state.View(d.by()).(View); v.Passages != nil || v.Indicators != nil || v.Identifications != nil || v.Reflection != nil {
		t.Error("the frame shows it")
	}
}

// Nothing that is asked or said of trafficking makes help faster, slower or another one: what
// is told to others, every list and the sequence are as without it.
func TestTraffickingIsNoInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		services := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.DeleteFunc(slices.Clone(code.Services), func(s code.Service) bool {
			return sheltered(s, code.ServiceDelivery)
		})), 1, 4, rapid.ID).Draw(t, "services")
		urgency := rapid.SampledFrom(code.Urgencies).Draw(t, "urgency")
		ago := time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour
		of := func(told bool) (*desk, [][]byte) {
			o := since(ago, ago)
			o.Survivor.AgeBand = code.AgeAdult
			if told {
				o.Incident = &Incident{Trafficking: everything().Incident.Trafficking}
			}
			d := agreeing(t, o, services...)
			if told {
				d.must(t)(do(d, Case.AskIndicators, AskIndicators{Indicators: Indicators{code.SexuallyAbused: code.Yes}}))
				d.must(t)(identify(d, rapid.SampledFrom(code.Identifications).Draw(t, "status")))
				d.must(t)(do(d, Case.RecordPassage, RecordPassage{}))
				d.version -= 3 // identifiers are made of versions
			}
			for _, s := range services {
				d.must(t)(do(d, timely, alone(s, urgency)))
				last := d.state.Referrals[len(d.state.Referrals)-1].ID
				d.must(t)(do(d, Under(basis, Case.OnDeclined), referralv1.Declined{Loop: d.loop(last)}))
			}
			var public [][]byte
			for _, e := range d.history {
				switch e.Data.(type) {
				case intakev1.IndicatorsAsked, intakev1.IdentificationRecorded, intakev1.PassageRecorded:
					continue
				}
				public = append(public, asJSON(t, e.Data))
			}
			return d, public
		}
		a, publicA := of(false)
		b, publicB := of(true)
		if !slices.EqualFunc(publicA, publicB, bytes.Equal) {
			t.Fatal("what is told to others differs")
		}
		for n, list := range lists() {
			if !slices.Equal(list(a.state), list(b.state)) {
				t.Fatalf("list %d differs", n)
			}
		}
		if !bytes.Equal(asJSON(t, a.state.View(a.by())), asJSON(t, b.state.View(b.by()))) {
			t.Fatal("the frame differs")
		}
	})
}
