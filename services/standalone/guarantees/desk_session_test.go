package guarantees_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// copied is another program that has the cookies of a browser: what ended on the server ended
// for it, too.
func (b *browser) copied() *browser {
	b.t.Helper()
	other := b.w.stranger()
	base, err := url.Parse(b.origin())
	if err != nil {
		b.t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	jar.SetCookies(secure(base), b.jar.Cookies(secure(base)))
	for _, c := range b.jar.Cookies(secure(base)) {
		c.Secure, c.Path = true, "/"
		jar.SetCookies(secure(base), []*http.Cookie{c})
	}
	other.jar, other.base = jar, b.base
	return other
}

// fromHere is what a script of a page sends along.
func (b *browser) fromHere() http.Header {
	return http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {b.origin()}}
}

const idleTime = 15 * time.Minute

// How a session ends: each on the server, so that the cookie is worth nothing after it.
func TestASessionEnds(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	p := network.Seat(journey.FrontDesk, "caseworker")
	post := func(b *browser, path string) {
		t.Helper()
		if status, _, body := b.fetch(t.Context(), http.MethodPost, path, nil, b.fromHere()); status >= 400 {
			t.Fatalf("%s: %d %s", path, status, body)
		}
	}
	for _, c := range []struct {
		name string
		end  func(b *browser)
	}{
		{"nobody touches it", func(*browser) { clock.ahead(idleTime) }},
		{"only the page itself asks", func(b *browser) {
			for range 3 {
				clock.ahead(idleTime / 3)
				b.fetch(t.Context(), http.MethodGet, "/desk/", nil, http.Header{"Sanad-Bell": {"1"}})
			}
		}},
		{"its token ends", func(b *browser) {
			for range 33 {
				clock.ahead(idleTime - 20*time.Second)
				b.open("/desk/")
			}
		}},
		{"Hide", func(b *browser) { b.submit("Hide", nil) }},
		{"Hide, by a script", func(b *browser) { post(b, "/desk/lock") }},
		{"Leave", func(b *browser) {
			b.submit("Leave", nil)
			if got := b.header.Get("Clear-Site-Data"); got != `"cache", "cookies", "storage"` {
				t.Errorf("the browser is told to forget %q", got)
			}
			if b.session() != "" {
				t.Error("the cookie stays")
			}
			b.must("You have left")
		}},
		{"Sign out everywhere, elsewhere", func(*browser) {
			other := w.browser(p)
			other.follow("Sign out everywhere")
			other.must("can go on until")
			other.submitMain(nil)
		}},
		{"the desk starts again", func(*browser) { w.restart(nil) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock.by.Store(0)
			b := w.browser(p)
			stays := w.browser(network.Seat(journey.FrontDesk, "supervisor"))
			b.open("/desk/")
			if b.signedOut() {
				t.Fatal("it ended before")
			}
			twin := b.copied()
			twin.open("/desk/")
			if twin.signedOut() {
				t.Fatal("the cookie is not the session: the test would find nothing")
			}
			stays.open("/desk/")
			c.end(b)
			for _, each := range []*browser{b, twin} {
				each.open("/desk/")
				if !each.signedOut() {
					t.Errorf("somebody is still there:\n%s", each.outline())
				}
				each.mustNot(p.Subject)
			}
			if strings.HasPrefix(c.name, "Hide") || strings.HasPrefix(c.name, "Leave") || strings.HasPrefix(c.name, "Sign out") {
				if stays.open("/desk/"); stays.signedOut() {
					t.Error("it ended for somebody else")
				}
			}
		})
	}
}

// A window that nobody touched hides itself, and ends nothing in another window.
func TestAnIdleWindowEndsNobodysWork(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	if got := b.header.Get("Refresh"); got != "901; url=/desk/locked" {
		t.Errorf("without scripts it hides after %q", got)
	}
	clock.ahead(idleTime - time.Minute)
	b.open("/desk/referrals?role=sender") // in another window
	clock.ahead(2 * time.Minute)
	b.open("/desk/locked")
	b.must("This page was hidden")
	b.mustNot(journey.FrontDesk)
	b.follow("Go on")
	if b.signedOut() {
		t.Error("the idle window ended the other one's session")
	}
	// What a person types on a page that sends nothing is activity.
	clock.ahead(idleTime - time.Minute)
	b.fetch(t.Context(), http.MethodPost, "/desk/here", nil, b.fromHere())
	clock.ahead(idleTime - time.Minute)
	if b.open("/desk/"); b.signedOut() {
		t.Error("the session ended under the hands of somebody who typed")
	}
	clock.ahead(idleTime)
	if b.open("/desk/locked"); !b.signedOut() {
		t.Error("an idle session does not ask who is there")
	}
}

// A form that came too late is kept for the person who wrote it, and for nobody else.
func TestAFormThatCameTooLateIsKept(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	p := w.deskStory(t.Context())
	lawyer := network.Seat(p.lawyer.Agency, "lawyer")
	const written = "Canary of what was written"
	// late fills in a form in a session that is over then.
	late := func(t *testing.T, over func(*browser), long int) *browser {
		t.Helper()
		b := w.browser(lawyer)
		b.t = t
		b.open("/desk/referrals/" + p.referral)
		b.command("assignReferral")
		over(b)
		b.submitMain(values{"/worker": written + strings.Repeat("x", long)})
		if !b.signedOut() {
			t.Fatalf("the session was not over:\n%s", b.outline())
		}
		b.mustNot(written)
		return b
	}
	idles := func(*browser) { clock.ahead(idleTime) }
	kept := func(b *browser) bool { return bytes.Contains(b.body, []byte(written)) }
	for _, c := range []struct {
		name  string
		over  func(*browser)
		long  int
		then  func(*browser)
		who   identity.Principal
		given bool
	}{
		{"the same person", idles, 0, nil, lawyer, true},
		{"after Hide in another window", func(b *browser) {
			b.fetch(t.Context(), http.MethodPost, "/desk/lock", nil, b.fromHere())
		}, 0, nil, lawyer, true},
		{"somebody else of the agency", idles, 0, nil, network.Seat(p.lawyer.Agency, "focal_point"), false},
		{"the same name at another agency", idles, 0, nil, identity.Principal{Subject: lawyer.Subject, Agency: journey.FrontDesk, Roles: lawyer.Roles}, false},
		{"after 14 minutes", idles, 0, func(*browser) { clock.ahead(14 * time.Minute) }, lawyer, true},
		{"after 15 minutes", idles, 0, func(*browser) { clock.ahead(15 * time.Minute) }, lawyer, false},
		{"too long", idles, 64 << 10, nil, lawyer, false},
		{"after Leave", idles, 0, func(b *browser) {
			b.fetch(t.Context(), http.MethodPost, "/desk/leave", nil, b.fromHere())
		}, lawyer, false},
		{"after a restart", idles, 0, func(*browser) { w.restart(nil) }, lawyer, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := late(t, c.over, c.long)
			if said := b.shows("was kept for 15 minutes"); said != (c.long == 0) {
				t.Errorf("the page says that it was kept: %t", said)
			}
			twin := b.copied()
			if c.then != nil {
				c.then(b)
			}
			b.enter(c.who)
			if kept(b) != c.given {
				t.Errorf("given back: %t, want %t:\n%s", kept(b), c.given, b.outline())
			}
			// Nobody is given it a second time, by the same cookie.
			twin.enter(lawyer)
			if kept(twin) {
				t.Error("it was given twice")
			}
		})
	}
}

// A form has its Idempotency-Key: sent again it has one effect, also when it was kept
// meanwhile.
func TestAFormThatIsSentTwiceHasOneEffect(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	p := w.deskStory(t.Context())
	p.accept(t.Context())
	lawyer := network.Seat(p.lawyer.Agency, "lawyer")
	b := w.browser(lawyer)
	contacts := func() (n int) {
		var past struct {
			Items []struct {
				Event string `json:"event"`
			} `json:"items"`
		}
		if err := p.lawyer.Get(t.Context(), "/v1/referrals/"+p.referral+"/history", &past); err != nil {
			t.Fatal(err)
		}
		for _, l := range past.Items {
			if strings.Contains(l.Event, "contact") {
				n++
			}
		}
		return n
	}
	b.open("/desk/referrals/" + p.referral)
	b.command("recordContact")
	at, form := b.at, b.doc
	for range 2 {
		b.at, b.doc = at, form
		b.submitMain(values{"/result": "not_reached"})
		if b.status != http.StatusOK || !b.offers("recordContact") {
			t.Fatalf("%d\n%s", b.status, b.outline())
		}
		if n := contacts(); n != 1 {
			t.Errorf("one form had %d effects", n)
		}
	}
	// The answer was lost, the session ends, and the person sends it again.
	clock.ahead(idleTime)
	b.at, b.doc = at, form
	b.submitMain(values{"/result": "not_reached"})
	b.enter(lawyer)
	b.submitMain(nil)
	if n := contacts(); n != 1 || !b.offers("recordContact") {
		t.Errorf("a form that was kept had %d effects\n%s", n, b.outline())
	}
	// Another form is another attempt to reach her: the test would find a second effect.
	b.command("recordContact")
	b.submitMain(values{"/result": "not_reached"})
	if n := contacts(); n != 2 {
		t.Errorf("two forms had %d effects", n)
	}
}

// Guesses at codes are bounded for each address. A right code takes none of the tries.
func TestGuessesAtCodesAreBounded(t *testing.T) {
	clock := &shiftedClock{}
	w := begin(t, func(w *world) { w.config.Clock = clock.now })
	p := network.Seat(journey.FrontDesk, "caseworker")
	for range 5 {
		w.browser(p)
	}
	b := w.stranger()
	tried := 0
	for range 100 {
		b.open("/desk/sign-in")
		b.submitMain(values{"code": "0000 0000 0000"})
		if b.status == http.StatusTooManyRequests {
			break
		}
		b.must("The code cannot be used.")
		tried++
	}
	if tried < 30 || tried > 40 || b.header.Get("Retry-After") == "" {
		t.Errorf("%d codes can be tried at once; wait %q", tried, b.header.Get("Retry-After"))
	}
	b.must("Too many codes were tried here.")
	code := w.code(p)
	b.submitMain(values{"code": code})
	b.must("Too many codes were tried here.")
	clock.ahead(3 * time.Second)
	b.submitMain(values{"code": code})
	if b.session() == "" {
		t.Errorf("the code that was refused for the number of tries is gone:\n%s", b.outline())
	}
}

// An office stops in order while pages listen: the stream ends, and nothing waits for it.
func TestAnOpenPageDoesNotKeepTheOffice(t *testing.T) {
	w := begin(t)
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.origin()+"/desk/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.jar.Cookies(secure(req.URL)) {
		req.AddCookie(c)
	}
	res, err := plain.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	hello := make([]byte, len("event: hello"))
	if _, err := io.ReadFull(res.Body, hello); err != nil || string(hello) != "event: hello" {
		t.Fatalf("%q %v", hello, err)
	}
	w.stop() // which fails where requests do not finish
	if rest, err := io.ReadAll(res.Body); err != nil || strings.Contains(string(rest), "event") {
		t.Errorf("the stream ends with %q, %v", rest, err)
	}
}
