// Package session knows who sits in front of a browser. The browser holds a random id and
// nothing else; the token of the person stays in the memory of the desk, so a restart signs
// everybody out. It refuses to extend a session by what a person did not do: a poll and a
// bell are no activity.
package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Cookie is the name of the cookie. Its prefix has browsers refuse it without Secure, for
// another path, and from another host (RFC 6265bis, section 4.1.3.2).
const Cookie = "__Host-sanad"

// most is how many sessions there are at once; the one that was idle longest ends for a new
// one.
const most = 4096

// ErrToken says that what signs somebody in is no token for this network.
var ErrToken = errors.New("the token cannot be used")

// Person is who sits there, as their token says.
type Person struct {
	Subject, Agency    string
	Roles              []string
	Country, Programme string
}

// Is says whether the person has a role.
func (p Person) Is(role string) bool { return slices.Contains(p.Roles, role) }

// Same says whether it is the same person at the same agency.
func (p Person) Same(other Person) bool {
	return p.Subject == other.Subject && p.Agency == other.Agency
}

// Session is one browser.
type Session struct {
	Person
	// Token is sent to the services and to nobody else.
	Token string
	// Until is the end of the token.
	Until time.Time
	// Language and Zone are those that the person chose.
	Language, Zone string
	// Last is what Remember keeps. It is replaced and never written to.
	Last map[string]string

	id     string
	seen   time.Time
	locked bool
}

// Sessions are all browsers of one desk.
type Sessions struct {
	audience string
	idle     time.Duration
	now      func() time.Time

	mu   sync.Mutex
	open map[string]*Session
	kept map[string]kept
}

// New makes a place for sessions. A session ends with its token, and after some idle time.
func New(audience string, idle time.Duration, now func() time.Time) *Sessions {
	return &Sessions{audience: audience, idle: idle, now: now, open: map[string]*Session{}, kept: map[string]kept{}}
}

// Count is how many browsers are signed in.
func (s *Sessions) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, n := s.now(), 0
	for _, one := range s.open {
		if !s.over(one, now) {
			n++
		}
	}
	return n
}

// Idle is after how long a browser that nobody touches shows nothing any more.
func (s *Sessions) Idle() time.Duration { return s.idle }

// Begin signs a person in by a token that came from the issuer itself, over a way that
// nobody else can write to: its signature is the services' to judge. Errors: ErrToken.
func (s *Sessions) Begin(w http.ResponseWriter, token, language, zone string) (Session, error) {
	person, until, err := s.read(token)
	if err != nil {
		return Session{}, err
	}
	now := s.now()
	one := &Session{Person: person, Token: token, Until: until, Language: language, Zone: zone, id: random(), seen: now}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(now)
	s.open[one.id] = one
	http.SetCookie(w, cookie(one.id, 0))
	return *one, nil
}

func cookie(value string, age int) *http.Cookie {
	return &http.Cookie{Name: Cookie, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

func random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// read takes a token apart. It must be for this network, name a person at an agency, and not
// be over.
func (s *Sessions) read(token string) (Person, time.Time, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Person{}, time.Time{}, ErrToken
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return Person{}, time.Time{}, ErrToken
	}
	var claims struct {
		Subject   string   `json:"sub"`
		Agency    string   `json:"agency"`
		Roles     []string `json:"roles"`
		Country   string   `json:"country"`
		Programme string   `json:"programme"`
		Expires   int64    `json:"exp"`
		Audience  audience `json:"aud"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return Person{}, time.Time{}, ErrToken
	}
	until := time.Unix(claims.Expires, 0)
	if !slices.Contains(claims.Audience, s.audience) || claims.Subject == "" || claims.Agency == "" || !until.After(s.now()) {
		return Person{}, time.Time{}, ErrToken
	}
	return Person{claims.Subject, claims.Agency, claims.Roles, claims.Country, claims.Programme}, until, nil
}

// audience is one or several (RFC 7519, section 4.1.3).
type audience []string

func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(a))
}

// Of is the session of a request. Touched says that a person did something.
func (s *Sessions) Of(r *http.Request, touched bool) (Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.open[ID(r)]
	if !ok || s.over(one, s.now()) {
		return Session{}, false
	}
	if touched {
		one.seen = s.now()
	}
	return *one, true
}

// ID is what the browser sent; empty for nothing.
func ID(r *http.Request) string {
	c, err := r.Cookie(Cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// Ended says that nothing of the session of a request is left: its person left, here or
// everywhere, or the desk began again. What is written with it is kept for nobody.
func (s *Sessions) Ended(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.open[ID(r)]
	return !known
}

// Speak changes the language and the zone.
func (s *Sessions) Speak(r *http.Request, language, zone string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one, ok := s.open[ID(r)]; ok {
		one.Language, one.Zone = language, zone
	}
}

// Lock ends the session of a request. Its person may still get back what was kept.
func (s *Sessions) Lock(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one, ok := s.open[ID(r)]; ok {
		one.locked = true
	}
}

// Leave ends the session of a request, and nothing of it is kept.
func (s *Sessions) Leave(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, ID(r))
	delete(s.kept, shelf(ID(r)))
	http.SetCookie(w, cookie("", -1))
}

// LeaveEverywhere ends all sessions of the person of a request.
func (s *Sessions) LeaveEverywhere(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if one, ok := s.open[ID(r)]; ok {
		for id, other := range s.open {
			if other.Same(one.Person) {
				delete(s.open, id)
				delete(s.kept, shelf(id))
			}
		}
	}
	s.mu.Unlock()
	s.Leave(w, r)
}

func (s *Sessions) over(one *Session, now time.Time) bool {
	return one.locked || !now.Before(one.Until) || now.Sub(one.seen) >= s.idle
}

// sweep makes room. Who had a session that is over is known for as long as a form is kept
// for them.
func (s *Sessions) sweep(now time.Time) {
	var oldest *Session
	for id, one := range s.open {
		if s.over(one, now) && now.Sub(one.seen) >= s.idle+keptFor {
			delete(s.open, id)
		} else if oldest == nil || one.seen.Before(oldest.seen) {
			oldest = one
		}
	}
	if len(s.open) >= most {
		delete(s.open, oldest.id)
	}
	for id, k := range s.kept {
		if !now.Before(k.until) {
			delete(s.kept, id)
		}
	}
}

// shelf names what is kept for a session without naming the session.
func shelf(id string) string {
	sum := sha256.Sum256([]byte("shelf " + id))
	return string(sum[:])
}
