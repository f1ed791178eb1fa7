package edge_test

import (
	"context"
	"net/http"
	"testing"

	"go.opentelemetry.io/otel/trace/noop"

	"github.com/sanad-network/sanad/api/fact"
	"github.com/sanad-network/sanad/pkg/edge"
	"github.com/sanad-network/sanad/pkg/identity"
)

// Where no token is needed the caller is nobody, also when they bring one: it
// must neither widen what they see nor, when it does not hold, lock them out.
func TestWhoeverNeedsNoTokenIsAnonymous(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	var seen identity.Principal
	g.look = func(ctx context.Context, _ edge.Request[nothing]) (edge.Response, error) {
		var err error
		seen, err = identity.From(ctx)
		return edge.Response{}, err
	}
	for name, authorization := range map[string]string{
		"no token": "", "a token that holds": "Bearer " + g.token, "a token that does not": "Bearer x", "no bearer": "Basic eDp5",
	} {
		t.Run(name, func(t *testing.T) {
			seen = identity.Principal{}
			if resp := g.do(g.request("GET", "/v1/weather", "", "Authorization", authorization)); resp.StatusCode != http.StatusOK {
				t.Errorf("status %d", resp.StatusCode)
			}
			by := fact.By{Principal: seen.Subject, Agency: seen.Agency, Roles: seen.Roles}
			if !seen.Anonymous() || !by.Anonymous() || by.System() {
				t.Errorf("the caller is %+v", seen)
			}
		})
	}
	if resp := g.do(g.request("GET", "/v1/plants", "", "Authorization", "")); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("what needs a token answered %d without", resp.StatusCode)
	}
}

// Where a token may be sent it counts, and one that does not hold is refused:
// its bearer would take what everybody is told for all that there is.
func TestWhoeverMaySendATokenIsWhoTheyAre(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	var seen identity.Principal
	g.look = func(ctx context.Context, _ edge.Request[nothing]) (edge.Response, error) {
		var err error
		seen, err = identity.From(ctx)
		return edge.Response{}, err
	}
	for name, c := range map[string]struct {
		authorization []string
		status        int
		agency        string
	}{
		"no token":              {nil, http.StatusOK, ""},
		"a token that holds":    {[]string{"Bearer " + g.token}, http.StatusOK, "garden-club"},
		"a token that does not": {[]string{"Bearer x"}, http.StatusUnauthorized, ""},
		"no bearer":             {[]string{"Basic eDp5"}, http.StatusUnauthorized, ""},
		"empty":                 {[]string{""}, http.StatusUnauthorized, ""},
		"two":                   {[]string{"Bearer " + g.token, "Bearer " + g.token}, http.StatusUnauthorized, ""},
	} {
		t.Run(name, func(t *testing.T) {
			seen = identity.Principal{}
			r := g.request("GET", "/v1/hedges", "")
			delete(r.Header, "Authorization")
			if c.authorization != nil {
				r.Header["Authorization"] = c.authorization
			}
			if resp := g.do(r); resp.StatusCode != c.status || seen.Agency != c.agency {
				t.Errorf("status %d, agency %q", resp.StatusCode, seen.Agency)
			}
			if c.status == http.StatusOK && seen.Anonymous() != (c.agency == "") {
				t.Errorf("the caller is %+v", seen)
			}
		})
	}
}

func TestKeysWhereTheContractDoesNotRequireOne(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	var key string
	g.look = func(_ context.Context, r edge.Request[nothing]) (edge.Response, error) {
		key = r.Key
		return edge.Response{}, nil
	}
	for name, c := range map[string]struct {
		sent, want string
		status     int
	}{
		"none":  {"", "", 200},
		"one":   {uuid, uuid, 200},
		"wrong": {"1", "", 400},
	} {
		key = ""
		resp := g.do(g.request("POST", "/v1/weather", "{}", "Idempotency-Key", c.sent, "Authorization", ""))
		if resp.StatusCode != c.status || key != c.want {
			t.Errorf("%s: status %d, key %q", name, resp.StatusCode, key)
		}
	}
}

// An address has its own bound; one who has a whole IPv6 network has one, too.
// Addresses in headers are not used.
func TestAnonymousCallersAreBoundedByAddress(t *testing.T) {
	g := newGarden(t, noop.NewTracerProvider())
	spend := func(addr string) (let int) {
		for i := range 40 {
			r := g.request("GET", "/v1/weather", "", "X-Forwarded-For", "192.0.2."+string(rune('0'+i%10)))
			r.RemoteAddr = addr
			switch resp := g.do(r); resp.StatusCode {
			case http.StatusOK:
				let++
			case http.StatusTooManyRequests:
			default:
				t.Fatalf("%s: status %d", addr, resp.StatusCode)
			}
		}
		return let
	}
	for _, c := range []struct {
		first, next string
		same        bool
	}{
		{"198.51.100.1:1000", "198.51.100.1:2000", true},
		{"198.51.100.2:1000", "[::ffff:198.51.100.2]:1000", true},
		{"198.51.100.3:1000", "198.51.100.4:1000", false},
		{"[2001:db8:1:2::1]:1000", "[2001:db8:1:2:ffff::9]:1000", true},
		{"[2001:db8:1:3::1]:1000", "[2001:db8:1:4::1]:1000", false},
	} {
		if let := spend(c.first); let != 10 {
			t.Errorf("%s: a burst of %d", c.first, let)
		}
		if let := spend(c.next); (let == 0) != c.same {
			t.Errorf("%s after %s: %d", c.next, c.first, let)
		}
	}
}
