package bus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

// One stream that is well does not make another well.
func TestHealthOfEachStream(t *testing.T) {
	var h health
	if h.err() != nil || h.has(troubleStream) {
		t.Error("ill from the start")
	}
	h.set(troubleStream, Events, errors.New("events"))
	h.set(troubleStream, Agencies, errors.New("agencies"))
	h.set(troubleWrite, "", errors.New("write"))
	h.clear(troubleStream, Timers("referral"))
	h.clear(troubleStream, Agencies)
	if !h.has(troubleStream) || h.has(troubleForeign) || h.err().Error() != "events\nwrite" {
		t.Errorf("says %v", h.err())
	}
	h.clear(troubleStream, Events)
	h.clear(troubleWrite, "")
	if h.has(troubleStream) || h.err() != nil {
		t.Errorf("still says %v", h.err())
	}
}

// What a page shows of an error names no record, whatever the error says.
func TestShown(t *testing.T) {
	const canary = "case_canary"
	for _, err := range []error{
		errors.New(canary), fmt.Errorf("heal: commit %s/3: %w", canary, errors.New("no")),
		fmt.Errorf("%s: %w", canary, context.DeadlineExceeded), fmt.Errorf("%s: %w", canary, errStuck),
		fmt.Errorf("%s: %w", canary, &jetstream.APIError{ErrorCode: 10077, Description: canary}),
	} {
		if got := shown(err).Error(); got == "" || strings.Contains(got, canary) {
			t.Errorf("%v is shown as %q", err, got)
		}
	}
	if got := shown(fmt.Errorf("watch: %w", errStuck)); !errors.Is(got, errStuck) {
		t.Errorf("what is known is shown as %v", got)
	}
}

// Releases are numbers: the tenth is newer than the ninth.
func TestReleaseOf(t *testing.T) {
	for text, want := range map[string]int{"9": 9, "10": 10, "": 0, "x": 0} {
		if got := releaseOf(map[string]string{metaRelease: text}); got != want {
			t.Errorf("%q is %d", text, got)
		}
	}
}
