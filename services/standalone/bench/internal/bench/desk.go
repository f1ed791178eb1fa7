package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// Desk is what pages cost, as a browser gets them: drawn by the desk from what it asks over
// the loopback address of the API.
type Desk struct {
	Open int `json:"open"`
	// Home is the first page, Worklist one of fifty referrals.
	Home     Shown `json:"home"`
	Worklist Shown `json:"worklist"`
	// Bar is what each page should stay under at the 99th percentile, in milliseconds.
	Bar float64 `json:"bar_p99_ms"`
	Met bool    `json:"met"`
}

// Shown is how long one page took.
type Shown struct {
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
}

// barDesk is what a page should stay under, in milliseconds.
const barDesk = 20

// looks is how often a page is asked for.
const looks = 1_000

// routes are the pages, for who is in the process. Any code signs in the focal point of the
// agency whose worklist is long.
func (l *loop) routes() (map[string]http.Handler, error) {
	return desk.Routes(desk.Config{
		Base: func(string) string { return "http://" + l.host.API.String() }, Audience: network.Audience, Clock: l.now,
		Code: func(context.Context, string) (string, error) {
			return l.issuer.Token(network.Seat(loopAgency, "focal_point"), time.Hour)
		},
	})
}

// looking is a browser that is signed in.
type looking struct {
	base    string
	session *http.Cookie
}

func (l *loop) looking(ctx context.Context) (looking, error) {
	b := looking{base: "http://" + l.host.API.String()}
	res, err := b.send(ctx, http.MethodPost, "/desk/sign-in", url.Values{"code": {"0000"}})
	if err != nil {
		return b, err
	}
	_ = res.Body.Close()
	for _, c := range res.Cookies() {
		if c.MaxAge >= 0 && strings.HasPrefix(c.Name, "__Host-") {
			b.session = c
		}
	}
	if b.session == nil {
		return b, fmt.Errorf("nobody is signed in: %s", res.Status)
	}
	return b, nil
}

func (b looking) send(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", b.base)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if b.session != nil {
		req.AddCookie(b.session)
	}
	return http.DefaultTransport.RoundTrip(req)
}

// page gets a page.
func (b looking) page(ctx context.Context, path string) ([]byte, error) {
	res, err := b.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, res.Status)
	}
	return body, err
}

var further = regexp.MustCompile(`href="(/desk/referrals\?[^"]*cursor=[^"]*)"`)

// desk looks at pages of the agency. A worklist is walked through, page after page.
func (l *loop) desk(ctx context.Context, open int) (*Desk, error) {
	b, err := l.looking(ctx)
	if err != nil {
		return nil, err
	}
	runtime.GC()
	d := &Desk{Open: open, Bar: barDesk}
	const list = "/desk/referrals?role=recipient&view=new"
	for _, p := range []struct {
		first, shows string
		into         *Shown
	}{{"/desk/", strings.ReplaceAll(list, "&", "&amp;"), &d.Home}, {list, "/desk/referrals/ref_", &d.Worklist}} {
		var took []time.Duration
		path := p.first
		for range looks {
			start := time.Now()
			body, err := b.page(ctx, path)
			if err != nil {
				return nil, err
			}
			took = append(took, time.Since(start))
			if !strings.Contains(string(body), p.shows) {
				return nil, fmt.Errorf("%s does not show what it should", p.first)
			}
			path = p.first
			if m := further.FindSubmatch(body); m != nil {
				path = strings.ReplaceAll(string(m[1]), "&amp;", "&")
			}
		}
		slices.Sort(took)
		*p.into = Shown{milliseconds(quantile(took, 0.5)), milliseconds(quantile(took, 0.99))}
	}
	d.Met = max(d.Home.P99, d.Worklist.P99) < d.Bar
	return d, nil
}

func (d Desk) print(out io.Writer) {
	fmt.Fprintf(out, "the desk beside %d open referrals: home p50 %.2f ms, p99 %.2f ms; a worklist page p50 %.2f ms, p99 %.2f ms (bar: under %.0f): %s\n",
		d.Open, d.Home.P50, d.Home.P99, d.Worklist.P50, d.Worklist.P99, d.Bar, verdict(d.Met))
}

// Unwatched is what the pages cost while nobody looks at them: the share of one processor
// that the referral service takes at rest, with and without them.
type Unwatched struct {
	With    float64 `json:"with_percent"`
	Without float64 `json:"without_percent"`
	// Bar is what the pages should add at most, in percent of a processor.
	Bar float64 `json:"bar_percent"`
	Met bool    `json:"met"`
}

// barUnwatched is what pages at which nobody looks may take, in percent of a processor.
const barUnwatched = 1

// unwatchedRounds is how often each is looked at, by turns. What the process does besides only
// adds to the share, so the least is the nearest.
const unwatchedRounds = 3

// measureUnwatched looks at a process at rest, for a while each.
func measureUnwatched(ctx context.Context, dir string, d time.Duration) (*Unwatched, error) {
	least := map[bool]float64{false: 100, true: 100}
	for round := range unwatchedRounds {
		for _, pages := range []bool{false, true} {
			share, err := resting(ctx, filepath.Join(dir, fmt.Sprint(round, pages)), pages, d)
			if err != nil {
				return nil, err
			}
			least[pages] = min(least[pages], share)
		}
	}
	u := &Unwatched{With: least[true], Without: least[false], Bar: barUnwatched}
	u.Met = u.With-u.Without < u.Bar
	return u, nil
}

// resting is the share of a processor that the process takes, in percent.
func resting(ctx context.Context, dir string, pages bool, d time.Duration) (_ float64, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	l, err := openLoop(ctx, filepath.Join(dir, "data"), pages)
	if err != nil {
		return 0, err
	}
	defer func() {
		if e := l.close(); err == nil {
			err = e
		}
	}()
	runtime.GC()
	// The start is over when its own tasks are.
	time.Sleep(d / 5)
	before, began := used(), time.Now()
	time.Sleep(d)
	return 100 * float64(used().processor-before.processor) / float64(time.Since(began)), nil
}

func (u Unwatched) print(out io.Writer) {
	fmt.Fprintf(out, "while nobody looks, the process takes %.2f %% of a processor with the pages and %.2f %% without (bar: %.0f %% more): %s\n",
		u.With, u.Without, u.Bar, verdict(u.Met))
}
