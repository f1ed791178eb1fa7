package main

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/desk"
	"github.com/sanad-network/sanad/services/standalone/internal/signin"
)

// What is printed is the code and nothing else, as people read it to each other; the desk
// takes it as they type it.
func TestSignin(t *testing.T) {
	set, _ := signing(t)
	var out bytes.Buffer
	if err := signinCode(set, []string{"--agency", "clinic", "--role", "lawyer", "--role", "focal_point", "--subject", "r.osmonova"}, &out); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n$`).MatchString(out.String()) {
		t.Fatalf("%q", out.String())
	}
	typed := " " + string(bytes.ToLower(bytes.ReplaceAll(out.Bytes(), []byte("-"), []byte(" – "))))
	got, err := signin.In(set.data).Take(desk.Plain(typed), time.Now())
	want := identity.Principal{Subject: "r.osmonova", Agency: "clinic", Roles: []string{"lawyer", "focal_point"}}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
}

func TestSigninRefuses(t *testing.T) {
	set, _ := signing(t)
	for name, c := range map[string]struct {
		args []string
		want error
	}{
		"an unknown role":             {[]string{"--agency", "clinic", "--role", "doctor"}, errRole},
		"a coordinator of everywhere": {[]string{"--agency", "clinic", "--role", "coordinator"}, errWhere},
	} {
		if err := signinCode(set, c.args, io.Discard); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Else the code would be used up before somebody learns that it is of no use.
	if err := signinCode(set, []string{"--agency", "Not A Slug", "--role", "lawyer"}, io.Discard); err == nil {
		t.Error("a code is made for a person for whom no token can be made")
	}
	nowhere := officeIn(t, t.TempDir())
	if err := signinCode(nowhere, []string{"--agency", "clinic", "--role", "lawyer"}, io.Discard); !errors.Is(err, errNoIssuer) {
		t.Errorf("where there is no office: %v", err)
	}
}
