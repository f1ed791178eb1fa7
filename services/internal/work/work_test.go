package work_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/image"
	"github.com/sanad-network/sanad/services/internal/work"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestStanding(t *testing.T) {
	for status, want := range map[work.Status]struct {
		exists, closed bool
		refusal        error
	}{
		"":          {false, false, work.ErrNotOpen},
		work.Open:   {true, false, nil},
		work.Closed: {true, true, work.ErrNotOpen},
		work.Ended:  {true, true, work.ErrEnded},
	} {
		s := work.Standing{Status: status}
		if s.Exists() != want.exists || s.Closed() != want.closed || !errors.Is(s.MustBeOpen(), want.refusal) {
			t.Errorf("%q: exists %t, closed %t, refusal %v", status, s.Exists(), s.Closed(), s.MustBeOpen())
		}
	}
}

func TestConsent(t *testing.T) {
	c := work.Consent{Categories: []code.Category{code.HealthData}, Expires: noon}
	before, after := noon.Add(-time.Millisecond), noon
	if !c.InForce(before) || c.InForce(after) {
		t.Error("consent ends at the instant of its expiry")
	}
	if !c.Covers(code.HealthData, before) || c.Covers(code.HealthData, after) || c.Covers(code.Narrative, before) {
		t.Error("consent covers its categories, until it expires")
	}
	if (work.Consent{}).InForce(before) {
		t.Error("no consent is in force")
	}
}

func TestList(t *testing.T) {
	by := fact.By{Agency: "haya-centre"}
	list := image.List[work.Standing]{Keys: func(s work.Standing) []string { return []string{s.Key(by.Agency)} }, Timed: true}
	early := work.Standing{Status: work.Open, Since: noon.In(time.FixedZone("", 7200))}
	late := work.Standing{Status: work.Open, Since: noon.Add(time.Millisecond)}
	if list.Keys(early)[0] >= list.Keys(late)[0] {
		t.Errorf("%v must come before %v", early, late)
	}
	for query, want := range map[string]bool{"": true, "status=open": true, "status=closed": false} {
		q, _ := url.ParseQuery(query)
		if part, err := work.Worklist(&list)(by, q); err != nil || part.Holds(early) != want {
			t.Errorf("query %q asks for open work: %t, %v", query, part.Holds(early), err)
		}
		if part, _ := work.Worklist(&list)(fact.By{Agency: "other"}, q); part.Holds(early) {
			t.Errorf("query %q shows another agency's work", query)
		}
	}
}

func TestKnown(t *testing.T) {
	for _, c := range []code.Outcome{"", "Needs_Met", "unknown"} {
		if err := work.Known("/outcome", c, code.Outcomes); !errors.Is(err, work.ErrUnknownCode) {
			t.Errorf("%q gives %v", c, err)
		}
	}
	for _, c := range code.Outcomes {
		if err := work.Known("/outcome", c, code.Outcomes); err != nil {
			t.Errorf("%q gives %v", c, err)
		}
	}
}
