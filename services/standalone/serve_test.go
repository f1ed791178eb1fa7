package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// served is an office in a process of its own, with what it said until it could be
// used.
type served struct {
	api, admin, bus string
	said            []string
	stop            func()
}

// serving starts the office of a folder as a person would, by a command and with
// settings, on addresses that are free. It is stopped at the end of the test at the
// latest, and in order.
func serving(t *testing.T, dir string, command *exec.Cmd, more ...string) served {
	t.Helper()
	s := served{api: free(t), admin: free(t), bus: free(t)}
	command.Dir = dir
	command.Env = append(append(os.Environ(), "SANAD_MODE=training", "SANAD_HTTP_ADDR="+s.api, "SANAD_ADMIN_ADDR="+s.admin, "SANAD_NATS_ADDR="+s.bus), more...)
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.StdoutPipe()
	did(t, err)
	did(t, command.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		s.said = append(s.said, lines.Text())
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			break
		}
	}
	s.stop = sync.OnceFunc(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, out)
		if err := command.Wait(); err != nil {
			t.Errorf("it did not stop in order: %v\n%s", err, stderr.String())
		}
	})
	t.Cleanup(s.stop)
	if len(s.said) == 0 || !strings.HasPrefix(s.said[len(s.said)-1], "Ctrl-C") {
		s.stop()
		t.Fatalf("it does not serve: %s\n%s", strings.Join(s.said, "\n"), stderr.String())
	}
	return s
}

// itself is the command.
func itself(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	// The context of the test ends before it is cleaned up, and would kill what is to stop.
	return exec.CommandContext(context.WithoutCancel(t.Context()), program(t), args...)
}

// free is an address at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	did(t, err)
	defer l.Close()
	return l.Addr().String()
}

var printed = regexp.MustCompile(`^(\S+) at (\S+)\s+(eyJ\S+)$`)

// desks are those whose tokens were printed, by agency.
func (s served) desks() map[string]office.Desk {
	all := map[string]office.Desk{}
	for _, line := range s.said {
		if m := printed.FindStringSubmatch(line); m != nil {
			all[m[2]] = office.Desk{Agency: m[2], Token: m[3], Base: "http://" + s.api, HTTP: http.DefaultClient}
		}
	}
	return all
}

// agencies are those that are registered.
func agencies(t *testing.T, d office.Desk) []string {
	t.Helper()
	var page struct {
		Items []struct{ Agency string }
	}
	did(t, d.Get(t.Context(), "/v1/agencies", &page))
	names := []string{}
	for _, a := range page.Items {
		names = append(names, a.Agency)
	}
	slices.Sort(names)
	return names
}

// An office without a journey prints tokens with which a referral can be sent and
// accepted: their agencies are registered.
func TestTheDemonstrationsAgenciesTakeReferrals(t *testing.T) {
	s := serving(t, t.TempDir(), itself(t, "-journey", "none"))
	seats := s.desks()
	if diff := cmp.Diff([]string{journey.Counselling, journey.Forensics, journey.LegalAid}, agencies(t, seats[journey.Coordination])); diff != "" {
		t.Fatalf("registered:\n%s", diff)
	}
	// Who runs the machines gets a link, too, and no token among those of the agencies.
	if !slices.ContainsFunc(s.said, func(line string) bool {
		return strings.HasPrefix(line, "operator at ") && strings.Contains(line, "/desk/sign-in#")
	}) {
		t.Error("no link for an operator is printed")
	}
	_, err := journey.Play(t.Context(), func(agency string) office.Desk { return seats[agency] }, func(string, string, time.Duration) {})
	if err != nil {
		t.Error(err)
	}
}

// An office with agencies of its own, and one that says so at its first start, gets
// none of the demonstration, and no tokens of agencies that do not exist there: a
// survivor could be referred to them.
func TestAnOfficeOfItsOwnGetsNoDemonstration(t *testing.T) {
	dir := t.TempDir()
	own := serving(t, dir, itself(t, "-agencies", "own"))
	if seats := own.desks(); len(seats) > 0 {
		t.Errorf("tokens are printed: %v", seats)
	}
	token, err := itselfSays(t, dir, "token", "--agency", "coordination", "--role", "coordinator", "--country", "GT", "--programme", "guatemala")
	did(t, err)
	d := office.Desk{Token: token, Base: "http://" + own.api, HTTP: http.DefaultClient}
	if got := agencies(t, d); len(got) > 0 {
		t.Errorf("registered: %v", got)
	}
	did(t, d.Post(t.Context(), "/v1/agencies", fields{"agency": "house-of-help", "country": "GT", "services": []string{"psychosocial_service"}}, nil))
	own.stop()

	later := serving(t, dir, itself(t, "-journey", "none"))
	d.Base = "http://" + later.api
	if diff := cmp.Diff([]string{"house-of-help"}, agencies(t, d)); diff != "" {
		t.Errorf("registered:\n%s", diff)
	}
	var names []string
	for name := range later.desks() {
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{journey.FrontDesk, journey.Coordination}, names); diff != "" {
		t.Errorf("tokens:\n%s", diff)
	}
}

// itselfSays is what a sub-command prints in a folder.
func itselfSays(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	c := itself(t, args...)
	c.Dir = dir
	said, err := c.Output()
	return strings.TrimSpace(string(said)), err
}

// What a command line asks for must be one thing.
func TestAStartIsOneOrTheOther(t *testing.T) {
	for _, args := range [][]string{{"-journey", "two"}, {"-agencies", "all"}, {"-journey", "one", "-agencies", "own"}} {
		if said, err := itselfSays(t, t.TempDir(), args...); err == nil {
			t.Errorf("%v: %s", args, said)
		}
	}
}
