package signin_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/identity"
	"github.com/sanad-network/sanad/services/standalone/internal/signin"
)

var (
	noon  = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	whose = identity.Principal{Subject: "ana", Agency: "front-house", Roles: []string{"caseworker", "supervisor"}, Country: "GT", Programme: "guatemala"}
)

func TestACodeIsForOnePersonOnce(t *testing.T) {
	codes := signin.In(t.TempDir())
	code, err := codes.Make(whose, noon)
	if err != nil || len(code) != 12 || strings.Trim(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != "" {
		t.Fatalf("%q, %v", code, err)
	}
	if _, err := codes.Take("0"+code[1:]+"X", noon); !errors.Is(err, signin.ErrCode) {
		t.Errorf("another code: %v", err)
	}
	got, err := codes.Take(code, noon.Add(signin.Lasts-1))
	if d := cmp.Diff(whose, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	if _, err := codes.Take(code, noon); !errors.Is(err, signin.ErrCode) {
		t.Errorf("twice: %v", err)
	}
}

// A code that came too late is gone as well: a clock that is put back does not bring it again.
func TestACodeHoldsTenMinutes(t *testing.T) {
	codes := signin.In(t.TempDir())
	code, err := codes.Make(whose, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{noon.Add(signin.Lasts), noon} {
		if _, err := codes.Take(code, at); !errors.Is(err, signin.ErrCode) {
			t.Errorf("at %s: %v", at, err)
		}
	}
}

func TestOfManyWhoComeAtOnceOneGetsIt(t *testing.T) {
	codes := signin.In(t.TempDir())
	code, err := codes.Make(whose, noon)
	if err != nil {
		t.Fatal(err)
	}
	var got atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := codes.Take(code, noon); err == nil {
				got.Add(1)
			} else if !errors.Is(err, signin.ErrCode) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got.Load() != 1 {
		t.Errorf("%d got it", got.Load())
	}
}

// Who reads the data directory learns no code, and what nobody used does not stay.
func TestWhatIsKept(t *testing.T) {
	dir := t.TempDir()
	codes := signin.In(dir)
	code, err := codes.Make(whose, noon)
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(filepath.Join(dir, "signin"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	path := filepath.Join(dir, "signin", files[0].Name())
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text)+path, code) {
		t.Errorf("the code is in %s: %s, %v", path, text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	old := time.Now().Add(-3 * signin.Lasts)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := codes.Make(whose, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	if err := os.WriteFile(path, []byte("no person"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := codes.Take(code, noon); !errors.Is(err, signin.ErrCode) {
		t.Errorf("a file that cannot be read: %v", err)
	}
}
