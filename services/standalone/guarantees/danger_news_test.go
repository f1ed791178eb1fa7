package guarantees_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/internal/worker"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
	"github.com/sanad-network/sanad/services/standalone/internal/play"
)

// newsOf is what a case shows of danger news.
type newsOf struct {
	Attention []string `json:"attention"`
	News      []struct {
		ID      string `json:"id"`
		Status  string `json:"status"`
		Results []struct {
			Result      string `json:"news_result"`
			By          string `json:"by"`
			TakenBackBy string `json:"taken_back_by"`
		} `json:"news_results"`
	} `json:"brought_news"`
}

// brought has danger news brought to her desk by an agency and by the desk, with a canary in each
// note. Who has the case reads it, and nobody else.
func (w *world) brought(ctx context.Context) {
	w.t.Helper()
	p := w.confide(ctx)
	p.accept(ctx)
	of := "/v1/cases/" + p.id
	do := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	var taken, is, frame json.RawMessage
	do(p.lawyer.Post(ctx, "/v1/disclosures/"+p.referral+"/danger-news", m{"news_kind": "knows_where_she_is", "news_words": marked("news_words")}, &taken))
	do(p.front.Post(ctx, of+"/danger-news", m{"news_kind": "threatens", "news_words": marked("news_words")}, nil))
	do(p.front.Get(ctx, of, &is))
	do(w.desk(journey.FrontDesk, "supervisor").Get(ctx, of, &frame))
	if bytes.Count(is, []byte(marked("news_words"))) != 2 || bytes.Contains(taken, []byte(canary)) || bytes.Contains(frame, []byte(canary)) || bytes.Contains(frame, []byte("threatens")) {
		w.t.Errorf("who has the case reads %s, the agency %s, a colleague %s", is, taken, frame)
	}
	var n newsOf
	do(json.Unmarshal(is, &n))
	for i, one := range n.News {
		do(p.front.Post(ctx, of+"/danger-news/settle", []m{
			{"news": one.ID, "news_result": "told_her", "told_by": "in_person"}, {"news": one.ID, "news_result": "entered_in_error"},
		}[i], nil))
	}
	do(p.front.Post(ctx, of+"/danger-news/reopen", m{"news": n.News[0].ID}, nil))
}

// News of danger that a holder may not tell her waits at her desk. Those on duty are told at once
// and see the case, a restart loses nothing, and a way that opens meanwhile settles nothing: a
// person says what came of it, and takes it back where that was wrong.
func TestDangerNewsWaitsAtHerDesk(t *testing.T) {
	w := begin(t)
	ctx := t.Context()
	const day, night = "day@desk.test", "night@desk.test"
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	eva := identity.Principal{Subject: "eva", Agency: journey.FrontDesk, Roles: []string{"caseworker"}}
	head := w.desk(journey.FrontDesk, "supervisor")
	w.staffed(head, "eva")
	do(head.Post(ctx, "/v1/workers/"+worker.ID(journey.FrontDesk, "eva")+"/duty", m{"from": time.Now().UTC().Add(-time.Minute).Format(time.RFC3339), "until": time.Now().UTC().Add(10 * time.Hour).Format(time.RFC3339)}, nil))
	do(w.desk(journey.FrontDesk, "focal_point").Post(ctx, "/v1/channels", m{
		"agency": journey.FrontDesk, "language": "en", "channels": []m{{"kind": "email", "address": day}}, "duty": []m{{"kind": "email", "address": night}},
	}, nil))
	told := func(want int) {
		t.Helper()
		w.idle()
		for address, n := range map[string]int{night: want, day: 0} {
			letters, err := play.Letters(filepath.Join(w.config.Dir, "notices"), address)
			if err != nil || len(letters) != n {
				t.Errorf("%d notices to %s, want %d (%v)", len(letters), address, n, err)
			}
			for _, letter := range letters {
				if strings.Contains(letter, "danger") || strings.Contains(letter, "Friday") || strings.Contains(letter, "release") {
					t.Errorf("a notice says what waits:\n%s", letter)
				}
			}
		}
	}

	p := w.confide(ctx)
	p.accept(ctx)
	of, key, note := "/v1/cases/"+p.id, uuid.NewString(), `{"news_kind":"released","news_words":"On Friday."}`
	brings := func(d office.Desk, key string) office.Answer {
		t.Helper()
		return post(ctx, t, d, "/v1/disclosures/"+p.referral+"/danger-news", key, note)
	}
	taken := func(a office.Answer) {
		t.Helper()
		if got := members(t, a); a.Status != http.StatusOK || len(got) != 2 || got[0] != "news_kind" || got[1] != "referral" {
			t.Errorf("the agency is answered %d %s", a.Status, a.Body)
		}
	}
	waits := func(d office.Desk, want bool) {
		t.Helper()
		var list json.RawMessage
		if err := d.Get(ctx, "/v1/cases?attention=danger_news", &list); err != nil || bytes.Contains(list, []byte(p.id)) != want || bytes.Contains(list, []byte("released")) {
			t.Errorf("what waits: %s (%v), want it there %t", list, err, want)
		}
	}
	reads := func(d office.Desk, want bool) (n newsOf) {
		t.Helper()
		var is json.RawMessage
		if err := d.Get(ctx, of, &is); err != nil || bytes.Contains(is, []byte("On Friday.")) != want {
			t.Fatalf("reads %s (%v), want the note %t", is, err, want)
		}
		do(json.Unmarshal(is, &n))
		return n
	}

	do(p.front.Post(ctx, of+"/contact/suspend", m{}, nil))
	if a := p.reach("danger_news", uuid.NewString()); a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte("danger_news_to_duty")) {
		t.Fatalf("a way to tell her: %d %s", a.Status, a.Body)
	}
	taken(brings(p.lawyer, key))
	taken(brings(p.lawyer, key))
	taken(brings(p.lawyer, uuid.NewString()))
	stranger := w.desk(w.lawyers(ctx, 2)[1], "lawyer")
	if a := brings(stranger, uuid.NewString()); a.Status != http.StatusNotFound {
		t.Errorf("another agency: %d %s", a.Status, a.Body)
	}
	told(1)

	w.restart(nil)
	w.running().until(t, "it serves", func() bool { return w.Ready(ctx) == nil })
	p.front, p.lawyer = w.desk(journey.FrontDesk, "caseworker"), w.desk(p.lawyer.Agency, "lawyer")
	head, duty, colleague := w.desk(journey.FrontDesk, "supervisor"), w.deskOf(eva), w.deskOf(at("ida", "caseworker"))
	told(1)
	waits(p.front, true)
	waits(head, true)
	waits(duty, true)
	do(p.front.Post(ctx, of+"/contact/restore", m{}, nil))
	p.moves(m{"danger_news": m{"kind": "through_person", "person": "Her sister"}})
	reads(head, false)
	reads(colleague, false)
	n := reads(duty, true)
	if len(n.News) != 1 || n.News[0].Status != "waits" {
		t.Fatalf("%+v", n)
	}
	taken(brings(p.lawyer, key)) // as it was answered before there was a way
	if a := brings(p.lawyer, uuid.NewString()); a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte("danger_news_has_way")) {
		t.Errorf("she may be told: %d %s", a.Status, a.Body)
	}
	settle := `{"news":"` + n.News[0].ID + `","news_result":"told_her","told_by":"in_person"}`
	for _, d := range []office.Desk{head, colleague} {
		if a := post(ctx, t, d, of+"/danger-news/settle", uuid.NewString(), settle); a.Status != http.StatusForbidden {
			t.Errorf("%s settles it: %d %s", d.Agency, a.Status, a.Body)
		}
	}
	if a := post(ctx, t, duty, of+"/danger-news/settle", uuid.NewString(), settle); a.Status != http.StatusOK {
		t.Fatalf("the person on duty settles it: %d %s", a.Status, a.Body)
	}
	waits(p.front, false)
	reads(duty, false)
	if n = reads(p.front, true); n.News[0].Results[0].By != "eva" || n.News[0].Results[0].Result != "told_her" {
		t.Errorf("%+v", n)
	}
	do(p.front.Post(ctx, of+"/danger-news/reopen", m{"news": n.News[0].ID}, nil))
	told(2)
	waits(duty, true)
	if n = reads(duty, true); n.News[0].Results[0].TakenBackBy != journey.Subject("caseworker", journey.FrontDesk) {
		t.Errorf("%+v", n)
	}
	do(duty.Post(ctx, of+"/danger-news/settle", m{"news": n.News[0].ID, "news_result": "not_reached_safely"}, nil))
	waits(head, false)
	var past, share json.RawMessage
	do(p.front.Get(ctx, of+"/timeline", &past))
	if bytes.Count(past, []byte(`"intake.danger_news_settled`)) != 2 || bytes.Contains(past, []byte("On Friday.")) {
		t.Errorf("the history: %s", past)
	}
	do(p.lawyer.Post(ctx, "/v1/disclosures/"+p.referral+"/share", m{}, &share))
	if bytes.Contains(share, []byte("news")) || bytes.Contains(share, []byte("not_reached_safely")) {
		t.Errorf("the agency learns what came of it: %s", share)
	}
	p.withdraw(ctx)
	for _, k := range []string{key, uuid.NewString()} {
		if a := brings(p.lawyer, k); a.Status != http.StatusNotFound {
			t.Errorf("after the withdrawal: %d %s", a.Status, a.Body)
		}
	}
}
