package domain

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/fault"
	"github.com/sanad-network/sanad/pkg/look"
	"github.com/sanad-network/sanad/pkg/programme"
	"github.com/sanad-network/sanad/services/internal/coordination"
)

var (
	now    = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	carmen = fact.By{Principal: "carmen", Agency: "coordination", Roles: []string{"coordinator"}, Country: "GT", Programme: "guatemala", At: now}
)

func on(change func(*On)) On {
	o := On{Agency: look.Made(Listed{Country: "GT"}), Installed: true, Is: programme.Essential{Standards: map[string]programme.Standard{
		"private_room": {}, "asked_first": {}, "stay_not_limited": {Services: []code.Service{code.SafeHouse}},
	}}}
	if change != nil {
		change(&o)
	}
	return o
}

func assess(change func(*Assess)) Assess {
	c := Assess{Agency: "clinic", Service: code.LegalAssistance, Programme: "guatemala", Found: Found{
		On: "2026-05-04", Next: "2027-05-04", Assessor: "Team of the ministry",
		Findings: []referralv1.StandardFinding{{Standard: "private_room", Finding: code.StandardMet}, {Standard: "asked_first", Finding: code.StandardPartly}},
	}}
	if change != nil {
		change(&c)
	}
	return c
}

func TestAssess(t *testing.T) {
	for name, c := range map[string]struct {
		by      func(*fact.By)
		cmd     func(*Assess)
		on      func(*On)
		want    *fault.Error
		pointer string
	}{
		"all standards":          {},
		"a focal point":          {by: func(b *fact.By) { b.Roles = []string{"focal_point"} }, want: ErrNotCoordinator},
		"coordinates nothing":    {by: func(b *fact.By) { b.Programme = "" }, want: coordination.ErrNowhere},
		"an agency elsewhere":    {on: func(o *On) { o.Agency = look.Made(Listed{Country: "KG"}) }, want: coordination.ErrElsewhere},
		"an agency nobody knows": {on: func(o *On) { o.Agency = look.Made(Listed{}) }, want: coordination.ErrElsewhere},
		"another programme":      {cmd: func(c *Assess) { c.Programme = "rainbow" }, want: ErrAssessment, pointer: "/programme"},
		"not given there":        {on: func(o *On) { o.Agency = look.Made(Listed{Country: "GT", Declines: code.OutOfScope}) }, want: ErrAssessment, pointer: "/service"},
		"suspended is assessed":  {on: func(o *On) { o.Agency = look.Made(Listed{Country: "GT", Declines: code.ServiceSuspended}) }},
		"tomorrow":               {cmd: func(c *Assess) { c.On = "2026-05-05" }, want: ErrAssessment, pointer: "/on"},
		"due before":             {cmd: func(c *Assess) { c.Next = "2026-05-04" }, want: ErrAssessment, pointer: "/next"},
		"one is missing":         {cmd: func(c *Assess) { c.Findings = c.Findings[:1] }, want: ErrAssessment, pointer: "/findings"},
		"one twice":              {cmd: func(c *Assess) { c.Findings[1] = c.Findings[0] }, want: ErrAssessment, pointer: "/findings/1/standard"},
		"of another service":     {cmd: func(c *Assess) { c.Findings[1].Standard = "stay_not_limited" }, want: ErrAssessment, pointer: "/findings/1/standard"},
		"unknown":                {cmd: func(c *Assess) { c.Findings[0].Standard = "made_up" }, want: ErrAssessment, pointer: "/findings/0/standard"},
	} {
		by := carmen
		if c.by != nil {
			c.by(&by)
		}
		_, err := Assessment{}.Assess(by, assess(c.cmd), on(c.on))
		f, _ := errors.AsType[*fault.Error](err)
		switch {
		case c.want == nil && err != nil, c.want != nil && !errors.Is(err, c.want):
			t.Errorf("%s: %v, want %v", name, err, c.want)
		case c.pointer != "" && (len(f.Fields) != 1 || f.Fields[0].Pointer != c.pointer):
			t.Errorf("%s: %+v, want %s", name, f.Fields, c.pointer)
		}
	}
}

// A further assessment and an amendment both leave what was said before; the agency and the
// coordinators of the programme see all of it, and nobody else knows of it.
func TestVersionsStay(t *testing.T) {
	var a Assessment
	take := func(events []fact.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			a = a.Evolve(e)
		}
	}
	take(a.Assess(carmen, assess(nil), on(nil)))
	amended := assess(nil).Found
	amended.Findings[1].Finding = code.StandardNotMet
	take(a.Amend(carmen, Amend{Reason: code.Correction, Found: amended}, on(nil)))
	later := carmen
	later.At = now.AddDate(1, 0, 0)
	take(a.Assess(later, assess(func(c *Assess) { c.On, c.Next = "2027-05-01", "2028-05-01" }), on(nil)))
	if _, err := a.Assess(later, assess(nil), on(nil)); !errors.Is(err, ErrAssessment) {
		t.Errorf("one before the last: %v", err)
	}
	var versions []int
	for _, v := range a.Earlier {
		versions = append(versions, v.Version)
	}
	if d := cmp.Diff([]int{1, 2}, versions); d != "" || a.Version != 3 || a.Earlier[1].Amends != code.Correction || a.Amends != "" {
		t.Errorf("%s%+v", d, a)
	}
	for name, c := range map[string]struct {
		by   fact.By
		sees bool
	}{
		"the agency":         {fact.By{Agency: "clinic", Roles: []string{"focal_point"}}, true},
		"the coordinator":    {carmen, true},
		"another agency":     {fact.By{Agency: "women", Roles: []string{"focal_point"}}, false},
		"another programme":  {fact.By{Agency: "x", Roles: []string{"coordinator"}, Country: "GT", Programme: "rainbow"}, false},
		"another country":    {fact.By{Agency: "x", Roles: []string{"coordinator"}, Country: "KG", Programme: "guatemala"}, false},
		"a role and no more": {fact.By{Agency: "x", Roles: []string{"coordinator"}}, false},
	} {
		if a.Visible(c.by) != c.sees {
			t.Errorf("%s sees it: %v", name, !c.sees)
		}
		if part, err := Assessments(c.by, nil); err == nil && part.Holds(a) != c.sees {
			t.Errorf("it is on the list of %s: %v", name, !c.sees)
		}
	}
	due := later
	due.At = time.Date(2028, 5, 1, 0, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time]bool{now: false, due.At: true} {
		due.At = at
		if part, err := Assessments(due, map[string][]string{"due": {"true"}}); err != nil || part.Holds(a) != want {
			t.Errorf("at %v it is due: %v, %v", at, !want, err)
		}
	}
	if _, err := a.Amend(fact.By{Agency: "clinic", Roles: []string{"focal_point"}}, Amend{}, on(nil)); !errors.Is(err, ErrNotCoordinator) {
		t.Errorf("the agency amends it: %v", err)
	}
}
