package contract

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sanad-network/sanad/api"
	"github.com/sanad-network/sanad/api/event/keep"
	"github.com/sanad-network/sanad/pkg/service"
)

// Of every event and every deadline of the network it is decided whether its dead letter
// may be dropped: a new one must decide, too.
func TestEachMessageIsKeptOrMayBeDropped(t *testing.T) {
	var want, got []string
	for _, e := range events {
		want = append(want, e.EventType())
	}
	for name, room := range rooms {
		parts, err := service.Parts(api.Files, room)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			for _, due := range p.Deadlines {
				want = append(want, "due."+due)
			}
			if (len(p.Deadlines) > 0) != p.Waits {
				t.Errorf("%s waits: %t, for %v", name, p.Waits, p.Deadlines)
			}
		}
	}
	for message, why := range keep.Known() {
		got = append(got, message)
		if why != keep.Free && !slices.Contains(keep.Whys, why) {
			t.Errorf("%s is kept because %q", message, why)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("messages (-) and those that are decided about (+):\n%s", d)
	}
}

// What its name says is never in the other list by mistake.
func TestHerNoIsKept(t *testing.T) {
	for message, why := range keep.Known() {
		for _, no := range []string{
			"withdrawn", "refused", "recalled", "consent_ended", "cancelled.", "lapsed", "suspended", "contact_closed",
			"entered_in_error", "closed_to_readers", "ending_a", "renewed", "contact_changed", "contact_updated", "due.consent",
		} {
			if strings.Contains(message, no) && why == keep.Free && message != "referral.appointment_cancelled.v1" {
				t.Errorf("%s may be dropped", message)
			}
		}
	}
	for _, message := range []string{"", "unknown", "due.unknown", "intake.consent_withdrawn.v2", "intake.case_opened.v1 "} {
		if keep.Of(message) != keep.NotUnderstood {
			t.Errorf("%q is understood", message)
		}
	}
}
