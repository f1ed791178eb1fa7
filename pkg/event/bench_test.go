package event_test

import (
	"testing"

	"github.com/sanad-network/sanad/pkg/event"
)

func BenchmarkMsg(b *testing.B) {
	e := envelope()
	b.ReportAllocs()
	for b.Loop() {
		e.Msg("sanad.events.referral.accepted.ref_1")
	}
}

func BenchmarkParse(b *testing.B) {
	msg := envelope().Msg("s")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := event.Parse(msg.Header, msg.Data); err != nil {
			b.Fatal(err)
		}
	}
}
