package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/services/internal/window"
)

var services = []code.Service{code.HealthMedical, code.ForensicExam, code.SafeHouse}

// anyPlace draws a place of which anything may be missing or wrong.
func anyPlace(t *rapid.T, agency string) *Place {
	some := rapid.Bool()
	o := &Place{
		Agency: agency, Service: rapid.SampledFrom(services).Draw(t, "service"), Country: "GT",
		Areas:         rapid.SliceOfN(rapid.SampledFrom([]string{"GT-01", "GT-01-05", "GT-02"}), 0, 2).Draw(t, "areas"),
		Languages:     rapid.SliceOfN(rapid.SampledFrom([]string{"es", "quc", "ES-gt"}), 0, 2).Draw(t, "languages"),
		MinAge:        rapid.SampledFrom([]int{0, 12, 18}).Draw(t, "from"),
		MaxAge:        rapid.SampledFrom([]int{0, 17, 59}).Draw(t, "to"),
		Sexes:         rapid.SliceOfN(rapid.SampledFrom(code.Sexes), 0, 2).Draw(t, "sexes"),
		Situations:    rapid.SliceOfN(rapid.SampledFrom(code.Situations), 0, 2).Draw(t, "situations"),
		Accessibility: rapid.SliceOfN(rapid.SampledFrom(code.Accessibilities), 0, 3).Draw(t, "accessibility"),
		Status:        rapid.SampledFrom(append(code.AgencyStatuses, code.AgencyActive, code.AgencyActive)).Draw(t, "status"),
		Visibility:    rapid.SampledFrom(append(code.Visibilities, "", code.VisiblePublic)).Draw(t, "visibility"),
		Where:         rapid.SampledFrom(append(code.Visibilities, "")).Draw(t, "place"),
		Capacity: Capacity{
			Available: rapid.IntRange(-1, 12).Draw(t, "available"), Maximum: rapid.SampledFrom([]int{0, 10}).Draw(t, "maximum"),
			Updated: noon.Add(-time.Duration(rapid.IntRange(0, 48).Draw(t, "updated")) * time.Hour),
		},
	}
	if some.Draw(t, "hours known") {
		o.Hours = opens(time.Duration(rapid.IntRange(-5, 50).Draw(t, "opens")) * time.Hour)
	}
	if some.Draw(t, "point known") {
		o.Point = &Point{Latitude: rapid.Float64Range(-90, 90).Draw(t, "lat"), Longitude: rapid.Float64Range(-180, 180).Draw(t, "lon")}
	}
	return o
}

func anyPlaces(t *rapid.T) []*Place {
	places := make([]*Place, rapid.IntRange(0, 12).Draw(t, "places"))
	for i := range places {
		places[i] = anyPlace(t, fmt.Sprintf("agency-%02d", rapid.IntRange(0, 8).Draw(t, "agency")))
		places[i].Location = fmt.Sprint(i)
	}
	return places
}

func anyNeed(t *rapid.T) Need {
	n := Need{
		Services: services, Country: "GT", Urgency: rapid.SampledFrom(code.Urgencies).Draw(t, "urgency"),
		Area:          rapid.SampledFrom([]string{"", "GT-01", "GT-01-05", "GT-03"}).Draw(t, "area"),
		Language:      rapid.SampledFrom([]string{"", "es", "ar"}).Draw(t, "language"),
		AgeBand:       rapid.SampledFrom(append(code.AgeBands, "")).Draw(t, "age band"),
		Sex:           rapid.SampledFrom(append(code.Sexes, "")).Draw(t, "sex"),
		Situations:    rapid.SliceOfN(rapid.SampledFrom(code.Situations), 0, 2).Draw(t, "situations"),
		Accessibility: rapid.SliceOfN(rapid.SampledFrom(code.Accessibilities), 0, 2).Draw(t, "accessibility"),
		Blocked:       rapid.SliceOfN(rapid.SampledFrom([]string{"agency-01", "agency-02"}), 0, 2).Draw(t, "blocked"),
		Conflicts:     rapid.SliceOfN(rapid.SampledFrom([]string{"agency-03", "agency-04"}), 0, 2).Draw(t, "conflicts"),
		AskFirst:      rapid.Bool().Draw(t, "ask first"),
		Waiting:       rapid.Bool().Draw(t, "waiting"),
	}
	if !n.AskFirst {
		for _, s := range services {
			n.Consents = append(n.Consents, Consent{fmt.Sprintf("agency-%02d", rapid.IntRange(0, 8).Draw(t, "consent")), s})
		}
	}
	if rapid.Bool().Draw(t, "where") {
		n.Point = &Point{14.6, -90.5}
	}
	if rapid.Bool().Draw(t, "when") {
		n.Incident = window.Incident{Earliest: noon.Add(-time.Duration(rapid.IntRange(0, 150).Draw(t, "hours ago")) * time.Hour)}
	}
	return n
}

func lists(t *rapid.T, n Need, places []*Place) []List {
	x, err := NewIndex(slices.Values(places))
	if err != nil {
		t.Fatal(err)
	}
	l, err := Match(n, x, noon, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// seen is a list in words, in its order.
func seen(lists []List) (ranked, excluded []string) {
	for _, l := range lists {
		for _, r := range l.Ranked {
			ranked = append(ranked, fmt.Sprint(l.Service, r.Rank, r.Place.Agency, r.Place.Location, r.Reasons))
		}
		for _, e := range l.Excluded {
			excluded = append(excluded, fmt.Sprint(l.Service, e.Place.Agency, e.Place.Location, e.Reasons))
		}
	}
	return ranked, excluded
}

// In whatever order places come, the answer is the same, and each place that
// may be seen is in it once.
func TestRanksAreTotalAndStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, places := anyNeed(t), anyPlaces(t)
		first := lists(t, n, places)
		ranked, excluded := seen(first)
		shuffled := slices.Clone(places)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		ranked2, excluded2 := seen(lists(t, n, shuffled))
		if d := cmp.Diff(ranked, ranked2) + cmp.Diff(excluded, excluded2); d != "" {
			t.Fatal(d)
		}
		may := 0
		for _, o := range places {
			if o.listed() && !n.shuns(o.Agency) {
				may++
			}
		}
		if got := len(ranked) + len(excluded); got != may {
			t.Fatalf("%d places in the answer, %d may be seen", got, may)
		}
		for _, l := range first {
			for i, r := range l.Ranked {
				if r.Rank != i+1 || r.Reasons == 0 {
					t.Fatalf("%+v", r)
				}
			}
			for _, e := range l.Excluded {
				if e.Reasons == 0 {
					t.Fatal("left out for no reason")
				}
			}
		}
	})
}

func TestBlockedNeverAppears(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, places := anyNeed(t), anyPlaces(t)
		for _, l := range lists(t, n, places) {
			for _, r := range l.Ranked {
				if n.shuns(r.Place.Agency) || !r.Place.listed() {
					t.Fatal(r.Place.Agency)
				}
			}
			for _, e := range l.Excluded {
				if n.shuns(e.Place.Agency) || !e.Place.listed() {
					t.Fatal(e.Place.Agency)
				}
			}
		}
	})
}

// worsen are changes for the worse of a place: the first five are reasons to
// leave it out, the others to rank it lower.
var worsen = map[string]func(*Place){
	"suspended":     func(o *Place) { o.Status = code.AgencySuspended },
	"full":          func(o *Place) { o.Capacity = Capacity{Available: 0, Updated: noon} },
	"elsewhere":     func(o *Place) { o.Areas = []string{"GT-09"} },
	"other ages":    func(o *Place) { o.MinAge, o.MaxAge = maxAge+1, 0 },
	"other sexes":   func(o *Place) { o.Sexes = []code.Sex{"none"} },
	"never open":    func(o *Place) { o.Hours = hours{} },
	"no language":   func(o *Place) { o.Languages = []string{"tlh"} },
	"no access":     func(o *Place) { o.Accessibility = []code.Accessibility{"none"} },
	"point unknown": func(o *Place) { o.Point = nil },
}

// A reason against a place never improves its rank, and changes nothing about
// the order of the others.
func TestAReasonAgainstNeverImprovesARank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, places := anyNeed(t), anyPlaces(t)
		if len(places) == 0 {
			return
		}
		i := rapid.IntRange(0, len(places)-1).Draw(t, "which")
		how := rapid.SampledFrom(slices.Sorted(func(yield func(string) bool) {
			for name := range worsen {
				if !yield(name) {
					return
				}
			}
		})).Draw(t, "how")
		if how == "full" && n.Waiting && places[i].Capacity.Available < 0 {
			return // it told nonsense before, and tells the truth now
		}
		worse := *places[i]
		worsen[how](&worse)
		changed := slices.Clone(places)
		changed[i] = &worse

		place := func(lists []List) (rank int, others []string) {
			for _, l := range lists {
				for _, r := range l.Ranked {
					if r.Place.Location == worse.Location {
						rank = r.Rank
						continue
					}
					others = append(others, r.Place.Location)
				}
			}
			return rank, others
		}
		before, othersBefore := place(lists(t, n, places))
		after, othersAfter := place(lists(t, n, changed))
		if after != 0 && (before == 0 || after < before) {
			t.Fatalf("%s: rank %d became %d", how, before, after)
		}
		if d := cmp.Diff(othersBefore, othersAfter); d != "" {
			t.Fatal(d)
		}
	})
}

// An index that was changed agency by agency answers as one that was made anew.
func TestReplace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, err := NewIndex(slices.Values(anyPlaces(t)))
		if err != nil {
			t.Fatal(err)
		}
		final := map[string][]*Place{}
		for _, o := range anyPlaces(t) {
			final[o.Agency] = append(final[o.Agency], o)
		}
		var all []*Place
		for i := range 9 {
			agency := fmt.Sprintf("agency-%02d", i)
			before := x.Of("GT", code.SafeHouse)
			was := slices.Clone(before)
			if err := x.Replace(agency, final[agency]); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(was, before) {
				t.Fatal("a list that was handed out has changed")
			}
			all = append(all, final[agency]...)
		}
		anew, err := NewIndex(slices.Values(all))
		if err != nil {
			t.Fatal(err)
		}
		if x.Len() != anew.Len() || x.Len() != len(all) {
			t.Fatalf("%d, %d, %d places", x.Len(), anew.Len(), len(all))
		}
		for _, s := range services {
			if !slices.Equal(x.Of("GT", s), anew.Of("GT", s)) {
				t.Fatal(s)
			}
		}
	})
}
