package embedded_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/pkg/event"
	"github.com/sanad-network/sanad/pkg/journal"
	"github.com/sanad-network/sanad/pkg/journal/journaltest"
)

// TestNothingUnsealedInTheFiles puts a canary into every field that the journal
// seals, and looks for it in everything that the engine wrote, while it runs
// and after it ended.
func TestNothingUnsealedInTheFiles(t *testing.T) {
	const canary = "canary-7f3a9c51-Nadia"
	dir := t.TempDir()
	client, stop := engine(t, dir)
	record := "ref_1"
	t.Run("write", func(t *testing.T) {
		f := journaltest.New(t, client.Database("office"))
		var prev [sha256.Size]byte
		for version := range uint64(50) {
			c := &journal.Commit{
				Record: record, Version: version + 1, Prev: prev,
				Owner: canary, Op: canary, Actor: journal.Actor{Principal: canary, Agency: canary},
				Cause: canary, Digest: []byte(canary), Trace: canary,
				Events: []event.Recorded{{
					Type:    canary,
					Data:    json.RawMessage(`{"` + canary + `":"` + canary + `"}`),
					Private: json.RawMessage(`"` + strings.Repeat(canary, 20) + `"`),
				}},
			}
			if err := f.Append(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			prev = c.Hash
		}
		search(t, dir, canary, record)
	})
	stop()
	search(t, dir, canary, record)
}

// search looks for a canary, as it is and as it would look in JSON, hex and
// base64. It must find what is there in the clear.
func search(t *testing.T, dir, canary, plain string) {
	t.Helper()
	needles := []string{canary, hex.EncodeToString([]byte(canary))}
	for shift := range 3 {
		// Base64 of the canary behind 0, 1 or 2 other bytes, without its ends.
		text := base64.StdEncoding.EncodeToString([]byte("##"[:shift] + canary))
		needles = append(needles, text[4:len(text)-4])
	}
	found := false
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found = found || bytes.Contains(content, []byte(plain))
		for _, needle := range needles {
			if bytes.Contains(content, []byte(needle)) {
				t.Errorf("%s holds the canary as %q", filepath.Base(path), needle)
			}
		}
		return nil
	})
	if err != nil || !found {
		t.Error("the search finds nothing at all:", err)
	}
}
