package guarantees_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/patience"
)

// browser is what somebody at the desk has: a browser without scripts. It sends what
// browsers send, keeps cookies by their rules, follows links and fills forms by the words
// that a person reads, and holds every answer against what each page of the desk keeps.
type browser struct {
	w   *world
	t   testing.TB
	jar *cookiejar.Jar
	// language is what it asks for.
	language string
	// base is where the desk is; empty is the office's own.
	base string
	// noFetch leaves out Sec-Fetch-Site, as old telephones do.
	noFetch bool

	at     *url.URL
	status int
	header http.Header
	body   []byte
	doc    *html.Node
	// trail is every answer so far.
	trail []seenPage
	// who signed in last; nil for nobody.
	who *identity.Principal
	// asked is the request whose answer the browser shows.
	asked asked
	// twin is a browser of the same person in the language of tests (disguised).
	twin *browser
}

// asked is one request: what a person opened, or sent.
type asked struct {
	method string
	at     *url.URL
	form   url.Values
}

// seenPage is one answer, and what was asked.
type seenPage struct {
	method, address string
	status          int
	header          http.Header
	body            []byte
}

// browser signs a person in, by a code that was made for them.
func (w *world) browser(p identity.Principal) *browser {
	w.t.Helper()
	b := w.stranger()
	b.signIn(p)
	return b
}

// stranger is a browser in which nobody signed in.
func (w *world) stranger() *browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w: w, t: w.t, jar: jar, language: "en"}
}

// code is one for a person.
func (w *world) code(p identity.Principal) string {
	w.t.Helper()
	now := time.Now
	if w.config.Clock != nil {
		now = w.config.Clock
	}
	code, err := w.Codes.Make(p, now())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// signIn types a code of a person's, and goes on.
func (b *browser) signIn(p identity.Principal) {
	b.t.Helper()
	b.enter(p)
	b.follow("Continue")
}

// enter types a code of a person's.
func (b *browser) enter(p identity.Principal) {
	b.t.Helper()
	b.open("/desk/sign-in")
	b.submitMain(values{"code": b.w.code(p)})
	b.who = &p
}

// open types an address.
func (b *browser) open(path string) {
	b.t.Helper()
	b.at = nil
	b.visit(http.MethodGet, path, nil)
}

func (b *browser) origin() string { return cmp.Or(b.base, b.w.Base()) }

// path is where the browser is.
func (b *browser) path() string { return b.at.RequestURI() }

// follow goes where a link leads: the first one of these words.
func (b *browser) follow(words string) {
	b.t.Helper()
	for n := range elements(b.doc, "a") {
		if strings.Contains(text(n), words) {
			b.visit(http.MethodGet, attribute(n, "href"), nil)
			return
		}
	}
	b.t.Fatalf("%s has no link %q:\n%s", b.path(), words, b.outline())
}

// values are what is put into a form, by label, or by the name of the field. The words of an
// option choose it, or its code; yes ticks a box.
type values map[string]string

// submit fills the form that has a button of these words, and presses it.
func (b *browser) submit(button string, fill values) {
	b.t.Helper()
	for pressed := range elements(b.doc, "button") {
		if text(pressed) != button {
			continue
		}
		form := above(pressed, "form")
		if form == nil {
			b.t.Fatalf("the button %q of %s sends nothing", button, b.path())
		}
		sent := b.filled(form, fill, attribute(pressed, "formnovalidate") != none)
		if name := attribute(pressed, "name"); name != none {
			sent.Add(name, attribute(pressed, "value"))
		}
		method, action := strings.ToUpper(attribute(form, "method")), attribute(form, "action")
		if other := attribute(pressed, "formaction"); other != none {
			action = other
		}
		if method != http.MethodPost {
			b.visit(http.MethodGet, action+"?"+sent.Encode(), nil)
			return
		}
		b.visit(http.MethodPost, action, sent)
		return
	}
	b.t.Fatalf("%s has no button %q:\n%s", b.path(), button, b.outline())
}

// filled is what a form sends.
func (b *browser) filled(form *html.Node, fill values, unchecked bool) url.Values {
	b.t.Helper()
	sent, used := url.Values{}, map[string]bool{}
	for n := range elements(form, "input", "select", "textarea") {
		name, label := attribute(n, "name"), b.name(n)
		wanted, given := fill[label]
		if name == none {
			continue
		}
		used[label] = used[label] || given
		if !given {
			wanted, given = fill[name]
			used[name] = used[name] || given
		}
		var got []string
		switch kind := attribute(n, "type"); {
		case n.Data == "select":
			got = b.chosen(n, label, wanted, given)
		case kind == "checkbox" || kind == "radio":
			tick := attribute(n, "checked") != none
			if given {
				tick = wanted == "yes"
			}
			if tick {
				got = []string{attribute(n, "value")}
			}
		case given:
			got = []string{wanted}
		case n.Data == "textarea":
			got = []string{raw(n)}
		default:
			got = []string{strings.TrimPrefix(attribute(n, "value"), none)}
		}
		if attribute(n, "required") != none && !unchecked && strings.Join(got, "") == "" {
			b.t.Fatalf("%s: %q must be filled in", b.path(), label)
		}
		for _, v := range got {
			sent.Add(name, v)
		}
	}
	for label := range fill {
		if !used[label] {
			b.t.Fatalf("%s has no field %q:\n%s", b.path(), label, b.outline())
		}
	}
	return sent
}

func (b *browser) chosen(n *html.Node, label, wanted string, given bool) (got []string) {
	b.t.Helper()
	first := none
	for o := range elements(n, "option") {
		value := attribute(o, "value")
		if value == none {
			value = text(o)
		}
		if first == none {
			first = value
		}
		if given && (text(o) == wanted || value == wanted) || !given && attribute(o, "selected") != none {
			return []string{value}
		}
	}
	if given {
		b.t.Fatalf("%s: %q cannot be %q", b.path(), label, wanted)
	}
	return []string{first}
}

// visit sends one request and follows where it leads.
func (b *browser) visit(method, ref string, form url.Values) {
	b.t.Helper()
	base, err := url.Parse(b.origin())
	if err != nil {
		b.t.Fatal(err)
	}
	from := b.at
	if from != nil {
		base = from
	}
	to, err := base.Parse(strings.TrimPrefix(ref, none))
	if err != nil {
		b.t.Fatal(err)
	}
	for range 10 {
		res := b.send(method, to, from, form)
		b.at, b.asked = to, asked{method, to, form}
		if res.StatusCode != http.StatusSeeOther {
			if b.doc, err = html.Parse(bytes.NewReader(b.body)); err != nil {
				b.t.Fatal(err)
			}
			return
		}
		if to, err = to.Parse(res.Header.Get("Location")); err != nil {
			b.t.Fatal(err)
		}
		method, form = http.MethodGet, nil
	}
	b.t.Fatalf("%s leads round in a circle", ref)
}

// plain reaches the desk as a browser does: nothing judges what it sends.
var plain = &http.Client{
	Timeout:       answer,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// send is one request, as a browser sends it that looks at a page.
func (b *browser) send(method string, to, from *url.URL, form url.Values) *http.Response {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, to.String(), body)
	if err != nil {
		b.t.Fatal(err)
	}
	maps.Copy(req.Header, http.Header{
		"Accept": {"text/html,application/xhtml+xml"}, "Accept-Language": {b.language},
		"Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"document"}, "Sec-Fetch-Site": {"none"},
	})
	if from != nil {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		// What a page says of referrers holds for the origin of its forms, too (Fetch, "append
		// a request Origin header").
		req.Header.Set("Origin", "null")
		if b.header.Get("Referrer-Policy") != "no-referrer" {
			req.Header.Set("Origin", to.Scheme+"://"+to.Host)
		}
	}
	if b.noFetch {
		for _, name := range []string{"Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"} {
			req.Header.Del(name)
		}
	}
	for _, c := range b.jar.Cookies(secure(to)) {
		req.AddCookie(c)
	}
	return b.answered(req)
}

// secure is an address as browsers see it: this machine itself counts as secure.
func secure(u *url.URL) *url.URL {
	s := *u
	s.Scheme = "https"
	return &s
}

func (b *browser) answered(req *http.Request) *http.Response {
	b.t.Helper()
	res, err := plain.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if b.body, err = io.ReadAll(res.Body); err != nil {
		b.t.Fatal(err)
	}
	b.status, b.header = res.StatusCode, res.Header
	before := b.jar.Cookies(secure(req.URL))
	for _, c := range res.Cookies() {
		// RFC 6265bis, section 4.1.3.2.
		if strings.HasPrefix(c.Name, "__Host-") && (!c.Secure || c.Path != "/" || c.Domain != "") {
			b.t.Errorf("browsers do not take the cookie %s", c.Name)
		}
	}
	b.jar.SetCookies(secure(req.URL), res.Cookies())
	b.trail = append(b.trail, seenPage{req.Method, req.URL.RequestURI(), res.StatusCode, res.Header, b.body})
	b.judge(req, before)
	return res
}

// policy is what every page says of itself, with the nonce taken out.
var policy = "default-src 'none'; script-src 'nonce-N'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types htmx"

var (
	nonce = regexp.MustCompile(`nonce="([^"]+)"`)
	title = regexp.MustCompile(`(?s)<title>(.*?)</title>`)
	// addresses hold the ids of records, and codes: nothing that somebody wrote.
	addresses = regexp.MustCompile(`^/(desk|console)(/[a-zA-Z0-9_.~-]*)*(\?[a-zA-Z0-9_.~%&=+-]*)?$`)
)

// judge holds an answer against what each answer of the desk keeps.
func (b *browser) judge(req *http.Request, before []*http.Cookie) {
	b.t.Helper()
	at := req.Method + " " + req.URL.Path
	if strings.HasPrefix(req.URL.Path, "/desk/asset/") || !strings.HasPrefix(req.URL.Path, "/desk") && !strings.HasPrefix(req.URL.Path, "/console") {
		return
	}
	if got := b.header.Get("Cache-Control"); got != "no-store" {
		b.t.Errorf("%s may be kept: %q", at, got)
	}
	if !addresses.MatchString(req.URL.RequestURI()) {
		b.t.Errorf("%s: an address holds more than ids and codes", at)
	}
	said := b.header.Get("Content-Security-Policy")
	if m := regexp.MustCompile(`'nonce-([^']+)'`).FindStringSubmatch(said); m == nil || strings.Replace(said, m[1], "N", 1) != policy {
		b.t.Errorf("%s: its policy is %q", at, said)
	} else {
		for _, n := range nonce.FindAllSubmatch(b.body, -1) {
			if string(n[1]) != html.EscapeString(m[1]) {
				b.t.Errorf("%s has the nonce of another answer", at)
			}
		}
	}
	if m := title.FindSubmatch(b.body); m != nil && string(m[1]) != "Desk" && b.language == "en" {
		b.t.Errorf("%s has a title of its own: %q", at, m[1])
	}
	for _, c := range slices.Concat(before, b.jar.Cookies(secure(req.URL))) {
		if strings.HasPrefix(c.Name, "__Host-") && bytes.Contains(b.body, []byte(c.Value)) {
			b.t.Errorf("%s holds the session", at)
		}
	}
	for _, never := range []string{" style=", " onclick", " onload", "hx-on", "javascript:", "js:"} {
		if bytes.Contains(b.body, []byte(never)) {
			b.t.Errorf("%s has %q in it", at, never)
		}
	}
}

// shows says whether the words stand on the page.
func (b *browser) shows(words string) bool { return strings.Contains(text(b.doc), words) }

// must is for what has to stand on the page.
func (b *browser) must(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if !b.shows(w) {
			b.t.Errorf("%s (%d) does not say %q:\n%s", b.path(), b.status, w, b.outline())
		}
	}
}

// mustNot is for what may not stand there.
func (b *browser) mustNot(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if b.shows(w) {
			b.t.Errorf("%s says %q", b.path(), w)
		}
	}
}

// signedOut says that the page asks who is there.
func (b *browser) signedOut() bool {
	for n := range elements(b.doc, "form") {
		if attribute(n, "action") == "/desk/sign-in" {
			return true
		}
	}
	return false
}

// heading is the name of the page.
func (b *browser) heading() string {
	for n := range elements(b.doc, "h1") {
		return text(n)
	}
	return ""
}

// session is the cookie of the session; empty for none.
func (b *browser) session() string {
	base, _ := url.Parse(b.origin())
	for _, c := range b.jar.Cookies(secure(base)) {
		if strings.HasPrefix(c.Name, "__Host-") {
			return c.Value
		}
	}
	return ""
}

// fetch is any request of another page or program, with the cookies of this browser. What
// the browser shows stays.
func (b *browser) fetch(ctx context.Context, method, path string, form url.Values, header http.Header) (status int, got http.Header, body []byte) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, b.origin()+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range b.jar.Cookies(secure(req.URL)) {
		req.AddCookie(c)
	}
	maps.Copy(req.Header, header)
	res, err := plain.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, err = io.ReadAll(res.Body); err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, res.Header, body
}

func (p seenPage) String() string { return fmt.Sprintf("%s %s: %d", p.method, p.address, p.status) }

// command opens the form of an operation that the page offers.
func (b *browser) command(operation string) {
	b.t.Helper()
	if !b.offers(operation) {
		b.t.Fatalf("%s does not offer %s:\n%s", b.path(), operation, b.outline())
	}
	for n := range elements(b.doc, "a") {
		if strings.HasPrefix(attribute(n, "href"), "/desk/do/"+operation+"/") {
			b.visit(http.MethodGet, attribute(n, "href"), nil)
			return
		}
	}
}

// offers says whether the page offers an operation.
func (b *browser) offers(operation string) bool {
	for n := range elements(b.doc, "a") {
		if strings.HasPrefix(attribute(n, "href"), "/desk/do/"+operation+"/") {
			return true
		}
	}
	return false
}

// commands are the operations that the page offers.
func (b *browser) commands() (names []string) {
	for n := range elements(b.doc, "a") {
		if rest, ok := strings.CutPrefix(attribute(n, "href"), "/desk/do/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			names = append(names, name)
		}
	}
	return names
}

// submitMain presses the button that stands out.
func (b *browser) submitMain(fill values) {
	b.t.Helper()
	for n := range elements(b.doc, "button") {
		if attribute(n, "class") == "main" {
			b.submit(text(n), fill)
			return
		}
	}
	b.t.Fatalf("%s has no button that stands out:\n%s", b.path(), b.outline())
}

// until looks again until a page is as expected, as long as the network works.
func (b *browser) until(what string, holds func() bool) {
	b.t.Helper()
	patience.Until(b.t, what, holds, b.w.running().moves)
}
