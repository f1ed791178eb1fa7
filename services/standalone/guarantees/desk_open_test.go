package guarantees_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/desk/desktest"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// still asks what a page asks on which stands what may have to be taken off.
func (b *browser) still() int {
	b.t.Helper()
	path := ""
	for _, kind := range []string{"div", "section"} {
		for n := range elements(b.doc, kind) {
			if still := attribute(n, "data-still"); strings.HasPrefix(still, "/") {
				path = still
			}
		}
	}
	if path == "" {
		b.t.Fatalf("nothing stands here that may be taken off:\n%s", b.outline())
	}
	status, _, body := b.fetch(b.t.Context(), http.MethodGet, path, nil, b.fromHere())
	if len(body) > 0 {
		b.t.Errorf("the answer says more than that it still stands: %s", body)
	}
	return status
}

var someName = regexp.MustCompile(`\{\w+\}`)

// does is what her desk does on her case.
func (p confided) does(path string, body m) {
	p.t.Helper()
	if err := p.front.Post(p.t.Context(), "/v1/cases/"+p.id+path, body, nil); err != nil {
		p.t.Fatal(err)
	}
}

// What takes her data away from an agency takes an open packet off its screen.
func TestAnOpenPacketIsHidden(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func(p confided){
		"she takes her consent back":        func(p confided) { p.withdraw(t.Context()) },
		"contact to her is closed":          func(p confided) { p.does("/contact/suspend", m{}) },
		"her desk changes how to reach her": func(p confided) { p.does("/amend", m{"reason": "correction", "contact": m{"phone": "+000 0000 0001"}}) },
	} {
		t.Run(name, func(t *testing.T) {
			p := w.confide(t.Context())
			p.accept(t.Context())
			b := w.browser(network.Seat(p.lawyer.Agency, "lawyer"))
			b.t = t
			b.open("/desk/referrals/" + p.referral)
			b.packet()
			w.idle()
			if got := b.still(); got != http.StatusNoContent {
				t.Fatalf("nothing happened, and the packet is hidden: %d", got)
			}
			end(p)
			w.idle()
			if got := b.still(); got != http.StatusResetContent {
				t.Errorf("the packet stands on the page: %d", got)
			}
		})
	}
}

// When her contact is closed, a page of her case that stands open shows no more how to reach
// her. It asks without a look: nobody looked.
func TestAnOpenCaseIsHiddenWhenContactCloses(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	p := w.confide(t.Context())
	b := w.browser(network.Seat(journey.FrontDesk, "caseworker"))
	b.open("/desk/cases/" + p.id)
	looks := look(t.Context(), t, p.front, "/v1/cases/"+p.id+"/looks").Body
	if got := b.still(); got != http.StatusNoContent {
		t.Fatalf("nothing happened, and the case is hidden: %d", got)
	}
	if diff := cmp.Diff(string(looks), string(look(t.Context(), t, p.front, "/v1/cases/"+p.id+"/looks").Body)); diff != "" {
		t.Errorf("a page that stands open adds a look:\n%s", diff)
	}
	p.does("/contact/suspend", m{})
	if got := b.still(); got != http.StatusResetContent {
		t.Errorf("how to reach her stands on the page: %d", got)
	}
}

// What takes work away from its worker takes what is in it off an open page.
func TestOpenWorkIsHiddenAfterHerNo(t *testing.T) {
	w := begin(t)
	w.registered()
	p, r := w.confide(t.Context()), roomOf("lawyer")
	p.accept(t.Context())
	path := r.work + p.referral[len("ref"):]
	w.gives(p.lawyer, r.role, p.referral, path)
	if a := look(t.Context(), t, p.lawyer, path); a.Status != http.StatusOK {
		t.Fatal(a.Status)
	}
	if err := p.lawyer.Post(t.Context(), path+"/advice", m{"topic": "protection", "summary": canary}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	b := w.browser(network.Seat(p.lawyer.Agency, r.role))
	b.open(roomPage[r.role] + path[strings.LastIndex(path, "/"):])
	b.must(canary)
	if got := b.still(); got != http.StatusNoContent {
		t.Fatalf("nothing happened, and the work is hidden: %d", got)
	}
	// What its worker does ends nothing.
	if err := p.lawyer.Post(t.Context(), "/v1/referrals/"+p.referral+"/contact", m{"result": "reached"}, nil); err != nil {
		t.Fatal(err)
	}
	w.idle()
	if got := b.still(); got != http.StatusNoContent {
		t.Fatalf("its worker reached her, and the work is hidden: %d", got)
	}
	p.withdraw(t.Context())
	w.idle()
	if got := b.still(); got != http.StatusResetContent {
		t.Errorf("what is in the work stands on the page: %d", got)
	}
}

// What no form of a browser is gets an answer in words, and is no fault of the desk.
func TestWhatCannotBeReadIsNoFault(t *testing.T) {
	w := begin(t)
	front, machines := w.browser(network.Seat(journey.FrontDesk, "caseworker")), w.browser(network.Seat(journey.Coordination, "operator"))
	long := url.Values{"/narrative": {strings.Repeat("x", 300<<10)}}
	for _, b := range []*browser{front, machines} {
		for _, pattern := range desktest.Pages() {
			method, path, _ := strings.Cut(pattern, " ")
			path = strings.TrimSuffix(path, "{$}")
			path = someName.ReplaceAllString(path, "openCase")
			if method == http.MethodGet {
				if status, _, body := b.fetch(t.Context(), method, path+"?a=%zz&b;c", nil, b.fromHere()); status >= 500 {
					t.Errorf("%s: %d %s", pattern, status, body)
				}
				continue
			}
			if status, _, body := b.fetch(t.Context(), method, path, long, b.fromHere()); status >= 500 {
				t.Errorf("%s, too long: %d %s", pattern, status, body)
			}
		}
	}
	for field, path := range map[string]string{"key": "/desk/cases/open", "version": "/desk/do/handOverCase/case_1"} {
		form := url.Values{"key": {"f81d4fae-7dec-41d0-a765-00a0c91e6bf6"}}
		form.Set(field, "x\r\nX: y")
		status, _, body := front.fetch(t.Context(), http.MethodPost, path, form, front.fromHere())
		if status >= 500 {
			t.Errorf("a %s that cannot stand in a request: %d %s", field, status, body)
		}
	}
}

// A service may do what it was asked, and its answer may be lost. The form is there still, and
// sent again it has one effect.
func TestAFormWhoseAnswerIsLost(t *testing.T) {
	w := begin(t)
	if err := journey.Register(t.Context(), w.cast()); err != nil {
		t.Fatal(err)
	}
	who := network.Seat(journey.FrontDesk, "caseworker")
	target, err := url.Parse(w.Base())
	if err != nil {
		t.Fatal(err)
	}
	var swallow atomic.Bool
	between := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(r *http.Response) error {
			if r.Request.Method == http.MethodPost && swallow.Load() {
				panic(http.ErrAbortHandler)
			}
			return nil
		},
	})
	defer between.Close()
	routes, err := desk.Routes(desk.Config{
		Audience: network.Audience, Logger: w.config.Telemetry.Logger, Base: func(string) string { return between.URL },
		Code: func(context.Context, string) (string, error) { return w.deskOf(who).Token, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(routed(routes))
	defer server.Close()
	b := w.stranger()
	b.base = server.URL
	b.open("/desk/sign-in")
	b.submitMain(values{"code": "any"})
	b.follow("Continue")
	b.open("/desk/cases/open")
	swallow.Store(true)
	b.submitMain(values{"/channel": "hotline", "/country": "GT", "/programme": "guatemala", "/narrative": "What she told."})
	if b.status != http.StatusServiceUnavailable {
		t.Fatalf("the answer is lost, and the page says %d:\n%s", b.status, b.outline())
	}
	b.must("It is not known whether this was done.")
	b.mustNot("Nothing was changed.")
	swallow.Store(false)
	b.submitMain(nil)
	if b.status != http.StatusOK || !strings.HasPrefix(b.path(), "/desk/cases/case_") {
		t.Fatalf("sent again, it leads to %s (%d)", b.path(), b.status)
	}
	var cases struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := w.deskOf(who).Get(t.Context(), "/v1/cases", &cases); err != nil || len(cases.Items) != 1 {
		t.Errorf("%d cases: %v", len(cases.Items), err)
	}
}

// Of several who have a dead letter judged again at once, one does, and there is one letter.
func TestSeveralJudgeALetterAtOnce(t *testing.T) {
	w := begin(t, func(w *world) { w.unwatched = true }) // the message that is buried is no event
	w.bury()
	b := w.browser(machines)
	b.open("/console/letters")
	b.follow("malformed_event")
	action := b.path() + "/replay"
	statuses := make(chan int)
	const many = 6
	for range many {
		go func() {
			status, _, _ := b.fetch(t.Context(), http.MethodPost, action, url.Values{"reason": {"The room was mended."}}, b.fromHere())
			statuses <- status
		}()
	}
	got := map[int]int{}
	for range many {
		got[<-statuses]++
	}
	if d := cmp.Diff(map[int]int{http.StatusSeeOther: 1, http.StatusConflict: many - 1}, got); d != "" {
		t.Errorf("the answers:\n%s", d)
	}
	if n := strings.Count(w.admin("/deadletters"), buried); n != 1 {
		t.Errorf("there are %d letters", n)
	}
}
