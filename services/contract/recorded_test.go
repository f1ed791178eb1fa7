package contract

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/pkg/service"
	forensic "github.com/sanad-network/sanad/services/forensic-services"
	"github.com/sanad-network/sanad/services/intake"
	legalaid "github.com/sanad-network/sanad/services/legal-aid"
	"github.com/sanad-network/sanad/services/psychosocial"
	"github.com/sanad-network/sanad/services/referral"
)

// What is declared is recorded by one service, and the other way round. That a
// journal loses nothing of it is for the test of each room.
func TestEveryEventIsRecorded(t *testing.T) {
	var written, want []string
	for _, room := range []service.Room{intake.New, referral.New, legalaid.New, psychosocial.New, forensic.New} {
		catalogue, err := service.Catalogue(api.Files, room)
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range catalogue.Types() {
			if catalogue.Writes(typ) {
				written = append(written, typ)
			}
		}
	}
	for _, e := range events {
		want = append(want, e.EventType())
	}
	if diff := cmp.Diff(sorted(want), sorted(written)); diff != "" {
		t.Errorf("events that no service records, or that nobody declared (-declared +recorded):\n%s", diff)
	}
}
