package ownkey

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sanad-network/sanad/api/code"
	attest "github.com/sanad-network/sanad/services/internal/signed"
)

// A person makes a key, signs with it, and somebody else checks the file with the public key alone.
func TestAPersonSignsAndAnotherVerifies(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	run := func(in string, args ...string) (string, error) {
		var out bytes.Buffer
		err := Run("", args, strings.NewReader(in), &out)
		return out.String(), err
	}
	public, err := run("", "custody", "key", file("mine"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run("", "custody", "key", file("mine")); err == nil {
		t.Error("a key was written over another one")
	}
	at := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	key := attest.Key{ID: "ckey_1", Worker: "worker_1", Agency: "haya-centre", Public: strings.TrimSpace(public), From: at, Until: at.AddDate(1, 0, 0)}
	sign := func(text string) (s attest.Signature) {
		out, err := run(text, "custody", "sign", file("mine"), key.ID)
		if err != nil || json.Unmarshal([]byte(out), &s) != nil {
			t.Fatal(out, err)
		}
		return s
	}
	link := attest.Link{Number: 1, Previous: attest.First, Act: code.CustodyCollected, At: at, From: attest.Party{Worker: "worker_1", Agency: "haya-centre", Key: key.ID}, Container: code.Tube}
	link.Signatures = []attest.Signature{sign(link.Text("exh_1"))}
	certificate := attest.Certificate{Certificate: "cert_1", Examination: "exam_1", At: at, Opinion: code.Consistent, Text: "x", Examiner: "worker_1"}.Named()
	certificate.Signatures = []attest.Signature{sign(certificate.Signed())}
	put := func(name string, value any) string {
		text, err := json.Marshal(value)
		if err == nil {
			err = os.WriteFile(file(name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return file(name)
	}
	keys := put("keys", map[string]any{"items": []attest.Key{key}})
	chain := put("chain", attest.Export("exh_1", []attest.Link{link}, []attest.Key{key}))
	others := put("others", map[string]any{"items": []attest.Key{}})
	for _, lists := range [][]string{{keys}, {others, keys}, {keys, others}} {
		if out, err := run("", append([]string{"custody", "verify", chain}, lists...)...); err != nil || !strings.Contains(out, "1 links, all signed") {
			t.Error(lists, out, err)
		}
	}
	for name, value := range map[string]any{"alone": certificate, "whole": map[string]any{"file": certificate, "pdf": ""}} {
		if out, err := run("", "certificate", "verify", put(name, value), keys); err != nil || !strings.Contains(out, "signed by worker_1") {
			t.Error(name, out, err)
		}
	}
	text, _ := os.ReadFile(chain)
	twice := bytes.Replace(text, []byte("{"), []byte(`{"exhibit":"exh_2",`), 1)
	if _, err := run("", "custody", "verify", put("twice", json.RawMessage(twice)), keys); err == nil || !strings.Contains(err.Error(), "names a property twice") {
		t.Errorf("a file that another program may read otherwise: %v", err)
	}
	if err := os.WriteFile(chain, bytes.Replace(text, []byte("tube"), []byte("jar"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := run("", "custody", "verify", chain, keys); err == nil || !strings.Contains(err.Error(), "refused: link 1") {
		t.Errorf("a file that was changed: %v", err)
	}
	if _, err := run("", "custody", "verify", chain, put("none", map[string]any{"items": nil})); err == nil {
		t.Error("verified without a key that is known")
	}
	if _, err := run("pay me", "custody", "sign", file("mine"), key.ID); err == nil {
		t.Error("a text of something else was signed")
	}
}
