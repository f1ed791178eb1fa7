package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sanad-network/sanad/pkg/bus"
	"github.com/sanad-network/sanad/pkg/bus/bustest"
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
	var first, second string
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
		says(n, []string{second + ": dropped"}, "drop", second, "--reason", "nobody sent it")
		says(n, []string{"no dead letter waits"}, "list")
		for _, id := range []string{first, second} {
			if _, err := do(n, "replay", id, "--reason", "once more to be sure"); err == nil || !strings.Contains(err.Error(), "409 deadletter_decided") {
				t.Errorf("%s was decided about: %v", id, err)
			}
		}
		return nil
	})
	opened(t, dir, func(n *network.Network) error {
		says(n, []string{"no dead letter waits"}, "list")
		says(n, []string{"replay by r.osmonova at machine-room: the room was upgraded", "replay malformed_event by r.osmonova at machine-room: the room was upgraded"}, "show", first)
		says(n, []string{"drop by r.osmonova at machine-room: nobody sent it"}, "show", second)
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
				if c.method == http.MethodPost {
					paths = []string{paths[0] + "/drop", paths[0] + "/replay"}
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
