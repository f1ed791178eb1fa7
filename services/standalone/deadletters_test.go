package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/event/keep"
	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/bus/bustest"
	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/identity"
	waiting "github.com/sanad-network/sanad/pkg/patience"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

const (
	lostRecord = "case_01jrd2k9m4qf8w1x5c3b6h0tz7"
	canary     = "Canary Somebody"
)

// bury has the room of referrals refuse a message of intake's for good.
func bury(t *testing.T, n *network.Network) {
	t.Helper()
	nc, err := n.Bus.Connect("intake")
	did(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	did(t, err)
	_, err = js.PublishMsg(t.Context(), &nats.Msg{
		Subject: "sanad.events.intake.service_requested." + lostRecord, Data: []byte(canary), Header: nats.Header{"Canary": {canary}},
	})
	did(t, err)
	waiting.Until(t, "it is a dead letter", func() bool {
		var page service.LetterPage
		did(t, operator(n, "").Get(t.Context(), "/deadletters", &page))
		return len(page.Items) == 1
	}, bustest.Moves(func() (*nats.Conn, error) { return n.Bus.Connect(bus.Steward) }))
}

// send publishes an event as a service of the network would, with other data than that
// of its example.
func send(t *testing.T, n *network.Network, typ, record string, version uint64, change map[string]any) {
	t.Helper()
	from, name := event.Split(typ)
	text, err := api.Files.ReadFile("schema/" + from + "/example/" + strings.TrimPrefix(typ, from+".") + ".json")
	did(t, err)
	data := map[string]any{}
	did(t, json.Unmarshal(text, &data))
	maps.Copy(data, change)
	text, err = json.Marshal(data)
	did(t, err)
	nc, err := n.Bus.Connect(from)
	did(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	did(t, err)
	_, err = js.PublishMsg(t.Context(), event.Envelope{
		ID: event.ID{Record: record, Version: version, Tail: 7}.String(), Source: event.Source(from), Type: typ, Subject: record, Time: time.Now(), Data: text,
	}.Msg(event.Subject(from, name, record)))
	did(t, err)
}

// buried waits for a dead letter of a type, and gives it.
func buried(t *testing.T, n *network.Network, typ, code string) bus.Letter {
	t.Helper()
	var found bus.Letter
	waiting.Until(t, "it is a dead letter", func() bool {
		var page service.LetterPage
		did(t, operator(n, "").Get(t.Context(), "/deadletters", &page))
		i := slices.IndexFunc(page.Items, func(l bus.Letter) bool { return l.Event == typ && l.Code == code })
		if i >= 0 {
			found = page.Items[i]
		}
		return i >= 0
	}, bustest.Moves(func() (*nats.Conn, error) { return n.Bus.Connect(bus.Steward) }))
	return found
}

// refusedRequest has the room of referrals refuse a request by a rule: it says something
// else of a referral than the first.
func refusedRequest(t *testing.T, n *network.Network) string {
	t.Helper()
	const typ = "intake.service_requested.v1"
	send(t, n, typ, lostRecord, 1, map[string]any{"case": lostRecord})
	send(t, n, typ, lostRecord, 2, map[string]any{"case": lostRecord, "sender": "somebody-else"})
	l := buried(t, n, typ, "fact_disagrees")
	if l.Keep != keep.Free {
		t.Errorf("a request is kept: %s", l.Keep)
	}
	return l.ID
}

// What carries her no, closes the contact to her or closes a packet is not dropped by
// anybody, whatever reason they give: not where a rule refused it, and not where it is
// broken.
func TestHerNoIsNeverDropped(t *testing.T) {
	opened(t, t.TempDir(), func(n *network.Network) error {
		op, version := operator(n, operators(t, n, "operator")), uint64(0)
		for typ, want := range map[string]keep.Why{
			"intake.consent_withdrawn.v1":    keep.HerNo,
			"intake.contact_suspended.v1":    keep.ClosesContact,
			"intake.referral_renewed.v1":     keep.ClosesPacket,
			"intake.case_transferred.v1":     keep.ClosesPacket,
			"legal-aid.matter_ended.v1":      keep.HerNo,
			"intake.service_requested.v1":    keep.NotUnderstood, // nobody can tell what it is
			"legal-aid.matter_started.v1":    keep.NotUnderstood,
			"psychosocial.plan_closed.v1":    keep.ClosesPacket,
			"intake.referral_resumed.v1":     keep.NotUnderstood,
			"forensic-services.no_event.v1":  "",
			"intake.consent_withdrawn.v2000": "",
		} {
			if want == "" {
				if got := keep.Of(typ); got != keep.NotUnderstood {
					t.Errorf("%s: %q", typ, got)
				}
				continue
			}
			version++ // the identity of a message is used once
			send(t, n, typ, lostRecord, version, map[string]any{"case": canary})
			l := buried(t, n, typ, "incomplete_event")
			if l.Keep != want {
				t.Errorf("%s is kept because %q, want %q", typ, l.Keep, want)
			}
			a, err := op.Do(t.Context(), http.MethodPost, "/deadletters/"+l.ID+"/drop", []byte(`{"reason":"nobody needs it"}`), http.Header{"Content-Type": {"application/json"}})
			did(t, err)
			if a.Status != http.StatusConflict || !bytes.Contains(a.Body, []byte(`"deadletter_kept"`)) || bytes.Contains(a.Body, []byte("Canary")) {
				t.Errorf("%s: %d %s", typ, a.Status, a.Body)
			}
			var file service.LetterFile
			did(t, op.Get(t.Context(), "/deadletters/"+l.ID, &file))
			if len(file.Decisions) > 0 {
				t.Errorf("%s: decided: %+v", typ, file.Decisions)
			}
		}
		return nil
	})
}

// operator is a person at the admin address, with a token or none.
func operator(n *network.Network, token string) office.Desk {
	return office.Desk{Base: "http://" + n.Admin.String(), Token: token, HTTP: http.DefaultClient}
}

func operators(t *testing.T, n *network.Network, role string) string {
	t.Helper()
	token, err := n.Issuer.Token(identity.Principal{Subject: "r.osmonova", Agency: "machine-room", Roles: []string{role}}, time.Hour)
	did(t, err)
	return token
}

// At a terminal dead letters are listed and shown without data, judged again, and
// dropped. Who decided and why stays on record over a restart, in a journal that
// verifies.
func TestDeadLettersAtATerminal(t *testing.T) {
	dir := t.TempDir()
	var said bytes.Buffer
	var first, second, third string
	do := func(n *network.Network, args ...string) (string, error) {
		said.Reset()
		set := settings{data: dir, keys: network.KeysDir(dir)}
		set.AdminAddr = n.Admin.String()
		err := deadletters(t.Context(), set, args, &said)
		return said.String(), err
	}
	says := func(n *network.Network, wants []string, args ...string) string {
		t.Helper()
		text, err := do(n, args...)
		did(t, err)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%v does not say %q:\n%s", args, want, text)
			}
		}
		if strings.Contains(text, "Canary") {
			t.Errorf("%v shows data:\n%s", args, text)
		}
		return text
	}
	opened(t, dir, func(n *network.Network) error {
		t.Setenv("SANAD_TOKEN", operators(t, n, "operator"))
		says(n, []string{"no dead letter waits"})
		bury(t, n)
		line := says(n, []string{"unknown", lostRecord, "malformed_event", "tried 1 times, replayed 0 times"}, "list")
		first, _, _ = strings.Cut(line, " ")
		if !regexp.MustCompile(`^referral\.1\.[0-9a-f]{8}$`).MatchString(first) {
			t.Fatalf("the name of the letter: %q", first)
		}
		says(n, []string{"letter    " + first, "record    " + lostRecord, "why       malformed_event"}, "show", first)
		says(n, []string{first + ": refused again: malformed_event"}, "replay", first, "--reason", "the room was upgraded")
		line = says(n, []string{"tried 2 times, replayed 1 times"}, "list")
		second, _, _ = strings.Cut(line, " ")
		if second == first || strings.Count(line, "\n") != 1 {
			t.Errorf("after the replay:\n%s", line)
		}
		says(n, []string{"kept      not_understood"}, "show", second)
		if _, err := do(n, "drop", second, "--reason", "nobody sent it"); err == nil || !strings.Contains(err.Error(), "409 deadletter_kept") {
			t.Errorf("what nobody understands is dropped: %v", err)
		}
		third = refusedRequest(t, n)
		says(n, []string{"intake.service_requested.v1", "fact_disagrees"}, "show", third)
		says(n, []string{third + ": dropped"}, "drop", third, "--reason", "the desk asked again")
		if line = says(n, []string{second, ", kept: not_understood"}, "list"); strings.Contains(line, third) {
			t.Errorf("dropped, and listed:\n%s", line)
		}
		for _, id := range []string{first, third} {
			if _, err := do(n, "replay", id, "--reason", "once more to be sure"); err == nil || !strings.Contains(err.Error(), "409 deadletter_decided") {
				t.Errorf("%s was decided about: %v", id, err)
			}
		}
		return nil
	})
	opened(t, dir, func(n *network.Network) error {
		waiting.Until(t, "the office answers", func() bool { return n.Ready(t.Context()) == nil })
		says(n, []string{second}, "list")
		says(n, []string{"replay by r.osmonova at machine-room: the room was upgraded", "replay malformed_event by r.osmonova at machine-room: the room was upgraded"}, "show", first)
		says(n, []string{"drop by r.osmonova at machine-room: the desk asked again"}, "show", third)
		return nil
	})
	did(t, verify(t.Context(), officeIn(t, dir), nil, &said))
}

// A person decides about dead letters, who proves to be an operator and gives a
// reason that may be kept. Whatever else is sent changes nothing, and the answer does
// not repeat it.
func TestOnlyOperatorsDecideOnDeadLetters(t *testing.T) {
	opened(t, t.TempDir(), func(n *network.Network) error {
		bury(t, n)
		var page service.LetterPage
		did(t, operator(n, "").Get(t.Context(), "/deadletters", &page))
		id, right := page.Items[0].ID, operators(t, n, "operator")
		whole := `{"reason":"nobody sent it"}`
		for name, c := range map[string]struct {
			method, id, token, kind, body string
			status                        int
			code                          string
		}{
			"no token":           {"POST", id, "", "application/json", whole, 401, "unauthenticated"},
			"no token, to look":  {"GET", id, "", "", "", 401, "unauthenticated"},
			"a forged token":     {"POST", id, right + "x", "application/json", whole, 401, "unauthenticated"},
			"a caseworker":       {"POST", id, operators(t, n, "caseworker"), "application/json", whole, 403, "forbidden"},
			"a supervisor":       {"POST", id, operators(t, n, "supervisor"), "application/json", whole, 403, "forbidden"},
			"what is kept":       {"DROP", id, right, "application/json", whole, 409, "deadletter_kept"},
			"a pause":            {"PAUSE", id, right, "application/json", whole, 404, ""},
			"a coordinator":      {"POST", id, operators(t, n, "coordinator"), "application/json", whole, 403, "forbidden"},
			"no reason":          {"POST", id, right, "application/json", `{}`, 422, "reason_unfit"},
			"a short reason":     {"POST", id, right, "application/json", `{"reason":"no"}`, 422, "reason_unfit"},
			"a telephone number": {"POST", id, right, "application/json", `{"reason":"Canary +996 555 123 456"}`, 422, "reason_unfit"},
			"an e-mail":          {"POST", id, right, "application/json", `{"reason":"ask Canary@example.org"}`, 422, "reason_unfit"},
			"another field":      {"POST", id, right, "application/json", `{"reason":"nobody sent it","Canary":1}`, 400, "malformed"},
			"two objects":        {"POST", id, right, "application/json", whole + whole, 400, "malformed"},
			"no JSON":            {"POST", id, right, "application/json", `Canary`, 400, "malformed"},
			"too much":           {"POST", id, right, "application/json", `{"reason":"` + strings.Repeat("Canary ", 2000) + `"}`, 400, "malformed"},
			"a form of a page":   {"POST", id, right, "application/x-www-form-urlencoded", whole, 400, "malformed"},
			"another letter":     {"POST", "referral.9.00000000", right, "application/json", whole, 404, "deadletter_not_found"},
			"another service":    {"POST", "Canary.1.00000000", right, "application/json", whole, 404, "deadletter_not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				paths := []string{"/deadletters/" + c.id}
				switch c.method {
				case http.MethodPost:
					paths = []string{paths[0] + "/drop", paths[0] + "/replay"}
				case "DROP":
					paths, c.method = []string{paths[0] + "/drop"}, http.MethodPost
				case "PAUSE":
					for _, path := range []string{"/deadletters/" + c.id + "/pause", "/consumers/referral/pause", "/pause"} {
						a, err := operator(n, c.token).Do(t.Context(), http.MethodPost, path, []byte(c.body), http.Header{"Content-Type": {c.kind}})
						did(t, err)
						if a.Status != c.status {
							t.Errorf("%s answers %d", path, a.Status)
						}
					}
					return
				}
				for _, path := range paths {
					a, err := operator(n, c.token).Do(t.Context(), c.method, path, []byte(c.body), http.Header{"Content-Type": {c.kind}})
					did(t, err)
					var p struct{ Code string }
					if json.Unmarshal(a.Body, &p) != nil || a.Status != c.status || p.Code != c.code || a.Header.Get("Content-Type") != "application/problem+json" {
						t.Errorf("%s: %d %s, want %d %s", path, a.Status, a.Body, c.status, c.code)
					}
					if bytes.Contains(a.Body, []byte("Canary")) {
						t.Errorf("%s repeats what was sent: %s", path, a.Body)
					}
				}
			})
		}
		var after service.LetterPage
		did(t, operator(n, "").Get(t.Context(), "/deadletters", &after))
		var file service.LetterFile
		did(t, operator(n, right).Get(t.Context(), "/deadletters/"+id, &file))
		if len(after.Items) != 1 || after.Items[0] != page.Items[0] || len(file.Decisions) != 0 {
			t.Errorf("what was refused changed something: %+v, %+v", after, file.Decisions)
		}
		return nil
	})
}

// Arguments that are not what a verb needs are refused before anybody is asked.
func TestArgumentsOfDeadLetters(t *testing.T) {
	t.Setenv("SANAD_TOKEN", "some token")
	for _, args := range [][]string{
		{"lists"},
		{"show"},
		{"replay"},
		{"drop"},
		{"list", "referral.1.00000000"},
		{"list", "--reason", "why not so"},
		{"replay", "--reason", "why not so"},
		{"drop", "referral.1.00000000"},
		{"drop", "referral.1.00000000", "--reason", "no"},
		{"show", "referral.1.00000000", "more"},
	} {
		if err := deadletters(context.WithoutCancel(t.Context()), settings{}, args, nil); err == nil || strings.Contains(err.Error(), "GET ") || strings.Contains(err.Error(), "connect") {
			t.Errorf("%v: %v", args, err)
		}
	}
	t.Setenv("SANAD_TOKEN", "")
	if err := deadletters(t.Context(), settings{}, []string{"show", "referral.1.00000000"}, nil); err == nil || !strings.Contains(err.Error(), "SANAD_TOKEN") {
		t.Errorf("without a token: %v", err)
	}
}
