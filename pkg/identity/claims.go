package identity

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/sanad-network/sanad/pkg/schema"
)

// The bounds of a token's times.
const (
	// longest is how long a token may last. A role that is taken away from a
	// person, and a token that is stolen, end with it.
	longest = 24 * time.Hour
	// skew is how far the issuer's clock may run before ours.
	skew = time.Minute
)

// names are the claims that are read. All others are ignored.
var names = []string{"iss", "aud", "sub", "iat", "nbf", "exp", "agency", "roles", "country", "programme"}

// claims are what a token says.
type claims struct {
	issuer, subject, agency string
	country, programme      string // empty where nothing is said
	audience, roles         []string
	issued, begins, ends    time.Time // begins is zero where nothing is said
}

// readClaims reads a payload in the one way in which it can be read: a name that
// comes twice, and one that only its capitals keep from being a claim, are
// refused. Another reader, or the issuer, may have meant the other of the two.
func readClaims(payload []byte) (claims, error) {
	value, err := schema.Parse(string(payload))
	if err != nil {
		return claims{}, err
	}
	object, ok := value.(map[string]any)
	if !ok {
		return claims{}, errClaims
	}
	for name := range object {
		if !slices.Contains(names, name) && slices.ContainsFunc(names, func(known string) bool { return strings.EqualFold(known, name) }) {
			return claims{}, schema.ErrTwin
		}
	}
	r := reader{object: object}
	c := claims{
		issuer: r.text("iss"), subject: r.text("sub"), agency: r.text("agency"),
		country: r.optional("country", country), programme: r.optional("programme", slug.MatchString),
		audience: r.texts("aud", true), roles: r.texts("roles", false),
		issued: r.instant("iat", true), begins: r.instant("nbf", false), ends: r.instant("exp", true),
	}
	return c, r.err
}

// What is wrong with claims. Operators see it, callers never do.
var (
	errClaims   = errors.New("the claims are not an object, or one is missing, of another kind or of another form")
	errIssuer   = errors.New("the token is another issuer's")
	errAudience = errors.New("the token is for others")
	errEarly    = errors.New("the token is of a time to come")
	errLate     = errors.New("the token has expired")
	errLasts    = errors.New("the token lasts longer than a token may, or no time at all")
)

// hold tells why the claims do not hold now, if they do not.
func (c claims) hold(issuer, audience string, now time.Time) error {
	lasts := c.ends.Sub(c.issued)
	switch latest := now.Add(skew); {
	case c.issuer != issuer:
		return errIssuer
	case !slices.Contains(c.audience, audience):
		return errAudience
	case c.issued.After(latest) || c.begins.After(latest):
		return errEarly
	case !c.ends.After(now):
		return errLate
	case lasts <= 0 || lasts > longest:
		return errLasts
	}
	return nil
}

// reader takes claims out of an object and keeps the first mistake.
type reader struct {
	object map[string]any
	err    error
}

func (r *reader) claim(name string, must bool) any {
	value, there := r.object[name]
	if !there && must {
		r.err = errClaims
	}
	return value
}

func (r *reader) text(name string) string {
	s, ok := r.claim(name, true).(string)
	if !ok {
		r.err = errClaims
	}
	return s
}

// optional reads a text that may be missing. One that is there has its form: an
// empty text would be a claim that says nothing, and a reader must not guess what
// was meant by a wrong one.
func (r *reader) optional(name string, formed func(string) bool) string {
	if _, there := r.object[name]; !there {
		return ""
	}
	s := r.text(name)
	if !formed(s) {
		r.err = errClaims
	}
	return s
}

// texts reads a list. The audience may be one text (RFC 7519, 4.1.3).
func (r *reader) texts(name string, must bool) []string {
	switch value := r.claim(name, must).(type) {
	case string:
		if name == "aud" {
			return []string{value}
		}
	case []any:
		list := make([]string, len(value))
		for i, item := range value {
			s, ok := item.(string)
			if !ok {
				r.err = errClaims
			}
			list[i] = s
		}
		return list
	}
	if _, there := r.object[name]; there {
		r.err = errClaims
	}
	return nil
}

// lastSecond is the end of the year 9999: what a time may be at most.
const lastSecond = 253402300799

// instant reads seconds since 1970, which may have a fraction (RFC 7519, 2).
func (r *reader) instant(name string, must bool) time.Time {
	value := r.claim(name, must)
	seconds, ok := value.(float64)
	if !ok || seconds < 0 || seconds > lastSecond {
		if _, there := r.object[name]; there {
			r.err = errClaims
		}
		return time.Time{}
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*float64(time.Second)))
}
