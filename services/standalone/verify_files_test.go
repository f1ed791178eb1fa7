package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sanad-network/sanad/services/standalone/internal/journey"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
	"github.com/sanad-network/sanad/services/standalone/internal/office"
)

// keepsPapers has her lawyer keep two papers in the matter that she has.
func keepsPapers(t *testing.T, lawyer office.Desk) {
	t.Helper()
	var matters struct{ Items []struct{ ID string } }
	did(t, lawyer.Get(t.Context(), "/v1/matters", &matters))
	for i := range 2 {
		a, err := lawyer.Do(t.Context(), http.MethodPost, "/v1/matters/"+matters.Items[0].ID+"/files", fmt.Appendf(nil, "%%PDF-1.7 paper %d", i),
			http.Header{"Idempotency-Key": {uuid.NewString()}, "Content-Type": {"application/pdf"}})
		if err != nil || a.Status != http.StatusOK {
			t.Fatalf("a paper is not kept: %d %s %v", a.Status, a.Body, err)
		}
	}
}

// Each file that a record names is read. One that is gone, that was changed, or that is another one's
// is named, and the check fails. One that no record names is listed, and so is one of an erased case.
func TestVerifyReadsFiles(t *testing.T) {
	dir := t.TempDir()
	running(t, dir, func(cast journey.Cast) error {
		if err := journey.Register(t.Context(), cast); err != nil {
			return err
		}
		_, err := journey.Play(t.Context(), cast, func(agency, step string, _ time.Duration) {
			if strings.HasPrefix(step, "learns") {
				keepsPapers(t, cast(agency))
			}
		})
		return err
	})
	papers, err := filepath.Glob(filepath.Join(network.FilesDir(dir), "legal-aid", "*", "file_*"))
	if err != nil || len(papers) != 2 {
		t.Fatalf("%v, %v", papers, err)
	}
	one, err := os.ReadFile(papers[0])
	did(t, err)
	other, err := os.ReadFile(papers[1])
	did(t, err)
	name, err := filepath.Rel(network.FilesDir(dir), papers[0])
	did(t, err)
	folder := filepath.Dir(papers[0])
	erased := filepath.Join(filepath.Dir(folder), "akeythatisnotthere")
	changed := append([]byte{}, one...)
	changed[len(changed)-1] ^= 1
	for of, c := range map[string]struct {
		do    func()
		args  []string
		fails bool
		says  string
	}{
		"as they were kept": {says: "legal-aid: ", do: func() {}},
		"one is gone":       {fails: true, says: "file " + name + ": ", do: func() { did(t, os.Remove(papers[0])) }},
		"a byte is changed": {fails: true, says: "file " + name + ": ", do: func() { did(t, os.WriteFile(papers[0], changed, 0o600)) }},
		"another's paper":   {fails: true, says: "file " + name + ": ", do: func() { did(t, os.WriteFile(papers[0], other, 0o600)) }},
		"nobody names it":   {says: "file_nobody: no record names it", do: func() { did(t, os.WriteFile(filepath.Join(folder, "file_nobody"), one, 0o600)) }},
		"of an erased case": {says: "file_1: its case is erased", do: func() {
			did(t, errors.Join(os.Mkdir(erased, 0o700), os.WriteFile(filepath.Join(erased, "file_1"), one, 0o600)))
		}},
		"without the files": {args: []string{"--without-files"}, says: "legal-aid: ", do: func() { did(t, os.Remove(papers[0])) }},
	} {
		t.Run(of, func(t *testing.T) {
			c.do()
			defer func() {
				did(t, errors.Join(os.WriteFile(papers[0], one, 0o600), os.RemoveAll(filepath.Join(folder, "file_nobody")), os.RemoveAll(erased)))
			}()
			var out strings.Builder
			err := verify(t.Context(), settings{data: dir}, c.args, &out)
			if c.fails != errors.Is(err, errBroken) || !c.fails && err != nil || !strings.Contains(out.String(), c.says) {
				t.Errorf("want %q: %v\n%s", c.says, err, out.String())
			}
			if read := strings.Contains(out.String(), "; 2 files read"); read != (c.args == nil) {
				t.Errorf("files are read: %t\n%s", read, out.String())
			}
		})
	}
}
