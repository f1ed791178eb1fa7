package restore

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	"github.com/sanad-network/sanad/services/standalone/internal/network"
)

// The table says of every type that a service records whether it ends something,
// and of no other. What ends something has no private half on which the end depends: it would
// be lost.
func TestTheTableIsWhatTheServicesRecord(t *testing.T) {
	var recorded []string
	for _, name := range network.With(true) {
		c, err := service.Catalogue(api.Files, network.Rooms[name])
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range c.Types() {
			if !c.Writes(typ) {
				continue
			}
			recorded = append(recorded, typ)
			if ends[typ] && c.Half(typ) != nil && !beside[typ] {
				t.Errorf("%s ends something and has a private half: %v", typ, c.Half(typ))
			}
		}
	}
	slices.Sort(recorded)
	if diff := cmp.Diff(recorded, slices.Sorted(maps.Keys(ends))); diff != "" {
		t.Errorf("what is recorded (-), and what the table knows (+):\n%s", diff)
	}
}
