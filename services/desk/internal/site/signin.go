package site

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/sanad-network/sanad/services/desk/internal/session"
)

// Provider is where people of a network prove who they are.
type Provider interface {
	// Start sends a browser there. Errors: Refusal.
	Start(w http.ResponseWriter, r *http.Request) error
	// Finish takes what the browser brings back, and gives a token for this network, and
	// the id of the session that the browser had when it began: the cookie of a session does
	// not come along where another site led back. Errors: Refusal; session.ErrToken where the person was proven and has no place in
	// this network, so that to try again does not help.
	Finish(w http.ResponseWriter, r *http.Request) (token, before string, err error)
}

// Refusal is why a provider did not sign somebody in. Its text is constant and names
// nobody: operators read it, and the person does not.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// ErrCode says that a code is not known, was used, or is too old. Which, nobody is told.
var ErrCode = errors.New("the code cannot be used")

// languageCookie remembers the language before sign-in. It tells nothing of anybody.
const languageCookie = "sanad-language"

func (s *Site) signIn() {
	s.open("GET /desk/sign-in", func(v *visit) (templ.Component, error) { return signInPage(v, false, ""), nil })
	s.open("POST /desk/sign-in", s.byCode)
	s.open("GET /desk/locked", s.hidden)
	// What a person does on a page that sends nothing is activity, too. A page whose person
	// left at another browser is told so: who touches it now would keep it open.
	s.mux.HandleFunc("POST /desk/here", func(w http.ResponseWriter, r *http.Request) {
		if s.cfg.Sessions.Of(r, true); s.cfg.Sessions.Ended(r) {
			w.WriteHeader(http.StatusResetContent)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	s.open("GET /desk/left", func(v *visit) (templ.Component, error) {
		v.S = session.Session{}
		return leftPage(v), nil
	})
	s.open("POST /desk/lock", func(v *visit) (templ.Component, error) {
		s.cfg.Sessions.Lock(v.Request)
		return v.to("/desk/sign-in")
	})
	s.open("POST /desk/leave", s.leave)
	s.page("GET /desk/everywhere", func(v *visit) (templ.Component, error) { return everywherePage(v), nil })
	s.open("POST /desk/leave-everywhere", func(v *visit) (templ.Component, error) {
		s.cfg.Sessions.LeaveEverywhere(v.w, v.Request)
		return s.leave(v)
	})
	s.open("POST /desk/language", s.speak)
	if s.cfg.Provider != nil {
		s.open("GET /desk/provider", s.toProvider)
		s.open("GET /desk/callback", s.byProvider)
	}
}

func (s *Site) toProvider(v *visit) (templ.Component, error) {
	if err := s.cfg.Provider.Start(v.w, v.Request); err != nil {
		return s.notSignedIn(v, err), nil
	}
	return nil, nil
}

// notSignedIn tells why to who runs the desk, and nothing of it to the person: what a
// provider says may name somebody.
func (s *Site) notSignedIn(v *visit, err error) templ.Component {
	refusal, _ := errors.AsType[Refusal](err)
	s.cfg.Logger.WarnContext(v.Context(), "somebody could not sign in", slog.String("step", string(refusal)), slog.Any("error", err))
	if errors.Is(err, session.ErrToken) {
		return signInPage(v, false, v.W.T("signin.no_place"))
	}
	return signInPage(v, false, v.W.T("signin.provider_refused"))
}

// open serves a page to everybody.
func (s *Site) open(pattern string, show func(*visit) (templ.Component, error)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		now, _ := s.cfg.Sessions.Of(r, false)
		v := s.visit(w, r, now)
		shown, err := show(v)
		switch {
		case err != nil:
			s.fail(v, err)
		case shown != nil:
			v.render(http.StatusOK, shown)
		}
	})
}

func (s *Site) byCode(v *visit) (templ.Component, error) {
	if s.cfg.Code == nil {
		return signInPage(v, false, v.W.T("signin.no_codes")), nil
	}
	if wait := s.guesses.take(v.Request); wait > 0 {
		v.w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		v.render(http.StatusTooManyRequests, signInPage(v, false, v.W.T("signin.too_many")))
		return nil, nil
	}
	token, err := s.cfg.Code(v.Context(), v.PostFormValue("code"))
	if err != nil {
		if !errors.Is(err, ErrCode) {
			return nil, err
		}
		return signInPage(v, false, v.W.T("signin.wrong_code")), nil
	}
	s.guesses.back(v.Request)
	return s.begin(v, token)
}

// byProvider answers with a page that continues, and not with a redirect: a cookie that is
// Strict is not sent where another site caused the request.
func (s *Site) byProvider(v *visit) (templ.Component, error) {
	token, before, err := s.cfg.Provider.Finish(v.w, v.Request)
	// What the provider had the browser bring counts once. A page that holds it, in a form
	// that leads back here, would bring it again.
	v.Request = v.Clone(v.Context())
	v.URL = &url.URL{Path: "/desk/"}
	v.before = before
	if err != nil {
		return s.notSignedIn(v, err), nil
	}
	return s.begin(v, token)
}

func (s *Site) begin(v *visit, token string) (templ.Component, error) {
	before := cmp.Or(v.before, session.ID(v.Request))
	now, err := s.cfg.Sessions.Begin(v.w, token, v.W.Tag, v.PostFormValue("zone"))
	if err != nil {
		if errors.Is(err, session.ErrToken) {
			return signInPage(v, false, v.W.T("signin.no_place")), nil
		}
		return nil, err
	}
	v.S = now
	if f, ok := s.cfg.Sessions.Take(before, now.Person); ok {
		return keptPage(v, f), nil
	}
	return continuePage(v, v.start()), nil
}

// hidden is where a page goes that nobody touched. Where the person works in another window,
// the session goes on there, and this page says only that it was hidden.
func (s *Site) hidden(v *visit) (templ.Component, error) {
	if v.S.Token == "" {
		return signInPage(v, false, ""), nil
	}
	v.S = session.Session{}
	return hiddenPage(v), nil
}

// leave ends the session and has the browser forget everything of this desk. The page
// replaces its entry in the history; going back shows sign-in.
func (s *Site) leave(v *visit) (templ.Component, error) {
	s.cfg.Sessions.Leave(v.w, v.Request)
	v.S = session.Session{}
	v.w.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
	return leftPage(v), nil
}

// speak changes the language and the zone.
func (s *Site) speak(v *visit) (templ.Component, error) {
	language, zone := v.PostFormValue("language"), v.PostFormValue("zone")
	if _, err := time.LoadLocation(zone); err != nil {
		zone = ""
	}
	http.SetCookie(v.w, &http.Cookie{
		Name: languageCookie, Value: s.cfg.Words.Fit(language), Path: "/desk/", MaxAge: 365 * 24 * 3600,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	s.cfg.Sessions.Speak(v.Request, s.cfg.Words.Fit(language), zone)
	return v.to(back(v.PostFormValue("back"), "/desk/"))
}

func (s *Site) chosen(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil {
		return s.cfg.Words.Fit(c.Value)
	}
	return s.cfg.Words.Fit(r.Header.Get("Accept-Language"))
}

func refresh(idle time.Duration) string {
	return fmt.Sprintf("%d; url=/desk/locked", int(idle.Seconds())+1)
}

// Plain is a code as it was made: people type it with spaces, dashes and small letters.
func Plain(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, code))
}
