package desk_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sanad-network/sanad/services/desk"
)

// A desk does not open with half a sentence. Who starts it is told which file it is.
func TestDeskRefusesAConsentTextThatIsNotWhole(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "fr.yaml"), []byte("name: Français\nsentence: canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := desk.Routes(desk.Config{Base: func(string) string { return "" }, Audience: "sanad", Logger: slog.New(slog.DiscardHandler), ConsentTexts: dir})
	if err == nil || !strings.Contains(err.Error(), "fr.yaml") || strings.Contains(err.Error(), "canary") {
		t.Errorf("it says %v", err)
	}
}
