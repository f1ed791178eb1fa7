package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// officeIn is the settings of an office in a directory.
func officeIn(t *testing.T, dir string, environ ...string) settings {
	t.Helper()
	cfg, err := service.ReadConfig(t.Context(), append(environ, "SANAD_MODE=training"))
	if err != nil {
		t.Fatal(err)
	}
	return settings{Config: cfg, data: dir, keys: network.KeysDir(dir)}
}

// A bus that was lost is filled again by a command, one service or all, and
// asked again it has nothing to do.
func TestRepublishFillsALostBus(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, "nats")); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	said := func(args ...string) string {
		t.Helper()
		var out strings.Builder
		if err := republish(t.Context(), officeIn(t, dir), append([]string{"--from", now.UTC().Add(-time.Hour).Format(time.RFC3339)}, args...), now, &out); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		return out.String()
	}
	if one := said("--service", "intake"); !strings.Contains(one, "intake: ") || strings.Contains(one, "intake: 0 ") || strings.Contains(one, "referral:") {
		t.Errorf("of one service: %s", one)
	}
	rest := said()
	if !strings.Contains(rest, "intake: 0 messages") || strings.Contains(rest, "referral: 0 ") || strings.Contains(rest, "psychosocial: 0 ") {
		t.Errorf("of all the others: %s", rest)
	}
	for _, name := range network.Services {
		if again := said(); !strings.Contains(again, name+": 0 messages") {
			t.Errorf("again: %s", again)
		}
	}
}

// What is refused is refused in words, changes nothing and makes nothing.
func TestRepublishRefuses(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	away := filepath.Join(t.TempDir(), "not-there")
	for name, c := range map[string]struct {
		dir  string
		args []string
		want error
	}{
		"a day to come":         {dir, []string{"--from", "2026-11-27"}, errFuture},
		"an instant to come":    {dir, []string{"--from", "2026-11-26T12:00:01Z"}, errFuture},
		"no day":                {dir, []string{"--from", "yesterday"}, errFrom},
		"no such day":           {dir, []string{"--from", "2026-02-30"}, errFrom},
		"no such service":       {dir, []string{"--from", "2026-08-01", "--service", "canary"}, errService},
		"a directory not there": {away, []string{"--from", "2026-08-01"}, os.ErrNotExist},
	} {
		err := republish(t.Context(), officeIn(t, c.dir), c.args, now, t.Output())
		if !errors.Is(err, c.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, args := range map[string][]string{"nothing": nil, "too much": {"--from", "2026-08-01", "2026-08-02"}} {
		if err := republish(t.Context(), officeIn(t, dir), args, now, t.Output()); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := os.Stat(away); !errors.Is(err, os.ErrNotExist) {
		t.Error("a directory was made")
	}
	// The network must be stopped.
	running(t, dir, func(journey.Cast) error {
		if err := republish(context.WithoutCancel(t.Context()), officeIn(t, dir), []string{"--from", "2026-08-01"}, now, t.Output()); err == nil {
			t.Error("beside a network that runs")
		}
		return nil
	})
}

// An age that is too short, or none, is refused at the start.
func TestEventsDays(t *testing.T) {
	for value, ok := range map[string]bool{"7": true, "90": true, "36500": true, "6": false, "0": false, "-90": false, "36501": false, "9e9": false, "ninety": false} {
		cfg, err := service.ReadConfig(t.Context(), []string{"SANAD_EVENTS_DAYS=" + value})
		if (err == nil) != ok {
			t.Errorf("%s: %v", value, err)
		}
		if ok && cfg.EventsAge() < 7*24*time.Hour {
			t.Errorf("%s: %s", value, cfg.EventsAge())
		}
	}
	if cfg, err := service.ReadConfig(t.Context(), nil); err != nil || cfg.EventsAge() != 90*24*time.Hour {
		t.Errorf("unset: %s, %v", cfg.EventsAge(), err)
	}
}

// A tool sends no notice, and works where a mail server is configured.
func TestAToolNeedsNoMailServer(t *testing.T) {
	dir := t.TempDir()
	running(t, dir, func(journey.Cast) error { return nil })
	set := officeIn(t, dir, "SANAD_PUBLIC_URL=https://n.example", "SANAD_SMTP_ADDR=mail.example:587", "SANAD_SMTP_FROM=notices@n.example")
	if err := quarantine(t.Context(), set, nil, nil, t.Output()); err != nil {
		t.Error(err)
	}
}
