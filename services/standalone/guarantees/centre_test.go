package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
)

// house is a one-stop centre of the front desk, with an agency in the house.
func (w *world) house(ctx context.Context, inHouse string) string {
	w.t.Helper()
	var house struct {
		ID string `json:"id"`
	}
	if err := w.desk(journey.FrontDesk, "supervisor").Post(ctx, "/v1/centres", m{
		"centre_name": marked("centre_name"), "in_house": []string{inHouse}, "hold_minutes": 10,
		"rooms": []m{{"centre_room": "talk-1", "room_use": "talking", "capacity": 1}},
	}, &house); err != nil {
		w.t.Fatal(err)
	}
	return house.ID
}

// housed has her visit a one-stop centre, with a canary in each text. Her lawyer in the house sees a code and a
// room, and a clerk at the counter the same and which agency; neither sees whose they are.
func (w *world) housed(ctx context.Context, p confided) {
	w.t.Helper()
	do := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	of, house := "/v1/cases/"+p.id, w.house(ctx, p.lawyer.Agency)
	do(p.front.Post(ctx, of+"/visits", m{"centre": house, "visit_referrals": []string{p.referral}, "visit_also": []string{"safety"}}, nil))
	var c struct {
		Visits []struct {
			Code  string `json:"visit_code"`
			Steps []struct {
				ID   string `json:"visit_step"`
				Kind string `json:"visit_step_kind"`
			} `json:"visit_steps"`
		} `json:"centre_visits"`
		Recordings []struct {
			ID string `json:"id"`
		} `json:"recordings"`
	}
	do(p.front.Get(ctx, of, &c))
	code := c.Visits[0].Code
	do(p.front.Post(ctx, "/v1/centres/"+house+"/holds", m{"centre_room": "talk-1", "visit_code": code}, nil))
	for _, s := range c.Visits[0].Steps {
		if s.Kind == "service" {
			do(p.front.Post(ctx, of+"/visits/steps/move", m{"visit_step": s.ID, "visit_step_status": "with_her", "centre_room": "talk-1"}, nil))
		}
	}
	var lawyers, counter json.RawMessage
	do(p.lawyer.Get(ctx, "/v1/visits", &lawyers))
	do(w.desk(journey.FrontDesk, "caseworker").Get(ctx, "/v1/centres/"+house, &counter))
	for who, seen := range map[string]json.RawMessage{"her lawyer": lawyers, "the counter": counter} {
		if !bytes.Contains(seen, []byte(code)) || !bytes.Contains(seen, []byte("talk-1")) {
			w.t.Errorf("%s does not see the code and the room: %s", who, seen)
		}
		for _, secret := range []string{p.id, p.referral, marked("name"), "legal_assistance_service"} {
			if bytes.Contains(seen, []byte(secret)) {
				w.t.Errorf("%s sees %s: %s", who, secret, seen)
			}
		}
	}
	if err := p.lawyer.Get(ctx, "/v1/centres/"+house, &counter); err == nil {
		w.t.Error("an agency in the house sees who is in it")
	}
	do(p.front.Post(ctx, of+"/recordings", m{"recording_form": "sound", "recorded_by": marked("recorded_by"), "recording_kept": marked("recording_kept")}, nil))
	do(p.front.Get(ctx, of, &c))
	hear := m{"recording": c.Recordings[0].ID, "agency": p.lawyer.Agency, "service": "legal_assistance_service"}
	if err := p.front.Post(ctx, of+"/recordings/hear", hear, nil); err == nil || !strings.Contains(err.Error(), "consent_missing") {
		w.t.Errorf("heard without her consent: %v", err)
	}
	do(p.front.Post(ctx, of+"/visits/leave", m{}, nil))
	do(p.lawyer.Get(ctx, "/v1/visits", &lawyers))
	do(p.front.Get(ctx, "/v1/centres/"+house, &counter))
	if bytes.Contains(lawyers, []byte(code)) || bytes.Contains(counter, []byte(code)) {
		w.t.Errorf("after she left: %s, %s", lawyers, counter)
	}
}
