package match

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/programme/programmetest"
	"github.com/sanad-network/sanad/services/internal/window"
)

// Has says whether a reason is among them.
func (r Reasons) Has(c code.MatchReason) bool { return r&bit[c] != 0 }

var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

// hours is a place that opens at an instant and then stays open; the zero value
// never does.
type hours struct {
	from time.Time
	over bool // what was said holds no more
}

func (h hours) KnownAt(time.Time) bool { return !h.over }

func (h hours) Open(at time.Time) bool { return !h.from.IsZero() && !at.Before(h.from) }

func (h hours) NextOpen(time.Time) (from, to time.Time, ok bool) {
	return h.from, h.from.Add(8 * time.Hour), !h.from.IsZero()
}

func opens(in time.Duration) Hours { return hours{from: noon.Add(in)} }

// open is a place with nothing against it.
func open(agency string, change ...func(*Place)) *Place {
	o := &Place{
		Agency: agency, Service: code.HealthMedical, Listing: "listing", Location: "place", Country: "GT",
		Areas: []string{"GT-01"}, Languages: []string{"es"}, Status: code.AgencyActive, Hours: opens(-time.Hour),
		Accessibility: []code.Accessibility{code.AccessWheelchair},
		Capacity:      Capacity{Unit: "beds", Available: 2, Maximum: 10, Updated: noon.Add(-time.Hour)},
		Point:         &Point{Latitude: 14.6, Longitude: -90.5},
	}
	for _, c := range change {
		c(o)
	}
	return o
}

func ask(change ...func(*Need)) Need {
	age := 30
	n := Need{
		Services: []code.Service{code.HealthMedical}, Country: "GT", Area: "GT-01-05", Urgency: code.Standard,
		Language: "es-GT", Age: &age, Sex: code.Female, AskFirst: true,
	}
	for _, c := range change {
		c(&n)
	}
	return n
}

func index(t testing.TB, places ...*Place) *Index {
	t.Helper()
	x, err := NewIndex(slices.Values(places))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func match(t testing.TB, n Need, places ...*Place) List {
	t.Helper()
	lists, err := Match(n, index(t, places...), noon, Limits{Windows: programmetest.Shipped().Base().Windows})
	if err != nil {
		t.Fatal(err)
	}
	return lists[0]
}

func ranks(l List) []string {
	var agencies []string
	for i, r := range l.Ranked {
		if r.Rank != i+1 {
			agencies = append(agencies, "rank out of order")
		}
		agencies = append(agencies, r.Place.Agency)
	}
	return agencies
}

// The better place has the name that would come last.
func TestEachCriterion(t *testing.T) {
	for _, c := range []struct {
		name   string
		need   func(*Need)
		worse  func(*Place)
		better code.MatchReason
		reason code.MatchReason
	}{
		{
			"consent", func(n *Need) { n.AskFirst, n.Consents = false, []Consent{{"zz-better", code.HealthMedical}} }, nil,
			code.ConsentInForce, code.ConsentMissing,
		},
		{
			"consent for another service", func(n *Need) {
				n.AskFirst = false
				n.Consents = []Consent{{"zz-better", code.HealthMedical}, {"aa-worse", code.LegalAssistance}}
			}, nil,
			code.ConsentInForce, code.ConsentMissing,
		},
		{"opens later", nil, func(o *Place) { o.Hours = opens(time.Hour) }, code.OpenNow, code.OpensLater},
		{"hours unknown", nil, func(o *Place) { o.Hours = nil }, code.OpenNow, code.HoursUnknown},
		{"never opens", nil, func(o *Place) { o.Hours = hours{} }, code.OpenNow, code.NoOpening},
		{"no capacity said", nil, func(o *Place) { o.Capacity = Capacity{} }, code.CapacityAvailable, code.CapacityUnknown},
		{"stale capacity", nil, func(o *Place) { o.Capacity.Updated = noon.Add(-25 * time.Hour) }, code.CapacityAvailable, code.CapacityStale},
		{"stale: full once", nil, func(o *Place) { o.Capacity.Available, o.Capacity.Updated = 0, noon.Add(-25*time.Hour) }, code.CapacityAvailable, code.CapacityStale},
		{"12 of at most 10", nil, func(o *Place) { o.Capacity.Available = 12 }, code.CapacityAvailable, code.CapacityContradicted},
		{"waiting", func(n *Need) { n.Waiting = true }, func(o *Place) { o.Capacity.Available = 0 }, code.CapacityAvailable, code.CapacityWaiting},
		{"language", nil, func(o *Place) { o.Languages = []string{"quc"} }, code.LanguageSpoken, code.LanguageNotSpoken},
		{"language unknown", nil, func(o *Place) { o.Languages = nil }, code.LanguageSpoken, code.LanguageUnknown},
		{"area in part", nil, func(o *Place) { o.Areas = []string{"GT-01-05-02"} }, code.AreaServed, code.AreaPartlyServed},
		{"area unknown", nil, func(o *Place) { o.Areas = nil }, code.AreaServed, code.AreaUnknown},
		{"distance", near, func(o *Place) { o.Point = &Point{15.5, -90.5} }, code.DistanceKnown, code.DistanceKnown},
		{"distance unknown", near, func(o *Place) { o.Point = nil }, code.DistanceKnown, code.DistanceUnknown},
		{"secret place", near, func(o *Place) { o.Where = code.VisibleNobody }, code.DistanceKnown, code.PlaceHidden},
		{"access", reach, func(o *Place) { o.Accessibility[0] = code.AccessTransport }, code.Accessible, code.AccessMissing},
		{"access unknown", reach, func(o *Place) { o.Accessibility = nil }, code.Accessible, code.AccessUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, better, worse := ask(), open("zz-better"), open("aa-worse")
			if c.need != nil {
				c.need(&n)
			}
			if c.worse != nil {
				c.worse(worse)
			}
			l := match(t, n, worse, better)
			if d := cmp.Diff([]string{"zz-better", "aa-worse"}, ranks(l)); d != "" {
				t.Fatal(d)
			}
			if !l.Ranked[0].Reasons.Has(c.better) || !l.Ranked[1].Reasons.Has(c.reason) {
				t.Errorf("%v\n%v", l.Ranked[0].Reasons.List(), l.Ranked[1].Reasons.List())
			}
		})
	}
}

func near(n *Need) { n.Point = &Point{14.6, -90.4} }

func reach(n *Need) { n.Accessibility = []code.Accessibility{code.AccessWheelchair} }

func TestExclusions(t *testing.T) {
	for _, c := range []struct {
		name  string
		need  func(*Need)
		place func(*Place)
		want  []code.MatchReason
	}{
		{"suspended", nil, func(o *Place) { o.Status = code.AgencySuspended }, []code.MatchReason{code.NotServing}},
		{"status not known", nil, func(o *Place) { o.Status = "" }, []code.MatchReason{code.NotServing}},
		{"full", nil, func(o *Place) { o.Capacity.Available = 0 }, []code.MatchReason{code.NoCapacity}},
		{"elsewhere", nil, func(o *Place) { o.Areas = []string{"GT-0", "GT-02"} }, []code.MatchReason{code.AreaNotServed}},
		{"too old", nil, func(o *Place) { o.MaxAge = 29 }, []code.MatchReason{code.AgeNotServed}},
		{"too young", nil, func(o *Place) { o.MinAge = 31 }, []code.MatchReason{code.AgeNotServed}},
		{"not of the band", func(n *Need) { n.Age, n.AgeBand = nil, code.AgeTo17 }, func(o *Place) { o.MinAge = 18 }, []code.MatchReason{code.AgeNotServed}},
		{"sex", nil, func(o *Place) { o.Sexes = []code.Sex{code.Male} }, []code.MatchReason{code.SexNotServed}},
		{
			"situation", func(n *Need) { n.Situations = []code.Situation{code.SituationPregnant} },
			func(o *Place) { o.Situations = []code.Situation{code.SituationTrafficking} },
			[]code.MatchReason{code.SituationNotServed},
		},
		{
			"several", nil, func(o *Place) { o.Capacity.Available, o.MinAge = 0, 60 },
			[]code.MatchReason{code.NoCapacity, code.AgeNotServed},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := ask()
			if c.need != nil {
				c.need(&n)
			}
			l := match(t, n, open("clinic", c.place))
			if len(l.Ranked) != 0 || len(l.Excluded) != 1 {
				t.Fatalf("%+v", l)
			}
			var got []code.MatchReason
			for _, r := range l.Excluded[0].Reasons.List() {
				got = append(got, r.Code)
				if r.Words == "" {
					t.Errorf("%s has no words", r.Code)
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// What was not said is neither a yes nor a no: it is to be asked.
func TestNotSaidIsAsked(t *testing.T) {
	n := ask(func(n *Need) { n.Age, n.Sex = nil, code.UnknownSex })
	l := match(t, n, open("clinic", func(o *Place) {
		o.MinAge, o.Sexes, o.Situations = 18, []code.Sex{code.Female}, []code.Situation{code.SituationTrafficking}
	}))
	if len(l.Ranked) != 1 {
		t.Fatalf("%+v", l.Excluded)
	}
	for _, r := range []code.MatchReason{code.AgeToAsk, code.SexToAsk, code.SituationToAsk} {
		if !l.Ranked[0].Reasons.Has(r) {
			t.Errorf("%s is not among %v", r, l.Ranked[0].Reasons.List())
		}
	}
}

// Hour 70 after the incident: a clinic that is closed until hour 73 ranks below
// one that is open, though it has everything else; one of which nobody knows
// the hours stands between.
func TestAClinicClosedUntilHour73(t *testing.T) {
	n := ask(near, func(n *Need) {
		n.Incident = window.Incident{Earliest: noon.Add(-70 * time.Hour)}
	})
	far := func(o *Place) { o.Point, o.Capacity, o.Languages = &Point{16, -90}, Capacity{}, nil }
	l := match(
		t, n,
		open("aa-hour-73", func(o *Place) { o.Hours = opens(3 * time.Hour) }),
		open("bb-unknown", func(o *Place) { o.Hours = nil }),
		open("cc-hour-72", func(o *Place) { o.Hours = opens(2 * time.Hour) }),
		open("dd-hour-71", far, func(o *Place) { o.Hours = opens(time.Hour) }),
		open("ee-open", far),
		open("ff-never", func(o *Place) { o.Hours = hours{} }),
	)
	want := []string{"ee-open", "dd-hour-71", "bb-unknown", "cc-hour-72", "aa-hour-73", "ff-never"}
	if d := cmp.Diff(want, ranks(l)); d != "" {
		t.Fatal(d)
	}
	if l.Urgency != code.Emergency {
		t.Errorf("urgency %s", l.Urgency)
	}
	for i, r := range []code.MatchReason{code.WindowsKept, code.WindowsKept, code.WindowsNotKnown, code.WindowsMissed, code.WindowsMissed, code.WindowsMissed} {
		if !l.Ranked[i].Reasons.Has(r) {
			t.Errorf("%s: %v", want[i], l.Ranked[i].Reasons.List())
		}
	}
}

// Past every window the order is what it was without one, and nobody is lost.
func TestAWindowNeverBlocks(t *testing.T) {
	late := open("aa", func(o *Place) { o.Hours = opens(3 * time.Hour) })
	now := open("bb")
	n := ask(func(n *Need) { n.Incident.Earliest = noon.Add(-1000 * time.Hour) })
	l := match(t, n, late, now)
	if len(l.Ranked) != 2 || l.Urgency != code.Standard || l.Ranked[1].Reasons.Has(code.WindowsMissed) {
		t.Errorf("%+v", l)
	}
	for _, o := range l.Windows {
		if o.State != code.WindowPast {
			t.Errorf("%+v", o)
		}
	}
}

func TestContraceptionIsNoWindowOfAMan(t *testing.T) {
	n := ask(func(n *Need) { n.Sex, n.Incident.Earliest = code.Male, noon.Add(-100*time.Hour) })
	l := match(t, n, open("clinic", func(o *Place) { o.Hours = opens(30 * time.Hour) }))
	if l.Ranked[0].Reasons.Has(code.WindowsMissed) {
		t.Error(l.Ranked[0].Reasons.List())
	}
}

func TestBlockedAndConflictedAppearNowhere(t *testing.T) {
	n := ask(func(n *Need) { n.Blocked, n.Conflicts = []string{"his-cousin"}, []string{"his-lawyer"} })
	suspended := func(o *Place) { o.Status = code.AgencySuspended }
	l := match(t, n, open("his-cousin"), open("his-lawyer"), open("clinic"),
		open("his-cousin", suspended, func(o *Place) { o.Listing = "other" }),
		open("his-lawyer", suspended, func(o *Place) { o.Listing = "other" }))
	if d := cmp.Diff([]string{"clinic"}, ranks(l)); d != "" || len(l.Excluded) != 0 {
		t.Errorf("%s\n%+v", d, l.Excluded)
	}
}

func TestHiddenServicesAppearNowhere(t *testing.T) {
	l := match(t, ask(),
		open("assigned", func(o *Place) { o.Visibility = code.VisibleAssigned }),
		open("hidden", func(o *Place) { o.Visibility = code.VisibleNobody }),
		open("mistyped", func(o *Place) { o.Visibility = "Public" }),
		open("network", func(o *Place) { o.Visibility = code.VisibleNetwork }))
	if d := cmp.Diff([]string{"network"}, ranks(l)); d != "" || len(l.Excluded) != 0 {
		t.Errorf("%s\n%+v", d, l.Excluded)
	}
}

// A shelter's place is secret unless it says otherwise: the distance is not
// told and does not order.
func TestAShelterIsNotFoundByItsDistance(t *testing.T) {
	shelter := func(p *Point) func(*Place) {
		return func(o *Place) { o.Service, o.Point = code.SafeHouse, p }
	}
	n := ask(near, func(n *Need) { n.Services = []code.Service{code.SafeHouse} })
	l := match(t, n, open("aa", shelter(&Point{80, 0})), open("bb", shelter(n.Point)))
	if d := cmp.Diff([]string{"aa", "bb"}, ranks(l)); d != "" {
		t.Error(d)
	}
	for _, r := range l.Ranked {
		if r.Distance != -1 || !r.Reasons.Has(code.PlaceHidden) || r.Place.Placed() {
			t.Errorf("%+v", r)
		}
	}
	said := open("cc", shelter(n.Point), func(o *Place) { o.Where = code.VisibleNetwork })
	if l := match(t, n, said); l.Ranked[0].Distance != 0 {
		t.Errorf("%+v", l.Ranked[0])
	}
}

func TestUnknownIsLoud(t *testing.T) {
	age, old := 30, 131
	for _, c := range []struct {
		pointer string
		need    func(*Need)
		want    *fault.Error
	}{
		{"/services", func(n *Need) { n.Services = nil }, ErrNeed},
		{"/services/1", func(n *Need) { n.Services = append(n.Services, "massage") }, ErrUnknownCode},
		{"/services/1", func(n *Need) { n.Services = append(n.Services, n.Services[0]) }, ErrNeed},
		{"/country", func(n *Need) { n.Country = "XX" }, ErrUnknownCode},
		{"/country", func(n *Need) { n.Country = "" }, ErrUnknownCode},
		{"/urgency", func(n *Need) { n.Urgency = "soon" }, ErrUnknownCode},
		{"/age_band", func(n *Need) { n.Age, n.AgeBand = nil, "30-40" }, ErrUnknownCode},
		{"/age_band", func(n *Need) { n.Age, n.AgeBand = &age, code.AgeAdult }, ErrNeed},
		{"/age", func(n *Need) { n.Age = &old }, ErrNeed},
		{"/sex", func(n *Need) { n.Sex = "f" }, ErrUnknownCode},
		{"/accessibility/0", func(n *Need) { n.Accessibility = []code.Accessibility{"wifi"} }, ErrUnknownCode},
		{"/situations/0", func(n *Need) { n.Situations = []code.Situation{"sad"} }, ErrUnknownCode},
		{"/consents/0/service", func(n *Need) { n.AskFirst, n.Consents = false, []Consent{{"clinic", ""}} }, ErrUnknownCode},
		{"/ask_first", func(n *Need) { n.Consents = []Consent{{"clinic", code.Food}} }, ErrNeed},
		{"/point/latitude", func(n *Need) { n.Point = &Point{91, 0} }, ErrNeed},
		{"/point/longitude", func(n *Need) { n.Point = &Point{0, -181} }, ErrNeed},
		{"/incident/latest", func(n *Need) { n.Incident.Earliest = noon.Add(1) }, window.ErrInterval},
	} {
		n := ask(c.need)
		_, err := Match(n, index(t), noon, Limits{})
		if !errors.Is(err, c.want) || len(fault.Of(err).Fields) != 1 || fault.Of(err).Fields[0].Pointer != c.pointer {
			t.Errorf("%s: %v %+v", c.pointer, err, fault.Of(err).Fields)
		}
	}
}

func TestSeveralServicesAndLimits(t *testing.T) {
	full := func(o *Place) { o.Capacity.Available = 0 }
	x := index(t, open("aa"), open("bb"), open("cc"), open("dd", full), open("ee", full),
		open("ff", func(o *Place) { o.Service = code.Food }))
	n := ask(func(n *Need) { n.Services = []code.Service{code.Food, code.HealthMedical, code.Education} })
	lists, err := Match(n, x, noon, Limits{Ranked: 2, Excluded: 1})
	if err != nil || len(lists) != 3 {
		t.Fatal(lists, err)
	}
	if d := cmp.Diff([]string{"ff"}, ranks(lists[0])); d != "" {
		t.Error(d)
	}
	if l := lists[1]; len(l.Ranked) != 2 || l.MoreRanked != 1 || len(l.Excluded) != 1 || l.MoreExcluded != 1 {
		t.Errorf("%+v", l)
	}
	if l := lists[2]; l.Service != code.Education || len(l.Ranked) != 0 || l.Ranked == nil {
		t.Errorf("%+v", l)
	}
}

// Every reason has a sentence of its own, and none is there for nothing.
func TestWords(t *testing.T) {
	if len(words) != len(code.MatchReasons) || len(code.MatchReasons) > 64 {
		t.Errorf("%d sentences, %d reasons", len(words), len(code.MatchReasons))
	}
	seen := map[string]code.MatchReason{}
	for _, r := range code.MatchReasons {
		w := words[r]
		if w == "" || w[len(w)-1] != '.' || seen[w] != "" {
			t.Errorf("%s: %q, also of %q", r, w, seen[w])
		}
		seen[w] = r
	}
}

func TestKilometres(t *testing.T) {
	guatemala, cairo := Point{14.634, -90.506}, Point{30.044, 31.236}
	if km := kilometres(guatemala, cairo); km != 12_043 {
		t.Errorf("%d km", km)
	}
	if km := kilometres(Point{0, 180}, Point{0, -180}); km != 0 {
		t.Errorf("%d km over the date line", km)
	}
	if km := kilometres(Point{90, 0}, Point{-90, 0}); km != 20_015 {
		t.Errorf("%d km from pole to pole", km)
	}
}

// Hours that were said until a day that is over are not known, and not closed.
func TestHoursThatHoldNoMoreAreNotKnown(t *testing.T) {
	j := newJudge(&Need{}, nil, noon, Limits{})
	var over, closed standing
	over.Place, closed.Place = open("a", func(o *Place) { o.Hours = hours{over: true} }), open("a", func(o *Place) { o.Hours = hours{} })
	j.opening(&over)
	j.opening(&closed)
	if over.Reasons != bit[code.HoursUnknown] || closed.Reasons != bit[code.NoOpening] {
		t.Errorf("%b %b", over.Reasons, closed.Reasons)
	}
}
