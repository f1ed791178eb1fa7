package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/standalone/journeys"
)

// Every journey comes true as people play it. An office that is set up beside it is not
// touched: neither its data nor its keys, whose clock must not move.
func TestEveryJourneyIsPlayedByTheCommand(t *testing.T) {
	dir, tmp := t.TempDir(), t.TempDir()
	command := itself(t, "-journey", "all")
	command.Dir = dir
	command.Env = append(os.Environ(),
		"SANAD_DATA="+filepath.Join(dir, "var"), "SANAD_KEYS="+filepath.Join(dir, "var.keys"), "SANAD_NATS_URL=nats://127.0.0.1:1", "SANAD_MONGODB_URI=mongodb://127.0.0.1:1",
		"TMPDIR="+tmp)
	told, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, told)
	}
	for _, name := range journeys.Names() {
		if !strings.Contains(string(told), "\njourney complete: "+name+", ") {
			t.Errorf("%s does not come to its end:\n%s", name, told)
		}
	}
	for what, folder := range map[string]string{"beside the office": dir, "of the journey": tmp} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if path != folder {
				t.Errorf("%s there is %s", what, path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// A journey that is wrong is not played: neither are those beside it.
func TestAJourneyThatIsWrongStops(t *testing.T) {
	for name, c := range map[string]struct{ arg, says string }{
		"one that is not there": {"nowhere", `there is no journey "nowhere"; there are: `},
		"a file that is not":    {"nowhere.yaml", "no such file"},
	} {
		told, err := itself(t, "-journey", c.arg).CombinedOutput()
		if err == nil || !strings.Contains(string(told), c.says) {
			t.Errorf("%s: %v %s", name, err, told)
		}
	}
	path := filepath.Join(t.TempDir(), "mine.yaml")
	text, err := fs.ReadFile(journeys.Files, "withdrawal/journey.yaml")
	did(t, err)
	wrong := strings.Replace(string(text), "does: Open a case\n", "does: Open a box\n", 1)
	did(t, os.WriteFile(path, []byte(wrong), 0o600))
	told, err := itself(t, "-journey", path).CombinedOutput()
	line := 1 + strings.Count(wrong[:strings.Index(wrong, "- who: ana\n    does: Open a box")], "\n")
	if want := fmt.Sprintf("%s:%d", path, line) + `: no contract has an operation "Open a box"`; err == nil || !strings.Contains(string(told), want) || strings.Contains(string(told), "monday") {
		t.Errorf("want %q, and nothing played: %v\n%s", want, err, told)
	}
}
