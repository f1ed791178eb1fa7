package guarantees_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// What she told, and what a person writes of her, stands on the page that shows it and
// nowhere else: in no address, title or header, and in no log, span or metric.
func TestTheDeskTellsNothingOfHer(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	w := begin(t, func(w *world) {
		w.tracer = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		w.config.Service.LogLevel, w.config.Service.Programmes = -8, singing(t)
	})
	judged := w.http.Transport
	w.http.Transport = sing{judged, t}
	p := w.deskStory(t.Context())
	w.http.Transport = judged
	p.accept(t.Context())

	lawyer := w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
	front := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	lawyer.open("/desk/referrals/" + p.referral)
	lawyer.packet()
	for _, field := range []string{"name", "narrative", "safe_note"} {
		lawyer.must(marked(field)) // or the test would find nothing
	}
	for _, b := range []*browser{lawyer, front} {
		filled := 0
		for _, path := range []string{"/desk/", "/desk/referrals?role=recipient", "/desk/referrals?role=sender", "/desk/referrals/" + p.referral} {
			b.open(path)
			for _, operation := range b.commands() {
				b.open(path)
				b.command(operation)
				filled += b.scrawl()
			}
			b.open("/desk/referrals/" + p.referral)
		}
		// Somebody looks for a place by what she said.
		b.open("/desk/directory")
		b.submit("Find", values{"Name or words": canary, "Area": canary})
		// Somebody changes an address by hand, and a program sends what is no form.
		for _, path := range []string{"/desk/referrals/" + canary, "/desk/do/" + canary + "/1", "/desk/do/acceptReferral/" + canary, "/desk/" + canary, "/desk/referrals?view=" + canary, "/desk/referrals?cursor=" + canary} {
			b.open(path)
		}
		b.fetch(t.Context(), http.MethodPost, "/desk/language", url.Values{"language": {canary}, "zone": {canary}, "back": {"https://" + canary + "/desk/"}}, b.fromHere())
		b.submit("Leave", nil)
		if filled == 0 && b == lawyer {
			t.Error("nothing was written into any form")
		}
		for _, seen := range b.trail {
			for name, values := range seen.header {
				if strings.Contains(strings.Join(values, " "), canary) {
					t.Errorf("%s: the header %s tells of her", seen, name)
				}
			}
			if m := title.FindSubmatch(seen.body); m != nil && string(m[1]) != "Desk" {
				t.Errorf("%s: the title is %q", seen, m[1])
			}
			for _, link := range addressed.FindAll(seen.body, -1) {
				if bytes.Contains(link, []byte(canary)) && !strings.Contains(seen.address, canary) {
					t.Errorf("%s: an address tells of her: %s", seen, link)
				}
			}
		}
	}
	for place, text := range w.left(spans) {
		if i := bytes.Index(text, []byte(canary)); i >= 0 {
			t.Errorf("%s: …%s…", place, text[max(0, i-80):min(len(text), i+80)])
		}
	}
}

// scrawl writes the canary wherever a form takes text, sends it, and says into how many
// fields. What is refused stands in the form again, and nowhere else.
func (b *browser) scrawl() (n int) {
	b.t.Helper()
	fill := values{}
	var button string
	for f := range elements(b.doc, "form") {
		if !strings.HasPrefix(attribute(f, "action"), "/desk/do/") {
			continue
		}
		for d := range elements(f, "input", "textarea", "select") {
			name, kind := attribute(d, "name"), attribute(d, "type")
			switch {
			case !strings.HasPrefix(name, "/"):
			case d.Data == "textarea" || d.Data == "input" && (kind == none || kind == "text"):
				fill[name] = canary
				n++
			case kind == "datetime-local" && attribute(d, "required") != none && attribute(d, "value") == "":
				fill[name] = "2031-01-01T10:00"
			case kind == "date":
				fill[name] = "2031-01-01"
			case d.Data == "select":
				for o := range elements(d, "option") {
					if v := attribute(o, "value"); v != "" && v != none {
						fill[name] = v
					}
				}
			}
		}
		for pressed := range elements(f, "button") {
			if attribute(pressed, "class") == "main" {
				button = text(pressed)
			}
		}
	}
	if n > 0 {
		b.submit(button, fill)
	}
	return n
}

var addressed = regexp.MustCompile(`(href|action|src)="[^"]*"`)

// deskPage is a page about a record, and the question to the API that it stands for.
type deskPage struct {
	path string
	asks func(ctx context.Context, w *world, p identity.Principal) (status int, body []byte)
}

func readOf(path string) func(context.Context, *world, identity.Principal) (int, []byte) {
	return func(ctx context.Context, w *world, p identity.Principal) (int, []byte) {
		a, err := w.deskOf(p).Do(ctx, http.MethodGet, path, nil, nil)
		if err != nil {
			w.t.Fatal(err)
		}
		return a.Status, a.Body
	}
}

// Each person sees on a page what the API shows them, and nothing more.
func TestPagesShowWhatTheAPIShows(t *testing.T) {
	w := begin(t, func(w *world) { w.config.Service.Programmes = singing(t) })
	judged := w.http.Transport
	w.http.Transport = sing{judged, t}
	p := w.deskStory(t.Context())
	w.http.Transport = judged
	p.accept(t.Context())
	w.idle()
	lawyers := p.lawyer.Agency
	people := []identity.Principal{
		network.Seat(journey.FrontDesk, "caseworker"), network.Seat(journey.FrontDesk, "supervisor"), network.Seat(journey.FrontDesk, "focal_point"),
		network.Seat(lawyers, "lawyer"), network.Seat(lawyers, "supervisor"), network.Seat(lawyers, "focal_point"), network.Seat(lawyers, "caseworker"),
		network.Seat(journey.LegalAid, "lawyer"), network.Seat(journey.Counselling, "counsellor"), network.Seat(journey.Forensics, "examiner"),
		network.Seat(journey.Coordination, "coordinator"), network.Seat(journey.Coordination, "operator"),
	}
	pages := []deskPage{
		{"/desk/referrals/" + p.referral, readOf("/v1/referrals/" + p.referral)},
		{"/desk/referrals?role=recipient", readOf("/v1/referrals?role=recipient")},
		{"/desk/referrals?role=sender", readOf("/v1/referrals?role=sender")},
	}
	shown, hidden := 0, 0
	for _, who := range people {
		b := w.browser(who)
		for _, page := range pages {
			status, body := page.asks(t.Context(), w, who)
			b.open(page.path)
			if b.status != status {
				t.Errorf("%s at %s, %s: the page answers %d, the API %d", who.Subject, who.Agency, page.path, b.status, status)
			}
			on, may := bytes.Contains(b.body, []byte(p.referral)), bytes.Contains(body, []byte(p.referral))
			if status >= http.StatusBadRequest {
				on = on && b.shows(p.referral) // the address that was asked for stands in the form of the language
			}
			if on && !may || may && status == http.StatusOK && !on {
				t.Errorf("%s at %s, %s: the page shows it: %t, the API: %t", who.Subject, who.Agency, page.path, on, may)
			}
			if bytes.Contains(b.body, []byte(canary)) && !bytes.Contains(body, []byte(canary)) {
				t.Errorf("%s at %s, %s shows what she told", who.Subject, who.Agency, page.path)
			}
			if may {
				shown++
			} else {
				hidden++
			}
			for _, operation := range b.commands() {
				// What a holder tells her desk is intake's, and a referral does not name it.
				if !bytes.Contains(body, []byte(`"`+operation+`"`)) && operation != "tellTopicFor" && operation != "askOnward" && operation != "bringDangerNewsFor" {
					t.Errorf("%s at %s is offered %s, which the API does not name", who.Subject, who.Agency, operation)
				}
			}
		}
		// The packet: as the API discloses it.
		a := post(t.Context(), t, w.deskOf(who), "/v1/disclosures", uuid.NewString(), `{"referral":"`+p.referral+`"}`)
		b.open("/desk/")
		b.visit(http.MethodPost, "/desk/referrals/"+p.referral+"/packet", url.Values{})
		if got := bytes.Contains(b.body, []byte(canary)); got != (a.Status < 300) || a.Status >= 300 && b.status != a.Status {
			t.Errorf("%s at %s: the packet is shown: %t (%d), the API answers %d", who.Subject, who.Agency, got, b.status, a.Status)
		}
	}
	if shown == 0 || hidden == 0 {
		t.Errorf("%d shown, %d hidden: the test found nothing", shown, hidden)
	}
}

// Each service may be away, and the desk is there.
func TestTheDeskWithOneServiceDown(t *testing.T) {
	w := begin(t)
	p := w.deskStory(t.Context())
	p.accept(t.Context())
	t.Run("a worker", func(t *testing.T) { workerWithOneServiceDown(t, w.in(t), p) })
	t.Run("the office", func(t *testing.T) { officeWithOneServiceDown(t, w.in(t), p) })
}

// A part whose service does not answer says so, and the rest works.
func workerWithOneServiceDown(t *testing.T, w *world, p confided) {
	for _, down := range network.Services {
		t.Run(down, func(t *testing.T) {
			routes, err := desk.Routes(desk.Config{
				Audience: network.Audience, Logger: w.config.Telemetry.Logger,
				Base: func(service string) string {
					if service == down {
						return "http://127.0.0.1:1" // nobody listens there
					}
					return w.Base()
				},
				Code: func(_ context.Context, _ string) (string, error) {
					return w.deskOf(network.Seat(p.lawyer.Agency, "lawyer")).Token, nil
				},
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
			if b.status != http.StatusOK || b.heading() == "" {
				t.Errorf("home: %d\n%s", b.status, b.outline())
			}
			away := b.shows("This part does not answer now. The rest works.")
			if down == "referral" && !away {
				t.Errorf("home does not say that a part is away:\n%s", b.outline())
			}
			b.open("/desk/referrals/" + p.referral)
			if want := map[bool]int{true: http.StatusServiceUnavailable, false: http.StatusOK}[down == "referral"]; b.status != want {
				t.Errorf("the referral: %d, want %d\n%s", b.status, want, b.outline())
			}
			if b.status != http.StatusOK {
				b.must("This part does not answer", "Try again")
				return
			}
			b.packet()
			if want := map[bool]int{true: http.StatusServiceUnavailable, false: http.StatusOK}[down == "intake"]; b.status != want {
				t.Errorf("the packet: %d, want %d\n%s", b.status, want, b.outline())
			}
		})
	}
}

// The pages of who opens cases and of who coordinates, with one service down: home is there,
// what needs that service says so, and nothing is a fault of the desk.
func officeWithOneServiceDown(t *testing.T, w *world, p confided) {
	coordination, front := network.Seat(journey.Coordination, "coordinator"), network.Seat(journey.FrontDesk, "caseworker")
	for _, down := range network.Services {
		t.Run(down, func(t *testing.T) {
			who := front
			routes, err := desk.Routes(desk.Config{
				Audience: network.Audience, Logger: w.config.Telemetry.Logger,
				Base: func(service string) string {
					if service == down {
						return "http://127.0.0.1:1" // nobody listens there
					}
					return w.Base()
				},
				Code: func(context.Context, string) (string, error) { return w.deskOf(who).Token, nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(routed(routes))
			defer server.Close()
			for _, c := range []struct {
				who  identity.Principal
				path string
				// by is the service without which there is no page.
				by string
			}{
				{front, "/desk/", ""},
				{front, "/desk/cases/" + p.id, "intake"},
				{front, "/desk/transfers", "intake"},
				{front, "/desk/cases/open", ""},
				{front, "/desk/cases/" + p.id + "/ask", "intake"},
				{front, "/desk/referrals/" + p.referral, "referral"},
				{coordination, "/desk/", ""},
				{coordination, "/desk/escalations", "referral"},
			} {
				who = c.who
				b := w.stranger()
				b.t, b.base = t, server.URL
				b.open("/desk/sign-in")
				b.submitMain(values{"code": "any"})
				b.open(c.path)
				if want := map[bool]int{true: http.StatusServiceUnavailable, false: http.StatusOK}[down == c.by]; b.status != want {
					t.Errorf("%s: %d, want %d\n%s", c.path, b.status, want, b.outline())
				}
				if c.path == "/desk/" && (down == "referral" || down == "intake" && who.Agency == journey.FrontDesk) {
					b.must("This part does not answer now. The rest works.")
				}
				b.mustNot("This page cannot be shown")
			}
		})
	}
}

// routed serves the routes of a desk as an office does.
func routed(routes map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range routes {
		if strings.HasSuffix(pattern, "/") {
			pattern += "{$}"
		}
		mux.Handle(pattern, h)
	}
	return mux
}
