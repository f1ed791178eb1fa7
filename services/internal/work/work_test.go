package work_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/look"
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
	early := work.Standing{Status: work.Open, Since: noon.In(time.FixedZone("", 7200)), Assignee: work.Assignee{Worker: "worker_1"}}
	late := work.Standing{Status: work.Open, Since: noon.Add(time.Millisecond), Assignee: work.Assignee{Worker: "worker_1"}}
	for name, keys := range map[string]func(work.Standing, string) []string{"agency": work.Standing.Keys, "worker": work.Standing.KeysOf} {
		if keys(early, "haya-centre")[0] >= keys(late, "haya-centre")[0] {
			t.Errorf("%s: %v must come before %v", name, early, late)
		}
		if got := keys(work.Standing{Assignee: work.Assignee{Worker: "worker_1"}}, "haya-centre"); got != nil {
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

// A consent that is renewed before the agency took the referral makes no work, and none
// is made anew for work that its agency closed.
func TestWhatARenewalOpens(t *testing.T) {
	for _, status := range code.ReferralStatuses {
		ground := work.Ground{Referral: "ref_1", Case: "case_1", Agency: "haya-centre"}
		e := referralv1.Renewed{Loop: referralv1.Loop{Referral: ground.Referral, Case: ground.Case, Recipient: ground.Agency, Turn: 5}, Status: status}
		taken := slices.Contains([]code.ReferralStatus{code.Accepted, code.Scheduled, code.Missed, code.InService, code.CancellationRequested}, status)
		if got, err := (work.Work{}).OnRenewed(e); err != nil || len(got) > 0 != taken {
			t.Errorf("%s: it opens work: %v, %v", status, got, err)
		}
		shut := work.Work{Ground: ground, Standing: work.Standing{Status: work.Closed, Turn: 2, Granted: 3}}
		if got, err := shut.OnRenewed(e); err != nil || len(got) > 0 {
			t.Errorf("%s: it opens what its agency closed: %v, %v", status, got, err)
		}
	}
}

// Whoever was looked up for another worker acts for that one alone.
func TestHandled(t *testing.T) {
	s := work.Standing{Status: work.Open, Assignee: work.Assignee{Worker: "worker_1"}}
	away := errors.New("away")
	for name, c := range map[string]struct {
		hands work.Hands
		want  error
	}{
		"acts":                 {work.Hands{Worker: "worker_1", Act: look.Made(true)}, nil},
		"does not act":         {work.Hands{Worker: "worker_1", Act: look.Made(false)}, work.ErrNotTheWorker},
		"acts for another":     {work.Hands{Worker: "worker_2", Act: look.Made(true)}, work.ErrNotTheWorker},
		"could not be read":    {work.Hands{Worker: "worker_1", Act: look.Made(true), Err: away}, away},
		"nobody was looked up": {work.Hands{}, work.ErrNotTheWorker},
	} {
		if err := s.Handled(c.hands); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (work.Standing{Status: work.Open}).Handled(work.Hands{Act: look.Made(true)}); !errors.Is(err, work.ErrNotTheWorker) {
		t.Errorf("work that nobody has: %v", err)
	}
}
