package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
	"github.com/sanad-network/sanad/services/standalone/internal/play"
)

// planned tells once, plans, and asks onward, with a canary in each text. Who may read it, does:
// the goal for who has the case, the step for the agency that does it, what she said for her desk.
func (w *world) planned(ctx context.Context) {
	w.t.Helper()
	p := w.confide(ctx)
	p.accept(ctx)
	of, share := "/v1/cases/"+p.id, "/v1/disclosures/"+p.referral
	var c struct {
		ActionPlan struct {
			Goals []struct {
				ID string `json:"id"`
			} `json:"goals"`
		} `json:"action_plan"`
		Onward []struct {
			ID     string `json:"id"`
			Agency string `json:"agency"`
		} `json:"onward"`
		Attention []string        `json:"attention"`
		Topics    json.RawMessage `json:"topics"`
	}
	do := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	do(p.front.Post(ctx, of+"/action-plan/goals", m{"area": "safety", "goal_words": marked("goal_words")}, nil))
	do(p.front.Get(ctx, of, &c))
	goal := c.ActionPlan.Goals[0].ID
	do(p.front.Post(ctx, of+"/action-plan/steps", m{"goal": goal, "who": "agency", "referral": p.referral, "step_words": marked("step_words")}, nil))
	do(p.front.Post(ctx, of+"/action-plan/steps", m{"goal": goal, "who": "survivor", "step_words": "call her sister"}, nil))
	do(p.front.Post(ctx, of+"/action-plan/review", m{"next": time.Now().AddDate(0, 0, 7).UTC().Format(time.RFC3339)}, nil))
	do(p.front.Post(ctx, of+"/topics", m{"topic": "what_happened", "pass_on": "yes"}, nil))
	do(p.front.Post(ctx, of+"/topics", m{"topic": "danger", "pass_on": "no"}, nil))
	do(p.lawyer.Post(ctx, share+"/topics", m{"topic": "danger", "pass_on": "yes"}, nil))
	do(p.lawyer.Post(ctx, share+"/topics", m{"topic": "legal_history", "pass_on": "yes"}, nil))
	do(p.lawyer.Post(ctx, share+"/onward", m{"service": "health_medical_service", "urgency": "urgent", "agreed_by": "oral", "onward_words": marked("onward_words")}, nil))
	var seen, packet json.RawMessage
	if found := w.shares(p.lawyer); len(found) != 1 || found[0] != p.referral {
		w.t.Errorf("before its look the agency finds %v on its list", found)
	}
	do(p.lawyer.Post(ctx, share+"/share", m{}, &seen))
	if found := w.shares(p.lawyer); len(found) > 0 {
		w.t.Errorf("after its look the agency finds %v on its list", found)
	}
	do(p.lawyer.Post(ctx, "/v1/disclosures", m{"referral": p.referral}, &packet))
	var is json.RawMessage
	do(p.front.Get(ctx, of, &is))
	do(json.Unmarshal(is, &c))
	for _, text := range []string{marked("goal_words"), marked("step_words"), marked("onward_words"), "onward_to_answer"} {
		if !bytes.Contains(is, []byte(text)) {
			w.t.Errorf("who has the case does not read %s", text)
		}
	}
	if !bytes.Contains(seen, []byte(marked("step_words"))) || !bytes.Contains(seen, []byte(`"asked"`)) {
		w.t.Errorf("the agency does not see its share: %s", seen)
	}
	for _, text := range []string{marked("goal_words"), "her sister", marked("onward_words"), "survivor"} {
		if bytes.Contains(seen, []byte(text)) {
			w.t.Errorf("the agency sees %s", text)
		}
	}
	var told struct {
		Packet struct {
			Told []string `json:"told_topics"`
		} `json:"packet"`
	}
	do(json.Unmarshal(packet, &told))
	if got := strings.Join(told.Packet.Told, " "); got != "what_happened legal_history" {
		w.t.Errorf("topics that are passed on: %s", got)
	}
	if bytes.Contains(c.Topics, []byte(c.Onward[0].Agency)) {
		w.t.Errorf("it says to whom she told it: %s", c.Topics)
	}
	w.conferred(ctx, p)
	w.housed(ctx, p)
	do(p.front.Post(ctx, of+"/onward/answer", m{"onward": c.Onward[0].ID, "reason": "she_decided_otherwise"}, nil))
	do(p.lawyer.Post(ctx, share+"/share", m{}, &seen))
	if !bytes.Contains(seen, []byte("she_decided_otherwise")) {
		w.t.Errorf("the agency does not see the answer: %s", seen)
	}
}

// shares are the referrals in whose shares somebody finds something new.
func (w *world) shares(d office.Desk) (referrals []string) {
	w.t.Helper()
	var there struct {
		Items []struct {
			Referral string `json:"referral"`
		} `json:"items"`
	}
	if err := d.Get(w.t.Context(), "/v1/shares", &there); err != nil {
		w.t.Fatal(err)
	}
	for _, one := range there.Items {
		referrals = append(referrals, one.Referral)
	}
	return referrals
}

// Another agency is told of nothing: neither that there is a plan, nor that there is a case. The
// agency itself is told by its channels that something waits, at a step and at each invitation: not
// what, and not at what is called off after she took her yes back.
func TestAShareIsForItsAgencyAlone(t *testing.T) {
	w := begin(t, func(*world) {})
	ctx, cancel := patience.Context(t.Context(), t, "the share", w.running().moves)
	defer cancel()
	two := w.lawyers(ctx, 2)
	for i, name := range two {
		if err := w.desk(name, "focal_point").Post(ctx, "/v1/channels", m{
			"agency": name, "language": "en", "channels": []m{{"kind": "email", "address": strconv.Itoa(i) + "@law.test"}},
		}, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.planned(ctx)
	w.idle()
	for i, want := range []int{3, 0} {
		letters, err := play.Letters(filepath.Join(w.config.Dir, "notices"), strconv.Itoa(i)+"@law.test")
		letters = slices.DeleteFunc(letters, func(l string) bool { return !strings.Contains(l, "Something is on your list.") })
		if err != nil || len(letters) != want {
			t.Errorf("%s has %d notices for %d: %v", two[i], len(letters), want, err)
		}
		for _, l := range letters {
			if strings.Contains(l, canary) || strings.Contains(l, "ref_") || strings.Contains(l, "case_") {
				t.Errorf("a notice says what it is about:\n%s", l)
			}
		}
	}
	p := w.confide(ctx)
	stranger := w.desk(two[1], "lawyer")
	if found := w.shares(stranger); len(found) > 0 {
		t.Errorf("another agency finds %v", found)
	}
	for path, body := range map[string]m{
		"/share":      {},
		"/topics":     {"topic": "danger", "pass_on": "yes"},
		"/conference": {"conference": "conf_01jrqcz45tmx091hkw628bdf37", "answer": "attends"},
		"/onward":     {"service": "health_medical_service", "urgency": "urgent", "agreed_by": "oral"},
	} {
		if err := stranger.Post(ctx, "/v1/disclosures/"+p.referral+path, body, nil); err == nil || !strings.Contains(err.Error(), "not_found") {
			t.Errorf("%s: %v", path, err)
		}
		if err := p.lawyer.Post(ctx, "/v1/disclosures/"+p.referral+path, body, nil); err == nil || !strings.Contains(err.Error(), "disclosure_too_early") {
			t.Errorf("%s before the acceptance: %v", path, err)
		}
	}
}
