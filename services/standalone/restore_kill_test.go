package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// A restore that is killed at any step is begun again, and does what is left of it:
// every consent that was withdrawn is, once.
func TestRestoreIsKilled(t *testing.T) {
	every := 1
	if testing.Short() {
		every = 4 // a process starts for each
	}
	const cases = 3
	dir := filepath.Join(t.TempDir(), "var")
	ids, consents := make([]string, cases), make([]string, cases)
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		did(t, journey.Register(t.Context(), cast))
		for i := range cases {
			ids[i], consents[i], err = consented(t.Context(), cast)
			did(t, err)
		}
		rests(t, n, 3+2*cases)
		return nil
	})
	backup := copied(t, dir)
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		for i := range cases {
			did(t, cast(journey.FrontDesk).Post(t.Context(), "/v1/cases/"+ids[i]+"/consents/withdraw", fields{"consent": consents[i]}, nil))
		}
		rests(t, n, 3+4*cases)
		return nil
	})
	did(t, os.RemoveAll(network.DatabaseDir(dir)))
	did(t, os.CopyFS(network.DatabaseDir(dir), os.DirFS(network.DatabaseDir(backup))))

	done := false
	for step := 1; !done; step += every {
		if step > 100 {
			t.Fatal("it is never done")
		}
		done = restoreUntil(t, dir, step)
	}
	if said := listed(t, dir); !strings.Contains(said, "no record is in quarantine") {
		t.Error(said)
	}
	verified(t, dir, nil)
	opened(t, dir, func(n *network.Network) error {
		cast, err := desks(n)
		did(t, err)
		for _, id := range ids {
			isWithdrawn(t, cast, id)
		}
		noForks(t, n)
		return nil
	})
}

// restoreUntil runs a restore in another process and kills it at its nth line. It
// reports whether it was done before.
func restoreUntil(t *testing.T, dir string, line int) (done bool) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRestoreInAnotherProcess$")
	child.Env = append(os.Environ(), "RESTORE_IN="+dir, "RESTORE_UNTIL="+strconv.Itoa(line))
	var out bytes.Buffer
	child.Stdout, child.Stderr = &out, &out
	err := child.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		t.Fatalf("line %d: %v\n%s", line, err, out.String())
	}
	return err == nil
}

// TestRestoreInAnotherProcess is what TestRestoreIsKilled kills: at a line of what it
// says, it kills itself, as an operator or a power cut would.
func TestRestoreInAnotherProcess(t *testing.T) {
	dir := os.Getenv("RESTORE_IN")
	if dir == "" {
		t.Skip("it is for another test")
	}
	left, err := strconv.Atoi(os.Getenv("RESTORE_UNTIL"))
	did(t, err)
	out := writer(func(b []byte) (int, error) {
		if left -= bytes.Count(b, []byte("\n")); left <= 0 {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Kill()
			}
			did(t, err)
			select {}
		}
		return len(b), nil
	})
	did(t, restored(t.Context(), officeIn(t, dir), []string{"--yes", "--reason", because}, out))
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
