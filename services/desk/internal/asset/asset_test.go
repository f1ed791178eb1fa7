package asset

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
)

// own is what was written here.
var own = []string{"desk.css", "desk.js", "icon.svg", "NOTICE"}

// What others wrote is in NOTICE, with the sum of what is here and the words of its licence.
func TestNotice(t *testing.T) {
	notice, err := files.ReadFile("files/NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(notice)) {
		if f := strings.Fields(line); len(f) == 3 && len(f[0]) == 64 {
			text, err := files.ReadFile("files/" + f[1])
			if err != nil {
				t.Errorf("NOTICE names %s: %v", f[1], err)
			}
			if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != f[0] {
				t.Errorf("%s is not what NOTICE says", f[1])
			}
			listed[f[1]] = true
		}
	}
	for _, name := range own {
		listed[name] = true
	}
	entries, err := files.ReadDir("files")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !listed[e.Name()] {
			t.Errorf("%s is neither ours nor in NOTICE", e.Name())
		}
	}
	if !strings.Contains(string(notice), "Zero-Clause BSD") {
		t.Error("NOTICE has no licence")
	}
}

func TestHandler(t *testing.T) {
	for at, want := range map[string]int{
		Path("desk.css"): http.StatusOK, Path("htmx-4.0.1.js"): http.StatusOK, Path("NOTICE"): http.StatusNotFound,
		Prefix + "000000000000/desk.css": http.StatusNotFound, Prefix + path.Base(Path("desk.css")): http.StatusNotFound,
	} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, at, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", at, w.Code, want)
		}
	}
}
