package domain

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/programme"
)

func ruled(change func(*Rules)) Rules {
	r := Rules{
		Country: "GT",
		Essential: programme.Essential{Services: map[string]programme.EssentialService{
			"legal_information":  {Sector: code.SectorSocial, Services: []code.Service{code.LegalAssistance}},
			"safe_accommodation": {Sector: code.SectorSocial, Services: []code.Service{code.SafeHouse}},
		}},
		Reach: programme.Reach{Kilometres: 50, Areas: map[string]programme.Area{
			"GT-01": {Latitude: 14.64, Longitude: -90.51}, "GT-17": {Latitude: 16.93, Longitude: -89.89},
		}},
		Silent: func(agency string, _ code.Service) bool { return agency == "silent" },
	}
	if change != nil {
		change(&r)
	}
	return r
}

func lawyer(change func(*Offered)) Offered {
	o := Offered{
		Agency: "clinic", Service: code.LegalAssistance, Areas: []string{"GT-01"}, Placed: true, Latitude: 14.60, Longitude: -90.50,
		Serving: true, Opening: code.OpensLater, Capacity: code.CapacityUnknown,
	}
	if change != nil {
		change(&o)
	}
	return o
}

func TestGaps(t *testing.T) {
	in := func(area string, change func(*Offered)) Offered {
		o := lawyer(change)
		if area != "" {
			o.Areas = []string{area}
		}
		return o
	}
	for name, c := range map[string]struct {
		rules  func(*Rules)
		offers []Offered
		want   code.EssentialGap
		n      int
	}{
		"nobody":                     {nil, nil, code.NoProvider, 0},
		"near":                       {nil, []Offered{lawyer(nil)}, "", 1},
		"of a part of the area":      {nil, []Offered{in("GT-01-08", nil)}, "", 1},
		"of the whole country":       {nil, []Offered{in("GT", nil)}, "", 1},
		"of another area":            {nil, []Offered{in("GT-17", nil)}, code.NoProvider, 0},
		"no area, near":              {nil, []Offered{lawyer(func(o *Offered) { o.Areas = nil })}, "", 1},
		"suspended":                  {nil, []Offered{lawyer(func(o *Offered) { o.Serving = false })}, code.ProviderNotOpen, 0},
		"full":                       {nil, []Offered{lawyer(func(o *Offered) { o.Capacity = code.NoCapacity })}, code.ProviderNotOpen, 0},
		"never opens":                {nil, []Offered{lawyer(func(o *Offered) { o.Opening = code.NoOpening })}, code.ProviderNotOpen, 0},
		"far":                        {nil, []Offered{lawyer(func(o *Offered) { o.Latitude = 15.64 })}, code.OutOfReach, 0},
		"no distance is stated":      {func(r *Rules) { r.Reach.Kilometres = 0 }, []Offered{lawyer(func(o *Offered) { o.Latitude = 15.64 })}, "", 1},
		"far, and within the time":   {func(r *Rules) { r.Reach.Travel, r.Reach.Speed = 4*time.Hour, 30 }, []Offered{lawyer(func(o *Offered) { o.Latitude = 15.64 })}, "", 1},
		"a slow area":                {func(r *Rules) { r.Reach.Travel, r.Reach.Speed = 4*time.Hour, 30; slow(r, "GT-01", 20) }, []Offered{lawyer(func(o *Offered) { o.Latitude = 15.64 })}, code.OutOfReach, 0},
		"nobody says where":          {nil, []Offered{lawyer(func(o *Offered) { o.Placed, o.Areas = false, nil })}, code.ProviderPlaceUnknown, 0},
		"says that it serves there":  {nil, []Offered{lawyer(func(o *Offered) { o.Placed = false })}, "", 1},
		"does not answer":            {nil, []Offered{lawyer(func(o *Offered) { o.Agency = "silent" })}, code.NoAnswer, 0},
		"one answers":                {nil, []Offered{lawyer(func(o *Offered) { o.Agency = "silent" }), lawyer(nil)}, "", 1},
		"the nearest to help counts": {nil, []Offered{lawyer(func(o *Offered) { o.Serving = false }), lawyer(func(o *Offered) { o.Latitude = 15.64 })}, code.OutOfReach, 0},
		"hidden":                     {nil, []Offered{lawyer(func(o *Offered) { o.Hidden = true })}, code.NoProvider, 0},
		"one agency at two places":   {nil, []Offered{lawyer(nil), lawyer(func(o *Offered) { o.Listing = "x" })}, "", 1},
	} {
		for _, got := range Cover(ruled(c.rules), []string{"GT-01"}, c.offers) {
			if got.Essential == "legal_information" && got.Area == "GT-01" && (got.Gap != c.want || got.Providers != c.n) {
				t.Errorf("%s: %q with %d, want %q with %d", name, got.Gap, got.Providers, c.want, c.n)
			}
		}
	}
}

func slow(r *Rules, area string, speed int) {
	a := r.Reach.Areas[area]
	a.Speed = speed
	r.Reach.Areas[area] = a
}

// Whatever is hidden, and each shelter, changes nothing that is told of an area or of a provider:
// the answer with it and the answer without it differ in what stands for the whole programme alone.
func TestWhatIsHiddenIsInNoArea(t *testing.T) {
	areas := []string{"GT-01", "GT-17"}
	offer := rapid.Custom(func(t *rapid.T) Offered {
		o := lawyer(nil)
		o.Agency = rapid.SampledFrom([]string{"a", "b", "c", "silent"}).Draw(t, "agency")
		o.Listing = rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "listing")
		o.Service = rapid.SampledFrom([]code.Service{code.LegalAssistance, code.SafeHouse}).Draw(t, "service")
		o.Areas = rapid.SampledFrom([][]string{nil, {"GT"}, {"GT-01"}, {"GT-17-02"}}).Draw(t, "areas")
		o.Latitude = rapid.SampledFrom([]float64{14.6, 16.9}).Draw(t, "latitude")
		o.Hidden, o.Serving, o.Placed = rapid.Bool().Draw(t, "hidden"), rapid.Bool().Draw(t, "serving"), rapid.Bool().Draw(t, "placed")
		if rapid.Bool().Draw(t, "counted") {
			o.Unit, o.Free, o.Maximum = "bed", rapid.IntRange(0, 3).Draw(t, "free"), 3
		}
		return o
	})
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(offer, 0, 8).Draw(t, "offers")
		open := slices.DeleteFunc(slices.Clone(all), whole)
		r := ruled(nil)
		by := func(offers []Offered) (told []Coverage) {
			for _, c := range Cover(r, areas, offers) {
				if c.Area != "" {
					told = append(told, c)
				}
			}
			return told
		}
		if d := cmp.Diff(by(open), by(all)); d != "" {
			t.Fatalf("areas (-without +with what is hidden):\n%s", d)
		}
		if d := cmp.Diff(Show(open), Show(all)); d != "" {
			t.Fatalf("providers (-without +with what is hidden):\n%s", d)
		}
		if d := cmp.Diff(Areas(ruled(func(r *Rules) { r.Reach.Areas = nil }), open), Areas(ruled(func(r *Rules) { r.Reach.Areas = nil }), all)); d != "" {
			t.Fatalf("the list of areas (-without +with what is hidden):\n%s", d)
		}
		text, err := json.Marshal(Wholes(all))
		if err != nil || strings.Contains(string(text), "GT-") {
			t.Fatalf("of the whole: %s, %v", text, err)
		}
		for _, w := range Wholes(all) {
			if w.Unit == "" {
				continue
			}
			agencies := map[string]bool{}
			for _, o := range all {
				if o.Service == w.Service && o.Unit == w.Unit && whole(o) {
					agencies[o.Agency] = true
				}
			}
			if len(agencies) < together {
				t.Fatalf("the beds of %d agencies are told as one sum", len(agencies))
			}
		}
	})
}

// Shelters count for the whole programme: how many, and what they have free from three on.
func TestSheltersCountTogether(t *testing.T) {
	house := func(agency string, free int) Offered {
		return Offered{Agency: agency, Listing: agency, Service: code.SafeHouse, Serving: true, Unit: "bed", Free: free, Maximum: 4, Hidden: true}
	}
	two := []Offered{house("a", 1), house("b", 2)}
	if d := cmp.Diff([]Whole{{Service: code.SafeHouse, Providers: 2}}, Wholes(two)); d != "" {
		t.Error(d)
	}
	free, maximum := 3, 12
	if d := cmp.Diff([]Whole{{code.SafeHouse, 3, "bed", &free, &maximum}}, Wholes(append(two, house("c", 0)))); d != "" {
		t.Error(d)
	}
	public := house("d", 2)
	public.Hidden, public.Areas, public.Placed = false, []string{"GT-01"}, true
	if got := Show([]Offered{public}); len(got) > 0 {
		t.Errorf("a shelter is shown: %+v", got)
	}
	if got := Areas(ruled(func(r *Rules) { r.Reach.Areas = nil }), []Offered{public}); len(got) > 0 {
		t.Errorf("a shelter names an area: %v", got)
	}
	for _, c := range Cover(ruled(nil), []string{"GT-01"}, two) {
		if c.Essential == "safe_accommodation" && (c.Area != "" || c.Providers != 2 || c.Gap != "") {
			t.Errorf("shelters: %+v", c)
		}
	}
}
