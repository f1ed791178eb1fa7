package credential_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nkeys"

	"github.com/sanad-network/sanad/pkg/credential"
	"github.com/sanad-network/sanad/pkg/secret"
)

func public(t *testing.T, f credential.Folder, identity string) []string {
	t.Helper()
	keys, err := f.Public(identity)
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) != 2 || keys[0] == keys[1] {
		t.Fatalf("keys %v", keys)
	}
	return keys
}

func TestFolder(t *testing.T) {
	f := credential.In(filepath.Join(t.TempDir(), "bus"))
	if names, err := f.Names(); len(names) != 0 || err != nil {
		t.Errorf("nobody yet: %v, %v", names, err)
	}
	if err := f.Issue("intake", "legal-aid"); err != nil {
		t.Fatal(err)
	}
	first := public(t, f, "intake")
	if err := f.Issue("intake"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, public(t, f, "intake")); diff != "" {
		t.Error("issued again, the keys changed:", diff)
	}
	if slices.Contains(public(t, f, "legal-aid"), first[0]) {
		t.Error("two identities have one key")
	}
	names, err := f.Names()
	if diff := cmp.Diff([]string{"intake", "legal-aid"}, names); diff != "" || err != nil {
		t.Error(diff, err)
	}

	// The key to come takes the place of the one in use: the server knows it.
	if err := f.Rotate("intake"); err != nil {
		t.Fatal(err)
	}
	second := public(t, f, "intake")
	if second[0] != first[1] || slices.Contains(first, second[1]) {
		t.Errorf("keys %v, then %v", first, second)
	}
	if err := f.Revoke("intake"); err != nil {
		t.Fatal(err)
	}
	if f.Has("intake") || !f.Has("legal-aid") {
		t.Error("the wrong one was revoked")
	}
	for name, err := range map[string]error{"rotate": f.Rotate("intake"), "revoke": f.Revoke("nobody")} {
		if !errors.Is(err, credential.ErrNobody) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A power cut between the two steps of a rotation leaves one seed, and the next
// start makes the other.
func TestHalfARotation(t *testing.T) {
	dir := t.TempDir()
	f := credential.In(dir)
	if err := f.Issue("intake"); err != nil {
		t.Fatal(err)
	}
	first := public(t, f, "intake")
	if err := os.Rename(filepath.Join(dir, "intake.next.seed"), f.Seed("intake")); err != nil {
		t.Fatal(err)
	}
	if err := f.Issue("intake"); err != nil {
		t.Fatal(err)
	}
	if second := public(t, f, "intake"); second[0] != first[1] {
		t.Errorf("keys %v, then %v", first, second)
	}
}

func TestWhatIsNoSeed(t *testing.T) {
	f := credential.In(t.TempDir())
	if err := f.Issue("intake"); err != nil {
		t.Fatal(err)
	}
	account, err := nkeys.CreateAccount()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := account.Seed()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"no seed": "canary", "nothing": "", "an account's": string(seed)} {
		if err := secret.Write(f.Seed("intake"), []byte(content)); err != nil {
			t.Fatal(err)
		}
		if keys, err := f.Public("intake"); err == nil || content != "" && strings.Contains(err.Error(), content) {
			t.Errorf("%s: %v, %v", name, keys, err)
		}
	}
	if err := os.Chmod(f.Seed("intake"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Public("intake"); !errors.Is(err, secret.ErrOpen) {
		t.Errorf("open to everybody: %v", err)
	}
}
