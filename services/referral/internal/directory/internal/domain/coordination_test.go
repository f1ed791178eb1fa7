package domain

import (
	"errors"
	"testing"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/services/internal/coordination"
	"github.com/sanad-network/sanad/services/internal/hsds"
)

// of is a coordinator of a country and a programme.
func of(country, programme string) fact.By {
	return fact.By{Principal: "c", Agency: "coordination", Roles: []string{"coordinator"}, Country: country, Programme: programme, At: noon}
}

func TestACoordinatorOfAnotherCountrySuspendsNobody(t *testing.T) {
	active := register(t, Agency{}, code.Food)
	for name, c := range map[string]struct {
		by  fact.By
		err error
	}{
		"of its country":          {of("GT", "spotlight"), nil},
		"of another programme":    {of("GT", "rainbow"), nil},
		"of another country":      {of("KG", "spotlight"), coordination.ErrElsewhere},
		"without a country":       {of("", "spotlight"), coordination.ErrNowhere},
		"without a programme":     {of("GT", ""), coordination.ErrNowhere},
		"without both":            {of("", ""), coordination.ErrNowhere},
		"the agency itself":       {keeper, nil},
		"a focal point with both": {fact.By{Agency: "bufete", Roles: []string{"focal_point"}, Country: "GT", Programme: "spotlight"}, ErrNotYourAgency},
	} {
		events, err := active.Suspend(c.by, Suspend{})
		if !errors.Is(err, c.err) || (err == nil) != (len(events) == 1) {
			t.Errorf("%s: %d events, %v", name, len(events), err)
		}
		// A record of before, in which nobody knows the country.
		unknown := active
		unknown.Country = ""
		if c.by.Agency == "coordination" {
			if _, err := unknown.Suspend(c.by, Suspend{}); err == nil {
				t.Errorf("%s: an agency of no country is suspended", name)
			}
		}
	}
}

func TestACoordinatorMovesNoAgencyOverABorder(t *testing.T) {
	ours := register(t, Agency{}, code.Food)
	theirs := ours
	theirs.Country = "KG"
	for name, c := range map[string]struct {
		a    Agency
		by   fact.By
		says code.Country
		err  error
	}{
		"new, hers":                     {Agency{}, of("GT", "spotlight"), "GT", nil},
		"new, elsewhere":                {Agency{}, of("GT", "spotlight"), "KG", coordination.ErrElsewhere},
		"hers, out":                     {ours, of("GT", "spotlight"), "KG", coordination.ErrElsewhere},
		"another's, in":                 {theirs, of("GT", "spotlight"), "GT", coordination.ErrElsewhere},
		"suspended, hers":               {suspend(t, ours), of("GT", "spotlight"), "GT", nil},
		"suspended, another's":          {suspend(t, ours), of("KG", "spotlight"), "GT", coordination.ErrElsewhere},
		"without claims":                {Agency{}, of("", ""), "", coordination.ErrNowhere},
		"the agency itself":             {ours, keeper, "KG", nil},
		"itself, while it is suspended": {suspend(t, ours), keeper, "GT", ErrSuspended},
	} {
		_, err := c.a.Register(c.by, Register{Agency: keeper.Agency, Country: c.says, Services: []code.Service{code.Education}})
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A delivery changes what belongs to the country of the coordinator, by who handed it
// in and by where its agency is registered.
func TestADeliveryStaysInItsCountry(t *testing.T) {
	home := func(country code.Country) map[string]look.Fresh[code.Country] {
		return map[string]look.Fresh[code.Country]{"casa-amiga": look.Made(country)}
	}
	const changed = `{"id": "` + serviceID + `", "name": "Other", "organization_id": "` + organizationID + `"}`
	organization := func(coordination code.Country) look.Fresh[Entry] {
		e := casaAmiga.Value()
		e.Listed.Kind, e.Listed.Entry, e.Listed.Coordination = code.EntryOrganization, organizationID, coordination
		return look.Made(e)
	}
	listed := func(coordination code.Country) Entry {
		e := service(t, term("sanad-area", "GT-01"))
		e.Listed.Coordination = coordination
		return e
	}
	for name, c := range map[string]struct {
		e     Entry
		by    fact.By
		homes map[string]look.Fresh[code.Country]
		owner look.Fresh[Entry]
		err   error
	}{
		"new, her agency":                      {by: of("GT", "p"), homes: home("GT")},
		"new, her organization":                {by: of("GT", "p"), homes: home(""), owner: organization("GT")},
		"new, nobody registered the agency":    {by: of("GT", "p"), homes: home("")},
		"new, another's agency":                {by: of("GT", "p"), homes: home("KG"), err: coordination.ErrElsewhere},
		"new, another's organization":          {by: of("GT", "p"), homes: home(""), owner: organization("KG"), err: coordination.ErrElsewhere},
		"new, without a country":               {by: of("", "p"), homes: home(""), err: coordination.ErrNowhere},
		"new, without a programme":             {by: of("GT", ""), homes: home("GT"), err: coordination.ErrNowhere},
		"hers":                                 {e: listed("GT"), by: of("GT", "p"), homes: home("GT")},
		"another's":                            {e: listed("KG"), by: of("GT", "p"), homes: home(""), err: coordination.ErrElsewhere},
		"another's, registered with her":       {e: listed("KG"), by: of("GT", "p"), homes: home("GT"), err: coordination.ErrElsewhere},
		"hers, registered elsewhere":           {e: listed("GT"), by: of("GT", "p"), homes: home("KG"), err: coordination.ErrElsewhere},
		"hers, not looked":                     {e: listed("GT"), by: of("GT", "p"), err: coordination.ErrElsewhere},
		"of before, registered with her":       {e: listed(""), by: of("GT", "p"), homes: home("GT")},
		"of before, registered elsewhere":      {e: listed(""), by: of("GT", "p"), homes: home("KG"), err: coordination.ErrElsewhere},
		"of before, it says her country":       {e: listed(""), by: of("GT", "p"), homes: home("")},
		"of before, it says another country":   {e: listed(""), by: of("KG", "p"), homes: home(""), err: coordination.ErrElsewhere},
		"of before, an organization of nobody": {e: listed(""), by: of("GT", "p"), homes: home(""), owner: organization(""), err: coordination.ErrElsewhere},
	} {
		cmd := List{Kind: code.EntryService, ID: serviceID, Document: hsds.Document([]byte(changed)), Organization: casaAmiga, Owner: c.owner, Homes: c.homes}
		events, err := c.e.List(c.by, cmd)
		if !errors.Is(err, c.err) || (err == nil) != (len(events) == 1) {
			t.Errorf("%s: %d events, %v", name, len(events), err)
			continue
		}
		if err == nil && after(c.e, events).Listed.Coordination != code.Country(c.by.Country) {
			t.Errorf("%s: nobody notes the country", name)
		}
	}
	// What lies around a delivery is looked at again in every country.
	around := List{Kind: code.EntryService, ID: serviceID, Organization: casaAmiga}
	e := listed("KG")
	e.Listed.Agency = "casa-vieja"
	events, err := e.List(of("GT", "p"), around)
	if err != nil || len(events) != 1 || after(e, events).Listed.Coordination != "KG" {
		t.Errorf("around: %v, %v", events, err)
	}
}

// Countries share the words of the directory: who repeats them changes nothing, and
// who changes them must have brought them.
func TestWordsAreShared(t *testing.T) {
	const id = "11111111-0000-4000-8000-000000000030"
	give := func(e Entry, by fact.By, name string) ([]fact.Event, error) {
		return e.List(by, List{Kind: code.EntryTerm, ID: id, Document: hsds.Document([]byte(`{"id": "` + id + `", "name": "` + name + `"}`))})
	}
	events, err := give(Entry{}, of("GT", "p"), "bed")
	if err != nil {
		t.Fatal(err)
	}
	e := after(Entry{}, events)
	if events, err := give(e, of("KG", "p"), "bed"); err != nil || events != nil {
		t.Errorf("the same: %v, %v", events, err)
	}
	if _, err := give(e, of("KG", "p"), "cot"); !errors.Is(err, coordination.ErrElsewhere) {
		t.Errorf("another: %v", err)
	}
	before := e
	before.Listed.Coordination = ""
	if events, err := give(before, of("KG", "p"), "cot"); err != nil || after(before, events).Listed.Coordination != "KG" {
		t.Errorf("of before: %v, %v", events, err)
	}
}

// A hidden entry is there for its agency and for the coordinators of the country that
// handed it in.
func TestAHiddenEntryIsOfItsCountry(t *testing.T) {
	e := service(t, term("sanad-visibility", "hidden"))
	if e.Listed.Visibility != code.VisibleNobody {
		t.Fatal(e.Listed.Visibility)
	}
	before := e
	before.Listed.Coordination = ""
	for name, c := range map[string]struct {
		e    Entry
		by   fact.By
		sees bool
	}{
		"its agency":           {e, keeper, true},
		"its country":          {e, of("GT", "spotlight"), true},
		"another country":      {e, of("KG", "spotlight"), false},
		"no country":           {e, of("", "spotlight"), false},
		"no programme":         {e, of("GT", ""), false},
		"of before":            {before, of("GT", "spotlight"), false},
		"of before, no claims": {before, of("", ""), false},
	} {
		_, err := c.e.ReportCapacity(c.by, ReportCapacity{Unit: "bed", Available: 1})
		if c.e.Visible(c.by) != c.sees || (err == nil) != c.sees || (len(c.e.View(c.by).(CapacityView).Capacities) > 0) != c.sees {
			t.Errorf("%s: seen %t, counts: %v", name, c.e.Visible(c.by), err)
		}
	}
}
