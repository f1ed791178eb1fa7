package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/api/event/referralv1"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// called is an alert, as these tests read it.
type called struct {
	Alert  string              `json:"alert"`
	Status code.ResponseStatus `json:"status"`
	Yours  bool                `json:"yours"`
	Area   string              `json:"area"`
	Since  time.Time           `json:"waiting_since"`
}

// responses are the response teams of a case, as its desk reads them.
type responses struct {
	Responses []struct {
		Alert  string                `json:"alert"`
		Status code.ResponseStatus   `json:"status"`
		Agency string                `json:"agency"`
		Chosen []code.ResponseOption `json:"chosen"`
		Result code.ResponseResult   `json:"result"`
		Unseen code.UnseenReason     `json:"unseen"`
	} `json:"responses"`
}

// member is a person of a team, by the subject of their token.
func member(agency, subject string) identity.Principal {
	return identity.Principal{Subject: subject, Agency: agency, Roles: []string{"focal_point"}}
}

func asMember(p identity.Principal) map[string]string {
	return map[string]string{"worker": worker.ID(p.Agency, p.Subject), "agency": p.Agency}
}

// team makes a team of an area, which is on call as its members are named for some days.
func team(ctx context.Context, t testing.TB, keeper office.Desk, desk func(agency, role string) office.Desk, area string, now time.Time, members ...identity.Principal) string {
	t.Helper()
	var made struct {
		Team string `json:"team"`
	}
	if err := keeper.Post(ctx, "/v1/teams", map[string]any{"country": journey.Country, "programme": journey.Programme, "area": area}, &made); err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	var shifts []map[string]any
	for _, p := range members {
		if err := desk(p.Agency, "supervisor").Post(ctx, "/v1/workers", map[string]any{"agency": p.Agency, "subject": p.Subject}, nil); err != nil {
			t.Fatal(err)
		}
		all = append(all, asMember(p))
		shifts = append(shifts, map[string]any{"worker": worker.ID(p.Agency, p.Subject), "from": now.Add(-time.Hour), "until": now.Add(80 * day)})
	}
	if err := keeper.Post(ctx, "/v1/teams/"+made.Team+"/change", map[string]any{"area": area, "members": all}, nil); err != nil {
		t.Fatal(err)
	}
	if err := keeper.Post(ctx, "/v1/teams/"+made.Team+"/rota", map[string]any{"shifts": shifts}, nil); err != nil {
		t.Fatal(err)
	}
	return made.Team
}

const wherePlace, whereDanger, whereApproach = "the blue house behind the mill", "he has a machete at the door", "say that you read the water meter"

func sought(area string) map[string]any {
	return map[string]any{"response_ground": "her_yes", "area": area, "urgency": "emergency", "place": wherePlace, "danger_there": whereDanger, "safe_approach": whereApproach}
}

func (w *world) alert(d office.Desk, is func(called) bool) (a called) {
	w.t.Helper()
	var list struct{ Items []called }
	w.sees(d, "/v1/alerts", &list, func() bool {
		for _, one := range list.Items {
			if is(one) {
				a = one
				return true
			}
		}
		list.Items = nil
		return false
	})
	return a
}

func (w *world) responded(front office.Desk, caseID string, is func(responses) bool) (r responses) {
	w.t.Helper()
	return w.respondedAt(front, "/v1/cases/"+caseID, is)
}

// respondedAt is responded for a case or an enquiry, by its path.
func (w *world) respondedAt(front office.Desk, at string, is func(responses) bool) (r responses) {
	w.t.Helper()
	w.sees(front, at, &r, func() bool {
		if is(r) {
			return true
		}
		r = responses{}
		return false
	})
	return r
}

// A team is called on her yes; a team with somebody whom she must not meet is passed over
// whole; the first member does not answer and the second goes. Only that one learns where she
// is. Her no calls a second one off, and a third to which nobody comes waits until a person of
// the district signs.
func TestATeamIsCalledUntilSomebodyComesOrSigns(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	desks := func(agency, role string) office.Desk { return w.desk(agency, role) }
	ana, eva, leo := member(journey.Counselling, "ana"), member(journey.LegalAid, "eva"), member(journey.Forensics, "leo")
	keeper := w.desk(journey.Counselling, "supervisor")
	team(t.Context(), t, keeper, desks, "GT-01-05", clock.now(), leo) // the nearest, and she must not meet Leo
	team(t.Context(), t, keeper, desks, "GT-01", clock.now(), ana, eva)
	w.idle()

	front := w.desk(journey.FrontDesk, "caseworker")
	caseID := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	if err := front.Post(t.Context(), "/v1/cases/"+caseID+"/amend", map[string]any{"reason": "addition", "must_not_meet": map[string]any{"persons": []string{journey.Forensics + "/leo"}}}, nil); err != nil {
		t.Fatal(err)
	}
	path := "/v1/cases/" + caseID + "/response"
	w.refuses(front, path, `{"response_ground": "immediate_danger", "area": "GT-01", "urgency": "emergency", "place": "x", "life_danger": "attack_now", "danger_law": "police_law"}`, http.StatusUnprocessableEntity, "response_ground")
	w.refuses(front, path, `{"response_ground": "her_yes", "area": "MX-01", "urgency": "emergency", "place": "x"}`, http.StatusUnprocessableEntity, "response_ground")
	if err := front.Post(t.Context(), path, sought("GT-01-05"), nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(front, path, string(encode(sought("GT-01-05"))), http.StatusConflict, "response_open")
	w.refuses(front, "/v1/cases/"+caseID+"/close", `{"reason": "needs_met"}`, http.StatusConflict, "response_open", wherePlace)

	first, second := w.deskOf(ana), w.deskOf(eva)
	a := w.alert(first, func(a called) bool { return a.Status == code.ResponseAlerting })
	if a.Area != "GT-01-05" || a.Yours {
		t.Errorf("the first member sees %+v", a)
	}
	show := `{"alert": "` + a.Alert + `"}`
	w.refuses(first, "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)
	w.refuses(second, "/v1/alerts/"+a.Alert+"/acknowledge", `{}`, http.StatusNotFound, "not_found")

	w.idle()
	clock.ahead(time.Hour)
	w.restart(nil)
	front, first, second = w.desk(journey.FrontDesk, "caseworker"), w.deskOf(ana), w.deskOf(eva)
	blocked := w.deskOf(leo)
	w.alert(second, func(one called) bool { return one.Alert == a.Alert })
	at := "/v1/alerts/" + a.Alert
	if err := second.Post(t.Context(), at+"/acknowledge", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(first, at+"/acknowledge", `{}`, http.StatusConflict, "alert_taken")
	w.responded(front, caseID, func(r responses) bool {
		return len(r.Responses) == 1 && r.Responses[0].Status == code.ResponseAcknowledged && r.Responses[0].Agency == journey.LegalAid
	})
	w.refuses(first, "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)
	w.refuses(blocked, "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)
	var seen map[string]any
	if err := second.Post(t.Context(), "/v1/disclosures/response", map[string]any{"alert": a.Alert}, &seen); err != nil {
		t.Fatal(err)
	}
	if seen["place"] != wherePlace || seen["danger_there"] != whereDanger || seen["safe_approach"] != whereApproach || seen["name_for_team"] != nil {
		t.Errorf("the member who goes is shown %v", seen)
	}
	w.refuses(second, at+"/options", `{"shown": ["safe_place"]}`, http.StatusConflict, "alert_order")
	w.refuses(second, at+"/stand-down", `{"result": "not_seen"}`, http.StatusUnprocessableEntity, "response_unseen")
	for _, step := range []string{"/leave", "/arrive"} {
		if err := second.Post(t.Context(), at+step, map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.refuses(second, at+"/options", `{"shown": ["safe_place"], "chosen": ["police_report"]}`, http.StatusUnprocessableEntity, "response_choice")
	if err := second.Post(t.Context(), at+"/options", map[string]any{"shown": []string{"safe_place", "police_report"}, "chosen": []string{"safe_place"}}, nil); err != nil {
		t.Fatal(err)
	}
	if err := second.Post(t.Context(), at+"/stand-down", map[string]any{"result": "taken_to_safety"}, nil); err != nil {
		t.Fatal(err)
	}
	w.responded(front, caseID, func(r responses) bool {
		return r.Responses != nil && r.Responses[0].Result == code.TakenToSafety && len(r.Responses[0].Chosen) == 1
	})
	w.refuses(second, "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)

	// Her no: each who was asked learns that it is off, and no more.
	if err := front.Post(t.Context(), path, sought("GT-01"), nil); err != nil {
		t.Fatal(err)
	}
	off := w.alert(first, func(one called) bool { return one.Alert != a.Alert })
	if err := first.Post(t.Context(), "/v1/alerts/"+off.Alert+"/acknowledge", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := front.Post(t.Context(), path+"/call-off", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	var gone called
	w.sees(first, "/v1/alerts/"+off.Alert, &gone, func() bool {
		if gone.Status == code.ResponseCalledOff {
			return true
		}
		gone = called{}
		return false
	})
	if gone.Area != "" || gone.Yours {
		t.Errorf("after her no the member sees %+v", gone)
	}
	w.refuses(first, "/v1/disclosures/response", `{"alert": "`+off.Alert+`"}`, http.StatusConflict, "response_not_yours", wherePlace)
	w.refuses(first, "/v1/alerts/"+off.Alert+"/arrive", `{}`, http.StatusConflict, "alert_over")

	// To the third nobody comes.
	if err := front.Post(t.Context(), path, sought("GT-01"), nil); err != nil {
		t.Fatal(err)
	}
	third := w.alert(first, func(one called) bool { return one.Alert != a.Alert && one.Alert != off.Alert })
	for _, next := range []identity.Principal{eva, ana} {
		w.idle()
		clock.ahead(time.Hour)
		w.restart(nil)
		w.alert(w.deskOf(next), func(one called) bool { return one.Alert == third.Alert })
	}
	district := w.desk(journey.Coordination, "coordinator")
	waits := w.alert(district, func(one called) bool { return one.Alert == third.Alert })
	if waits.Status != code.ResponseUnanswered || waits.Since.IsZero() {
		t.Errorf("the district sees %+v", waits)
	}
	w.refuses(w.deskOf(ana), "/v1/alerts/"+third.Alert+"/sign", `{"unseen": "nobody_answered"}`, http.StatusForbidden, "forbidden")
	if err := district.Post(t.Context(), "/v1/alerts/"+third.Alert+"/sign", map[string]any{"unseen": "nobody_answered"}, nil); err != nil {
		t.Fatal(err)
	}
	w.responded(w.desk(journey.FrontDesk, "caseworker"), caseID, func(r responses) bool {
		return len(r.Responses) == 3 && r.Responses[2].Result == code.NobodyCame && r.Responses[2].Unseen == code.NobodyAnswers
	})
	var none struct{ Items []called }
	if err := w.deskOf(leo).Get(t.Context(), "/v1/alerts", &none); err != nil || len(none.Items) > 0 {
		t.Errorf("whom she must not meet was asked: %v %v", none, err)
	}
}

// While a member goes she says that she must not meet them: the place is hidden at once, the next
// one of another team is asked, the member sees what they would see after her no, and who has
// the case is told that it had been given. The alert is not lost.
func TestABlockWhileAMemberGoes(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	desks := func(agency, role string) office.Desk { return w.desk(agency, role) }
	ana, eva, leo := member(journey.Counselling, "ana"), member(journey.LegalAid, "eva"), member(journey.Forensics, "leo")
	keeper := w.desk(journey.Counselling, "supervisor")
	team(t.Context(), t, keeper, desks, "GT-01-05", time.Now(), leo, ana)
	team(t.Context(), t, keeper, desks, "GT-01", time.Now(), eva)
	w.idle()
	front := w.desk(journey.FrontDesk, "caseworker")
	caseID := openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
	if err := front.Post(t.Context(), "/v1/cases/"+caseID+"/response", sought("GT-01-05"), nil); err != nil {
		t.Fatal(err)
	}
	goes := w.deskOf(leo)
	a := w.alert(goes, func(a called) bool { return a.Status == code.ResponseAlerting })
	at := "/v1/alerts/" + a.Alert
	for _, step := range []string{"/acknowledge", "/leave"} {
		if err := goes.Post(t.Context(), at+step, map[string]any{}, nil); err != nil {
			t.Fatal(err)
		}
	}
	w.responded(front, caseID, func(r responses) bool { return len(r.Responses) == 1 && r.Responses[0].Status == code.ResponseOnTheWay })
	show := `{"alert": "` + a.Alert + `"}`
	if err := goes.Post(t.Context(), "/v1/disclosures/response", map[string]any{"alert": a.Alert}, nil); err != nil {
		t.Fatal(err)
	}

	if err := front.Post(t.Context(), "/v1/cases/"+caseID+"/amend", map[string]any{"reason": "addition", "must_not_meet": map[string]any{"persons": []string{journey.Counselling + "/ana"}}}, nil); err != nil {
		t.Fatal(err)
	}
	w.refuses(goes, "/v1/disclosures/response", show, http.StatusConflict, "response_not_yours", wherePlace)
	w.alert(w.deskOf(eva), func(one called) bool { return one.Alert == a.Alert && one.Status == code.ResponseAlerting })
	var seen map[string]any
	if err := goes.Get(t.Context(), at, &seen); err != nil {
		t.Fatal(err)
	}
	if seen["status"] != string(code.ResponseCalledOff) || seen["area"] != nil || seen["yours"] != nil || len(seen["commands"].([]any)) > 0 {
		t.Errorf("the member sees %v", seen)
	}
	for _, step := range []string{"/arrive", "/acknowledge", "/pass"} {
		w.refuses(goes, at+step, `{}`, http.StatusConflict, "alert_over", wherePlace)
	}
	var has struct{ Attention []code.Attention }
	w.sees(front, "/v1/cases/"+caseID, &has, func() bool { return len(has.Attention) > 0 })
	if !slices.Contains(has.Attention, code.GivenToBlocked) {
		t.Errorf("who has the case is told %v", has.Attention)
	}
	var frame struct{ Attention []code.Attention }
	if err := w.desk(journey.FrontDesk, "supervisor").Get(t.Context(), "/v1/cases/"+caseID, &frame); err != nil || slices.Contains(frame.Attention, code.GivenToBlocked) {
		t.Errorf("everybody else of the desk sees %v %v", frame, err)
	}
	next := w.deskOf(eva)
	if err := next.Post(t.Context(), at+"/acknowledge", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	w.responded(front, caseID, func(r responses) bool { return r.Responses != nil && r.Responses[0].Agency == journey.LegalAid })
	if err := next.Post(t.Context(), "/v1/disclosures/response", map[string]any{"alert": a.Alert}, &seen); err != nil || seen["place"] != wherePlace {
		t.Errorf("who goes now is shown %v %v", seen, err)
	}
}

// Alerts are asked for and answered while the network is killed again and again and its clock
// goes on, and once back: each that the desk was told of ends in a result, or waits for the
// district or for a member, nobody is asked twice, a second goes only beside one who was silent,
// and nobody is asked an instant early.
func TestAlertsUnderKill(t *testing.T) {
	c := newClocked(t)
	c.start(0)
	if err := journey.Register(t.Context(), func(a string) office.Desk { return c.desk(a, "coordinator") }); err != nil {
		t.Fatal(err)
	}
	as := func(p identity.Principal) office.Desk {
		token, err := c.issuer.Token(p, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return office.Desk{Agency: p.Agency, Token: token, Base: "http://" + c.api, HTTP: c.http}
	}
	members := []identity.Principal{member(journey.Counselling, "ana"), member(journey.LegalAid, "eva"), member(journey.Forensics, "leo")}
	team(t.Context(), t, c.desk(journey.Counselling, "supervisor"), c.desk, "GT-01", time.Now(), members...)
	c.running().idle(t)
	front := c.desk(journey.FrontDesk, "caseworker")
	var mu sync.Mutex
	acknowledged := map[string]bool{}
	made := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged)
	}
	call := func(ctx context.Context) {
		for ctx.Err() == nil {
			var opened struct{ ID string }
			if front.Post(ctx, "/v1/cases", map[string]any{"channel": "citizen_service_office", "country": journey.Country, "programme": journey.Programme}, &opened) != nil {
				continue
			}
			var r responses
			key := uuid.NewString()
			for ctx.Err() == nil {
				if front.PostKey(ctx, "/v1/cases/"+opened.ID+"/response", key, sought("GT-01"), nil) == nil && front.Get(ctx, "/v1/cases/"+opened.ID, &r) == nil && len(r.Responses) == 1 {
					mu.Lock()
					acknowledged[r.Responses[0].Alert] = true
					mu.Unlock()
					break
				}
			}
		}
	}
	answer := func(ctx context.Context, d office.Desk) {
		for ctx.Err() == nil {
			var list struct{ Items []called }
			if d.Get(ctx, "/v1/alerts", &list) != nil || len(list.Items) == 0 {
				continue
			}
			one := "/v1/alerts/" + list.Items[rand.IntN(len(list.Items))].Alert
			switch rand.IntN(8) {
			case 0:
				_ = d.Post(ctx, one+"/acknowledge", map[string]any{}, nil)
			case 1:
				_ = d.Post(ctx, one+"/arrive", map[string]any{}, nil)
			case 2:
				_ = d.Post(ctx, one+"/stand-down", map[string]any{"result": "safe_where_she_is"}, nil)
			}
		}
	}
	rounds, back, hours := 6, 3, 6
	if testing.Short() {
		rounds, back, hours = 2, 1, 4 // three members and the district
	}
	for round := range rounds {
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { call(ctx) })
		for _, p := range members {
			d := as(p)
			wg.Go(func() { answer(ctx, d) })
		}
		moment := made() + 1 + rand.IntN(20)
		patience.Until(t, "alerts are asked for", func() bool { return made() >= moment }, func() string { return time.Duration(made()).String() })
		c.process.kill()
		stop()
		wg.Wait()
		shift := time.Duration(round+1) * 4 * time.Minute
		if round == back {
			shift -= time.Hour
		}
		c.start(shift)
	}
	for hour := range hours {
		c.process.kill()
		c.start(time.Duration(hour+2) * time.Hour)
		c.running().idle(t)
	}
	c.process.end()
	c.judgeAlerts(acknowledged)
}

// judgeAlerts reads the journal.
func (c *clocked) judgeAlerts(acknowledged map[string]bool) {
	c.t.Helper()
	tell := exec.CommandContext(c.t.Context(), c.bin, "-data", c.dir, "-tell", "referral")
	var out, complaints bytes.Buffer
	tell.Stdout, tell.Stderr = &out, &complaints
	if err := tell.Run(); err != nil {
		c.t.Fatalf("%v\n%s", err, complaints.Bytes())
	}
	type fate struct {
		until   time.Time
		asked   map[string]bool
		goes    map[string]bool
		beside  map[string]bool
		ended   int
		waiting bool
	}
	alerts, escalated := map[string]*fate{}, 0
	for dec := json.NewDecoder(&out); dec.More(); {
		var l entry
		if err := dec.Decode(&l); err != nil {
			c.t.Fatal(err)
		}
		for i, typ := range l.Types {
			read := func(d any) {
				if err := json.Unmarshal(l.Data[i], d); err != nil {
					c.t.Fatal(err)
				}
			}
			switch typ {
			case "referral.response_opened.v1":
				var d referralv1.ResponseOpened
				read(&d)
				if alerts[d.Alert] != nil {
					c.t.Errorf("%s was opened twice", d.Alert)
				}
				alerts[d.Alert] = &fate{asked: map[string]bool{}, goes: map[string]bool{}, beside: map[string]bool{}}
			case "referral.response_alerted.v1":
				var d referralv1.ResponseAlerted
				read(&d)
				f := alerts[d.Alert]
				if f.asked[d.Worker] || len(f.goes) != len(d.Going) || f.ended > 0 {
					c.t.Errorf("%s: %q was asked twice, or after the end, or it was taken from %v", d.Alert, d.Worker, f.goes)
				}
				f.beside[d.Worker] = len(d.Going) > 0
				if !f.until.IsZero() {
					if escalated++; l.At.Before(f.until) {
						c.t.Errorf("%s: the next one was asked %s early", d.Alert, f.until.Sub(l.At))
					}
				}
				f.asked[d.Worker], f.until, f.waiting = true, d.Until, d.Rung == code.RungDistrict
			case "referral.response_moved.v1":
				var d referralv1.ResponseMoved
				read(&d)
				f := alerts[d.Alert]
				if len(f.goes) > 0 && !f.goes[d.Worker] && !f.beside[d.Worker] {
					c.t.Errorf("%s: two go", d.Alert)
				}
				f.goes[d.Worker], f.until, f.waiting = true, d.Until, false
			case "referral.response_ended.v1":
				var d referralv1.ResponseEnded
				read(&d)
				alerts[d.Alert].ended++
			}
		}
	}
	for id := range acknowledged {
		if alerts[id] == nil {
			c.t.Errorf("%s was asked for and is lost", id)
		}
	}
	for id, f := range alerts {
		if f.ended > 1 || f.ended == 0 && len(f.goes) == 0 && !f.waiting {
			c.t.Errorf("%s is not accounted for: %+v", id, *f)
		}
	}
	if escalated == 0 {
		c.t.Error("nobody was asked next: the test shows nothing")
	}
	c.t.Logf("%d alerts, %d acknowledged to the desk, %d steps further", len(alerts), len(acknowledged), escalated)
}

// The bus is away for hours while alerts are asked for, answered and called off. When it is back
// each is accounted for: none is lost, nobody is asked twice, and nobody early.
func TestAlertsWhileTheBusIsAway(t *testing.T) {
	dir, data := filepath.Join(t.TempDir(), "bus"), filepath.Join(t.TempDir(), "data")
	keys := network.KeysDir(data)
	at, server, err := network.StartBus(keys, dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { server.Shutdown() }()
	clock := &shiftedClock{}
	w := begin(t, func(w *world) {
		w.config.Clock, w.config.Service.NATSURL, w.config.Dir = clock.now, at.URL, data
	})
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	members := []identity.Principal{member(journey.Counselling, "ana"), member(journey.LegalAid, "eva"), member(journey.Forensics, "leo")}
	desks := func(agency, role string) office.Desk { return w.desk(agency, role) }
	team(t.Context(), t, w.desk(journey.Counselling, "supervisor"), desks, "GT-01", clock.now(), members...)
	w.idle()
	front, ana := w.desk(journey.FrontDesk, "caseworker"), w.deskOf(members[0])
	acknowledged := map[string]bool{}
	call := func() (caseID, alert string) {
		caseID = openCase(t.Context(), t, front, journey.LegalAid, "legal_assistance_service")
		if err := front.Post(t.Context(), "/v1/cases/"+caseID+"/response", sought("GT-01"), nil); err != nil {
			t.Fatal(err)
		}
		var r responses
		if err := front.Get(t.Context(), "/v1/cases/"+caseID, &r); err != nil || len(r.Responses) != 1 {
			t.Fatal(r, err)
		}
		acknowledged[r.Responses[0].Alert] = true
		return caseID, r.Responses[0].Alert
	}
	_, goes := call()
	off, _ := call()
	call() // nobody answers
	w.idle()

	server.Shutdown()
	if err := ana.Post(t.Context(), "/v1/alerts/"+goes+"/acknowledge", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	if err := front.Post(t.Context(), "/v1/cases/"+off+"/response/call-off", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	late, _ := call()
	call()
	if err := front.Post(t.Context(), "/v1/cases/"+late+"/response/call-off", map[string]any{}, nil); err != nil {
		t.Fatal(err)
	}
	clock.ahead(5 * time.Hour)
	if _, server, err = network.StartBus(keys, dir, at.URL[len("nats://"):]); err != nil {
		t.Fatal(err)
	}
	w.idle()
	for range len(members) + 1 {
		w.restart(nil)
		w.idle()
		clock.ahead(2 * time.Hour)
	}
	district := w.desk(journey.Coordination, "coordinator")
	var waits struct{ Items []called }
	w.sees(district, "/v1/alerts", &waits, func() bool { return len(waits.Items) == 3 }) // her no ended the two others
	w.stop()
	judged := &clocked{t: t, bin: build(t, "github.com/sanad-network/sanad/services/standalone/guarantees/shifted"), dir: w.config.Dir}
	judged.judgeAlerts(acknowledged)
}
