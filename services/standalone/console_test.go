package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sanad-network/sanad/pkg/journal"
	waiting "github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// asks sends a body to the admin address and gives the status and the code of a problem.
func asks(t *testing.T, d office.Desk, path, body string) (status int, code string, answer []byte) {
	t.Helper()
	a, err := d.Do(t.Context(), http.MethodPost, path, []byte(body), http.Header{"Content-Type": {"application/json"}})
	did(t, err)
	var p struct{ Code string }
	_ = json.Unmarshal(a.Body, &p) // an answer that is no problem has no code
	if bytes.Contains(a.Body, []byte("Canary")) {
		t.Errorf("%s repeats what was sent: %s", path, a.Body)
	}
	return a.Status, p.Code, a.Body
}

// quarantined is what the admin address says of one record, nil when it is not there.
func quarantined(t *testing.T, n *network.Network, record string) *service.SetAside {
	t.Helper()
	var page service.QuarantinePage
	op := operator(n, "")
	waiting.Until(t, "the office has started", func() bool {
		a, err := op.Do(t.Context(), http.MethodGet, "/quarantine", nil, nil)
		return err != nil || a.Status != http.StatusServiceUnavailable
	})
	did(t, op.Get(t.Context(), "/quarantine", &page))
	for _, r := range page.Items {
		if r.Record == record {
			return &r
		}
	}
	return nil
}

// releases holds what can be done about a record that is set aside.
func releases(t *testing.T, n *network.Network, record string, version uint64, release string) {
	t.Helper()
	if r := quarantined(t, n, record); r == nil || r.Version != version || r.Release != release || r.Service != "referral" {
		t.Errorf("version %d is %s: %+v", version, release, r)
	}
}

const noCopy = `{"reason":"there is no older copy"}`

// An operator releases a record while the office runs. The decision is in the journal at
// once, with who made it and why; the record stays closed until the next start, and is open
// then. Twice changes nothing, and nobody else may.
func TestReleaseWhileTheOfficeRuns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	record, _ := aReferral(t, dir)
	with(t, dir, func(c *mongo.Collection) { damages["a turned bit"].do(t, c.Database(), record+"/2") })
	path := "/quarantine/referral/" + record + "/release"
	opened(t, dir, func(n *network.Network) error {
		op := operator(n, operators(t, n, "operator"))
		releases(t, n, record, 2, "possible")
		for name, c := range map[string]struct {
			token, path, body string
			status            int
			code              string
		}{
			"no token":         {"", path, noCopy, 401, "unauthenticated"},
			"a forged token":   {op.Token + "x", path, noCopy, 401, "unauthenticated"},
			"a supervisor":     {operators(t, n, "supervisor"), path, noCopy, 403, "forbidden"},
			"a coordinator":    {operators(t, n, "coordinator"), path, noCopy, 403, "forbidden"},
			"no role":          {operators(t, n, "integrator"), path, noCopy, 403, "forbidden"},
			"no reason":        {op.Token, path, `{}`, 422, "reason_unfit"},
			"an e-mail":        {op.Token, path, `{"reason":"ask Canary@example.org"}`, 422, "reason_unfit"},
			"another field":    {op.Token, path, `{"reason":"there is no copy","Canary":1}`, 400, "malformed"},
			"another record":   {op.Token, "/quarantine/referral/ref_Canary/release", noCopy, 404, "quarantine_not_found"},
			"another service":  {op.Token, "/quarantine/Canary/" + record + "/release", noCopy, 404, "quarantine_not_found"},
			"not its service":  {op.Token, "/quarantine/intake/" + record + "/release", noCopy, 404, "quarantine_not_found"},
			"a list of a kind": {op.Token, path, `[]`, 400, "malformed"},
		} {
			if status, code, _ := asks(t, operator(n, c.token), c.path, c.body); status != c.status || code != c.code {
				t.Errorf("%s: %d %s, want %d %s", name, status, code, c.status, c.code)
			}
		}
		releases(t, n, record, 2, "possible")

		_, _, answer := asks(t, op, path, noCopy)
		var got service.Release
		did(t, json.Unmarshal(answer, &got))
		if got.Record != record || got.Opens != "next_start" || !slices.Equal(got.Versions, []uint64{2}) {
			t.Errorf("released: %s", answer)
		}
		releases(t, n, record, 2, "decided")
		if status, code, _ := asks(t, op, path, noCopy); status != 409 || code != "quarantine_decided" {
			t.Errorf("twice: %d %s", status, code)
		}
		answersClosed(t, n, record, true)
		return nil
	})
	decisions := decided(t, dir)
	if len(decisions) != 1 || decisions[0].By != "r.osmonova" || decisions[0].Agency != "machine-room" || decisions[0].Reason != "there is no older copy" {
		t.Errorf("on record: %+v", decisions)
	}
	opened(t, dir, func(n *network.Network) error {
		if r := quarantined(t, n, record); r != nil {
			t.Errorf("still aside: %+v", r)
		}
		answersClosed(t, n, record, false)
		return nil
	})
	if heard(t, dir) != 1 {
		t.Error("the events that caused what is lost were not heard again, or more than once")
	}
	verified(t, dir, nil)
}

// A process that is killed in the middle of a release has decided on some commits of the
// record. It is closed for the next one, and the release is given again.
func TestAKillInTheMiddleOfARelease(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	record, _ := aReferral(t, dir)
	with(t, dir, func(c *mongo.Collection) {
		damages["a turned bit"].do(t, c.Database(), record+"/2")
		damages["a turned bit"].do(t, c.Database(), record+"/3")
	})
	onReferral(t, dir, func(j *journal.Journal) {
		did(t, j.Decide(t.Context(), journal.Decision{Record: record, Version: 2, Reason: because, By: "r.osmonova", Agency: "machine-room"}))
	})
	opened(t, dir, func(n *network.Network) error {
		releases(t, n, record, 3, "possible")
		answersClosed(t, n, record, true)
		if status, _, answer := asks(t, operator(n, operators(t, n, "operator")), "/quarantine/referral/"+record+"/release", noCopy); status != 200 || !bytes.Contains(answer, []byte(`[3]`)) {
			t.Errorf("released again: %d %s", status, answer)
		}
		return nil
	})
	opened(t, dir, func(n *network.Network) error {
		answersClosed(t, n, record, false)
		return nil
	})
	verified(t, dir, nil)
}

// answersClosed holds whether a referral is answered as one in quarantine.
func answersClosed(t *testing.T, n *network.Network, record string, want bool) {
	t.Helper()
	d, err := n.Desk(journey.FrontDesk, "caseworker")
	did(t, err)
	a, err := d.Do(t.Context(), http.MethodGet, "/v1/referrals/"+record, nil, nil)
	did(t, err)
	if got := a.Status == http.StatusServiceUnavailable; got != want || !got && a.Status != http.StatusOK {
		t.Errorf("closed: %t, and it answers %d", want, a.Status)
	}
}

var (
	commitName = regexp.MustCompile(`^[a-z]+\.[0-9a-f]{8}/[1-9][0-9]*$`)
	eventName  = regexp.MustCompile(`^[a-z-]+\.[a-z_]+\.v1$`)
)

// The way of one referral shows rooms, verbs, times and causes, and nobody. Each look is on
// record, who asks too often waits, and who is no operator sees nothing.
func TestTheWayOfAReferral(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	fill(t, dir)
	record, commits := aReferral(t, dir)
	const unknown = "ref_01jrd2k9m4qf8w1x5c3b6h0tz7"
	opened(t, dir, func(n *network.Network) error {
		op := operator(n, operators(t, n, "operator"))
		for name, c := range map[string]struct {
			token, body string
			status      int
			code        string
		}{
			"no token":       {"", `{"referral":"` + record + `"}`, 401, "unauthenticated"},
			"a forged token": {op.Token + "x", `{"referral":"` + record + `"}`, 401, "unauthenticated"},
			"a supervisor":   {operators(t, n, "supervisor"), `{"referral":"` + record + `"}`, 403, "forbidden"},
			"no role":        {operators(t, n, "integrator"), `{"referral":"` + record + `"}`, 403, "forbidden"},
			"no referral":    {op.Token, `{}`, 422, "referral_unfit"},
			"a case":         {op.Token, `{"referral":"case_Canary"}`, 422, "referral_unfit"},
			"another field":  {op.Token, `{"referral":"` + record + `","Canary":1}`, 400, "malformed"},
		} {
			if status, code, _ := asks(t, operator(n, c.token), "/ways", c.body); status != c.status || code != c.code {
				t.Errorf("%s: %d %s, want %d %s", name, status, code, c.status, c.code)
			}
		}
		var looks service.LookPage
		did(t, op.Get(t.Context(), "/looks", &looks))
		if len(looks.Items) > 0 {
			t.Errorf("what was refused is a look: %+v", looks)
		}

		_, _, answer := asks(t, op, "/ways", `{"referral":"`+record+`"}`)
		var way service.WayPage
		did(t, json.Unmarshal(answer, &way))
		followed, rooms := 0, map[string]bool{}
		for i, s := range way.Items {
			rooms[s.Service] = true
			if s.Service == "referral" && s.Kind == "ref" {
				followed++
			}
			if !commitName.MatchString(s.Commit) || s.After != "" && !commitName.MatchString(s.After) || !eventName.MatchString(s.Event) ||
				(s.After != "") != (s.By == "event") || i > 0 && s.At.Before(way.Items[i-1].At) {
				t.Errorf("step %d: %+v", i, s)
			}
		}
		caused := slices.ContainsFunc(way.Items, func(s service.Step) bool {
			return s.After != "" && slices.ContainsFunc(way.Items, func(o service.Step) bool { return o.Commit == s.After && o.Service != s.Service })
		})
		if followed < commits || !rooms["intake"] || len(rooms) < 3 || !caused || way.Incomplete {
			t.Errorf("%d of %d commits, rooms %v, caused: %t, incomplete: %t", followed, commits, rooms, caused, way.Incomplete)
		}
		for _, r := range journey.Roles {
			if bytes.Contains(answer, []byte(r.Agency)) {
				t.Errorf("it names %s:\n%s", r.Agency, answer)
			}
		}
		for _, never := range []string{"case_0", "case_1", "ref_", "mat_", "legal_assistance", "psychosocial_", "forensic_examination", "session_recorded", "exhibit", "advice", "offered", "seen"} {
			if bytes.Contains(answer, []byte(never)) {
				t.Errorf("it says %s:\n%s", never, answer)
			}
		}
		if _, _, none := asks(t, op, "/ways", `{"referral":"`+unknown+`"}`); strings.TrimSpace(string(none)) != `{"items":[],"incomplete":false}` {
			t.Errorf("an unknown one: %s", none)
		}
		limited := false
		for range 30 {
			status, code, _ := asks(t, op, "/ways", `{"referral":"`+unknown+`"}`)
			limited = limited || status == 429 && code == "rate_limited"
		}
		if !limited {
			t.Error("nobody waits")
		}
		return nil
	})
	opened(t, dir, func(n *network.Network) error {
		var looks service.LookPage
		did(t, operator(n, operators(t, n, "operator")).Get(t.Context(), "/looks", &looks))
		services := map[string]bool{}
		for _, l := range looks.Items {
			if l.Referral == record {
				services[l.Service] = true
			}
			if l.By != "r.osmonova" || l.Agency != "machine-room" || l.At.IsZero() {
				t.Errorf("a look: %+v", l)
			}
		}
		if len(services) != 5 {
			t.Errorf("the look is on record in %v", services)
		}
		if a, err := operator(n, operators(t, n, "supervisor")).Do(t.Context(), http.MethodGet, "/looks", nil, nil); err != nil || a.Status != 403 {
			t.Errorf("a supervisor reads who looked: %d %v", a.Status, err)
		}
		return nil
	})
	verified(t, dir, nil)
}

// statements are what the journal of the room of referrals says about itself.
func statements(t *testing.T, dir string) (all []journal.Said) {
	t.Helper()
	with(t, dir, func(c *mongo.Collection) {
		for _, d := range documents(t, c.Database().Collection("statements")) {
			var said journal.Said
			if _, numbered := d["_id"].(int64); numbered {
				did(t, json.Unmarshal(d["body"].(bson.Binary).Data, &said))
				all = append(all, said)
			}
		}
	})
	return all
}

func decided(t *testing.T, dir string) (all []journal.Decision) {
	t.Helper()
	for _, s := range statements(t, dir) {
		if s.Decided != nil {
			all = append(all, *s.Decided)
		}
	}
	return all
}

// heard counts how often all events were heard again.
func heard(t *testing.T, dir string) (n int) {
	t.Helper()
	for _, s := range statements(t, dir) {
		if s.Heard > 0 {
			n++
		}
	}
	return n
}

// onReferral does something to the journal of the room of referrals while it stands still.
func onReferral(t *testing.T, dir string, do func(*journal.Journal)) {
	t.Helper()
	did(t, offline(t.Context(), officeIn(t, dir), "referral", io.Discard, func(_ context.Context, w *service.Workshop) error {
		do(w.Journal)
		return nil
	}))
}
