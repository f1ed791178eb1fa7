package network

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/pkg/bus"
)

// What is declared on the bus belongs to a release: services of two releases tell
// by it whose declaration is the newer one. Whoever changes a stream or what a
// service hears raises bus.Release and writes here what the new one declares.
func TestReleaseOfTheDeclaration(t *testing.T) {
	parts, err := Parts()
	if err != nil {
		t.Fatal(err)
	}
	digests := bus.Digests(parts)
	var lines strings.Builder
	fmt.Fprintf(&lines, "release %d\n", bus.Release)
	for _, name := range slices.Sorted(maps.Keys(digests)) {
		fmt.Fprintf(&lines, "%s %s\n", name, digests[name])
	}
	written, err := os.ReadFile("testdata/release.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(written), lines.String()); diff != "" {
		t.Errorf("what testdata/release.txt says (-), and what is declared (+): raise bus.Release, and write it there:\n%s", diff)
	}
}

// The table of docs/architecture.md has every stream that is declared.
func TestEveryStreamIsDescribed(t *testing.T) {
	parts, err := Parts()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range bus.Streams(1, parts...) {
		name := s.Name
		if kind, _, each := strings.Cut(name, "_"); each {
			name = kind + "_<service>"
		}
		if !strings.Contains(string(text), "\n| `"+name+"` |") {
			t.Errorf("docs/architecture.md does not describe the stream %s", name)
		}
	}
}
