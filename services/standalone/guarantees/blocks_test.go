package guarantees_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/sanad-network/sanad/api/code"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// twin is one of two networks in which the same happened, but for a block.
type twin struct {
	*world
	owner, colleague, head, lawyer, other office.Desk
	// leo is of the nearest team, and of the agency that is never chosen; ana is of the next one.
	leo, ana         office.Desk
	cases, referrals []string
}

// masks are what differs between any two networks: names of records, instants, traces.
var masks = []struct {
	is *regexp.Regexp
	as string
}{
	{regexp.MustCompile(`\b([a-z]+)_[0-9a-hjkmnp-tv-z]{26}\b`), "${1}_ID"},
	{regexp.MustCompile(`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z`), "INSTANT"},
	{regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b`), "REFERENCE"},
	{regexp.MustCompile(`\b[0-9a-f]{32}\b`), "TRACE"},
	{regexp.MustCompile(`\b00-[0-9a-f]{32}-[0-9a-f]{16}-0\d\b`), "TRACE"},
	// Of an event's identity the version and the place in the commit stay.
	{regexp.MustCompile(`/[0-9a-f]{16}\b`), "/TAIL"},
}

// alarms are the subjects of what is said of response teams and their alerts.
var alarms = regexp.MustCompile(`\.(response_|team_|rota_)`)

func masked(text string) string {
	for _, m := range masks {
		text = m.is.ReplaceAllString(text, m.as)
	}
	return text
}

// twinOf opens one network.
func twinOf(t *testing.T) *twin {
	t.Helper()
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	beside := network.Seat(journey.FrontDesk, "caseworker")
	beside.Subject = "another-caseworker"
	return &twin{
		world: w, owner: w.desk(journey.FrontDesk, "caseworker"), colleague: w.deskOf(beside), head: w.desk(journey.FrontDesk, "supervisor"),
		lawyer: w.desk(journey.LegalAid, "lawyer"), other: w.desk(journey.LegalAid, "counsellor"),
	}
}

// lives plays two cases: one with what was said at the opening, and one in which something
// was said or withdrawn after a lawyer had taken the referral. Who is not asked to go for
// another cause than her word is on call from another day on.
func (w *twin) lives(opening m, later func(id string)) {
	w.t.Helper()
	onCall := time.Now()
	if opening["must_not_meet"] == nil {
		onCall = onCall.Add(10 * day)
	}
	leo, ana := member(journey.Forensics, "leo"), member(journey.Counselling, "ana")
	w.leo, w.ana = w.deskOf(leo), w.deskOf(ana)
	desks := func(agency, role string) office.Desk { return w.desk(agency, role) }
	team(w.t.Context(), w.t, w.desk(journey.Forensics, "supervisor"), desks, "GT-01-05", onCall, leo)
	team(w.t.Context(), w.t, w.desk(journey.Counselling, "supervisor"), desks, "GT-01", time.Now(), ana)
	// Who is registered while a case waits is known to intake a moment later.
	w.staffed(w.desk(journey.LegalAid, "supervisor"), journey.Subject("lawyer", journey.LegalAid))
	w.idle()
	for _, said := range []m{opening, nil} {
		body := m{"channel": "hotline", "country": "GT", "programme": "guatemala", "name": "Canary of Hers"}
		maps.Copy(body, said)
		var c struct{ ID string }
		if err := w.owner.Post(w.t.Context(), "/v1/cases", body, &c); err != nil {
			w.t.Fatal(err)
		}
		if err := w.owner.Post(w.t.Context(), "/v1/cases/"+c.ID+"/consents", consent(journey.LegalAid, "legal_assistance_service"), nil); err != nil {
			w.t.Fatal(err)
		}
		referral := request(w.t.Context(), w.t, w.owner, c.ID, journey.LegalAid, "legal_assistance_service")
		w.offered(w.lawyer, referral)
		if err := w.lawyer.Post(w.t.Context(), "/v1/referrals/"+referral+"/accept", m{}, nil); err != nil {
			w.t.Fatal(err)
		}
		w.gives(w.lawyer, "lawyer", referral, "/v1/matters/mat_"+referral[len("ref_"):])
		w.idle()
		w.shares(c.ID, referral)
		w.cases, w.referrals = append(w.cases, c.ID), append(w.referrals, referral)
	}
	w.moves(w.cases[0])
	later(w.cases[1])
	w.becomes(w.lawyer, "/v1/referrals/"+w.referrals[1], status("withdrawn"))
	w.idle()
}

// shares plans with the agency that helps her: a step of its own, what was told, and what it
// found beside its work.
func (w *twin) shares(id, referral string) {
	w.t.Helper()
	of, share := "/v1/cases/"+id, "/v1/disclosures/"+referral
	var c struct {
		ActionPlan struct{ Goals []struct{ ID string } } `json:"action_plan"`
	}
	do := func(d office.Desk, path string, body m) {
		w.t.Helper()
		if err := d.Post(w.t.Context(), path, body, nil); err != nil {
			w.t.Fatal(err)
		}
	}
	do(w.owner, of+"/action-plan/goals", m{"area": "safety", "goal_words": "a safe night"})
	if err := w.owner.Get(w.t.Context(), of, &c); err != nil || len(c.ActionPlan.Goals) != 1 {
		w.t.Fatalf("%+v %v", c, err)
	}
	do(w.owner, of+"/action-plan/steps", m{"goal": c.ActionPlan.Goals[0].ID, "who": "agency", "referral": referral, "step_words": "ask the court"})
	do(w.owner, of+"/topics", m{"topic": "what_happened", "pass_on": "yes"})
	do(w.lawyer, share+"/onward", m{"service": "health_medical_service", "urgency": "urgent", "agreed_by": "oral", "onward_words": "a doctor"})
	w.idle()
}

// moves asks another office to take a case over, and has a response team called and called off.
func (w *twin) moves(id string) {
	w.t.Helper()
	yes := consent(journey.Counselling, "other_service")
	yes["purpose"] = "case_transfer"
	yes["categories"] = []string{"identity", "contact", "incident", "narrative", "safety_needs", "health"}
	for _, does := range []struct {
		path string
		body m
	}{{"/consents", yes}, {"/response", sought("GT-01-05")}, {"/response/call-off", m{}}, {"/transfer", m{"to": journey.Counselling, "reason": "she_moves"}}} {
		if err := w.owner.Post(w.t.Context(), "/v1/cases/"+id+does.path, does.body, nil); err != nil {
			w.t.Fatal(err)
		}
		w.idle()
	}
}

// told is all that everybody but who has the cases is answered, and what the bus holds.
func (w *twin) told() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	answer := func(who, what string, a office.Answer) {
		all[who+" "+masked(what)+fmt.Sprint(" ", len(all))] = fmt.Sprint(a.Status, " ", a.Header.Get("ETag"), " ", masked(string(a.Body)))
	}
	paths := []string{
		"/v1/cases", "/v1/cases?status=open", "/v1/cases?status=finished", "/v1/cases?mine=true", "/v1/transfers", "/v1/referrals?limit=200",
		"/v1/referrals?role=sender&limit=200", "/v1/referrals/counts", "/v1/referrals/counts?role=sender", "/v1/escalations", "/v1/agencies",
		"/v1/matters", "/v1/support-plans", "/v1/examinations", "/v1/workers", "/v1/flow", "/v1/searches",
		"/v1/alerts", "/v1/teams", "/v1/places", "/v1/shares", "/v1/transfers?side=given", "/v1/transfers?status=open",
	}
	for _, a := range code.Attentions {
		paths = append(paths, "/v1/cases?attention="+string(a))
	}
	for _, id := range w.cases {
		for _, part := range []string{"", "/timeline", "/plan", "/looks", "/disclosures"} {
			paths = append(paths, "/v1/cases/"+id+part)
		}
	}
	for _, id := range w.referrals {
		paths = append(paths, "/v1/referrals/"+id, "/v1/referrals/"+id+"/history", "/v1/referrals/"+id+"/invitations", "/v1/matters/mat_"+id[len("ref_"):])
	}
	parties := map[string]office.Desk{
		"a colleague": w.colleague, "the supervisor": w.head, "the lawyer": w.lawyer, "another of the agency": w.other,
		"the agency's supervisor": w.desk(journey.LegalAid, "supervisor"), "the agency that was not chosen": w.desk(journey.Forensics, "examiner"),
		"who is not asked to go": w.leo, "who is asked to go": w.ana,
		"the office that is asked": w.desk(journey.Counselling, "caseworker"),
		"the coordinator":          w.cast()(journey.Coordination), "an operator": w.desk(journey.FrontDesk, "operator"),
	}
	for _, who := range slices.Sorted(maps.Keys(parties)) {
		d := parties[who]
		for _, path := range paths {
			answer(who, path, w.get(d, path))
		}
		for _, id := range w.referrals {
			answer(who, "reads the share", post(w.t.Context(), w.t, d, "/v1/disclosures/"+id+"/share", uuid.NewString(), `{}`))
			answer(who, "discloses", post(w.t.Context(), w.t, d, "/v1/disclosures", uuid.NewString(), `{"referral":"`+id+`"}`))
		}
		for _, id := range w.cases {
			answer(who, "asks who may be asked", post(w.t.Context(), w.t, d, "/v1/cases/"+id+"/askable", uuid.NewString(), `{"agencies":["`+journey.Forensics+`"]}`))
			answer(who, "hands over", post(w.t.Context(), w.t, d, "/v1/cases/"+id+"/hand-over", uuid.NewString(), `{"to":"nobody-of-this-name"}`))
		}
		answer(who, "searches", post(w.t.Context(), w.t, d, "/v1/cases/search", uuid.NewString(), `{"name":"Canary of Hers","reason":"she_is_here"}`))
	}
	w.idle()
	for _, stream := range []string{bus.Events, bus.Agencies, bus.DeadLetters} {
		var lines []string
		for _, msg := range stored(w.t, w.Bus, stream) {
			if bytes.Contains(msg.Data, []byte("must_not")) || bytes.Contains(msg.Data, []byte("canary-of-a-person")) ||
				bytes.Contains(msg.Data, []byte("circle")) || strings.Contains(msg.Subject, "circle") {
				w.t.Errorf("%s holds a block: %s", msg.Subject, msg.Data)
			}
			if alarms.MatchString(msg.Subject) {
				w.t.Errorf("%s tells of a response team: %s", stream, msg.Subject)
			}
			line := msg.Subject
			for _, name := range slices.Sorted(maps.Keys(msg.Header)) {
				line += "\n" + name + ": " + strings.Join(msg.Header[name], ",")
			}
			lines = append(lines, masked(line+"\n"+string(msg.Data)))
		}
		slices.Sort(lines) // records beside each other have no order
		all[stream] = strings.Join(lines, "\n\n")
	}
	return all
}

// Two networks: in one she must not meet an agency, a person of the agency that helps her,
// and later that agency itself; in the other nobody chose the first, nobody gave the referral
// to that person, and she took her consent back. Nobody but who has the cases can tell one
// from the other: by no answer, list, count or search, and by nothing on the bus.
func TestABlockIsNeverTold(t *testing.T) {
	blocked, plain := twinOf(t), twinOf(t)
	blocked.lives(m{"must_not_meet": m{
		"agencies": []string{journey.Forensics},
		"persons":  []string{journey.LegalAid + "/" + journey.Subject("counsellor", journey.LegalAid), journey.LegalAid + "/canary-of-a-person"},
	}}, func(id string) {
		if err := blocked.owner.Post(t.Context(), "/v1/cases/"+id+"/amend", m{"reason": "addition", "must_not_meet": m{"agencies": []string{journey.LegalAid}}}, nil); err != nil {
			t.Fatal(err)
		}
	})
	plain.lives(nil, func(id string) {
		if err := plain.owner.Post(t.Context(), "/v1/cases/"+id+"/consents/withdraw", m{"recipient": journey.LegalAid, "service": "legal_assistance_service"}, nil); err != nil {
			t.Fatal(err)
		}
	})
	one, two := blocked.told(), plain.told()
	for what := range one {
		if diff := cmp.Diff(two[what], one[what]); diff != "" {
			t.Errorf("%s (-plain +blocked):\n%s", what, diff)
		}
	}
	if len(one) != len(two) || len(one) < 300 {
		t.Errorf("%d answers are compared with %d", len(one), len(two))
	}
	if logs := blocked.logs.all(); bytes.Contains(logs, []byte("canary-of-a-person")) || bytes.Contains(logs, []byte("must_not_meet")) {
		t.Error("a log names a block")
	}

	for _, w := range []*twin{blocked, plain} {
		var asked, none struct{ Items []called }
		if err := errors.Join(w.ana.Get(t.Context(), "/v1/alerts?over=true", &asked), w.leo.Get(t.Context(), "/v1/alerts?over=true", &none)); err != nil || len(asked.Items) != 1 || len(none.Items) > 0 {
			t.Errorf("to go are asked %v and %v: %v", asked, none, err)
		}
	}

	// Who has the case is told, and nobody is asked whom she must not meet.
	v := blocked.get(blocked.owner, "/v1/cases/"+blocked.cases[0])
	if !bytes.Contains(v.Body, []byte("canary-of-a-person")) {
		t.Errorf("who has the case does not see it: %s", v.Body)
	}
	blocked.refuses(blocked.owner, "/v1/cases/"+blocked.cases[0]+"/requests",
		`{"requests":[{"recipient":"`+journey.Forensics+`","service":"forensic_examination_service","urgency":"urgent"}]}`, http.StatusConflict, "blocked_by_her", journey.Forensics)
	a := post(t.Context(), t, blocked.owner, "/v1/cases/"+blocked.cases[0]+"/askable", uuid.NewString(), `{"agencies":["`+journey.Forensics+`","`+journey.Counselling+`"]}`)
	if want := `{"agencies":["` + journey.Counselling + `"]}`; strings.TrimSpace(string(a.Body)) != want {
		t.Errorf("may be asked: %s", a.Body)
	}
	waits := blocked.get(blocked.owner, "/v1/cases?attention=ask_elsewhere")
	if !bytes.Contains(waits.Body, []byte(blocked.cases[1])) {
		t.Errorf("the need that is left waits for nobody: %s", waits.Body)
	}
}
