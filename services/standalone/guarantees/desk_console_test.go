package guarantees_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/desk/desktest"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// machines runs the network, at an agency that has no part in it.
var machines = network.Seat("machine-room", "operator")

const (
	buried = "case_01jrd2k9m4qf8w1x5c3b6h0tz7"
	// planted is in the message: it lies on the bus as it was sent, and nowhere else.
	planted = "PlantedForTheConsole"
)

// bury has the room of referrals refuse a message of intake's for good, with what nobody may
// be shown in it.
func (w *world) bury() {
	w.t.Helper()
	nc, err := w.Bus.Connect("intake")
	if err != nil {
		w.t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := js.PublishMsg(w.t.Context(), &nats.Msg{
		Subject: "sanad.events.intake.service_requested." + buried, Data: []byte(planted), Header: nats.Header{"Planted": {planted}},
	}); err != nil {
		w.t.Fatal(err)
	}
	w.running().until(w.t, "it is a dead letter", func() bool { return strings.Contains(w.admin("/deadletters"), buried) })
}

// wreck starts the network anew with a referral in which a commit cannot be read.
func (w *world) wreck(referral string) {
	w.t.Helper()
	w.restart(func(dir string) {
		onDatabase(w.t, dir, "referral", func(db *mongo.Database) {
			all := versions(w.t, db, referral)
			d := all[len(all)-1]
			d["commit"].(bson.Binary).Data[2*sha256.Size+5] ^= 1
			exchange(w.t, db, d)
		})
	})
	w.running().until(w.t, "it serves", func() bool { return w.Ready(w.t.Context()) == nil })
}

// Who runs the network sees what is stuck first, and does what can be done about it. No page
// shows anything of her, of an agency that has her, or of what she needs.
func TestTheConsoleOfANetworkThatIsStuck(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.unwatched = true // the message that is buried is no event
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel, w.config.Service.Programmes = -8, singing(t)
	})
	judged := w.http.Transport
	w.http.Transport = sing{judged, t}
	p := w.deskStory(t.Context())
	w.http.Transport = judged
	p.accept(t.Context())
	w.idle()

	b := w.browser(machines)
	if b.path() != "/console/" {
		t.Fatalf("an operator lands at %s", b.path())
	}
	b.must("Nothing is stuck.")
	b.outlined("console-calm")
	b.open("/console/way")
	b.outlined("console-way")
	b.submitMain(values{"Id of the referral": p.referral})
	b.must("This look was recorded.", "intake", "referral", "because of step")
	b.outlined("console-way-shown")
	b.submitMain(values{"Id of the referral": "a name"})
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("what is no id of a referral: %d", b.status)
	}
	b.open("/console/looks")
	b.must(machines.Subject, p.referral)
	b.outlined("console-looks")

	w.bury()
	w.wreck(p.referral)
	calm := b.trail
	b = w.browser(machines)
	b.trail = append(calm, b.trail...)
	// A bus that has just started again says so until all its consumers are back.
	b.until("nothing else is stuck", func() bool { b.open("/console/"); return !b.leads("SanadBusTrouble") })
	b.must("What is stuck", "1 dead letter", "1 closed record", "malformed_event", "It is not as it was written", p.referral)
	b.outlined("console-stuck")
	b.follow("malformed_event")
	b.must("It can never be dropped")
	b.outlined("console-letter")
	b.submitMain(values{"Reason": "telephone +996 555 123456"})
	b.must("Write the reason as one sentence")
	if b.status != http.StatusUnprocessableEntity {
		t.Errorf("a reason that may not be kept: %d", b.status)
	}
	b.outlined("console-letter-refused")
	b.submitMain(values{"Reason": "the room runs the release of today"})
	b.must("The service refused the message again.", "tried 2 times")
	if b.path() != "/console/letters?done=refused" {
		t.Errorf("after a replay the page is %s", b.path())
	}
	b.outlined("console-letters")
	b.follow("malformed_event")
	b.follow("What to do")
	b.must("The message is no CloudEvent of the network")
	b.outlined("console-runbook")

	b.open("/console/")
	b.follow("It is not as it was written")
	b.outlined("console-closed")
	b.submitMain(values{"Reason": "there is no backup of that day"})
	b.must("The release is decided.")
	b.outlined("console-quarantine")
	b.follow("It is not as it was written")
	b.must("Its release is decided.")
	for n := range elements(b.doc, "form") {
		if strings.HasSuffix(attribute(n, "action"), "/release") {
			t.Error("what is decided can be decided again")
		}
	}
	b.open("/console/runbooks")
	b.outlined("console-runbooks")
	w.restart(nil)
	w.running().until(t, "it serves", func() bool { return w.Ready(t.Context()) == nil })
	w.setAside()

	for _, seen := range b.trail {
		for _, never := range []string{canary, planted, p.lawyer.Agency, journey.FrontDesk, "legal_assistance"} {
			if i := bytes.Index(seen.body, []byte(never)); i >= 0 {
				t.Errorf("%s shows %s: …%s…", seen, never, seen.body[max(0, i-80):min(len(seen.body), i+80)])
			}
		}
	}
	for place, text := range w.left(spans) {
		for _, never := range []string{canary, planted} {
			if never == planted && slices.Contains([]string{"stream EVENTS", "stream DEADLETTERS"}, place) {
				continue // the message as it was sent, and its dead letter
			}
			if i := bytes.Index(text, []byte(never)); i >= 0 {
				t.Errorf("%s: …%s…", place, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
}

// consoleAsks are all that the console takes.
var consoleAsks = []struct{ method, path string }{
	{http.MethodGet, "/console/"},
	{http.MethodGet, "/console/letters"},
	{http.MethodGet, "/console/letters/referral.1.aaaaaaaa"},
	{http.MethodPost, "/console/letters/referral.1.aaaaaaaa/replay"},
	{http.MethodGet, "/console/quarantine"},
	{http.MethodGet, "/console/quarantine/referral/ref_1"},
	{http.MethodPost, "/console/quarantine/referral/ref_1/release"},
	{http.MethodGet, "/console/way"},
	{http.MethodPost, "/console/way"},
	{http.MethodGet, "/console/looks"},
	{http.MethodGet, "/console/runbooks"},
	{http.MethodGet, "/console/runbooks/SanadForks"},
	{http.MethodGet, "/console/nothing"},
}

// everybodys are the pages for everybody who signed in: what the directory publishes, and the way out.
var everybodys = []string{"/desk/directory", "/desk/free", "/desk/everywhere"}

// Only who runs the network has a console, and everybody else is told that there is nothing.
// Who only runs the network has nothing else.
func TestOnlyOperatorsHaveTheConsole(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	for _, who := range []identity.Principal{
		network.Seat(journey.FrontDesk, "caseworker"), network.Seat(p.lawyer.Agency, "lawyer", "focal_point"), network.Seat(journey.FrontDesk, "supervisor"),
		network.Seat(journey.Counselling, "counsellor"), network.Seat(journey.Forensics, "examiner"), network.Seat(journey.Coordination, "coordinator"),
		network.Seat("machine-room", "Operator"),
	} {
		b := w.browser(who)
		if b.path() != "/desk/" {
			t.Errorf("%s lands at %s", who.Subject, b.path())
		}
		b.mustNot("Console")
		for _, ask := range consoleAsks {
			b.visit(ask.method, ask.path, url.Values{"reason": {"because I may not"}, "referral": {p.referral}})
			if b.status != http.StatusNotFound || ask.path != "/console/nothing" && !b.shows("There is nothing here that you may see.") {
				t.Errorf("%s, %s %s: %d\n%s", who.Subject, ask.method, ask.path, b.status, b.outline())
			}
		}
	}
	if looks := look(t.Context(), t, w.adminOf(machines), "/looks"); looks.Status != http.StatusOK || bytes.Contains(looks.Body, []byte(p.referral)) {
		t.Errorf("somebody looked: %d %s", looks.Status, looks.Body)
	}

	b := w.browser(machines)
	b.must("Console")
	b.mustNot("What waits for you", "Referrals asked")
	b.open("/desk/")
	if b.path() != "/console/" {
		t.Errorf("home is %s", b.path())
	}
	paths := []string{"/desk/referrals/" + p.referral, "/desk/cases/" + p.id}
	for _, pattern := range desktest.Pages() {
		path, page := strings.CutPrefix(pattern, "GET ")
		if page && !strings.Contains(path, "{") && strings.HasPrefix(path, "/desk/") && !slices.Contains(everybodys, path) {
			paths = append(paths, path)
		}
	}
	for _, path := range paths {
		if b.open(path); b.status < http.StatusBadRequest {
			t.Errorf("an operator sees %s: %d", path, b.status)
		}
	}
	// Who also works at the desk has both.
	both := w.browser(network.Seat(journey.FrontDesk, "caseworker", "operator"))
	if both.path() != "/desk/" {
		t.Errorf("a caseworker lands at %s", both.path())
	}
	both.follow("Console")
	both.must("What is stuck")
}

// A service that does not answer is named, and the rest is there. Without addresses the
// console says so.
func TestTheConsoleWithServicesDown(t *testing.T) {
	w := begin(t)
	for name, c := range map[string]struct {
		base, admin func(string) string
		says        []string
	}{
		"one admin address": {admin: func(s string) string {
			if s == "referral" {
				return "http://127.0.0.1:1"
			}
			return "http://" + w.Admin.String()
		}, says: []string{"This service does not answer.", "These services could not tell this part now", "no answer", "Fewer than 11, or none"}},
		"no admin address": {admin: func(string) string { return "" }, says: []string{"SANAD_DESK_ADMIN", "address not known", "Fewer than 11, or none"}},
		"none is given":    {says: []string{"SANAD_DESK_ADMIN", "Fewer than 11, or none"}},
		"the operations": {
			base: func(string) string { return "http://127.0.0.1:1" }, admin: func(string) string { return "http://" + w.Admin.String() },
			says: []string{"Nothing is stuck.", "This part does not answer now. The rest works."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			base := c.base
			if base == nil {
				base = func(string) string { return w.Base() }
			}
			routes, err := desk.Routes(desk.Config{
				Audience: network.Audience, Logger: w.config.Telemetry.Logger, Base: base, Admin: c.admin,
				Code: func(context.Context, string) (string, error) { return w.deskOf(machines).Token, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(routed(routes))
			defer server.Close()
			b := w.stranger()
			b.t, b.base = t, server.URL
			b.open("/desk/sign-in")
			b.submitMain(values{"code": "any"})
			b.follow("Continue")
			// A bus that has just started says so until all its consumers are there.
			b.until("the bus is calm", func() bool { b.open("/console/"); return !b.leads("SanadBusTrouble") })
			b.must(c.says...)
			if b.status != http.StatusOK {
				t.Errorf("the console: %d", b.status)
			}
			b.open("/console/runbooks/SanadNotScraped")
			if b.status != http.StatusOK {
				t.Errorf("a runbook: %d", b.status)
			}
			if c.admin == nil || c.admin("referral") == "" {
				b.open("/console/letters/referral.1.aaaaaaaa")
				if b.status != http.StatusServiceUnavailable {
					t.Errorf("a letter without an address: %d", b.status)
				}
			}
		})
	}
}

// The second look of a session says how fast the journals grew since the first.
func TestTheConsoleSaysHowFastJournalsGrow(t *testing.T) {
	w := begin(t)
	b := w.browser(machines)
	b.must("You look for the first time since you signed in.")
	w.deskStory(t.Context())
	b.open("/console/")
	b.must("You looked last on")
	var rates []string
	for row := range elements(b.doc, "tr") {
		if strings.HasPrefix(text(row), "Commits a minute") {
			for cell := range elements(row, "td") {
				rates = append(rates, text(cell))
			}
		}
	}
	// forensic-services, intake, legal-aid, psychosocial, referral, trust-fund.
	if len(rates) != 6 || rates[1] == "0.0" || rates[1] == "–" || rates[2] != "0.0" {
		t.Errorf("the rates: %q", rates)
	}
}

// adminOf is a person at the admin address.
func (w *world) adminOf(p identity.Principal) office.Desk {
	d := w.deskOf(p)
	d.Base, d.HTTP = "http://"+w.Admin.String(), looking
	return d
}
