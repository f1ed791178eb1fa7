package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// TestMain lets the test program be the command, for tests that run commands as
// they are written.
func TestMain(m *testing.M) {
	if os.Getenv("STANDALONE") == "" {
		code := m.Run()
		_ = os.RemoveAll(sharedDir)
		os.Exit(code)
	}
	main()
}

// shared is a folder for what is made once for many tests. TestMain takes it away.
var (
	sharedDir string
	shared    = sync.OnceValues(func() (dir string, err error) {
		sharedDir, err = os.MkdirTemp("", "sanad-tests-")
		return sharedDir, err
	})
)

// unraced builds the command once, without the race detector.
var unraced = sync.OnceValues(func() (string, error) {
	dir, err := shared()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "standalone")
	out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return path, err
})

// program is the command as a person has it. The long form of the tests plays it with
// the race detector, which costs several times as much: it is built into the test.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		path, err := unraced()
		did(t, err)
		return path
	}
	path := filepath.Join(t.TempDir(), "standalone")
	did(t, os.WriteFile(path, []byte("#!/bin/sh\nSTANDALONE=1 exec '"+os.Args[0]+"' \"$@\"\n"), 0o700))
	return path
}

// guided are the commands of a section of a guide.
func guided(t *testing.T, guide, section string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../docs/guides", guide))
	did(t, err)
	_, part, ok := strings.Cut(string(text), "\n## "+section+"\n")
	if !ok {
		t.Fatalf("%s has no section %q", guide, section)
	}
	part, _, _ = strings.Cut(part, "\n## ")
	var commands strings.Builder
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(part, -1) {
		for line := range strings.Lines(block[1]) {
			if command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ "); ok {
				commands.WriteString(command + "\n")
			}
		}
	}
	return commands.String()
}

// shell runs commands in a folder as a person would, and stops at the first that
// fails.
func shell(t *testing.T, dir, commands string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "sh", "-e", "-c", commands)
	c.Dir = dir
	c.Env = append(os.Environ(), "SANAD_MODE=training", "PATH="+filepath.Dir(program(t))+":"+os.Getenv("PATH"))
	said, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, commands, said)
	}
	return string(said)
}

// The guide to backup and restore does what it says, as it is written: a consent
// that was withdrawn after the backup is withdrawn, and a case that was erased is
// erased.
func TestTheGuideToBackupAndRestore(t *testing.T) {
	const guide = "backup-and-restore.md"
	office := t.TempDir()
	dir := filepath.Join(office, "var")
	var withdrawn, consent, erased string
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		did(t, journey.Register(t.Context(), cast))
		withdrawn, consent, err = consented(t.Context(), cast)
		did(t, err)
		erased, _, err = consented(t.Context(), cast)
		rests(t, n, 7)
		return err
	})
	if said := shell(t, office, guided(t, guide, "Back up")); !strings.Contains(said, "intake: 7 commits checked") {
		t.Errorf("the copy: %s", said)
	}
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		err = cast(journey.FrontDesk).Post(t.Context(), "/v1/cases/"+withdrawn+"/consents/withdraw", fields{"consent": consent}, nil)
		rests(t, n, 9)
		return err
	})
	shell(t, office, "standalone erase --case "+erased+" --reason survivor_request --yes")
	if said := shell(t, office, guided(t, guide, "Erase a case")); !strings.Contains(said, "the time of nothing is over") {
		t.Errorf("what need not be kept any more: %s", said)
	}
	did(t, os.Remove(filepath.Join(network.DatabaseDir(dir), "documents.db")))
	said := shell(t, office, guided(t, guide, "Restore"))
	for _, want := range []string{
		"intake: " + withdrawn + " version 3: intake.consent_withdrawn.v1", "intake: " + erased + ": erased again, data keys: 1", "no record is in quarantine",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	running(t, dir, func(cast journey.Cast) error {
		isWithdrawn(t, cast, withdrawn)
		if err := cast(journey.FrontDesk).Get(t.Context(), "/v1/cases/"+erased, nil); err == nil {
			t.Error("what was erased is back")
		}
		return nil
	})
}
