package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/access"
	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/pkg/secret"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// signing is an office that has a key and never ran, and who judges its tokens.
func signing(t *testing.T) (settings, *identity.Verifier) {
	t.Helper()
	set := officeIn(t, filepath.Join(t.TempDir(), "var"))
	if err := os.Mkdir(set.keys, 0o700); err != nil {
		t.Fatal(err)
	}
	issuer, err := identity.NewIssuer(filepath.Join(set.keys, network.IssuerFile), network.Issuer, network.Audience)
	if err != nil {
		t.Fatal(err)
	}
	return set, issuer.Verifier()
}

// A token names who was asked for, in every role that there is, and lasts as long
// as was asked for; nothing but the token is printed.
func TestToken(t *testing.T) {
	set, verifier := signing(t)
	all := []string{"--agency", "legal-clinic-osh", "--subject", "A Person", "--country", "GT", "--programme", "guatemala"}
	var roles []string
	for _, role := range access.Roles() {
		all = append(all, "--role", string(role))
		roles = append(roles, string(role))
	}
	for name, c := range map[string]struct {
		args  []string
		want  identity.Principal
		lasts time.Duration
	}{
		"as it comes": {
			[]string{"--agency", "clinic", "--role", "lawyer"},
			identity.Principal{Subject: "lawyer@clinic", Agency: "clinic", Roles: []string{"lawyer"}},
			8 * time.Hour,
		},
		"a role twice, for a day": {
			[]string{"--role", "lawyer", "--role", "lawyer", "--for", "24h", "--agency", "clinic"},
			identity.Principal{Subject: "lawyer@clinic", Agency: "clinic", Roles: []string{"lawyer"}},
			24 * time.Hour,
		},
		"every role": {
			append(all, "--for", "15m"),
			identity.Principal{Subject: "A Person", Agency: "legal-clinic-osh", Roles: roles, Country: "GT", Programme: "guatemala"},
			15 * time.Minute,
		},
	} {
		var out strings.Builder
		before := time.Now().Truncate(time.Second)
		if err := token(set, c.args, &out); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		after := time.Now()
		made, rest, _ := strings.Cut(out.String(), "\n")
		got, err := verifier.Verify(t.Context(), made)
		if err != nil || rest != "" {
			t.Errorf("%s: %v, and after it %q", name, err, rest)
		}
		if got.Expires.Before(before.Add(c.lasts)) || got.Expires.After(after.Add(c.lasts)) {
			t.Errorf("%s: lasts until %s", name, got.Expires)
		}
		got.Expires = time.Time{}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What is refused is refused in words, prints nothing and makes nothing.
func TestTokenRefuses(t *testing.T) {
	set, _ := signing(t)
	good := []string{"--agency", "clinic", "--role", "lawyer"}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no agency":           {good[2:], errArguments.Error()},
		"no role":             {good[:2], errArguments.Error()},
		"a word too many":     {append(good[:4:4], "canary"), errArguments.Error()},
		"no slug":             {[]string{"--agency", "A canary", "--role", "lawyer"}, "slug"},
		"a role written so":   {[]string{"--agency", "clinic", "--role", "focal-point-canary"}, "caseworker, conflicts_officer, coordinator, counsellor, court_registrar, court_security, examiner, focal_point, fund_applicant, fund_assessor, fund_manager, lawyer"},
		"one role of two":     {append(good[:4:4], "--role", "Lawyer"), errRole.Error()},
		"nowhere":             {[]string{"--agency", "clinic", "--role", "coordinator"}, errWhere.Error()},
		"no programme":        {[]string{"--agency", "clinic", "--role", "coordinator", "--country", "GT"}, errWhere.Error()},
		"no country":          {[]string{"--agency", "clinic", "--role", "coordinator", "--programme", "guatemala"}, errWhere.Error()},
		"a country in words":  {append(good[:4:4], "--country", "canary"), "ISO 3166-1"},
		"a programme so":      {append(good[:4:4], "--programme", "A canary"), "slug"},
		"longer than a day":   {append(good[:4:4], "--for", "24h0m1s"), "24 hours"},
		"no time":             {append(good[:4:4], "--for", "0s"), "24 hours"},
		"less than no time":   {append(good[:4:4], "--for", "-1h"), "24 hours"},
		"a subject too long":  {append(good[:4:4], "--subject", strings.Repeat("canary", 100)), "subject"},
		"keys among the data": {good, network.ErrKeys.Error()},
	} {
		set := set
		if name == "keys among the data" {
			set.keys = filepath.Join(set.data, "keys")
		}
		var out strings.Builder
		err := token(set, c.args, &out)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") || out.Len() > 0 {
			t.Errorf("%s: %v, printed %q", name, err, out.String())
		}
	}
}

// Without its own key an office accepts no token, so none is made; and a key that
// others can read is everybody's.
func TestTokenNeedsTheKeyOfTheOffice(t *testing.T) {
	args := []string{"--agency", "clinic", "--role", "lawyer"}
	for _, dir := range []string{filepath.Join(t.TempDir(), "nowhere"), t.TempDir()} {
		set := officeIn(t, dir)
		var out strings.Builder
		if err := token(set, args, &out); !errors.Is(err, errNoIssuer) || out.Len() > 0 {
			t.Errorf("%v, printed %q", err, out.String())
		}
		if _, err := os.Stat(filepath.Join(set.keys, network.IssuerFile)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a key was made: %v", err)
		}
	}
	set, _ := signing(t)
	path := filepath.Join(set.keys, network.IssuerFile)
	for _, mode := range []fs.FileMode{0o644, 0o620, 0o602} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := token(set, args, &out); !errors.Is(err, secret.ErrOpen) || out.Len() > 0 {
			t.Errorf("mode %o: %v, printed %q", mode, err, out.String())
		}
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := token(set, args, t.Output()); !errors.Is(err, secret.ErrEmpty) {
		t.Errorf("an empty key: %v", err)
	}
}
