package guarantees_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

type m = map[string]any

// lawyers registers agencies that all offer legal assistance.
func (w *world) lawyers(ctx context.Context, n int) []string {
	w.t.Helper()
	coordinator := w.desk(journey.Coordination, "coordinator")
	names := make([]string, n)
	var wg sync.WaitGroup
	for i := range names {
		names[i] = fmt.Sprintf("lawyers-%03d", i)
		wg.Go(func() {
			cmd := m{"agency": names[i], "country": "GT", "services": []string{"legal_assistance_service"}}
			if err := coordinator.Post(ctx, "/v1/agencies", cmd, nil); err != nil {
				w.t.Error(err)
			}
		})
	}
	wg.Wait()
	return names
}

// agree opens a case with consent for each of these agencies.
func agree(ctx context.Context, t testing.TB, front office.Desk, agencies []string) string {
	t.Helper()
	id := openCase(ctx, t, front, agencies[0], "legal_assistance_service")
	for _, agency := range agencies[1:] {
		err := front.Post(ctx, "/v1/cases/"+id+"/consents", m{
			"recipient": agency, "service": "legal_assistance_service", "purpose": "service_delivery", "categories": []string{"identity"},
			"expires": time.Now().UTC().AddDate(0, 1, 0).Format(time.RFC3339),
			"method":  "oral", "given_by": "survivor", "witnessed": false,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// want asks for legal assistance as it is told, and gives the referral's id.
func want(ctx context.Context, t testing.TB, front office.Desk, caseID string, request m) string {
	t.Helper()
	request["service"], request["urgency"] = "legal_assistance_service", "urgent"
	var c struct {
		Referrals []struct {
			ID string `json:"id"`
		} `json:"referrals"`
	}
	if err := front.Post(ctx, "/v1/cases/"+caseID+"/requests", m{"requests": []m{request}}, &c); err != nil {
		t.Fatal(err)
	}
	return c.Referrals[len(c.Referrals)-1].ID
}

// Two hundred agencies claim one broadcast at the same instant: one has it, and
// to all others it is as if it had never been.
func TestOneClaimWins(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	names := w.lawyers(ctx, 200)
	front := w.desk(journey.FrontDesk, "caseworker")
	candidates := make([]m, len(names))
	desks := make([]office.Desk, len(names))
	for i, name := range names {
		candidates[i], desks[i] = m{"recipient": name}, w.desk(name, "focal_point")
	}
	id := agree(ctx, t, front, names)
	referral := want(ctx, t, front, id, m{"mode": "broadcast", "candidates": candidates})
	w.offered(desks[199], referral)

	answers := make([]office.Answer, len(desks))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, d := range desks {
		wg.Go(func() {
			<-start
			answers[i] = post(ctx, t, d, "/v1/referrals/"+referral+"/accept", uuid.NewString(), `{}`)
		})
	}
	close(start)
	wg.Wait()
	winner := -1
	for i, a := range answers {
		switch a.Status {
		case http.StatusOK:
			if winner >= 0 {
				t.Fatalf("%s and %s have it", names[winner], names[i])
			}
			winner = i
		case http.StatusNotFound:
		default:
			t.Errorf("%s is told %d %s", names[i], a.Status, a.Body)
		}
	}
	if winner < 0 {
		t.Fatal("nobody has it")
	}
	for i, d := range desks {
		a, err := d.Do(ctx, http.MethodGet, "/v1/referrals/"+referral, nil, nil)
		if err != nil || (a.Status == http.StatusOK) != (i == winner) {
			t.Errorf("%s sees %d: %v", names[i], a.Status, err)
		}
	}
	var c struct {
		Referrals []struct {
			Recipient string `json:"recipient"`
			Status    string `json:"status"`
		} `json:"referrals"`
	}
	w.sees(front, "/v1/cases/"+id, &c, func() bool { return c.Referrals[0].Status == "accepted" })
	if c.Referrals[0].Recipient != names[winner] {
		t.Errorf("the case has it with %s", c.Referrals[0].Recipient)
	}
}

// The recipient is suspended after the send, and the network asks the next one
// that the survivor agreed to. Who declines is followed likewise; worklists and
// their counts tell the same.
func TestTheNextIsAsked(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	names := w.lawyers(ctx, 3)
	front, coordinator := w.desk(journey.FrontDesk, "caseworker"), w.desk(journey.Coordination, "coordinator")
	first, second, third := w.desk(names[0], "focal_point"), w.desk(names[1], "focal_point"), w.desk(names[2], "focal_point")
	id := agree(ctx, t, front, names)
	referral := want(ctx, t, front, id, m{"recipient": names[0], "then": []m{{"recipient": names[1]}, {"recipient": names[2]}}})
	w.offered(first, referral)
	if err := coordinator.Post(ctx, "/v1/agencies/"+names[0]+"/suspend", m{}, nil); err != nil {
		t.Fatal(err)
	}
	waiting := func(d office.Desk) string {
		var page struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		w.sees(d, "/v1/referrals?view=new", &page, func() bool { return len(page.Items) == 1 })
		return page.Items[0].ID
	}
	next := waiting(second)
	answers := fmt.Sprintf(`{"answers":[{"referral":%q,"accept":false,"reason":"at_capacity"},{"referral":%q,"accept":true}]}`, next, referral)
	key := uuid.NewString()
	var results struct {
		Items []struct {
			Done    bool `json:"done"`
			Problem struct {
				Code string `json:"code"`
			} `json:"problem"`
		} `json:"items"`
	}
	for range 2 {
		a := post(ctx, t, second, "/v1/referrals/answers", key, answers)
		if err := json.Unmarshal(a.Body, &results); err != nil || len(results.Items) != 2 ||
			!results.Items[0].Done || results.Items[1].Problem.Code != "not_found" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	last := waiting(third)
	if err := third.Post(ctx, "/v1/referrals/"+last+"/accept", m{}, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		desk office.Desk
		role string
		want counts
	}{
		{third, "recipient", counts{InService: 1}}, {second, "recipient", counts{}}, {front, "sender", counts{InService: 1}},
	} {
		var got counts
		if err := c.desk.Get(ctx, "/v1/referrals/counts?role="+c.role, &got); err != nil || got != c.want {
			t.Errorf("%s: %+v %v, want %+v", c.desk.Agency, got, err, c.want)
		}
	}
	var old struct {
		Status    string `json:"status"`
		Successor string `json:"successor"`
	}
	if err := front.Get(ctx, "/v1/referrals/"+referral, &old); err != nil || old.Status != "rerouted" || old.Successor != next {
		t.Errorf("the first is %+v: %v", old, err)
	}
}

type counts struct {
	New       int `json:"new"`
	InService int `json:"in_service"`
}
