package work_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
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

func TestLists(t *testing.T) {
	early := work.Standing{Status: work.Open, Since: noon.In(time.FixedZone("", 7200)), Worker: "worker_1"}
	late := work.Standing{Status: work.Open, Since: noon.Add(time.Millisecond), Worker: "worker_1"}
	for name, keys := range map[string]func(work.Standing, string) []string{"agency": work.Standing.Keys, "worker": work.Standing.KeysOf} {
		if keys(early, "haya-centre")[0] >= keys(late, "haya-centre")[0] {
			t.Errorf("%s: %v must come before %v", name, early, late)
		}
		if got := keys(work.Standing{Worker: "worker_1"}, "haya-centre"); got != nil {
			t.Errorf("%s: work that nobody took is listed: %q", name, got)
		}
	}
	if got := (work.Standing{Status: work.Open}).KeysOf("haya-centre"); got != nil {
		t.Errorf("nobody's work is in somebody's list: %q", got)
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
