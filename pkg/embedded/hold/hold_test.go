package hold_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/pkg/embedded/hold"
)

// dirVariable has the test's program take a directory, say so, and stay.
const dirVariable = "HOLD_DIRECTORY"

func TestMain(m *testing.M) {
	if dir := os.Getenv(dirVariable); dir != "" {
		if _, err := hold.Take(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("held")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // until it is killed
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// other is another process that has a directory.
func other(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), dirVariable+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "held\n" {
		t.Fatalf("the other says %q, %v", said, err)
	}
	return cmd
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	cmd := other(t, dir)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := hold.Take(dir)
		if !errors.Is(err, hold.ErrHeld) {
			t.Fatalf("the directory of another: %v", err)
		}
		for _, words := range []string{fmt.Sprintf("process %d on %q since ", cmd.Process.Pid, host), dir, time.Now().UTC().Format(time.DateOnly)[:4]} {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%q is not in %q", words, err)
			}
		}
		if err := hold.Held(dir); !errors.Is(err, hold.ErrHeld) {
			t.Errorf("the directory of another is free: %v", err)
		}
	}
	// A process that is killed says goodbye to nobody: its lock is free at once.
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if err := hold.Held(dir); err != nil {
		t.Errorf("its holder was killed: %v", err)
	}
	h, err := hold.Take(dir)
	if err != nil {
		t.Fatalf("its holder was killed: %v", err)
	}
	if _, err := hold.Take(dir); !errors.Is(err, hold.ErrHeld) || !strings.Contains(err.Error(), fmt.Sprintf("process %d ", os.Getpid())) {
		t.Errorf("a second one in this process: %v", err)
	}
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
	if h, err = hold.Take(dir); err != nil {
		t.Fatalf("it was let go of: %v", err)
	}
	if err := h.Release(); err != nil {
		t.Error(err)
	}
}

// A process that only asks leaves nothing behind, and a folder that is not there is
// not made.
func TestHeldMakesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := hold.Held(dir); err != nil {
		t.Error(err)
	}
	if rest, err := os.ReadDir(dir); err != nil || len(rest) != 0 {
		t.Errorf("left: %v, %v", rest, err)
	}
	if _, err := hold.Take(filepath.Join(dir, "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
}

// What an earlier release, or a full disk, left in the file names nobody, and
// keeps nobody out.
func TestAnUnsignedLock(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "cut": `{"pid":12`, "foreign": "0 1 2"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, hold.File)
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			h, err := hold.Take(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Release()
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := hold.Take(dir); !errors.Is(err, hold.ErrHeld) || !strings.HasSuffix(err.Error(), "by another process") {
				t.Errorf("it says %v", err)
			}
		})
	}
}
