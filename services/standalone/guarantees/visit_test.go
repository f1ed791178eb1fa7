package guarantees_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// casePlan is what the test reads of a plan.
type casePlan struct {
	Steps []struct {
		Service, Stage string
		Waits          bool
		After          []struct {
			Service, Words string
			Holds          bool
		}
		Windows   []struct{ Window, State, Until string }
		Referrals []struct {
			ID, Recipient, Status, Urgency, Visit string
			Asked                                 string `json:"asked_urgency"`
		}
	}
	Visits []struct {
		ID                  string
		Services, Referrals []string
	}
}

// One visit to a one-stop centre, four services of four agencies under one
// roof: the desk sees them together and in order, the windows raise what is
// pressing, and each agency sees its own referral and nothing of the others.
func TestOneVisitFourServices(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	house := []struct{ agency, service string }{
		{"house-clothes", "nfi_clothes_shoes_service"},
		{"house-clinic", "health_medical_service"},
		{"house-examiners", "forensic_examination_service"},
		{"house-counsel", "psychosocial_service"},
	}
	coordinator, front := w.deskOf(coordinatorOf("KG", "kyrgyzstan")), w.desk(journey.FrontDesk, "caseworker")
	did := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().UTC()
	var c struct{ ID string }
	did(front.Post(ctx, "/v1/cases", m{
		"channel": "one_stop_centre", "country": "KG", "programme": "kyrgyzstan",
		"happened": m{"earliest": now.Add(-20 * time.Hour).Format(time.RFC3339), "latest": now.Add(-14 * time.Hour).Format(time.RFC3339)},
	}, &c))
	var requests []m
	for _, s := range house {
		did(coordinator.Post(ctx, "/v1/agencies", m{"agency": s.agency, "country": "KG", "services": []string{s.service}, "feed": true}, nil))
		did(front.Post(ctx, "/v1/cases/"+c.ID+"/consents", m{
			"recipient": s.agency, "service": s.service, "purpose": "service_delivery", "categories": []string{"contact"},
			"expires": now.AddDate(0, 1, 0).Format(time.RFC3339), "method": "oral", "given_by": "survivor",
		}, nil))
		requests = append(requests, m{"recipient": s.agency, "service": s.service, "urgency": "standard", "visit": "1"})
	}
	did(front.Post(ctx, "/v1/cases/"+c.ID+"/requests", m{"requests": requests}, nil))

	var p casePlan
	did(front.Get(ctx, "/v1/cases/"+c.ID+"/plan", &p))
	if len(p.Steps) != 4 || len(p.Visits) != 1 || len(p.Visits[0].Services) != 4 || len(p.Visits[0].Referrals) != 4 {
		t.Fatalf("%+v", p)
	}
	place, referrals := map[string]int{}, map[string]string{}
	for i, s := range p.Steps {
		place[s.Service] = i
		r := s.Referrals[0]
		referrals[r.Recipient] = r.ID
		want := map[string][2]string{"health_medical_service": {"emergency", "standard"}, "forensic_examination_service": {"urgent", "standard"}}[s.Service]
		if want[0] == "" {
			want[0] = "standard"
		}
		if r.Urgency != want[0] || r.Asked != want[1] || r.Visit != p.Visits[0].ID || s.Waits || (want[1] != "") != (len(s.Windows) > 0) {
			t.Errorf("%+v", s)
		}
	}
	clothes := p.Steps[place["nfi_clothes_shoes_service"]]
	if place[clothes.Service] < place["forensic_examination_service"] || len(clothes.After) != 1 || clothes.After[0].Holds || clothes.After[0].Words == "" {
		t.Errorf("the examination does not come first in the visit: %+v", p)
	}

	for _, s := range house {
		others := []string{p.Visits[0].ID, "asked_urgency"}
		for _, o := range house {
			if o != s {
				others = append(others, o.agency, o.service, referrals[o.agency])
			}
		}
		d := w.desk(s.agency, "focal_point")
		w.offered(d, referrals[s.agency])
		look := func(when string) {
			t.Helper()
			for _, path := range []string{"/v1/referrals?role=recipient&limit=200", "/v1/referrals/" + referrals[s.agency], "/v1/referrals/" + referrals[s.agency] + "/history"} {
				a, err := d.Do(ctx, http.MethodGet, path, nil, nil)
				did(err)
				if a.Status != http.StatusOK || slices.ContainsFunc(others, func(o string) bool { return strings.Contains(string(a.Body), o) }) {
					t.Errorf("%s, %s: %s sees %s", s.agency, when, path, a.Body)
				}
			}
			for _, o := range house {
				if a, err := d.Do(ctx, http.MethodGet, "/v1/referrals/"+referrals[o.agency], nil, nil); err != nil || o != s && a.Status != http.StatusNotFound {
					t.Errorf("%s, %s: %s's referral is answered %d (%v)", s.agency, when, o.agency, a.Status, err)
				}
			}
			for _, role := range []string{"focal_point", "caseworker", "supervisor"} {
				if a, err := w.desk(s.agency, role).Do(ctx, http.MethodGet, "/v1/cases/"+c.ID+"/plan", nil, nil); err != nil || a.Status != http.StatusNotFound && a.Status != http.StatusForbidden {
					t.Errorf("%s reads the plan: %d %v", s.agency, a.Status, err)
				}
			}
		}
		look("asked")
		did(d.Post(ctx, "/v1/referrals/"+referrals[s.agency]+"/accept", m{}, nil))
		look("accepted")
	}
	w.sees(front, "/v1/cases/"+c.ID+"/plan", &p, func() bool { return underway(p) })

	w.idle()
	told := map[string]int{}
	for _, msg := range stored(t, w.Bus, "AGENCIES") {
		for _, s := range house {
			if !strings.Contains(msg.Subject, s.agency) {
				continue
			}
			told[s.agency]++
			for _, o := range house {
				if text := string(msg.Data); strings.Contains(text, p.Visits[0].ID) || o != s && (strings.Contains(text, referrals[o.agency]) || strings.Contains(text, o.agency)) {
					t.Errorf("%s is told %s", s.agency, text)
				}
			}
		}
	}
	if len(told) != len(house) {
		t.Errorf("feeds of %v were looked at", told)
	}
	for _, msg := range stored(t, w.Bus, "EVENTS") {
		if text := string(msg.Data); strings.Contains(text, `"asked`) || strings.Contains(text, now.Add(-20*time.Hour).Format("2006-01-02T15")) {
			t.Errorf("when it happened is on the bus: %s", text)
		}
	}
	lone := w.desk(journey.FrontDesk, "focal_point")
	if a, err := lone.Do(ctx, http.MethodGet, "/v1/cases/"+c.ID+"/plan", nil, nil); err != nil || a.Status != http.StatusForbidden {
		t.Errorf("who may read no case reads a plan: %d %v", a.Status, err)
	}
}

// underway says that every step has been taken, and that nothing waits.
func underway(p casePlan) bool {
	for _, s := range p.Steps {
		if s.Stage != "underway" || s.Waits || s.Referrals[0].Status != "accepted" {
			return false
		}
	}
	return true
}
