package deployment_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is where the repository begins, seen from this folder.
const root = "../../.."

// services are the five of every network. The name is the same everywhere.
var services = []string{"forensic-services", "intake", "legal-aid", "psychosocial", "referral"}

// all has the service that only a network with a trust fund runs as well.
var all = append(slices.Clone(services), "trust-fund")

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The README shows the smallest integrator as it is.
func TestReadmeShowsTheSubscriber(t *testing.T) {
	program := string(read(t, "services/standalone/cmd/subscribe/main.go"))
	_, program, found := strings.Cut(program, "\n)\n\n") // its imports
	if !found || !strings.HasPrefix(program, "func main() {") {
		t.Fatal("the program does not begin with its imports")
	}
	if !strings.Contains(string(read(t, "README.md")), "```go\n"+program+"```\n") {
		t.Error("README.md shows another program")
	}
}
