package deployment_test

import (
	"os"
	"path/filepath"
	"testing"
)

// root is where the repository begins, seen from this folder.
const root = "../../.."

// services are the five of the network. The name is the same everywhere.
var services = []string{"forensic-services", "intake", "legal-aid", "psychosocial", "referral"}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
