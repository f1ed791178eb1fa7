// Package site is the pages of the desk. A page asks the services in the name of the person
// who looks at it, and shows what they answer. It refuses to know more: no page has a store,
// and none is shown twice from memory.
package site

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/api"
	"github.com/sanad-network/sanad/services/desk/internal/asset"
	"github.com/sanad-network/sanad/services/desk/internal/console"
	"github.com/sanad-network/sanad/services/desk/internal/guard"
	"github.com/sanad-network/sanad/services/desk/internal/session"
	"github.com/sanad-network/sanad/services/desk/internal/words"
)

// Config is what the pages need. A field without a default is required.
type Config struct {
	Client   *api.Client
	Sessions *session.Sessions
	Words    *words.Book
	// Consents are the texts that are read to her. Default: none, and pages say to use an
	// interpreter.
	Consents *words.Consents
	Logger   *slog.Logger
	// Code takes a code of the office, once, and gives a token for it. Default: nobody
	// signs in by a code.
	Code func(ctx context.Context, code string) (token string, err error)
	// Provider is where people of a network sign in. Default: nobody does.
	Provider Provider
	// Zone is the zone of a person who has chosen none. Default: UTC.
	Zone *time.Location
	// Behind is guard.Config.Behind.
	Behind bool
	// Training has every page say that nothing is real.
	Training bool
	// Bell rings when an open page of an agency should look again. Default: it does so by
	// itself, now and then.
	Bell func(ctx context.Context, agency string) <-chan struct{}
	// Done is closed when the server takes no requests any more. Default: never.
	Done <-chan struct{}
	// Beat is how often an open page looks again by itself, and Rest the shortest time
	// between two looks. Default: 30 seconds, and one second.
	Beat, Rest time.Duration
	// Clock gives the time. Default: the wall clock.
	Clock func() time.Time
	// Admin asks the admin addresses of the services, for the console. Default: none is known.
	Admin *console.Client
	// Runbooks are what operators read. Default: there are none.
	Runbooks console.Runbooks
	// Watch stands around all pages. Default: nothing does.
	Watch func(http.Handler) http.Handler
}

// Site is the pages.
type Site struct {
	cfg       Config
	mux       *http.ServeMux
	listeners listeners
	guesses   guesses
	// tells bounds how many codes of cards can be tried from one address, right ones too: else
	// the bound would tell them apart.
	tells guesses
	admin *console.Client
	// patterns are those of the pages for who is signed in.
	patterns []string
}

// Patterns are those of all pages for who is signed in, as http.ServeMux has them.
func Patterns() []string { return open(Config{}).patterns }

// New makes the pages.
func New(cfg Config) http.Handler {
	var pages http.Handler = open(cfg).mux
	if cfg.Watch != nil {
		pages = cfg.Watch(pages)
	}
	return guard.New(guard.Config{Behind: cfg.Behind}, pages)
}

func open(cfg Config) *Site {
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Admin == nil {
		cfg.Admin = console.New(nil, nil, cfg.Clock)
	}
	cfg.Beat, cfg.Rest = cmp.Or(cfg.Beat, beat), cmp.Or(cfg.Rest, rest)
	s := &Site{
		cfg: cfg, mux: http.NewServeMux(), listeners: listeners{open: map[string]*listener{}},
		guesses: guesses{now: cfg.Clock, full: map[string]time.Time{}}, tells: guesses{now: cfg.Clock, full: map[string]time.Time{}}, admin: cfg.Admin,
	}
	s.mux.Handle("GET "+asset.Prefix, asset.Handler())
	s.mux.Handle("GET /desk", http.RedirectHandler("/desk/", http.StatusSeeOther))
	s.mux.Handle("GET /console", http.RedirectHandler("/console/", http.StatusSeeOther))
	s.signIn()
	s.pages()
	return s
}

// visit is one look at one page by one person.
type visit struct {
	*http.Request
	site *Site
	w    http.ResponseWriter
	// S is the session; its token is empty where nobody is signed in.
	S session.Session
	W words.Words
	// uses is the programme of the record of the page; nil before one is read.
	uses *inUse
	// sheet says that the page has something to print; other pages print blank.
	sheet bool
	// before is the id of an earlier session that no cookie brought.
	before string
	// sent is the form that came, as it came.
	sent url.Values
	// inside says that the page is for who is signed in, and for nobody else.
	inside bool
}

// page serves a page to who is signed in.
func (s *Site) page(pattern string, show func(*visit) (templ.Component, error)) {
	s.patterns = append(s.patterns, pattern)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, s.most(w, r))
		now, ok := s.cfg.Sessions.Of(r, r.Header.Get(bellHeader) == "")
		v := s.visit(w, r, now)
		if !ok {
			s.stranger(v)
			return
		}
		// Without scripts, too, an idle page hides itself.
		w.Header().Set("Refresh", refresh(s.cfg.Sessions.Idle()))
		v.inside = true
		shown, err := v.shown(show)
		switch {
		case err != nil:
			s.fail(v, err)
		case shown != nil:
			v.render(http.StatusOK, shown)
		}
	})
}

// most is how many bytes a request may have: as a form, or with the file that its command
// takes, which also has the time of a slow line.
func (s *Site) most(w http.ResponseWriter, r *http.Request) int64 {
	file := s.file(r)
	if file > 0 {
		until := time.Now().Add(slowest) // the line's own time, and not that of the desk
		line := http.NewResponseController(w)
		_ = errors.Join(line.SetReadDeadline(until), line.SetWriteDeadline(until)) // a line that is gone is found soon
	}
	return maxForm + file
}

// file is how many bytes the file of a request may have; 0 where its command takes none.
func (s *Site) file(r *http.Request) int64 {
	op := r.PathValue("op")
	if op == "" {
		return 0
	}
	return int64(s.cfg.Client.Contract().Operations[op].Most)
}

const (
	maxForm = 256 << 10
	slowest = 3 * time.Minute
)

// shown makes a page of what was sent. Errors: *api.Problem for what cannot be read.
func (v *visit) shown(show func(*visit) (templ.Component, error)) (templ.Component, error) {
	err := v.parse()
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, &api.Problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large"}
	}
	if err != nil {
		return nil, &api.Problem{Status: http.StatusBadRequest, Code: "malformed"}
	}
	v.sent = url.Values{}
	for name, values := range v.PostForm {
		v.sent[name] = slices.Clone(values)
	}
	return show(v)
}

// parse reads the form. A file stays in memory: what is written to a disk on the way would
// lie there open.
func (v *visit) parse() error {
	if file := v.site.file(v.Request); file > 0 && strings.HasPrefix(v.Header.Get("Content-Type"), "multipart/") {
		return v.ParseMultipartForm(maxForm + file) //nolint:gosec // the body has a bound
	}
	return v.ParseForm()
}

func (s *Site) visit(w http.ResponseWriter, r *http.Request, now session.Session) *visit {
	language, zone := now.Language, s.cfg.Zone
	if language == "" {
		language = s.chosen(r)
	}
	if z, err := time.LoadLocation(now.Zone); err == nil && now.Zone != "" {
		zone = z
	}
	return &visit{Request: r, site: s, w: w, S: now, W: s.cfg.Words.In(language, zone)}
}

// stranger shows sign-in in the place of a page. What was posted is kept for who had the
// session.
func (s *Site) stranger(v *visit) {
	if v.Header.Get(bellHeader) != "" {
		v.w.WriteHeader(http.StatusNoContent) // the page that asked is still there
		return
	}
	kept := false
	v.S, v.inside = session.Session{}, false
	if v.Method == http.MethodPost && v.ParseForm() == nil {
		kept = s.cfg.Sessions.Keep(v.Request, session.Form{Path: v.URL.Path, Values: v.PostForm})
	}
	v.render(http.StatusOK, signInPage(v, kept, ""))
}

// fail shows what went wrong, in words, with what can be done.
func (s *Site) fail(v *visit, err error) {
	p := api.Refused(err)
	switch {
	case p != nil && p.Status == http.StatusUnauthorized:
		s.cfg.Sessions.Lock(v.Request)
		s.stranger(v)
	case p != nil:
		v.render(p.Status, problemPage(v, p))
	case errors.Is(err, api.ErrAway):
		v.render(http.StatusServiceUnavailable, awayPage(v))
	default:
		// The error names operations, and never what a person wrote.
		s.cfg.Logger.ErrorContext(v.Context(), "a page cannot be shown", slog.String("operation", v.Pattern), slog.Any("error", err))
		v.render(http.StatusInternalServerError, brokenPage(v))
	}
}

// render answers with a page. A person may have hidden the desk while a service was asked:
// then nothing of the page is shown any more.
func (v *visit) render(status int, page templ.Component) {
	if v.inside {
		if _, still := v.site.cfg.Sessions.Of(v.Request, false); !still {
			v.site.stranger(v)
			return
		}
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_ = page.Render(v.Context(), v.w) // a browser that left is nobody's fault
}

// to answers with another page (PRG): the way back does not post again.
func (v *visit) to(path string) (templ.Component, error) {
	http.Redirect(v.w, v.Request, path, http.StatusSeeOther) //nolint:gosec // back lets no other host through
	return nil, nil
}

// ask asks a service in the name of the person.
func (v *visit) ask(ask api.Ask) (api.Answer, error) {
	return v.site.cfg.Client.Do(v.Context(), v.S.Token, ask)
}

func (v *visit) contract() *api.Contract { return v.site.cfg.Client.Contract() }

// get reads one answer into a value, and gives its version.
func (v *visit) get(op, id string, query url.Values, out any) (api.Answer, error) {
	answer, err := v.ask(api.Ask{Op: op, ID: id, Query: query})
	if err != nil {
		return answer, err
	}
	return answer, answer.Into(out)
}

// Nonce is what the scripts of the page carry.
func (v *visit) Nonce() string { return guard.Nonce(v.Context()) }

// at is an instant in words: in the zone and by the hours of the person.
func (v *visit) at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.W.Moment("format.moment", t)
}

// errNowhere is that nothing is there: also what a page says to who may not know of it.
var errNowhere error = &api.Problem{Status: http.StatusNotFound, Code: "not_found"}

// back is a path of the desk that a form named, or else another.
func back(path, otherwise string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.Contains(u.Path, "..") || !strings.HasPrefix(u.Path, "/desk/") && !strings.HasPrefix(u.Path, "/console/") {
		return otherwise
	}
	return path
}
